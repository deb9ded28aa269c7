import { beforeEach, describe, expect, it } from 'vitest';
import { toBase64 } from '../../../lib/bytes/base64.ts';
import { copy } from '../../../lib/bytes/bytes.ts';
import { Sessions } from '../../../lib/wallet/session.ts';
import { codeOf } from '../../support/npki-fixtures.ts';
import { NOW, World } from './support.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const KEY = 'djw1.u';
const ROWS_KEY = 'djw1.rows';
const HELD = 'djw1.sk';
const LIST_KEY = new Uint8Array(32).fill(7);
const SIGNING_KEY = new Uint8Array(32).fill(9);
const KEYS = { listKey: LIST_KEY, signingKey: SIGNING_KEY };
const ROWS = { generation: 3, text: 'rows' };

let world: World;
let sessions: Sessions;

beforeEach(async () => {
  world = new World();
  sessions = new Sessions(world.session, world.withLock, world.clock);
  await sessions.open('wallet', LIST_KEY, ROWS);
});

const isOpen = async (): Promise<boolean> => (await sessions.current()) !== null;

describe('an open session', () => {
  it('reads back in another window', async () => {
    const other = new Sessions(world.session, world.withLock, world.clock);
    const expected = {
      vid: 'wallet',
      listKey: copy(LIST_KEY),
      start: NOW,
      deadline: NOW + 5 * MINUTE,
      lastSeen: NOW,
      minutes: 5,
      signingUntil: null,
    };
    expect(await other.current()).toStrictEqual(expected);
    expect(await other.require()).toStrictEqual(expected);
    expect(await other.rows(3)).toBe('rows');
  });

  it('is two texts, and holds nothing but what is named', () => {
    expect([...world.session.texts.keys()].toSorted()).toEqual([ROWS_KEY, KEY]);
    const text = world.session.texts.get(KEY) ?? '';
    expect(JSON.parse(text)).toStrictEqual({
      vid: 'wallet',
      lk: toBase64(LIST_KEY),
      start: NOW,
      deadline: NOW + 5 * MINUTE,
      lastSeen: NOW,
      minutes: 5,
      signingUntil: null,
    });
  });

  it.each([
    ['one moment before its deadline', 5 * MINUTE - 1, true],
    ['at its deadline', 5 * MINUTE, false],
    ['a night later, when no alarm rang', 9 * HOUR, false],
    ['with a clock set back', -1, false],
    ['with a clock set back a year', -365 * 24 * HOUR, false],
  ])('E9: is used or ended by the clock: %s', async (_, later, open) => {
    world.now += later;
    expect(await isOpen()).toBe(open);
    expect(world.session.texts.size).toBe(open ? 2 : 0);
  });

  it('that ended stays so when the clock comes back', async () => {
    world.now += 5 * MINUTE;
    expect(await isOpen()).toBe(false);
    world.now = NOW;
    expect(await isOpen()).toBe(false);
    expect(await codeOf(() => sessions.require())).toBe('vault.locked');
  });

  it('that is closed leaves nothing', async () => {
    await sessions.close();
    expect(world.session.texts.size).toBe(0);
    expect(await codeOf(() => sessions.require())).toBe('vault.locked');
  });
});

describe('touching', () => {
  it('moves the deadline, at most every ten seconds', async () => {
    world.now += 9_999;
    expect(await sessions.touch()).toBe(NOW + 5 * MINUTE);
    world.now += 1;
    expect(await sessions.touch()).toBe(NOW + 10_000 + 5 * MINUTE);
    expect(await sessions.current()).toMatchObject({ start: NOW, deadline: NOW + 10_000 + 5 * MINUTE, lastSeen: NOW + 10_000 });
  });

  it('keeps it open for eight hours and no longer', async () => {
    const end = NOW + 8 * HOUR;
    while (world.now + 4 * MINUTE < end) {
      world.now += 4 * MINUTE;
      expect(await sessions.touch()).toBe(Math.min(world.now + 5 * MINUTE, end));
    }
    world.now = end - 1;
    expect(await isOpen()).toBe(true);
    world.now = end;
    expect(await sessions.touch()).toBeNull();
    expect(await isOpen()).toBe(false);
  });

  it.each([
    ['past its deadline', 5 * MINUTE],
    ['of a clock set back', -1],
  ])('does not bring back a session %s', async (_, later) => {
    world.now += later;
    expect(await sessions.touch()).toBeNull();
    expect(await isOpen()).toBe(false);
  });

  it('cannot undo a lock that comes at the same time', async () => {
    for (let times = 0; times < 20; times++) {
      await sessions.open('wallet', LIST_KEY, ROWS);
      world.now += 20_000;
      const moving = [sessions.touch(), sessions.putRows(ROWS)];
      for (let turns = 0; turns < times; turns++) await Promise.resolve();
      await Promise.all([...moving, sessions.close(), sessions.touch(), sessions.putRows(ROWS)]);
      expect([...world.session.texts.keys()]).toEqual([]);
    }
  });
});

describe('a session that was found over', () => {
  it('does not end the one that another window opens at the same time', async () => {
    for (let turns = 0; turns < 12; turns++) {
      world.now += 5 * MINUTE;
      const looking = sessions.current();
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      const opening = sessions.open('wallet', LIST_KEY, ROWS);
      await Promise.all([looking, opening]);
      expect(await isOpen()).toBe(true);
    }
  });
});

describe('the rows', () => {
  it('belong to one generation of the vault', async () => {
    expect(await sessions.rows(3)).toBe('rows');
    expect(await sessions.rows(30)).toBeUndefined();
    expect(await sessions.rows(4)).toBeUndefined();
    await sessions.putRows({ generation: 4, text: '3:x' });
    expect(await sessions.rows(3)).toBeUndefined();
    expect(await sessions.rows(4)).toBe('3:x');
  });

  it.each([
    ['locked', () => sessions.close()],
    ['past its time', () => Promise.resolve(void (world.now += 5 * MINUTE))],
  ])('are not kept by a wallet that is %s', async (_, end) => {
    await end();
    await sessions.putRows({ generation: 9, text: 'names' });
    expect(await sessions.rows(9)).toBeUndefined();
  });
});

describe('a session text', () => {
  const good = { vid: 'wallet', lk: toBase64(LIST_KEY), start: NOW, deadline: NOW + MINUTE, lastSeen: NOW, minutes: 5, signingUntil: null };

  it.each([
    ['empty', ''],
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['with a field too many', JSON.stringify({ ...good, sk: good.lk })],
    ['without a deadline', JSON.stringify({ ...good, deadline: undefined })],
    ['with a deadline of null', JSON.stringify({ ...good, deadline: null })],
    ['with a deadline as text', JSON.stringify({ ...good, deadline: String(good.deadline) })],
    ['with a deadline beyond numbers', JSON.stringify(good).replace(`"deadline":${good.deadline}`, '"deadline":1e999')],
    ['without a word on signing', JSON.stringify({ ...good, signingUntil: undefined })],
    ['without minutes', JSON.stringify({ ...good, minutes: undefined })],
    ['with minutes that nobody can choose', JSON.stringify({ ...good, minutes: 480 })],
    ['with a key of 31 octets', JSON.stringify({ ...good, lk: toBase64(new Uint8Array(31)) })],
    ['with a key of 33 octets', JSON.stringify({ ...good, lk: toBase64(new Uint8Array(33)) })],
    ['with a key that is no base64', JSON.stringify({ ...good, lk: '!'.repeat(44) })],
    ['with its own __proto__', JSON.stringify(good).replace('{', '{"__proto__":{},')],
    ['that starts in the future', JSON.stringify({ ...good, start: NOW + HOUR, lastSeen: NOW + HOUR, deadline: NOW + 2 * HOUR })],
    ['that ended', JSON.stringify({ ...good, deadline: NOW })],
    ['that began long ago', JSON.stringify({ ...good, start: NOW - 8 * HOUR })],
  ])('locks the wallet and is cleared away where it is %s', async (_, text) => {
    world.session.texts.set(KEY, text);
    expect(await isOpen()).toBe(false);
    expect(world.session.texts.size).toBe(0);
  });

  it('is good as it stands', async () => {
    world.session.texts.set(KEY, JSON.stringify(good));
    expect(await isOpen()).toBe(true);
  });
});

describe('signing that is held open', () => {
  const held = async (): Promise<boolean> => (await sessions.heldKey()) !== null;
  const until = async (): Promise<number | null | undefined> => (await sessions.current())?.signingUntil;

  it('lies in a text of its own with its deadline, and every window can take it', async () => {
    expect(await sessions.holdSigning(KEYS, 5)).toBe(NOW + 5 * MINUTE);
    expect(JSON.parse(world.session.texts.get(HELD) ?? '')).toStrictEqual({ sk: toBase64(SIGNING_KEY), deadline: NOW + 5 * MINUTE });
    const other = new Sessions(world.session, world.withLock, world.clock);
    expect(await other.heldKey()).toEqual(copy(SIGNING_KEY));
    expect(await until()).toBe(NOW + 5 * MINUTE);
    expect([...world.session.texts].filter(([, text]) => text.includes(toBase64(SIGNING_KEY))).map(([key]) => key)).toEqual([HELD]);
  });

  it('is off until the owner turns it on', async () => {
    expect(await held()).toBe(false);
    expect(await until()).toBeNull();
  });

  it.each([5, 15, 60] as const)('ends after %s minutes, however often the wallet is touched', async (minutes) => {
    await sessions.holdSigning(KEYS, minutes);
    const end = NOW + minutes * MINUTE;
    while (world.now + MINUTE < end) {
      world.now += MINUTE;
      await sessions.touch();
      expect(await held()).toBe(true);
    }
    world.now = end - 1;
    expect(await held()).toBe(true);
    world.now = end;
    expect(await held()).toBe(false);
    expect(world.session.texts.has(HELD)).toBe(false);
    expect(await isOpen()).toBe(true);
  });

  it('never lasts longer than the session can', async () => {
    world.now = NOW;
    await sessions.lockAfter(60);
    for (let hours = 0; hours < 15; hours++) {
      world.now += HOUR / 2;
      await sessions.touch();
    }
    expect(await sessions.holdSigning(KEYS, 60)).toBe(NOW + 8 * HOUR);
  });

  it.each<[string, () => unknown]>([
    ['its deadline, met by whoever looks at the session', () => (world.now += 5 * MINUTE - 1) && sessions.touch().then(() => (world.now += 1))],
    ['a lock', () => sessions.close()],
    ['the deadline of the wallet, though its own is later', () => (world.now += 5 * MINUTE)],
    ['a night of sleep, when no alarm rang', () => (world.now += 9 * HOUR)],
    ['a clock that jumps ahead', () => (world.now += 365 * 24 * HOUR)],
    ['a clock set back', () => (world.now -= 1)],
    ['the end of it by hand', () => sessions.releaseSigning()],
  ])('E9: is ended and taken away by %s', async (what, end) => {
    await sessions.holdSigning(KEYS, what.startsWith('its deadline') ? 5 : 60);
    await end();
    expect(await sessions.current().then((session) => session?.signingUntil ?? null)).toBeNull();
    expect(world.session.texts.has(HELD)).toBe(false);
    expect(await held()).toBe(false);
  });

  it('stays ended when the clock comes back', async () => {
    await sessions.holdSigning(KEYS, 5);
    world.now += 4 * MINUTE;
    await sessions.touch();
    world.now += MINUTE;
    expect(await held()).toBe(false);
    world.now -= MINUTE;
    expect(await held()).toBe(false);
    expect(await isOpen()).toBe(true);
  });

  it('goes on where the open wallet is opened again with the same keys, as each confirmed act does', async () => {
    await sessions.holdSigning(KEYS, 15);
    world.now += MINUTE;
    await sessions.open('wallet', LIST_KEY, ROWS);
    expect(await until()).toBe(NOW + 15 * MINUTE);
    expect(await held()).toBe(true);
  });

  it.each<[string, () => unknown, string, Uint8Array<ArrayBuffer>]>([
    ['whose time was over before anybody looked', () => (world.now += 6 * MINUTE), 'wallet', LIST_KEY],
    ['by a clock set back', () => (world.now -= 1), 'wallet', LIST_KEY],
    ['under new keys', () => undefined, 'wallet', new Uint8Array(32).fill(8)],
    ['that is another one', () => undefined, 'other', LIST_KEY],
  ])('does not come back with a wallet %s', async (_, before, vid, listKey) => {
    await sessions.holdSigning(KEYS, 60);
    await before();
    await sessions.open(vid, listKey, ROWS);
    expect(world.session.texts.has(HELD)).toBe(false);
    expect(await held()).toBe(false);
    expect(await until()).toBeNull();
  });

  it.each<[string, () => unknown]>([
    ['locked', () => sessions.close()],
    ['past its time', () => (world.now += 5 * MINUTE)],
    ['open under other keys by now', () => sessions.open('wallet', new Uint8Array(32).fill(8), ROWS)],
  ])('is not begun in a wallet that is %s', async (_, before) => {
    await before();
    expect(await codeOf(() => sessions.holdSigning(KEYS, 5))).toBe('vault.locked');
    expect(world.session.texts.has(HELD)).toBe(false);
  });

  it('cannot be begun by what comes late after a lock', async () => {
    for (let times = 0; times < 20; times++) {
      await sessions.open('wallet', LIST_KEY, ROWS);
      const holding = sessions.holdSigning(KEYS, 5).catch(() => undefined);
      for (let turns = 0; turns < times; turns++) await Promise.resolve();
      await Promise.all([holding, sessions.close(), sessions.releaseSigning(), sessions.touch()]);
      expect([...world.session.texts.keys()]).toEqual([]);
    }
  });

  const good = { sk: toBase64(SIGNING_KEY), deadline: NOW + 5 * MINUTE };

  it.each([
    ['gone', null],
    ['empty', ''],
    ['no JSON', '{'],
    ['with a field too many', JSON.stringify({ ...good, more: 1 })],
    ['without a deadline', JSON.stringify({ sk: good.sk })],
    ['with a later deadline than the session says', JSON.stringify({ ...good, deadline: good.deadline + 1 })],
    ['with a key of 31 octets', JSON.stringify({ ...good, sk: toBase64(new Uint8Array(31)) })],
    ['with a key that is an object', JSON.stringify({ ...good, sk: { 0: 1 } })],
  ])('ends where its text is %s', async (_, text) => {
    await sessions.holdSigning(KEYS, 5);
    if (text === null) world.session.texts.delete(HELD);
    else world.session.texts.set(HELD, text);
    expect(await held()).toBe(false);
    expect(world.session.texts.has(HELD)).toBe(false);
    expect(await until()).toBeNull();
    expect(await isOpen()).toBe(true);
  });
});
