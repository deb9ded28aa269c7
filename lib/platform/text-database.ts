/** One text in a database of its own, which no content script reaches and which may be lost. */
import type { TextStore } from '../wallet/ports.ts';
import { inStore, type StorePlace } from './small-database.ts';
import { completion, result } from './vault-database.ts';

export interface TextPlace extends StorePlace {
  readonly key: string;
}

export function textDatabase({ key, ...place }: TextPlace, factory: IDBFactory = indexedDB): TextStore {
  return {
    read: () =>
      inStore(factory, place, 'read', async (store) => {
        const text = await result<unknown>(store.get(key));
        return typeof text === 'string' ? text : null;
      }),
    write: (text) =>
      inStore(factory, place, 'write', async (store) => {
        const completed = completion(store.transaction);
        store.put(text, key);
        await completed;
      }),
  };
}
