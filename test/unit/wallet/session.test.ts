import { beforeEach, describe, expect, it } from 'vitest';
import { toBase64 } from '../../../lib/bytes/base64.ts';
import { copy } from '../../../lib/bytes/bytes.ts';
import { Sessions, SESSION_KEYS } from '../../../lib/wallet/session.ts';
import { codeOf } from '../../support/npki-fixtures.ts';
import { NOW, World } from './support.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const KEY = 'djw1.u';
const LIST_KEY = new Uint8Array(32).fill(7);
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
    const expected = { vid: 'wallet', listKey: copy(LIST_KEY), start: NOW, deadline: NOW + 5 * MINUTE, lastSeen: NOW, minutes: 5 };
    expect(await other.current()).toStrictEqual(expected);
    expect(await other.require()).toStrictEqual(expected);
    expect(await other.rows(3)).toBe('rows');
  });

  it('is two texts, and holds nothing but what is named', () => {
    expect([...world.session.texts.keys()].toSorted()).toEqual(['djw1.rows', KEY]);
    expect(SESSION_KEYS).toEqual(expect.arrayContaining(['djw1.rows', KEY]));
    const text = world.session.texts.get(KEY) ?? '';
    expect(JSON.parse(text)).toStrictEqual({
      vid: 'wallet',
      lk: toBase64(LIST_KEY),
      start: NOW,
      deadline: NOW + 5 * MINUTE,
      lastSeen: NOW,
      minutes: 5,
    });
  });

  it.each([
    ['one moment before its deadline', 5 * MINUTE - 1, true],
    ['at its deadline', 5 * MINUTE, false],
    ['a night later, when no alarm rang', 9 * HOUR, false],
    ['with a clock set back', -1, false],
    ['with a clock set back a year', -365 * 24 * HOUR, false],
  ])('is used or ended by the clock: %s', async (_, later, open) => {
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
  const good = { vid: 'wallet', lk: toBase64(LIST_KEY), start: NOW, deadline: NOW + MINUTE, lastSeen: NOW, minutes: 5 };

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
