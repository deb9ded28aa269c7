/**
 * The connection to the vault's IndexedDB database: opened late, kept, given up when another context needs it, and
 * never made by looking at it. Failures become our codes here.
 */
import { WalletError } from '../errors.ts';
import { inTime, NO_ANSWER } from './in-time.ts';
import { storeError, type Mode } from './store-error.ts';

export const HEAD = 'head';
export const REC = 'rec';
export const META = 'meta';
export const STORES: readonly string[] = [HEAD, REC, META];

const DATABASE = 'djw1';
const LAYOUT = 1;

/** The outcome of one request. */
export function result<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('request'));
  });
}

/** Settles with the transaction: completed, or aborted for a reason. */
export function completion(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
  });
}

export function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It has ended by itself already.
  }
}

/** Fills a database that is being made, in the transaction that makes it. */
export type FirstFill = (transaction: IDBTransaction) => void;

export class VaultDatabase {
  readonly #factory: IDBFactory;
  readonly #patience: number;
  #connection: IDBDatabase | null = null;

  /** `patience` (ms) is how long the database may take to open. */
  constructor(factory: IDBFactory, patience: number) {
    this.#factory = factory;
    this.#patience = patience;
  }

  /** Whether the database is there. */
  async exists(): Promise<boolean> {
    if (this.#connection) return true;
    // Where the browser cannot list, an attempt to open tells, and is taken back where it would create.
    if (typeof (this.#factory as Partial<IDBFactory>).databases === 'function') {
      const list = await inTime(this.#factory.databases(), this.#patience);
      return list.some(({ name }) => name === DATABASE);
    }
    try {
      await this.open();
      return true;
    } catch (thrown) {
      if (thrown instanceof WalletError && thrown.code === 'vault.absent') return false;
      throw thrown;
    }
  }

  /** The open database. Where there is none, `first` makes it in one upgrade; without `first` that is `vault.absent`. */
  async open(first: FirstFill | null = null): Promise<IDBDatabase> {
    if (this.#connection) return this.#connection;
    const request = this.#factory.open(DATABASE, LAYOUT);
    let refusal: unknown = null;
    request.onupgradeneeded = () => {
      const transaction = request.transaction;
      if (!transaction) return;
      transaction.onabort = () => {
        refusal ??= transaction.error;
      };
      try {
        if (!first) throw new WalletError('vault.absent');
        for (const name of STORES) transaction.db.createObjectStore(name);
        first(transaction);
      } catch (thrown) {
        refusal = thrown;
        abort(transaction);
      }
    };
    const opening = result(request);
    try {
      return this.#keep(await inTime(opening, this.#patience));
    } catch (thrown) {
      void opening.then((late) => late.close()).catch(() => undefined);
      throw refusal ?? thrown;
    }
  }

  /** Runs `act` and turns what it throws into our codes; the connection is made anew after a failure of the browser's. */
  async attempt<Value>(mode: Mode, act: () => Promise<Value>): Promise<Value> {
    try {
      return await act();
    } catch (thrown) {
      if (!(thrown instanceof WalletError)) this.#close();
      throw storeError(thrown, mode);
    }
  }

  /** Reads, and once more where it failed: after damage the first read may only report that it was repaired. */
  async read<Value>(act: (transaction: IDBTransaction) => Promise<Value>): Promise<Value> {
    const run = async (): Promise<Value> => {
      const database = await this.open();
      return inTime(act(database.transaction(STORES, 'readonly')), this.#patience);
    };
    try {
      return await this.attempt('read', run);
    } catch (thrown) {
      if (!(thrown instanceof WalletError) || thrown.code !== 'vault.unavailable' || thrown.detail === NO_ANSWER) throw thrown;
      return this.attempt('read', run);
    }
  }

  /** Deletes the database. Other connections of ours give way; one that does not makes this `vault.unavailable`. */
  async erase(): Promise<void> {
    this.#close();
    await this.attempt('write', async () => {
      await inTime(result(this.#factory.deleteDatabase(DATABASE)), this.#patience);
    });
  }

  #close(): void {
    this.#connection?.close();
    this.#connection = null;
  }

  #keep(database: IDBDatabase): IDBDatabase {
    const forget = (): void => {
      if (this.#connection === database) this.#connection = null;
    };
    database.onversionchange = () => {
      database.close();
      forget();
    };
    database.onclose = forget;
    this.#connection = database;
    return database;
  }
}
