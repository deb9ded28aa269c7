/** Unlocking a wallet of 1,000 records, without the password KDF and without the browser's storage. */
import { createDecipheriv, hkdfSync, randomFillSync } from 'node:crypto';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import type { VaultHead } from '../../../lib/vault/head.ts';
import { createVault } from '../../../lib/vault/create.ts';
import { saveItems, type NewItem } from '../../../lib/vault/save.ts';
import type { StoredRecord, VaultChange, VaultStore } from '../../../lib/vault/store.ts';
import { openItems } from '../../../lib/vault/vault.ts';
import { NOW, same } from '../fixtures.ts';
import { warm, type OpenGroup } from '../harness.ts';

const COUNT = 1000;
const APP = '0.1.0';

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

const random = (length: number): Bytes => randomFillSync(new Uint8Array(length));

/** Certificates of an identity with both pairs, two authorities, and two sealed keys come to about 3 kB. */
function newItem(): NewItem {
  return {
    id: Buffer.from(random(16)).toString('base64url'),
    na: 1_800_000_000,
    meta: { importedAt: NOW, random: true },
    signCertificate: random(1100),
    kmCertificate: null,
    chain: [random(700)],
    sealedSignKey: random(1300),
    sealedKmKey: null,
  };
}

interface Filled {
  readonly store: VaultStore;
  readonly head: VaultHead;
  readonly listKey: Bytes;
  readonly items: readonly NewItem[];
}

async function fill(): Promise<Filled> {
  const store = new MemoryStore();
  const derived = random(32);
  const kdf = (): Promise<Bytes> => Promise.resolve(derived.slice());
  const made = await createVault({ store, password: random(12), kdf, random, now: NOW, app: APP, mark: 'tiger' });
  const items = Array.from({ length: COUNT }, newItem);
  const head = await saveItems({ store, head: made.head, listKey: made.listKey, now: NOW, app: APP, random, put: items, remove: [] });
  return { store, head, listKey: made.listKey, items };
}

/** Opens a record as docs/VAULT.md says, with OpenSSL alone. */
function openWithNode(text: string, listKey: Bytes, vid: string): Buffer {
  const [, , fieldText = '', bodyText = ''] = text.split('.');
  const fields = JSON.parse(Buffer.from(fieldText, 'base64url').toString()) as { id: string; rnd: string; iv: string };
  const octets = (value: string): Buffer => Buffer.from(value, 'base64url');
  const field = (value: Buffer): Buffer => Buffer.concat([Buffer.from([value.length >> 8, value.length & 0xff]), value]);
  const info = Buffer.concat([Buffer.from('djw1/body'), Buffer.from('I'), octets(vid), octets(fields.id)].map(field));
  const key = Buffer.from(hkdfSync('sha256', listKey, octets(fields.rnd), info, 32));
  const body = octets(bodyText);
  const decipher = createDecipheriv('aes-256-gcm', key, octets(fields.iv));
  decipher.setAAD(Buffer.from(text.slice(0, text.length - text.split('.').slice(3).join('.').length)));
  decipher.setAuthTag(body.subarray(body.length - 16));
  return Buffer.concat([decipher.update(body.subarray(0, body.length - 16)), decipher.final()]);
}

async function requireOpened({ store, head, listKey, items }: Filled): Promise<void> {
  const opened = await openItems(store, head, listKey);
  same(opened.damaged.length, 0, 'damaged');
  same(opened.items.length, COUNT, 'count');
  const texts = await store.records(head.items);
  const found = new Map(opened.items.map((item) => [item.id, item]));
  const judged = new Map(head.items.map(({ id }, i) => [id, openWithNode(texts[i] ?? '', listKey, head.vid)]));
  for (const { id, signCertificate, sealedSignKey } of items) {
    same(found.get(id)?.signCertificate, signCertificate, 'certificate');
    for (const part of [signCertificate, sealedSignKey]) {
      same(judged.get(id)?.includes(Buffer.from(part ?? [])), true, 'record for OpenSSL');
    }
  }
}

export async function openVaultGroup(): Promise<OpenGroup> {
  const filled = await fill();
  const { subtle } = crypto;
  const key = await subtle.importKey('raw', random(32), 'AES-GCM', false, ['encrypt', 'decrypt']);
  const iv = random(12);
  const plain = random(3100);
  const sealed = await subtle.encrypt({ name: 'AES-GCM', iv }, key, plain);
  const decryptAll = async (): Promise<ArrayBuffer> => {
    let last = new ArrayBuffer(0);
    for (let i = 0; i < COUNT; i++) last = await subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed);
    return last;
  };
  return {
    comparisons: [
      {
        id: 'W1',
        base: warm({
          name: `WebCrypto ${COUNT} × AES-GCM decrypt, one key`,
          run: decryptAll,
          prove: async () => same(new Uint8Array(await decryptAll()), plain, 'plaintext'),
        }),
        cases: [
          warm({
            name: `dojang, open ${COUNT} records`,
            goal: 3.2,
            run: () => openItems(filled.store, filled.head, filled.listKey),
            prove: () => requireOpened(filled),
          }),
        ],
      },
    ],
  };
}
