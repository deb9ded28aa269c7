/** A wallet of 1,000 records in memory: what unlocking opens, without the password KDF and without the browser's storage. */
import type { Bytes } from '../../lib/bytes/bytes.ts';
import { toBase64Url } from '../../lib/bytes/base64.ts';
import { createVault } from '../../lib/vault/create.ts';
import type { VaultHead } from '../../lib/vault/head.ts';
import { saveItems, type NewItem } from '../../lib/vault/save.ts';
import type { StoredRecord, VaultChange, VaultStore } from '../../lib/vault/store.ts';

export const COUNT = 1000;
const APP = '0.1.0';

type Random = (length: number) => Bytes;

/** A store in memory that keeps the newest head and its records. */
class MemoryStore implements VaultStore {
  readonly #records = new Map<string, StoredRecord>();
  #heads: string[] = [];
  #marker: string | null = null;

  evidence(): Promise<'none' | 'some'> {
    return Promise.resolve(this.#heads.length === 0 ? 'none' : 'some');
  }
  heads(): Promise<readonly string[]> {
    return Promise.resolve(this.#heads);
  }
  records(keys: readonly { id: string }[]): Promise<readonly (string | null)[]> {
    return Promise.resolve(keys.map(({ id }) => this.#records.get(id)?.text ?? null));
  }
  marker(): Promise<string | null> {
    return Promise.resolve(this.#marker);
  }
  mark(): Promise<string | null> {
    return Promise.resolve(null);
  }
  commit({ records, head, marker }: VaultChange): Promise<void> {
    for (const record of records) this.#records.set(record.id, record);
    this.#heads = [head, ...this.#heads].slice(0, 2);
    this.#marker = marker;
    return Promise.resolve();
  }
  prune(): Promise<void> {
    return Promise.resolve();
  }
}

/** Certificates of an identity with both pairs, two authorities, and two sealed keys come to about 3 kB. */
function newItem(random: Random, signCertificate: Bytes): NewItem {
  return {
    id: toBase64Url(random(16)),
    na: 1_800_000_000,
    meta: { importedAt: 0, random: true },
    signCertificate,
    kmCertificate: null,
    chain: [random(700)],
    sealedSignKey: random(1300),
    sealedKmKey: null,
  };
}

export interface FilledVault {
  readonly store: VaultStore;
  readonly head: VaultHead;
  readonly listKey: Bytes;
  readonly items: readonly NewItem[];
}

/** @param certificate of every record; octets that mean nothing otherwise */
export async function fillVault(random: Random, now: number, count = COUNT, certificate?: Bytes): Promise<FilledVault> {
  const store = new MemoryStore();
  const derived = random(32);
  const kdf = (): Promise<Bytes> => Promise.resolve(derived.slice());
  const made = await createVault({ store, password: random(12), kdf, random, now, app: APP, mark: 'tiger' });
  const items = Array.from({ length: count }, () => newItem(random, certificate ?? random(1100)));
  const head = await saveItems({ store, head: made.head, listKey: made.listKey, now, app: APP, random, put: items, remove: [] });
  return { store, head, listKey: made.listKey, items };
}

/** As many decryptions of as many octets with one key, one after the other. */
export async function decryptAll(random: Random): Promise<() => Promise<Bytes>> {
  const { subtle } = crypto;
  const key = await subtle.importKey('raw', random(32), 'AES-GCM', false, ['encrypt', 'decrypt']);
  const iv = random(12);
  const sealed = await subtle.encrypt({ name: 'AES-GCM', iv }, key, random(3100));
  return async () => {
    let last = new ArrayBuffer(0);
    for (let i = 0; i < COUNT; i++) last = await subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed);
    return new Uint8Array(last);
  };
}
