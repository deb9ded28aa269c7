import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, test } from 'vitest';
import { WalletError, type ErrorCode } from '../../../lib/errors.ts';
import { indexedDbStore } from '../../../lib/platform/vault-store.ts';
import { readHead, verifyHead, type VaultHead } from '../../../lib/vault/head.ts';
import { readMarker } from '../../../lib/vault/marker.ts';
import { saveItems } from '../../../lib/vault/save.ts';
import type { VaultStore } from '../../../lib/vault/store.ts';
import { openItems } from '../../../lib/vault/vault.ts';
import { codeOf, firstRecord, headWithFields, item, makeWallet, newId, NOW, random, reread, save, storeOf, type Wallet } from './support.ts';

const ids = (head: VaultHead): readonly string[] => head.items.map((entry) => entry.id);

describe('a save', () => {
  test('adds, replaces and removes in one generation', async () => {
    const wallet = await makeWallet();
    const [a, b, c] = [newId(), newId(), newId()];
    const second = await save(wallet, [item(a), item(b)]);
    const third = await save({ ...wallet, head: second }, [item(b, { na: null, meta: { label: 'new' } }), item(c)], [a]);
    expect([second.gen, third.gen]).toEqual([2, 3]);
    expect(third.items.map(({ id, g, na }) => [id, g, na])).toEqual([
      [b, 3, undefined],
      [c, 3, 1_800_000_000],
    ]);
    expect(await reread(wallet.store)).toEqual(third);
    await verifyHead(third, wallet.listKey);
    const { items } = await openItems(wallet.store, third, wallet.listKey);
    expect(items.map((open) => open.meta)).toEqual([{ label: 'new' }, { label: '주거래 은행', importedAt: NOW }]);
  });

  test('leaves records that did not change as they are, octet for octet', async () => {
    const wallet = await makeWallet();
    const kept = newId();
    const second = await save(wallet, [item(kept)]);
    const before = await firstRecord(wallet.store, second);
    const third = await save({ ...wallet, head: second }, [item(newId())]);
    expect(await firstRecord(wallet.store, third)).toEqual(before);
  });

  test('moves the marker and keeps the day of creation', async () => {
    const wallet = await makeWallet();
    const head = await save(wallet, []);
    expect(await readMarker(await wallet.store.marker())).toEqual({ vid: head.vid, gen: 2, created: NOW });
    expect(await wallet.store.mark()).toBe('tiger');
  });

  test('keeps two generations and what they list', async () => {
    const wallet = await makeWallet();
    const [a, b] = [newId(), newId()];
    const second = await save(wallet, [item(a), item(b)]);
    const third = await save({ ...wallet, head: second }, [item(a)], [b]);
    expect(await wallet.store.heads()).toEqual([third.text, second.text]);
    const oldKeys = [
      { id: a, g: 2 },
      { id: b, g: 2 },
    ];
    expect((await wallet.store.records(oldKeys)).every((text) => text !== null)).toBe(true);
    const fourth = await save({ ...wallet, head: third }, []);
    expect(await wallet.store.heads()).toEqual([fourth.text, third.text]);
    expect(await wallet.store.records([...oldKeys, { id: a, g: 3 }])).toEqual([null, null, expect.any(String)]);
  });

  test('keeps entries of other kinds', async () => {
    const wallet = await makeWallet();
    const other = { id: newId(), k: 'J', g: 1, sum: Buffer.alloc(16).toString('base64url'), st: 'SENT', dl: 1_764_000_900 };
    const text = headWithFields(wallet.head.text, wallet.listKey, { items: [other] });
    const next = await save({ ...wallet, store: await storeOf(text), head: await readHead(text) }, [item(newId())]);
    expect(next.items[0]).toEqual(other);
  });
});

describe('a save is refused', () => {
  test.each<[string, ErrorCode, (wallet: Wallet) => Promise<unknown>]>([
    ['for an id that is not there to remove', 'certificate.not-found', (wallet) => save(wallet, [], [newId()])],
    ['with another list key', 'vault.changed', (wallet) => save({ ...wallet, listKey: random(32) }, [item(newId())])],
    [
      'with five chain certificates',
      'file.too-large',
      (wallet) => save(wallet, [item(newId(), { chain: Array.from({ length: 5 }, () => random(1)) })]),
    ],
    [
      'with a record that is too large',
      'file.too-large',
      (wallet) => save(wallet, [item(newId(), { chain: [new Uint8Array(70_000), new Uint8Array(70_000)] })]),
    ],
    ['with an id of another size', 'internal', (wallet) => save(wallet, [item('AAAA')])],
    ['with meta that is no object', 'internal', (wallet) => save(wallet, [item(newId(), { meta: [] })])],
    ['with an end date that is no integer', 'internal', (wallet) => save(wallet, [item(newId(), { na: 1.5 })])],
    [
      'with version text out of form',
      'internal',
      ({ store, head, listKey }) => saveItems({ store, head, listKey, now: NOW, app: 'a b', random, put: [], remove: [] }),
    ],
  ])('%s: %s', async (_, code, act) => {
    const wallet = await makeWallet();
    expect(await codeOf(act(wallet))).toBe(code);
    expect(await wallet.store.heads()).toEqual([wallet.head.text]);
  });

  test('with one item put twice', async () => {
    const wallet = await makeWallet();
    const twice = newId();
    expect(await codeOf(save(wallet, [item(twice), item(twice)]))).toBe('internal');
    const head = await save(wallet, [item(twice)]);
    expect(await codeOf(save({ ...wallet, head }, [item(twice)], [twice]))).toBe('internal');
  });

  test('beyond 1,000 items', async () => {
    const { head, listKey, ...rest } = await makeWallet();
    const items = Array.from({ length: 1_000 }, () => ({ id: newId(), k: 'I', g: 1, sum: Buffer.alloc(16).toString('base64url') }));
    const text = headWithFields(head.text, listKey, { items });
    const wallet = { ...rest, listKey, store: await storeOf(text), head: await readHead(text) };
    expect(await codeOf(save(wallet, [item(newId())]))).toBe('vault.full');
    expect(ids(await save(wallet, [item(newId())], [items[0]?.id ?? '']))).toHaveLength(1_000);
  });
});

describe('two windows', () => {
  test('that save from one generation: the second gets a conflict, and no change is lost', async () => {
    const wallet = await makeWallet();
    const [a, b] = [newId(), newId()];
    const first = await save(wallet, [item(a)]);
    expect(await codeOf(save(wallet, [item(b)]))).toBe('vault.conflict');
    const again = await save({ ...wallet, head: await reread(wallet.store) }, [item(b)]);
    expect(ids(again)).toEqual([a, b]);
    expect(first.gen).toBe(2);
  });

  test('at once, each with its own connection: one wins', async () => {
    const factory = new IDBFactory();
    const wallet = await makeWallet(indexedDbStore(factory));
    const outcomes = await Promise.all([1, 2, 3].map(() => codeOf(save({ ...wallet, store: indexedDbStore(factory) }, [item(newId())]))));
    expect(outcomes.sort()).toEqual(['fulfilled', 'vault.conflict', 'vault.conflict']);
    expect((await reread(wallet.store)).items).toHaveLength(1);
  });
});

/** A store that fails at the nth call of one method, before or after the call takes effect. */
function failing(store: VaultStore, method: keyof VaultStore, nth: number, when: 'before' | 'after'): VaultStore {
  let calls = 0;
  const wrap =
    <Args extends readonly unknown[], Value>(name: keyof VaultStore, act: (...args: Args) => Promise<Value>) =>
    async (...args: Args): Promise<Value> => {
      const fails = name === method && ++calls === nth;
      if (fails && when === 'before') throw new WalletError('vault.unavailable');
      const value = await act(...args);
      if (fails) throw new WalletError('vault.unavailable');
      return value;
    };
  return {
    evidence: wrap('evidence', () => store.evidence()),
    heads: wrap('heads', () => store.heads()),
    records: wrap('records', (keys) => store.records(keys)),
    marker: wrap('marker', () => store.marker()),
    mark: wrap('mark', () => store.mark()),
    commit: wrap('commit', (change) => store.commit(change)),
    prune: wrap('prune', (kept) => store.prune(kept)),
  };
}

describe('a failure at any step leaves the old state or the new one', () => {
  test.each<[keyof VaultStore, number, 'before' | 'after', 'old' | 'new', 'told' | 'untold']>([
    ['marker', 1, 'before', 'new', 'told'],
    ['commit', 1, 'before', 'old', 'untold'],
    ['commit', 1, 'after', 'new', 'untold'],
    ['heads', 1, 'before', 'new', 'untold'],
    ['heads', 1, 'after', 'new', 'untold'],
    ['records', 1, 'before', 'new', 'untold'],
    ['prune', 1, 'before', 'new', 'told'],
    ['prune', 1, 'after', 'new', 'told'],
  ])('%s, call %i, %s it took effect: %s state, success %s', async (method, nth, when, state, told) => {
    const wallet = await makeWallet();
    const before = await save(wallet, [item(newId())]);
    const code = await codeOf(save({ ...wallet, head: before, store: failing(wallet.store, method, nth, when) }, [item(newId())]));
    expect(code).toBe(told === 'told' ? 'fulfilled' : 'vault.unavailable');
    const head = await reread(wallet.store);
    expect(head.gen).toBe(state === 'old' ? 2 : 3);
    expect((await readMarker(await wallet.store.marker())).gen).toBe(head.gen);
    const { items, damaged } = await openItems(wallet.store, head, wallet.listKey);
    expect([items.length, damaged.length]).toEqual([state === 'old' ? 1 : 2, 0]);
    const next = await save({ ...wallet, head }, [item(newId())]);
    expect(next.items).toHaveLength(items.length + 1);
  });

  test.each<[string, (store: VaultStore) => VaultStore]>([
    ['loses the head', (store) => ({ ...failing(store, 'mark', 0, 'before'), heads: () => Promise.resolve([]) })],
    ['gives the head before', (store) => ({ ...failing(store, 'mark', 0, 'before'), heads: async () => (await store.heads()).slice(1) })],
    ['loses a record', (store) => ({ ...failing(store, 'mark', 0, 'before'), records: (keys) => Promise.resolve(keys.map(() => null)) })],
  ])('and a store that %s after committing is not believed', async (_, lose) => {
    const wallet = await makeWallet();
    expect(await codeOf(save({ ...wallet, store: lose(wallet.store) }, [item(newId())]))).toBe('vault.read-only');
  });
});
