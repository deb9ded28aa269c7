/** One text in a database of its own, which no content script reaches and which may be lost. */
import type { TextStore } from '../wallet/ports.ts';
import { inTime } from './in-time.ts';
import { storeError } from './store-error.ts';
import { completion, result } from './vault-database.ts';

/** A database that does not answer for so long (ms) is left alone until the next time. */
const PATIENCE_MS = 5_000;

export interface TextPlace {
  readonly database: string;
  readonly store: string;
  readonly key: string;
}

async function open(factory: IDBFactory, { database, store }: TextPlace): Promise<IDBDatabase> {
  const request = factory.open(database, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(store);
  return inTime(result(request), PATIENCE_MS);
}

export function textDatabase(place: TextPlace, factory: IDBFactory = indexedDB): TextStore {
  const { store, key } = place;
  const run = async <Value>(mode: 'read' | 'write', act: (transaction: IDBTransaction) => Promise<Value>): Promise<Value> => {
    try {
      const database = await open(factory, place);
      try {
        const transaction = database.transaction(store, mode === 'read' ? 'readonly' : 'readwrite', { durability: 'strict' });
        return await inTime(act(transaction), PATIENCE_MS);
      } finally {
        database.close();
      }
    } catch (thrown) {
      throw storeError(thrown, mode);
    }
  };
  return {
    read: () =>
      run('read', async (transaction) => {
        const text = await result<unknown>(transaction.objectStore(store).get(key));
        return typeof text === 'string' ? text : null;
      }),
    write: (text) =>
      run('write', async (transaction) => {
        const completed = completion(transaction);
        transaction.objectStore(store).put(text, key);
        await completed;
      }),
  };
}
