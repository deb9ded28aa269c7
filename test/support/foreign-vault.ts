/** The copy of somebody else's wallet, whole and valid, as a hostile script could bring it along. */
import { IDBFactory } from 'fake-indexeddb';
import type { LocalArea } from '../../lib/platform/mirror-store.ts';
import { mirrorStore } from '../../lib/platform/mirror-store.ts';
import { indexedDbStore } from '../../lib/platform/vault-store.ts';
import { twoCopies } from '../../lib/vault/copies.ts';
import { createVault } from '../../lib/vault/create.ts';
import { writeMarker } from '../../lib/vault/marker.ts';
import { passwordBytes } from '../../lib/vault/password.ts';
import { fastKdf, headWithFields } from '../unit/vault/support.ts';

export interface Foreign {
  /** Keys and texts as they lie in local storage. */
  readonly texts: ReadonlyMap<string, string>;
  readonly password: string;
}

const random = (length: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(length));

function memoryArea(texts: Map<string, string>): LocalArea {
  return {
    get: (keys) => Promise.resolve(new Map([...texts].filter(([key]) => keys.includes(key)))),
    set: (entries) => {
      for (const [key, text] of entries) texts.set(key, text);
      return Promise.resolve();
    },
    remove: (keys) => {
      for (const key of keys) texts.delete(key);
      return Promise.resolve();
    },
    keys: () => Promise.resolve([...texts.keys()]),
  };
}

/** An empty wallet whose newest head claims that generation and proves it with its own list key. */
export async function foreignCopy(gen: number): Promise<Foreign> {
  const texts = new Map<string, string>();
  const store = twoCopies(indexedDbStore(new IDBFactory()), mirrorStore(memoryArea(texts)));
  const password = '남의 지갑 암호 2026';
  const made = await createVault({ store, password: passwordBytes(password), kdf: fastKdf, random, now: Date.now(), app: '0.1.0', mark: 'moon' });
  texts.set(gen % 2 === 0 ? 'djw1.h0' : 'djw1.h1', headWithFields(made.head.text, made.listKey, { gen }));
  texts.set('djw1.m', await writeMarker({ vid: made.head.vid, gen, created: Date.now() }));
  return { texts, password };
}
