/**
 * The vault's primary copy in IndexedDB: database `djw1` with `head` (by generation), `rec` (by id and generation) and
 * `meta` (marker, wallet picture), all texts. Writes are single transactions of strict durability. The database comes
 * into being together with its first head, so an empty one is never left behind.
 */
import { errorCode, WalletError } from '../errors.ts';
import type { Engine, Kept, RawValue, RecordKey, VaultChange, WholeState } from '../vault/store.ts';
import { abort, completion, HEAD, META, REC, result, STORES, VaultDatabase } from './vault-database.ts';

const MARKER = 'M';
const MARK = 'mark';

/** A database that does not answer for so long (ms) is taken as unavailable. */
const PATIENCE_MS = 5_000;

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function putChange(transaction: IDBTransaction, change: WholeState): void {
  for (const record of change.records) transaction.objectStore(REC).put(record.text, [record.id, record.g]);
  transaction.objectStore(HEAD).put(change.head, change.gen);
  transaction.objectStore(META).put(change.marker, MARKER);
  if (change.mark !== undefined) transaction.objectStore(META).put(change.mark, MARK);
}

/** Refuses a change whose base is not the newest head that is there. */
async function compareBase(transaction: IDBTransaction, { base, gen }: VaultChange): Promise<void> {
  const cursor = await result(transaction.objectStore(HEAD).openCursor(null, 'prev'));
  const newest = cursor === null ? null : (text(cursor.value) ?? '');
  const sum = newest === null ? null : newest.slice(newest.lastIndexOf('.') + 1);
  if (sum !== base || (cursor !== null && !(Number(cursor.key) < gen))) throw new WalletError('vault.conflict');
}

/** One value whose failure must not fail the others: null then. */
function readAlone(request: IDBRequest<unknown>): Promise<string | null> {
  return new Promise((resolve) => {
    request.onsuccess = () => resolve(text(request.result));
    request.onerror = (event) => {
      event.preventDefault(); // Else the whole transaction is aborted.
      resolve(null);
    };
  });
}

/** A key of ours as text. */
function placeOf(key: IDBValidKey): string {
  return Array.isArray(key) ? key.map(placeOf).join('.') : typeof key === 'string' || typeof key === 'number' ? String(key) : 'key';
}

/** Deletes the entries of one store whose key is to go. */
function deleteKeys(store: IDBObjectStore, goes: (key: IDBValidKey) => boolean): void {
  const request = store.getAllKeys();
  request.onsuccess = () => {
    for (const key of request.result) if (goes(key)) store.delete(key);
  };
}

class IndexedDbStore implements Engine {
  readonly #database: VaultDatabase;

  constructor(database: VaultDatabase) {
    this.#database = database;
  }

  async evidence(): Promise<'none' | 'some'> {
    return this.#database.attempt('read', async () => ((await this.#database.exists()) ? 'some' : 'none'));
  }

  async heads(): Promise<readonly string[]> {
    return this.#database.read(async (transaction) => {
      const store = transaction.objectStore(HEAD);
      const newest = (await result(store.getAllKeys())).reverse().slice(0, 2);
      return Promise.all(newest.map(async (key) => text(await result<unknown>(store.get(key))) ?? ''));
    });
  }

  async records(keys: readonly RecordKey[]): Promise<readonly (string | null)[]> {
    if (keys.length === 0) return [];
    return this.#database.read((transaction) => {
      const store = transaction.objectStore(REC);
      return Promise.all(keys.map(({ id, g }) => readAlone(store.get([id, g]))));
    });
  }

  async marker(): Promise<string | null> {
    return this.#readMeta(MARKER);
  }

  async mark(): Promise<string | null> {
    return this.#readMeta(MARK);
  }

  async commit(change: VaultChange): Promise<void> {
    await this.#write(change, change.base === null, (transaction) => compareBase(transaction, change));
  }

  async replace(state: WholeState, rebuild: boolean): Promise<void> {
    const put = (): Promise<void> =>
      this.#write(state, true, (transaction) => {
        deleteKeys(transaction.objectStore(HEAD), (key) => typeof key !== 'number' || key > state.gen);
        return Promise.resolve();
      });
    try {
      await put();
    } catch (thrown) {
      const code = errorCode(thrown);
      if (!rebuild || code === 'vault.full' || code === 'vault.newer-version') throw thrown;
      await this.#database.erase();
      await put();
    }
  }

  async setMark(mark: string): Promise<void> {
    await this.#database.attempt('write', async () => {
      const transaction = (await this.#database.open()).transaction(META, 'readwrite', { durability: 'strict' });
      const completed = completion(transaction);
      transaction.objectStore(META).put(mark, MARK);
      await completed;
    });
  }

  async raw(): Promise<readonly RawValue[]> {
    if ((await this.evidence()) === 'none') return [];
    const found: RawValue[] = [];
    for (const name of STORES) {
      const keys = await this.#database.read((transaction) => result(transaction.objectStore(name).getAllKeys())).catch(() => null);
      if (keys === null) found.push({ place: name, value: undefined });
      for (const key of keys ?? []) {
        const read = this.#database.read((transaction) => result<unknown>(transaction.objectStore(name).get(key)));
        found.push({ place: `${name}.${placeOf(key)}`, value: await read.catch(() => undefined) });
      }
    }
    return found;
  }

  async erase(): Promise<void> {
    await this.#database.erase();
  }

  async prune(kept: Kept): Promise<void> {
    const newest = Math.max(...kept.gens);
    const names = new Set(kept.records.map(({ id, g }) => `${id}.${g}`));
    await this.#database.attempt('write', async () => {
      const transaction = (await this.#database.open()).transaction([HEAD, REC], 'readwrite');
      const completed = completion(transaction);
      deleteKeys(transaction.objectStore(HEAD), (key) => typeof key === 'number' && key < newest && !kept.gens.includes(key));
      deleteKeys(transaction.objectStore(REC), (key) => {
        if (!Array.isArray(key)) return false;
        const [id, g] = key;
        return typeof id === 'string' && typeof g === 'number' && g <= newest && !names.has(`${id}.${g}`);
      });
      await completed;
    });
  }

  /** One transaction that is on the disk when this returns; `check` may refuse it. Where `creates`, the database may be made by it. */
  async #write(state: WholeState, creates: boolean, check: (transaction: IDBTransaction) => Promise<void>): Promise<void> {
    let created = false;
    const first = (transaction: IDBTransaction): void => {
      created = true;
      putChange(transaction, state);
    };
    await this.#database.attempt('write', async () => {
      const database = await this.#database.open(creates ? first : null);
      const transaction = database.transaction(STORES, 'readwrite', { durability: 'strict' });
      const completed = completion(transaction);
      try {
        // An upgrade cannot be made strict: what it wrote is put once more, which forces all of it to the disk.
        if (!created) await check(transaction);
        putChange(transaction, state);
      } catch (thrown) {
        abort(transaction);
        await completed.catch(() => undefined);
        throw thrown;
      }
      await completed;
    });
  }

  async #readMeta(key: string): Promise<string | null> {
    return this.#database.read(async (transaction) => text(await result<unknown>(transaction.objectStore(META).get(key))));
  }
}

/** The vault in this browser's IndexedDB. `patience` (ms) is how long it may take to open. */
export function indexedDbStore(factory: IDBFactory = indexedDB, patience = PATIENCE_MS): Engine {
  return new IndexedDbStore(new VaultDatabase(factory, patience));
}
