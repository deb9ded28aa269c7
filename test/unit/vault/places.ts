/** Two places for a wallet that can be damaged, silenced and cut off in the middle of anything. */
import { IDBFactory } from 'fake-indexeddb';
import { mirrorStore, type LocalArea } from '../../../lib/platform/mirror-store.ts';
import { indexedDbStore } from '../../../lib/platform/vault-store.ts';
import { twoCopies, type Copies } from '../../../lib/vault/copies.ts';
import type { Engine } from '../../../lib/vault/store.ts';

/** Names of the mirror's own keys. */
export const M = 'djw1.m';

/** How a storage area fails, beside what its values are. */
export interface AreaFaults {
  /** Thrown by every read of one of these keys. */
  unreadable: Set<string>;
  /** Reading more than one key, or naming all, fails. */
  noBulk: boolean;
  /** Every call fails with this message. */
  dead: string | null;
  /** Writing fails with this message. */
  unwritable: string | null;
  /** No call is ever answered. */
  silent: boolean;
  /** The next read fails once, as after a repair by the browser. */
  failsOnce: boolean;
}

export interface Area extends LocalArea {
  readonly values: Map<string, unknown>;
  readonly faults: AreaFaults;
}

export function area(): Area {
  const values = new Map<string, unknown>();
  const faults: AreaFaults = { unreadable: new Set(), noBulk: false, dead: null, unwritable: null, silent: false, failsOnce: false };
  const answer = async (mode: 'read' | 'write'): Promise<void> => {
    if (faults.silent) await new Promise(() => undefined);
    if (faults.dead !== null) throw new Error(faults.dead);
    if (mode === 'write' && faults.unwritable !== null) throw new Error(faults.unwritable);
    if (mode === 'read' && faults.failsOnce) {
      faults.failsOnce = false;
      throw new Error('Corruption: repaired');
    }
  };
  return {
    values,
    faults,
    async get(keys) {
      await answer('read');
      if (keys.length > 1 && faults.noBulk) throw new Error('Corruption');
      if (keys.some((key) => faults.unreadable.has(key))) throw new Error('Corruption: block checksum mismatch');
      return new Map(keys.filter((key) => values.has(key)).map((key) => [key, values.get(key)]));
    },
    async set(entries) {
      await answer('write');
      for (const [key, value] of entries) {
        values.set(key, value);
        faults.unreadable.delete(key);
      }
    },
    async remove(keys) {
      await answer('write');
      for (const key of keys) values.delete(key);
    },
    async keys() {
      await answer('read');
      if (faults.noBulk) throw new Error('Corruption');
      return [...values.keys()];
    },
  };
}

/** The two places of one browser profile. Every look at them is a new context of the extension. */
export interface Profile {
  factory: IDBFactory;
  readonly area: Area;
}

export const profile = (): Profile => ({ factory: new IDBFactory(), area: area() });

/** How long (ms) these tests wait for what never answers. */
export const PATIENCE = 5;

export const enginesOf = ({ factory, area: own }: Profile): { primary: Engine; mirror: Engine } => ({
  primary: indexedDbStore(factory, factory instanceof IDBFactory ? 5_000 : PATIENCE),
  mirror: mirrorStore(own, own.faults.silent ? PATIENCE : 5_000),
});

export function copiesOf(own: Profile): Copies {
  const { primary, mirror } = enginesOf(own);
  return twoCopies(primary, mirror);
}

/** A database that fails or stays silent. */
export const deadFactory = (): IDBFactory =>
  ({
    open: () => {
      throw new DOMException('Internal error opening backing store', 'UnknownError');
    },
    databases: () => Promise.reject(new DOMException('Internal error', 'UnknownError')),
  }) as unknown as IDBFactory;

export const silentFactory = (): IDBFactory => ({ open: () => ({}), databases: () => new Promise(() => undefined) }) as unknown as IDBFactory;

/** Reaches into the database past our code. */
export async function tamper(factory: IDBFactory, act: (stores: (name: string) => IDBObjectStore) => void): Promise<void> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = factory.open('djw1');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('open'));
  });
  const transaction = database.transaction(['head', 'rec', 'meta'], 'readwrite');
  act((name) => transaction.objectStore(name));
  await new Promise((resolve) => (transaction.oncomplete = resolve));
  database.close();
}

/** What lies in both places, to be put back as often as wanted. */
export interface Snapshot {
  readonly database: readonly (readonly [store: string, key: IDBValidKey, value: unknown])[];
  readonly area: readonly (readonly [string, unknown])[];
}

export async function snapshot({ factory, area: own }: Profile): Promise<Snapshot> {
  const database: [string, IDBValidKey, unknown][] = [];
  await tamper(factory, (stores) => {
    for (const name of ['head', 'rec', 'meta']) {
      stores(name).openCursor().onsuccess = ({ target }) => {
        const cursor = (target as IDBRequest<IDBCursorWithValue | null>).result;
        if (!cursor) return;
        database.push([name, cursor.key, cursor.value]);
        cursor.continue();
      };
    }
  });
  return { database, area: [...own.values] };
}

export async function restored({ database, area: values }: Snapshot): Promise<Profile> {
  const own = profile();
  for (const [key, value] of values) own.area.values.set(key, value);
  await new Promise<void>((resolve, reject) => {
    const request = own.factory.open('djw1', 1);
    request.onupgradeneeded = () => {
      for (const name of ['head', 'rec', 'meta']) request.result.createObjectStore(name);
      for (const [name, key, value] of database) request.transaction?.objectStore(name).put(value, key);
    };
    request.onsuccess = () => {
      request.result.close();
      resolve();
    };
    request.onerror = () => reject(request.error ?? new Error('open'));
  });
  return own;
}

/** The engine, with something that happens before each of its calls. */
export function watched(engine: Engine, before: () => Promise<void>): Engine {
  const after = async <Value>(act: () => Promise<Value>): Promise<Value> => {
    await before();
    return act();
  };
  return {
    evidence: () => after(() => engine.evidence()),
    heads: () => after(() => engine.heads()),
    records: (keys) => after(() => engine.records(keys)),
    marker: () => after(() => engine.marker()),
    mark: () => after(() => engine.mark()),
    setMark: (mark) => after(() => engine.setMark(mark)),
    commit: (change) => after(() => engine.commit(change)),
    prune: (kept) => after(() => engine.prune(kept)),
    replace: (state, rebuild) => after(() => engine.replace(state, rebuild)),
    raw: () => after(() => engine.raw()),
    erase: () => after(() => engine.erase()),
  };
}
