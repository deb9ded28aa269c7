import { describe, expect, test } from 'vitest';
import { WalletError, type ErrorCode } from '../../../lib/errors.ts';
import { openCarried } from '../../../lib/vault/carried.ts';
import { restoreItems } from '../../../lib/vault/restore.ts';
import {
  findSyncCopies,
  measureSyncCopy,
  removeSyncCopy,
  writeSyncCopy,
  type SyncArea,
  type SyncOutcome,
  type SyncRequest,
} from '../../../lib/vault/sync-copy.ts';
import { areaPrefix, ITEM_QUOTA, octetsOf, readAreas, TOTAL_QUOTA } from '../../../lib/vault/sync-pieces.ts';
import { ownCopy, syncable, type SyncState } from '../../../lib/vault/sync-standing.ts';
import { headDigest } from '../../../lib/vault/write-head.ts';
import { addRecoveryCode } from '../../../lib/vault/ways-in.ts';
import { moveToWastebasket } from '../../../lib/vault/wastebasket.ts';
import { fakeReader, keyedItem, makePair, withPassword } from './carried-support.ts';
import { FakeArea } from './sync-support.ts';
import { APP, codeOf, item, makeWallet, newId, NOW, random, save, withFields, type Wallet } from './support.ts';

const MINUTE = 60_000;
const NEVER: SyncState = { last: '', pending: '', at: 0 };

interface Writer {
  readonly area: FakeArea;
  state: SyncState;
  now: number;
}

function sync(writer: Writer, wallet: Wallet, chosen: readonly string[], changes: Partial<SyncRequest> = {}): Promise<SyncOutcome> {
  const { area, state, now } = writer;
  const remember = (next: SyncState): Promise<void> => {
    writer.state = next;
    return Promise.resolve();
  };
  const { store, head, listKey } = wallet;
  return writeSyncCopy({ area, store, head, listKey, chosen, state, remember, now, app: APP, ...changes });
}

async function filled(count: number, size = 600): Promise<{ wallet: Wallet; ids: readonly string[] }> {
  const wallet = await makeWallet();
  const ids = Array.from({ length: count }, () => newId());
  const put = await Promise.all(ids.map((id) => keyedItem(wallet, id, { sign: makePair(size) }, { chain: [] })));
  return { wallet: { ...wallet, head: await save(wallet, put) }, ids };
}

const writer = (area = new FakeArea()): Writer => ({ area, state: NEVER, now: NOW });
const names = ({ stored }: FakeArea): string[] => [...stored.keys()].sort();

async function written(count = 2): Promise<{ wallet: Wallet; ids: readonly string[]; mine: Writer }> {
  const { wallet, ids } = await filled(count);
  const mine = writer();
  await sync(mine, wallet, ids);
  return { wallet, ids, mine };
}

describe('D23: the sync copy', () => {
  test('is written in one piece of work, read back, and opens with the wallet’s secret', async () => {
    const { wallet, ids, mine } = await written(3);
    expect(mine.area.sets).toBe(1);
    const [found] = await findSyncCopies(mine.area);
    expect([found?.head.sub, found?.count, found?.head.vid]).toEqual([true, 3, wallet.head.vid]);
    if (!found) return;
    const { items, bad } = await openCarried(found, withPassword());
    expect([items.map(({ id }) => id), bad]).toEqual([ids, []]);
    expect([...found.records.values()]).toEqual(await wallet.store.records(wallet.head.items));
  });

  test('lies in pieces within the quotas, under names without anybody’s name', async () => {
    const { wallet, ids } = await filled(2, 7_000);
    const mine = writer();
    await sync(mine, wallet, ids);
    for (const [name, value] of mine.area.stored) {
      expect(name).toMatch(/^djw1\.s\.[A-Za-z0-9_-]{8}\.(h[01]|r[A-Za-z0-9_-]{22}\.\d+)\.\d+$/);
      expect(octetsOf(name, value)).toBeLessThanOrEqual(ITEM_QUOTA);
      expect(String(value)).toMatch(/^\d+\/\d+:[A-Za-z0-9_.-]{1,8000}$/);
    }
    expect(names(mine.area).filter((name) => name.includes('.r')).length).toBeGreaterThan(2);
  });

  test('holds chosen certificates alone: no deleted ones, no settings', async () => {
    const { wallet, ids } = await filled(3);
    const head = await moveToWastebasket({ ...wallet, ids: [ids[0] ?? ''], now: NOW, app: APP });
    const entries = syncable(head, [ids[0] ?? '', ids[1] ?? '', newId()]);
    expect(entries.map(({ id }) => id)).toEqual([ids[1]]);
  });

  test('replaces the former one and leaves nothing of it', async () => {
    const { wallet, ids, mine } = await written();
    const head = await save(wallet, [await keyedItem(wallet, ids[0] ?? '', { sign: makePair() })], [ids[1] ?? '']);
    mine.now += 10 * MINUTE;
    await sync(mine, { ...wallet, head }, ids);
    expect(names(mine.area)).toHaveLength(2);
    expect((await findSyncCopies(mine.area)).map(({ count, head: { gen } }) => [count, gen])).toEqual([[1, 3]]);
  });

  test('waits five minutes between two writings, but not when asked for now or when the clock went back', async () => {
    const { wallet, ids, mine } = await written();
    mine.now = NOW + 4 * MINUTE;
    expect(await sync(mine, wallet, ids)).toEqual({ state: 'later', wait: MINUTE });
    expect((await sync(mine, wallet, ids, { asked: true })).state).toBe('written');
    mine.now = NOW - 9 * MINUTE;
    expect((await sync(mine, wallet, ids)).state).toBe('written');
    expect(mine.area.sets).toBe(3);
  });

  test('that does not fit is refused, and the former one stays', async () => {
    const { wallet, ids, mine } = await written();
    const before = new Map(mine.area.stored);
    const many = Array.from({ length: 15 }, () => newId());
    const put = await Promise.all(many.map((id) => keyedItem(wallet, id, { sign: makePair(3_000) })));
    mine.now += 10 * MINUTE;
    const head = await save(wallet, put);
    expect(await codeOf(sync(mine, { ...wallet, head }, [...ids, ...many]))).toBe('sync.full');
    expect(mine.area.stored).toEqual(before);
  });

  test('that fits only without the former one takes its place', async () => {
    const { wallet, ids } = await filled(10, 2_000);
    const mine = writer();
    await sync(mine, wallet, ids);
    const put = await Promise.all(ids.map((id) => keyedItem(wallet, id, { sign: makePair(2_000) })));
    mine.now += 10 * MINUTE;
    mine.area.calls = [];
    expect((await sync(mine, { ...wallet, head: await save(wallet, put) }, ids)).state).toBe('written');
    expect(mine.area.calls).toEqual(['remove', 'set']);
    expect((await findSyncCopies(mine.area)).map(({ count }) => count)).toEqual([10]);
  });

  test.each<[string, (mine: Writer) => void, number]>([
    ['a piece of the head missing', ({ area }) => drop(area, '.h'), 0],
    ['a piece of a record missing', ({ area }) => drop(area, '.r'), 0],
    ['a piece of another record in its place', ({ area }) => swap(area), 0],
    ['a value that is a number', ({ area }) => put(area, '.h', 7), 0],
    ['a value of another form', ({ area }) => put(area, '.h', '0/1'), 0],
    ['a piece that says it is of 999', ({ area }) => put(area, '.h', '0/999:AAAA'), 0],
    ['garbage beside it', ({ area }) => void area.stored.set('djw1.s.AAAAAAAA.h0.0', 'x').set('djw1.s.!', 1).set('other', { a: 1 }), 1],
    ['a leftover of a longer text', ({ area }) => void area.stored.set(names(area)[0]?.replace(/\.0$/, '.7') ?? '', '7/8:AAAA'), 1],
  ])('with %s is taken whole or not at all', async (_, spoil, found) => {
    const { mine } = await written();
    spoil(mine);
    expect(await findSyncCopies(mine.area)).toHaveLength(found);
  });

  function drop(area: FakeArea, part: string): void {
    area.stored.delete(names(area).find((name) => name.includes(part)) ?? '');
  }
  function put(area: FakeArea, part: string, value: unknown): void {
    area.stored.set(names(area).find((name) => name.includes(part)) ?? '', value);
  }
  function swap(area: FakeArea): void {
    const [first = '', second = ''] = names(area).filter((name) => name.includes('.r'));
    area.stored.set(first, area.stored.get(second));
  }

  test('of mixed generations is not whole', async () => {
    const { wallet, ids, mine } = await written();
    const old = new Map(mine.area.stored);
    mine.now += 10 * MINUTE;
    await sync(mine, { ...wallet, head: await save(wallet, [await keyedItem(wallet, ids[0] ?? '', { sign: makePair() })]) }, ids);
    const newHead = [...mine.area.stored].filter(([name]) => name.includes('.h'));
    const other = new FakeArea();
    for (const [name, value] of [...old, ...newHead]) other.stored.set(name, value);
    expect((await findSyncCopies(other)).map(({ head }) => head.gen)).toEqual([2]);
  });

  test.each<[string, (text: string) => string]>([
    ['of a later version', (text) => withFields(text, { v: 2 })],
    ['that is no part', (text) => withFields(text, { sub: undefined })],
    ['of another wallet', (text) => withFields(text, { vid: newId() })],
  ])('takes no head %s', async (_, forge) => {
    const { mine } = await written();
    const [found] = await findSyncCopies(mine.area);
    const text = forge(found?.head.text ?? '');
    mine.area.stored.set(names(mine.area).find((name) => name.includes('.h')) ?? '', `0/1:${text}`);
    expect(await findSyncCopies(mine.area)).toEqual([]);
  });

  test('planted under our name with a recomputed checksum opens for nobody', async () => {
    const { mine } = await written();
    const [found] = await findSyncCopies(mine.area);
    if (!found) throw new Error('none');
    const forged = withFields(found.head.text, { items: [] });
    mine.area.stored.set(names(mine.area).find((name) => name.includes('.h')) ?? '', `0/1:${forged}`);
    const [planted] = await findSyncCopies(mine.area);
    if (!planted) throw new Error('none');
    expect(await codeOf(openCarried(planted, withPassword()))).toBe('backup.damaged');
  });

  test.each<[string, ErrorCode, Partial<SyncArea>]>([
    ['does not answer', 'sync.unavailable', { all: () => Promise.reject(new WalletError('sync.unavailable')) }],
    ['takes nothing', 'sync.unavailable', { set: () => Promise.reject(new WalletError('sync.unavailable')) }],
    ['forgets at once', 'sync.unavailable', { set: () => Promise.resolve() }],
  ])('in a storage that %s fails as %s, and the wallet is as it was', async (_, code, broken) => {
    const { wallet, ids } = await filled(1);
    const area = new FakeArea();
    const faulty: SyncArea = { all: () => area.all(), set: (entries) => area.set(entries), remove: (gone) => area.remove(gone), ...broken };
    expect(await codeOf(sync(writer(area), wallet, ids, { area: faulty }))).toBe(code);
    expect((await wallet.store.heads())[0]).toBe(wallet.head.text);
  });

  test('takes the room that was measured before, beside what others take', async () => {
    const { wallet, ids } = await filled(3);
    const mine = writer();
    mine.area.stored.set('other', 'x'.repeat(1_000));
    const content = { ...wallet, area: mine.area, chosen: ids, now: NOW, app: APP };
    const before = await measureSyncCopy(content);
    expect(before).toMatchObject({ others: octetsOf('other', 'x'.repeat(1_000)), fits: true });
    await sync(mine, wallet, ids);
    // The first head names none before it, and is a little shorter.
    await sync(mine, wallet, ids, { asked: true });
    const own = [...mine.area.stored].filter(([name]) => name !== 'other').reduce((sum, [name, value]) => sum + octetsOf(name, value), 0);
    expect(own).toBe(before.octets);
    expect(await measureSyncCopy({ ...content, chosen: [] })).toMatchObject({ fits: true });
    mine.area.stored.set('others', 'x'.repeat(TOTAL_QUOTA - own));
    expect(await measureSyncCopy(content)).toMatchObject({ fits: false });
  });

  test('with a record that does not open is not written', async () => {
    const { wallet, ids } = await filled(1);
    const mine = writer();
    const store = Object.assign(Object.create(wallet.store) as Wallet['store'], { records: () => Promise.resolve([null]) });
    expect(await codeOf(sync(mine, { ...wallet, store }, ids))).toBe('vault.damaged');
    expect(names(mine.area)).toEqual([]);
  });
});

describe('what lies in our own area', () => {
  const standing = async ({ area, state }: Writer, { head }: Wallet, chosen: readonly string[]): Promise<string> =>
    (await ownCopy(area.stored, { head, chosen, state })).standing;

  test('is told apart: nothing, what the wallet has, other records', async () => {
    const { wallet, ids } = await filled(2);
    const mine = writer();
    expect(await standing(mine, wallet, ids)).toBe('none');
    await sync(mine, wallet, ids);
    expect(await standing(mine, wallet, ids)).toBe('current');
    expect(await standing(mine, wallet, ids.slice(1))).toBe('behind');
    const other = await save(wallet, [await keyedItem(wallet, newId(), { sign: makePair() })]);
    expect(await standing(mine, { ...wallet, head: other }, ids)).toBe('current');
    const changed = await save({ ...wallet, head: other }, [await keyedItem(wallet, ids[0] ?? '', { sign: makePair() })]);
    expect(await standing(mine, { ...wallet, head: changed }, ids)).toBe('behind');
  });

  test('opens with other secrets after a change of the slots', async () => {
    const { wallet, ids, mine } = await written();
    const { head, signingKey } = wallet;
    const base = { store: wallet.store, head, listKey: wallet.listKey, now: NOW, app: APP, random };
    const { head: later } = await addRecoveryCode({ ...base, signingKey });
    expect(await standing(mine, { ...wallet, head: later }, ids)).toBe('former');
  });

  test.each<[string, Partial<SyncState>]>([
    ['what we wrote last', { pending: '' }],
    ['what we were about to write', { last: '' }],
  ])('is ours as %s', async (_, forgotten) => {
    const { wallet, ids, mine } = await written();
    mine.now += 10 * MINUTE;
    await sync(mine, { ...wallet, head: await save(wallet, []) }, ids);
    const { pending } = mine.state;
    mine.state = { ...mine.state, last: pending, pending, ...forgotten };
    expect(await standing(mine, wallet, ids)).toBe('current');
    expect(await standing({ ...mine, state: NEVER }, wallet, ids)).toBe('foreign');
  });

  test('and is another’s, or of a later version, goes with the owner’s word alone, the later one not even so', async () => {
    const { wallet, ids, mine } = await written();
    const second: Writer = { ...mine, state: NEVER };
    expect(await codeOf(sync(second, wallet, ids, { asked: true }))).toBe('sync.foreign');
    expect((await sync(second, wallet, ids, { asked: true, replace: true })).state).toBe('written');
    expect(await standing(second, wallet, ids)).toBe('current');
    const name = names(mine.area).find((one) => one.includes('.h')) ?? '';
    const [found] = await findSyncCopies(mine.area);
    mine.area.stored.set(name, `0/1:${withFields(found?.head.text ?? '', { v: 2 })}`);
    expect(await standing(second, wallet, ids)).toBe('foreign');
    expect(await codeOf(sync(second, wallet, ids, { asked: true, replace: true }))).toBe('sync.foreign');
  });
});

describe('D24: two writers', () => {
  test('a second profile with the same wallet is found out and never written over', async () => {
    const { wallet, ids, mine } = await written();
    const second: Writer = { ...mine };
    const [left, right] = [await save(wallet, []), wallet.head];
    mine.now += 10 * MINUTE;
    second.now += 20 * MINUTE;
    await sync(second, { ...wallet, head: left }, ids);
    const before = new Map(mine.area.stored);
    expect(await codeOf(sync(mine, { ...wallet, head: right }, ids))).toBe('sync.foreign');
    expect(mine.area.stored).toEqual(before);
    expect((await sync(second, { ...wallet, head: left }, ids, { asked: true })).state).toBe('written');
  });

  test('after a crash between remembering and writing, and between writing and tidying, it goes on', async () => {
    const { wallet, ids, mine } = await written();
    const head = await save(wallet, [item(newId())]);
    const dies: SyncArea = {
      all: () => mine.area.all(),
      set: () => Promise.reject(new WalletError('sync.unavailable')),
      remove: (gone) => mine.area.remove(gone),
    };
    mine.now += 10 * MINUTE;
    expect(await codeOf(sync(mine, { ...wallet, head }, ids, { area: dies }))).toBe('sync.unavailable');
    expect((await sync(mine, { ...wallet, head }, ids, { asked: true })).state).toBe('written');
    const half: SyncArea = { ...dies, set: (entries) => mine.area.set(entries), remove: () => Promise.reject(new WalletError('sync.unavailable')) };
    const later = await save({ ...wallet, head }, []);
    expect(await codeOf(sync(mine, { ...wallet, head: later }, ids, { area: half, asked: true }))).toBe('sync.unavailable');
    expect((await sync(mine, { ...wallet, head: later }, ids, { asked: true })).state).toBe('written');
    expect(await readAreas(mine.area.stored)).toHaveLength(1);
  });

  test('a head names the one before it', async () => {
    const { wallet, ids, mine } = await written();
    const [first] = await findSyncCopies(mine.area);
    mine.now += 10 * MINUTE;
    await sync(mine, { ...wallet, head: await save(wallet, []) }, ids);
    const [second] = await findSyncCopies(mine.area);
    expect(second?.head.prev).toBe(await headDigest(first?.head.text ?? ''));
  });

  test('a head of a later version in our own area is not written over', async () => {
    const { wallet, ids, mine } = await written();
    const [found] = await findSyncCopies(mine.area);
    mine.area.stored.set(names(mine.area).find((name) => name.includes('.h')) ?? '', `0/1:${withFields(found?.head.text ?? '', { v: 2 })}`);
    expect(await codeOf(sync(mine, wallet, ids, { asked: true }))).toBe('sync.foreign');
  });

  test('the area of another wallet is read and never touched', async () => {
    const { mine } = await written();
    const theirs = new Map(mine.area.stored);
    const { wallet, ids } = await filled(1);
    const own = writer(mine.area);
    await sync(own, wallet, ids);
    expect(await findSyncCopies(own.area)).toHaveLength(2);
    await removeSyncCopy(own.area, wallet.head.vid);
    expect(own.area.stored).toEqual(theirs);
    expect(names(own.area).some((name) => name.startsWith(areaPrefix(wallet.head.vid)))).toBe(false);
  });

  test('a restore from it is a new wallet with an area of its own; a merge deletes nothing', async () => {
    const { wallet, ids, mine } = await written();
    const [found] = await findSyncCopies(mine.area);
    if (!found) throw new Error('none');
    const second = await makeWallet();
    const from = await openCarried(found, withPassword());
    const base = { store: second.store, head: second.head, keys: second, random, reader: fakeReader, now: NOW, app: APP };
    const restored = await restoreItems({ ...base, from, chosen: ids });
    expect(restored.count).toBe(2);
    const before = new Map(mine.area.stored);
    const theirs = writer(mine.area);
    await sync(
      theirs,
      { ...second, head: restored.head },
      restored.head.items.map(({ id }) => id),
    );
    for (const [name, value] of before) expect(mine.area.stored.get(name)).toBe(value);
    expect(areaPrefix(second.head.vid)).not.toBe(areaPrefix(wallet.head.vid));
  });
});
