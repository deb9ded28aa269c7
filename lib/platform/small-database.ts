/** A small database of its own with one store, which no content script reaches: opened for each act, and closed after it. */
import { inTime } from './in-time.ts';
import { storeError, type Mode } from './store-error.ts';
import { result } from './vault-database.ts';

/** A database that does not answer for so long (ms) is left alone until the next time. */
const PATIENCE_MS = 5_000;

export interface StorePlace {
  readonly database: string;
  readonly store: string;
}

async function open(factory: IDBFactory, { database, store }: StorePlace): Promise<IDBDatabase> {
  const request = factory.open(database, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(store);
  return inTime(result(request), PATIENCE_MS);
}

/** One act in a transaction of its own. @throws `vault.*` */
export async function inStore<Value>(
  factory: IDBFactory,
  place: StorePlace,
  mode: Mode,
  act: (store: IDBObjectStore) => Promise<Value>,
): Promise<Value> {
  try {
    const database = await open(factory, place);
    try {
      const transaction = database.transaction(place.store, mode === 'read' ? 'readonly' : 'readwrite', { durability: 'strict' });
      return await inTime(act(transaction.objectStore(place.store)), PATIENCE_MS);
    } finally {
      database.close();
    }
  } catch (thrown) {
    throw storeError(thrown, mode);
  }
}
