/** Where the record of tries lies: beside the vault in IndexedDB, strictly on the disk, and in the mirror. */
import type { ThrottlePlace } from '../vault/throttle.ts';
import type { LocalArea } from './mirror-store.ts';
import { completion, META, result, VaultDatabase } from './vault-database.ts';

const KEY = 'T';
const MIRROR_KEY = 'djw1.t';
/** A record of tries is far shorter; anything longer is not read. */
const TEXT_MAX = 1_024;
/** A database that does not answer for so long (ms) is left out. */
const PATIENCE_MS = 5_000;

function bounded(value: unknown): string | null {
  return typeof value === 'string' && value.length <= TEXT_MAX ? value : null;
}

/** The primary place. It never makes the database: without a wallet there is nothing to try. */
export function throttleDatabase(factory: IDBFactory = indexedDB, patience = PATIENCE_MS): ThrottlePlace {
  const database = new VaultDatabase(factory, patience);
  return {
    read: () => database.read(async (transaction) => bounded(await result<unknown>(transaction.objectStore(META).get(KEY)))),
    write: (text) =>
      database.attempt('write', async () => {
        const transaction = (await database.open()).transaction(META, 'readwrite', { durability: 'strict' });
        const completed = completion(transaction);
        transaction.objectStore(META).put(text, KEY);
        await completed;
      }),
  };
}

/** The place in the mirror. In Firefox any content script can write it, so it only counts where the primary does not read. */
export function throttleMirror(area: LocalArea): ThrottlePlace {
  return {
    read: async () => bounded((await area.get([MIRROR_KEY])).get(MIRROR_KEY)),
    write: (text) => area.set(new Map([[MIRROR_KEY, text]])),
  };
}
