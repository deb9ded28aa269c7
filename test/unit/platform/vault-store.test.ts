import { IDBFactory, IDBDatabase as FakeDatabase, IDBObjectStore as FakeStore } from 'fake-indexeddb';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { errorCode } from '../../../lib/errors.ts';
import { indexedDbStore } from '../../../lib/platform/vault-store.ts';
import type { Engine, VaultChange } from '../../../lib/vault/store.ts';

const change = (gen: number, base: string | null, changes: Partial<VaultChange> = {}): VaultChange => ({
  base,
  gen,
  records: [{ id: 'a', g: gen, text: `record.a.${gen}` }],
  head: `head.sum${gen}`,
  marker: `marker ${gen}`,
  ...changes,
});

/** What no database can keep: the write fails in the middle of the transaction. */
const UNWRITABLE = (() => undefined) as unknown as string;

async function filled(factory = new IDBFactory()): Promise<{ factory: IDBFactory; store: Engine }> {
  const store = indexedDbStore(factory);
  await store.commit(change(1, null, { mark: 'moon' }));
  return { factory, store };
}

const codeOf = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'fulfilled', errorCode);

/** The same factory in a browser that cannot list databases. */
function unlisted(factory: IDBFactory): IDBFactory {
  return { open: factory.open.bind(factory) } as unknown as IDBFactory;
}

function rawOpen(factory: IDBFactory, version?: number, upgrade?: (database: IDBDatabase) => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open('djw1', version);
    request.onupgradeneeded = () => upgrade?.(request.result);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('open'));
  });
}

afterEach(() => vi.restoreAllMocks());

describe('looking for a wallet', () => {
  test.each([
    ['in a browser that lists databases', (factory: IDBFactory) => factory],
    ['in one that does not', unlisted],
  ])('leaves no trace %s', async (_, view) => {
    const factory = new IDBFactory();
    const store = indexedDbStore(view(factory));
    expect(await store.evidence()).toBe('none');
    expect(await store.evidence()).toBe('none');
    expect(await codeOf(store.heads())).toBe('vault.absent');
    expect(await factory.databases()).toEqual([]);
  });

  test.each([
    ['in a browser that lists databases', (factory: IDBFactory) => factory],
    ['in one that does not', unlisted],
  ])('finds one %s', async (_, view) => {
    const { factory, store } = await filled();
    expect(await store.evidence()).toBe('some');
    expect(await indexedDbStore(view(factory)).evidence()).toBe('some');
  });

  test('takes an empty database of ours as a trace', async () => {
    const factory = new IDBFactory();
    (await rawOpen(factory, 1, (database) => ['head', 'rec', 'meta'].forEach((name) => database.createObjectStore(name)))).close();
    const store = indexedDbStore(factory);
    expect([await store.evidence(), await store.heads()]).toEqual(['some', []]);
  });

  test('a database of another extension part is none', async () => {
    const factory = new IDBFactory();
    await new Promise((resolve) => (factory.open('cache', 1).onsuccess = resolve));
    expect(await indexedDbStore(factory).evidence()).toBe('none');
  });

  test('an error in looking is told, not taken for nothing', async () => {
    const broken = { databases: () => Promise.reject(new DOMException('', 'UnknownError')) } as unknown as IDBFactory;
    expect(await codeOf(indexedDbStore(broken).evidence())).toBe('vault.unavailable');
  });
});

describe('the first save', () => {
  test('makes database, records, head, marker and picture together', async () => {
    const { store } = await filled();
    expect(await store.heads()).toEqual(['head.sum1']);
    expect(await store.records([{ id: 'a', g: 1 }])).toEqual(['record.a.1']);
    expect([await store.marker(), await store.mark()]).toEqual(['marker 1', 'moon']);
  });

  test.each([
    ['the record', change(1, null, { records: [{ id: 'a', g: 1, text: UNWRITABLE }] })],
    ['the head', change(1, null, { head: UNWRITABLE })],
    ['the marker', change(1, null, { marker: UNWRITABLE })],
    ['the picture', change(1, null, { mark: UNWRITABLE })],
  ])('that fails at %s leaves no trace', async (_, bad) => {
    const factory = new IDBFactory();
    const store = indexedDbStore(factory);
    expect(await codeOf(store.commit(bad))).toBe('vault.read-only');
    expect(await store.evidence()).toBe('none');
    await store.commit(change(1, null));
    expect(await store.heads()).toEqual(['head.sum1']);
  });

  test('over a wallet that is there is a conflict, with or without a connection', async () => {
    const { factory, store } = await filled();
    expect(await codeOf(store.commit(change(1, null)))).toBe('vault.conflict');
    expect(await codeOf(indexedDbStore(factory).commit(change(2, null)))).toBe('vault.conflict');
    expect(await store.heads()).toEqual(['head.sum1']);
  });
});

describe('another picture', () => {
  test('takes the place of the first, and nothing else changes', async () => {
    const { factory, store } = await filled();
    await store.setMark('carp');
    const other = indexedDbStore(factory);
    expect([await other.mark(), await other.marker(), await other.heads()]).toEqual(['carp', 'marker 1', ['head.sum1']]);
  });

  test('of no wallet is refused and leaves no trace', async () => {
    const store = indexedDbStore(new IDBFactory());
    expect(await codeOf(store.setMark('carp'))).toBe('vault.absent');
    expect(await store.evidence()).toBe('none');
  });
});

describe('a later save', () => {
  test('puts everything and keeps what was there', async () => {
    const { store } = await filled();
    await store.commit(change(2, 'sum1'));
    expect(await store.heads()).toEqual(['head.sum2', 'head.sum1']);
    const keys = [
      { id: 'a', g: 2 },
      { id: 'b', g: 1 },
      { id: 'a', g: 1 },
    ];
    expect(await store.records(keys)).toEqual(['record.a.2', null, 'record.a.1']);
    expect([await store.marker(), await store.mark()]).toEqual(['marker 2', 'moon']);
  });

  test.each([
    ['another base', change(2, 'sum0')],
    ['no base', change(2, null)],
    ['a generation that is there', change(1, 'sum1')],
    ['an older generation', change(0, 'sum1')],
  ])('from %s is a conflict and changes nothing', async (_, bad) => {
    const { store } = await filled();
    expect(await codeOf(store.commit(bad))).toBe('vault.conflict');
    expect([await store.heads(), await store.marker()]).toEqual([['head.sum1'], 'marker 1']);
  });

  test.each([
    [
      'a record',
      {
        records: [
          { id: 'a', g: 1, text: 'overwritten' },
          { id: 'b', g: 2, text: UNWRITABLE },
        ],
      },
    ],
    ['the head', { records: [{ id: 'a', g: 1, text: 'overwritten' }], head: UNWRITABLE }],
    ['the marker', { records: [{ id: 'a', g: 1, text: 'overwritten' }], marker: UNWRITABLE }],
  ])('that fails at %s changes nothing', async (_, bad) => {
    const { store } = await filled();
    expect(await codeOf(store.commit(change(2, 'sum1', bad)))).toBe('vault.read-only');
    expect([await store.heads(), await store.marker()]).toEqual([['head.sum1'], 'marker 1']);
    expect(await store.records([{ id: 'a', g: 1 }])).toEqual(['record.a.1']);
    await store.commit(change(2, 'sum1'));
    expect(await store.heads()).toEqual(['head.sum2', 'head.sum1']);
  });

  test('waits for the disk, also the first', async () => {
    const transaction = vi.spyOn(FakeDatabase.prototype, 'transaction');
    const { store } = await filled();
    await store.commit(change(2, 'sum1'));
    const writes = transaction.mock.calls.filter(([, mode]) => mode === 'readwrite');
    expect(writes.map(([, , options]) => options)).toEqual([{ durability: 'strict' }, { durability: 'strict' }]);
  });

  test.each([
    ['QuotaExceededError', '', 'vault.full'],
    ['UnknownError', 'Internal error: disk full', 'vault.full'],
    ['UnknownError', 'NS_ERROR_FILE_NO_SPACE', 'vault.full'],
    ['UnknownError', 'Internal error', 'vault.read-only'],
    ['InvalidStateError', '', 'vault.read-only'],
  ])('%s (%s) is %s', async (name, message, code) => {
    const { store } = await filled();
    vi.spyOn(FakeStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException(message, name);
    });
    expect(await codeOf(store.commit(change(2, 'sum1')))).toBe(code);
    vi.restoreAllMocks();
    expect(await store.heads()).toEqual(['head.sum1']);
  });
});

describe('pruning', () => {
  test('removes what is not kept and nothing newer than the newest kept generation', async () => {
    const { store } = await filled();
    for (let gen = 2; gen <= 4; gen++) await store.commit(change(gen, `sum${gen - 1}`));
    await store.prune({
      gens: [3, 2],
      records: [
        { id: 'a', g: 3 },
        { id: 'a', g: 1 },
      ],
    });
    expect(await store.heads()).toEqual(['head.sum4', 'head.sum3']);
    const keys = [1, 2, 3, 4].map((g) => ({ id: 'a', g }));
    expect(await store.records(keys)).toEqual(['record.a.1', null, 'record.a.3', 'record.a.4']);
  });
});

describe('a store in trouble', () => {
  test('that never answers is unavailable', async () => {
    const silent = { open: () => ({}), databases: () => new Promise(() => undefined) } as unknown as IDBFactory;
    const store = indexedDbStore(silent, 10);
    expect(await codeOf(store.evidence())).toBe('vault.unavailable');
    expect(await codeOf(store.heads())).toBe('vault.unavailable');
    expect(await codeOf(store.commit(change(1, null)))).toBe('vault.unavailable');
  });

  test('of a later layout is a newer version', async () => {
    const { factory } = await filled();
    (await rawOpen(factory, 2)).close();
    const store = indexedDbStore(factory);
    expect(await codeOf(store.heads())).toBe('vault.newer-version');
    expect(await codeOf(store.commit(change(2, 'sum1')))).toBe('vault.newer-version');
  });

  test('whose database lost its parts is not empty but unavailable', async () => {
    const factory = new IDBFactory();
    (await rawOpen(factory, 1)).close();
    const store = indexedDbStore(factory);
    expect([await store.evidence(), await codeOf(store.heads())]).toEqual(['some', 'vault.unavailable']);
  });

  test('reads once more after a first error', async () => {
    const { store } = await filled();
    vi.spyOn(FakeStore.prototype, 'get').mockImplementationOnce(() => {
      throw new DOMException('repaired', 'UnknownError');
    });
    expect(await store.heads()).toEqual(['head.sum1']);
  });

  test('and not a third time', async () => {
    const { store } = await filled();
    const get = vi.spyOn(FakeStore.prototype, 'get').mockImplementation(() => {
      throw new DOMException('', 'UnknownError');
    });
    expect(await codeOf(store.marker())).toBe('vault.unavailable');
    expect(get).toHaveBeenCalledTimes(2);
  });

  test('gives values that are no texts as missing', async () => {
    const { factory, store } = await filled();
    const database = await rawOpen(factory);
    const transaction = database.transaction(['head', 'rec', 'meta'], 'readwrite');
    transaction.objectStore('head').put({ head: 1 }, 1);
    transaction.objectStore('rec').put(7, ['a', 1]);
    transaction.objectStore('meta').put(null, 'M');
    await new Promise((resolve) => (transaction.oncomplete = resolve));
    expect([await store.heads(), await store.records([{ id: 'a', g: 1 }]), await store.marker()]).toEqual([[''], [null], null]);
    expect(await codeOf(store.commit(change(2, null)))).toBe('vault.conflict');
  });

  test('gives way to a deletion, and says then that nothing is there', async () => {
    const { factory, store } = await filled();
    await new Promise((resolve) => (factory.deleteDatabase('djw1').onsuccess = resolve));
    expect(await codeOf(store.heads())).toBe('vault.absent');
    expect(await store.evidence()).toBe('none');
  });
});
