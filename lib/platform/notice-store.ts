/** Where the background keeps what it told: a database of its own, which no content script reaches and which may be lost. */
import type { NoticeStore } from '../wallet/ports.ts';
import { inTime } from './in-time.ts';
import { storeError } from './store-error.ts';
import { completion, result } from './vault-database.ts';

const DATABASE = 'dojang-notices';
const STORE = 'notices';
const KEY = 'told';
/** A database that does not answer for so long (ms) is left alone until the next time. */
const PATIENCE_MS = 5_000;

async function open(factory: IDBFactory): Promise<IDBDatabase> {
  const request = factory.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return inTime(result(request), PATIENCE_MS);
}

export function noticeDatabase(factory: IDBFactory = indexedDB): NoticeStore {
  const run = async <Value>(mode: 'read' | 'write', act: (transaction: IDBTransaction) => Promise<Value>): Promise<Value> => {
    try {
      const database = await open(factory);
      try {
        const transaction = database.transaction(STORE, mode === 'read' ? 'readonly' : 'readwrite', { durability: 'strict' });
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
        const text = await result<unknown>(transaction.objectStore(STORE).get(KEY));
        return typeof text === 'string' ? text : null;
      }),
    write: (text) =>
      run('write', async (transaction) => {
        const completed = completion(transaction);
        transaction.objectStore(STORE).put(text, KEY);
        await completed;
      }),
  };
}
