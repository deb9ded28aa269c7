/** Where the octets of documents wait for the person, by request, encrypted. */
import type { SnapshotStore } from '../wallet/ports.ts';
import { inStore } from './small-database.ts';
import { completion, result } from './vault-database.ts';

const PLACE = { database: 'dojang-documents', store: 'documents' } as const;

export function snapshotDatabase(factory: IDBFactory = indexedDB): SnapshotStore {
  const write = (act: (store: IDBObjectStore) => void): Promise<void> =>
    inStore(factory, PLACE, 'write', async (store) => {
      const completed = completion(store.transaction);
      act(store);
      await completed;
    });
  return {
    get: (id) =>
      inStore(factory, PLACE, 'read', async (store) => {
        const kept = await result<unknown>(store.get(id));
        return kept instanceof Uint8Array ? new Uint8Array(kept) : null;
      }),
    put: (id, octets) => write((store) => store.put(octets, id)),
    remove: (id) => write((store) => store.delete(id)),
    list: () => inStore(factory, PLACE, 'read', async (store) => (await result(store.getAllKeys())).map(String)),
  };
}
