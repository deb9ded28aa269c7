/**
 * Where the octets of documents wait for the person: a database of their own, since the session store has no room for them. They lie
 * there encrypted under a key that is used once and stands in the session store alone, so what a crash leaves behind nobody reads.
 */
import { fromBase64, toBase64 } from '../bytes/base64.ts';
import { concat, wipe, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { WalletError } from '../errors.ts';
import type { Random, SnapshotStore } from './ports.ts';

const KEY_SIZE = 32;
const IV_SIZE = 12;
const NAME = 'AES-GCM';

async function importKey(key: Bytes, usage: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey('raw', key, NAME, false, [usage]);
  } finally {
    wipe(key);
  }
}

export class Snapshots {
  readonly #store: SnapshotStore;
  readonly #random: Random;

  constructor(store: SnapshotStore, random: Random) {
    this.#store = store;
    this.#random = random;
  }

  /** Keeps octets for a request. @returns the key that opens them, in base64 @throws `vault.*` where the browser does not store */
  async put(request: string, octets: Bytes): Promise<string> {
    const raw = this.#random(KEY_SIZE);
    const text = toBase64(raw);
    const key = await importKey(raw, 'encrypt');
    const iv = this.#random(IV_SIZE);
    const sealed = await crypto.subtle.encrypt({ name: NAME, iv, additionalData: utf8(request) }, key, octets);
    await this.#store.put(request, concat(iv, new Uint8Array(sealed)));
    return text;
  }

  /** @throws `request.gone` where they are not there, or are not what was kept */
  async read(request: string, key: string): Promise<Bytes> {
    const kept = await this.#store.get(request);
    if (kept === null) throw new WalletError('request.gone');
    const [iv, sealed] = [kept.subarray(0, IV_SIZE), kept.subarray(IV_SIZE)];
    const secret = await importKey(fromBase64(key), 'decrypt');
    try {
      return new Uint8Array(await crypto.subtle.decrypt({ name: NAME, iv, additionalData: utf8(request) }, secret, sealed));
    } catch (cause) {
      throw new WalletError('request.gone', { detail: 'documents', cause });
    }
  }

  async remove(request: string): Promise<void> {
    await this.#store.remove(request);
  }

  /** Removes what no waiting request needs: a background that stopped, or a browser that ended, may have left it. */
  async sweep(waiting: readonly string[]): Promise<void> {
    for (const request of await this.#store.list()) if (!waiting.includes(request)) await this.#store.remove(request);
  }
}
