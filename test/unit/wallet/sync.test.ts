import { beforeEach, describe, expect, it } from 'vitest';
import { IDBFactory } from 'fake-indexeddb';
import { areaPrefix, readAreas, TOTAL_QUOTA } from '../../../lib/vault/sync-pieces.ts';
import { WalletError } from '../../../lib/errors.ts';
import type { SyncArea } from '../../../lib/vault/sync-copy.ts';
import type { RestoreSession } from '../../../lib/wallet/keeping-api.ts';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import { codeOf, fixture } from '../../support/npki-fixtures.ts';
import { PASSWORD, Profile, quietly, walletWith, WRONG } from './profile.ts';
import { locks } from './support.ts';

const NEW_PASSWORD = '눈 내린 산길을 걷다 2027';
const ELEVEN = '국수 열한 글자 여럿';
const MINUTE = 60_000;
const IDS = ['personal-bank-sha1seed', 'business-etax', 'no-random-value'].map((id) => fixture(id).id);
const UNAVAILABLE = (): Promise<never> => Promise.reject(new WalletError('sync.unavailable'));

let profile: Profile;
let wallet: Wallet;

beforeEach(async () => {
  profile = new Profile();
  wallet = await walletWith(profile, ...IDS.slice(0, 2));
  await wallet.ways.lockAfter(60);
});

const idsOf = async (of: Wallet): Promise<readonly string[]> => (await of.rows()).map(({ id }) => id);
const fingerprints = async (of: Wallet): Promise<readonly string[]> => (await of.rows()).map(({ fingerprint }) => fingerprint).sort();
const stored = ({ sync }: Profile): Map<string, unknown> => new Map(sync.stored);

async function turnedOn(): Promise<readonly string[]> {
  const ids = await idsOf(wallet);
  await wallet.sync.turnOn(ids, PASSWORD);
  return ids;
}

/** Another computer whose browser has the same account. */
function otherComputer(): Profile {
  const other = new Profile();
  other.now = profile.now;
  other.sync = profile.sync;
  return other;
}

async function openOnly(of: Wallet, secret = PASSWORD): Promise<RestoreSession> {
  const [copy] = await of.sync.copies();
  return of.sync.open(copy?.key ?? '', secret);
}

/** Lets the first calls fail; the storage answers as before afterwards. */
function failing(part: Partial<SyncArea>): () => void {
  const { sync } = profile;
  const kept = { all: sync.all.bind(sync), set: sync.set.bind(sync), remove: sync.remove.bind(sync) };
  Object.assign(sync, part);
  return () => void Object.assign(sync, kept);
}

const change = { current: { kind: 'password', text: PASSWORD }, password: NEW_PASSWORD, keep: [], onTouch: () => undefined } as const;

describe('the sync copy', () => {
  it('is off at first, and nothing lies in the sync storage', async () => {
    expect(await wallet.sync.status()).toEqual({ on: false, items: [], writtenAt: null, current: false, trouble: null });
    expect(await wallet.sync.catchUp()).toBeNull();
    expect(profile.sync.stored.size).toBe(0);
  });

  it('takes the room that was told before it was turned on', async () => {
    const ids = await idsOf(wallet);
    const room = await wallet.sync.room(ids);
    expect(room).toMatchObject({ others: 0, total: TOTAL_QUOTA, fits: true });
    expect(room.octets).toBeGreaterThan((await wallet.sync.room(ids.slice(1))).octets);
    await wallet.sync.turnOn(ids, PASSWORD);
    expect(await wallet.sync.status()).toEqual({ on: true, items: ids, writtenAt: profile.now, current: true, trouble: null });
    expect(await wallet.sync.now()).toBe('current');
  });

  it('tells nobody a name: neither in what lies there nor in what it is called', async () => {
    await turnedOn();
    const texts = [...profile.sync.stored].flat().map(String);
    expect(texts.filter((text) => !/^[A-Za-z0-9_.\-/:]+$/.test(text))).toEqual([]);
    const octets = Buffer.concat(texts.flatMap((text) => text.split(/[.:]/)).map((part) => Buffer.from(part, 'base64url')));
    for (const { holder, issuer } of await wallet.rows()) for (const name of [holder, issuer]) expect(octets.includes(name)).toBe(false);
  });

  it('asks for the wallet password', async () => {
    expect(await codeOf(async () => wallet.sync.turnOn(await idsOf(wallet), WRONG))).toBe('password.wrong');
    expect(profile.sync.stored.size).toBe(0);
    expect((await wallet.sync.status()).on).toBe(false);
  });

  it.each([
    ['eleven characters', ELEVEN, 'password.short-for-sync'],
    ['twelve', `${ELEVEN}!`, 'none'],
    ['twelve that were eleven composed ones', ELEVEN.normalize('NFD'), 'password.short-for-sync'],
    ['eleven and one beyond 16 bits', `${ELEVEN.slice(1)}🐯`, 'password.short-for-sync'],
  ])('E6: with a wallet password of %s', async (_, password, code) => {
    const short = new Profile();
    const made = short.wallet();
    await made.create(password, 'tiger');
    expect(await codeOf(() => made.sync.turnOn([], password))).toBe(code);
    expect(short.sync.stored.size > 0).toBe(code === 'none');
    expect((await made.sync.status()).on).toBe(code === 'none');
  });

  it('holds other certificates when others are chosen, and none that was deleted', async () => {
    const [first = '', second = ''] = await turnedOn();
    await wallet.basket.move([second]);
    expect((await wallet.sync.status()).current).toBe(false);
    expect(await wallet.sync.now()).toBe('written');
    const session = await openOnly(otherComputer().wallet());
    expect(session.rows).toHaveLength(1);
    session.discard();
    await wallet.basket.putBack([second]);
    await wallet.sync.turnOn([second], PASSWORD);
    expect((await wallet.sync.status()).items).toEqual([second]);
    expect(first).not.toBe(second);
  });

  it('that does not fit is refused with nothing changed, and a former one stays', async () => {
    const ids = await turnedOn();
    profile.sync.stored.set('other', 'x'.repeat(8_000));
    for (let nth = 0; nth < 11; nth++) profile.sync.stored.set(`other${nth}`, 'x'.repeat(8_000));
    const before = stored(profile);
    expect((await wallet.sync.room(ids)).fits).toBe(false);
    expect(await codeOf(() => wallet.sync.turnOn(ids, PASSWORD))).toBe('sync.full');
    await wallet.ways.makeCode(PASSWORD);
    expect(await wallet.sync.status()).toMatchObject({ on: true, current: false, trouble: 'sync.full' });
    expect(stored(profile)).toEqual(before);
  });

  it('is gone when it is turned off, and the choice is kept for another time', async () => {
    const ids = await turnedOn();
    profile.sync.stored.set('other', 1);
    await wallet.sync.turnOff();
    expect([...profile.sync.stored.keys()]).toEqual(['other']);
    expect(await wallet.sync.status()).toMatchObject({ on: false, items: ids, writtenAt: null });
    await wallet.basket.move([ids[0] ?? '']);
    expect(await wallet.sync.catchUp()).toBeNull();
    expect([...profile.sync.stored.keys()]).toEqual(['other']);
  });

  it('that cannot be removed stays on, for another try', async () => {
    await turnedOn();
    const mend = failing({ remove: UNAVAILABLE });
    expect(await codeOf(() => wallet.sync.turnOff())).toBe('sync.unavailable');
    mend();
    expect((await wallet.sync.status()).on).toBe(true);
  });
});

describe('keeping it up to date', () => {
  it('waits five minutes after a writing, and not when it is asked for', async () => {
    const [first = '', second = ''] = await turnedOn();
    await wallet.basket.move([first]);
    profile.now += 2 * MINUTE;
    expect(await wallet.sync.catchUp()).toBe(3 * MINUTE);
    profile.now += 3 * MINUTE;
    expect(await wallet.sync.catchUp()).toBeNull();
    expect((await wallet.sync.status()).current).toBe(true);
    await wallet.basket.move([second]);
    expect(await wallet.sync.now()).toBe('written');
  });

  it('D23: no save waits for a storage that never answers, and the owed copy is found again after the next unlocking', async () => {
    const [first = ''] = await turnedOn();
    const mend = failing({ all: () => new Promise(() => undefined) });
    void wallet.sync.catchUp();
    await wallet.basket.move([first]);
    await wallet.lock();
    mend();
    profile.now += 10 * MINUTE;
    // Another page, which knows nothing of the first.
    profile.withLock = locks();
    const next = profile.wallet();
    await next.unlock(PASSWORD);
    expect(await next.sync.status()).toMatchObject({ on: true, current: false, trouble: null });
    expect(await next.sync.catchUp()).toBeNull();
    expect((await next.sync.status()).current).toBe(true);
  });

  it.each<[string, Partial<SyncArea>]>([
    ['takes nothing', { set: UNAVAILABLE }],
    ['forgets at once', { set: () => Promise.resolve() }],
    ['gives nothing', { all: UNAVAILABLE }],
  ])('D23: a storage that %s leaves it owed, and the wallet as it is', async (_, part) => {
    const [first = ''] = await turnedOn();
    await wallet.basket.move([first]);
    profile.now += 10 * MINUTE;
    const mend = failing(part);
    expect(await codeOf(() => wallet.sync.now())).toBe('sync.unavailable');
    expect(await wallet.rows()).toHaveLength(1);
    mend();
    expect(await wallet.sync.now()).toBe('written');
  });

  it('is read while the wallet is open alone', async () => {
    await turnedOn();
    await wallet.lock();
    for (const act of [() => wallet.sync.status(), () => wallet.sync.now(), () => wallet.sync.catchUp(), () => wallet.sync.turnOff()]) {
      expect(await codeOf(act)).toBe('vault.locked');
    }
  });
});

describe('E18: changing the password', () => {
  it('replaces the copy at once: the former password opens nothing there', async () => {
    await turnedOn();
    const before = new Set([...profile.sync.stored.values()]);
    expect(await wallet.ways.changePassword(change)).toMatchObject({ formerGone: true, formerInSync: false });
    expect([...profile.sync.stored.values()].filter((value) => before.has(value))).toEqual([]);
    const other = otherComputer().wallet();
    expect(await codeOf(() => openOnly(other))).toBe('sync.secret');
    const session = await openOnly(other, NEW_PASSWORD);
    expect(session.rows).toHaveLength(2);
    session.discard();
    await wallet.unlock(NEW_PASSWORD);
    expect((await wallet.sync.status()).current).toBe(true);
  });

  it('says that a former copy is left where the storage does not answer, and replaces it after the next unlocking', async () => {
    await turnedOn();
    const mend = failing({ all: UNAVAILABLE });
    expect(await wallet.ways.changePassword(change)).toMatchObject({ formerInSync: true });
    mend();
    await wallet.unlock(NEW_PASSWORD);
    // The five minutes do not count for it.
    expect(await wallet.sync.catchUp()).toBeNull();
    expect((await wallet.sync.status()).current).toBe(true);
    expect(await codeOf(() => openOnly(otherComputer().wallet()))).toBe('sync.secret');
  });

  it('E6: is refused under twelve characters while there is a sync copy, before anything is touched', async () => {
    const { password, ...rest } = change;
    await wallet.ways.addPasskey('키', PASSWORD);
    await turnedOn();
    const { touches } = profile.authenticator;
    const keep = (await wallet.ways.list()).passkeys.map(({ sid }) => sid);
    expect(await codeOf(() => wallet.ways.changePassword({ ...rest, password: ELEVEN, keep }))).toBe('password.short-for-sync');
    expect(profile.authenticator.touches).toBe(touches);
    await wallet.sync.turnOff();
    await wallet.ways.changePassword({ ...rest, password: ELEVEN });
    await wallet.unlock(ELEVEN);
    expect(password).toBe(NEW_PASSWORD);
  });

  it('a recovery code that was replaced opens the copy no more', async () => {
    const { code } = await wallet.ways.makeCode(PASSWORD);
    await turnedOn();
    const other = otherComputer().wallet();
    (await openOnly(other, code)).discard();
    await wallet.ways.makeCode(PASSWORD);
    await wallet.sync.catchUp();
    expect(await codeOf(() => openOnly(other, code))).toBe('sync.secret');
  });
});

describe('D24: another computer', () => {
  it('finds the copy by date and number, and opens nothing before it is asked to', async () => {
    await turnedOn();
    const other = otherComputer();
    other.kdf = () => Promise.reject(new Error('derived'));
    const fresh = other.wallet();
    expect(await fresh.sync.copies()).toMatchObject([{ writtenAt: profile.now, count: 2 }]);
    expect(other.handedOut).toEqual([]);
    expect(await other.store().evidence()).toBe('none');
  });

  it('restores it as a wallet of its own, whose keys work, and never writes the other’s area', async () => {
    await turnedOn();
    const before = stored(profile);
    const other = otherComputer();
    const made = other.wallet();
    expect(await codeOf(() => openOnly(made, WRONG))).toBe('sync.secret');
    const session = await openOnly(made);
    expect(session.rows.map(({ state }) => state)).toEqual(['new', 'new']);
    await made.create(NEW_PASSWORD, 'moon');
    const ids = session.rows.map(({ id }) => id);
    expect(await session.restore(ids, NEW_PASSWORD)).toMatchObject({ restored: 2, refused: [], missing: 0 });
    session.discard();
    expect(await fingerprints(made)).toEqual(await fingerprints(wallet));
    expect((await made.sync.status()).on).toBe(false);
    const order = { ids: await idsOf(made), form: 'npki', withKm: true, filePassword: 'Grape#Wind7204', walletPassword: NEW_PASSWORD } as const;
    expect((await made.exportFiles(order, quietly())).identities).toHaveLength(2);

    await made.sync.turnOn(await idsOf(made), NEW_PASSWORD);
    for (const [name, value] of before) expect(profile.sync.stored.get(name)).toBe(value);
    expect(await readAreas(profile.sync.stored)).toHaveLength(2);
    await made.sync.turnOff();
    expect(stored(profile)).toEqual(before);
  });

  it('adds a certificate, which the first sees before it takes it in; nothing is deleted by that', async () => {
    await turnedOn();
    const other = otherComputer();
    const second = await walletWith(other, ...IDS);
    await second.sync.turnOn(await idsOf(second), PASSWORD);
    const before = stored(profile);
    expect(await wallet.sync.copies()).toMatchObject([{ count: 3 }]);
    const session = await openOnly(wallet);
    expect(session.rows.map(({ state }) => state).sort()).toEqual(['here', 'here', 'new']);
    const added = session.rows.filter(({ state }) => state === 'new').map(({ id }) => id);
    expect(await session.restore(added, PASSWORD)).toMatchObject({ restored: 1, present: 0 });
    session.discard();
    expect(await fingerprints(wallet)).toEqual(await fingerprints(second));
    expect(stored(profile)).toEqual(before);
    const again = await openOnly(wallet);
    expect(again.rows.map(({ state }) => state)).toEqual(['here', 'here', 'here']);
    again.discard();
  });

  it('asks once where one secret opens its copy and the wallet here', async () => {
    const second = await walletWith(otherComputer(), ...IDS);
    await second.sync.turnOn(await idsOf(second), PASSWORD);
    const session = await openOnly(wallet);
    expect(session.alike).toBe(true);
    const added = session.rows.filter(({ state }) => state === 'new').map(({ id }) => id);
    await wallet.lock();
    expect(await codeOf(() => session.restore(added, null))).toBe('vault.locked');
    await wallet.unlock(PASSWORD);
    expect(await session.restore(added, null)).toMatchObject({ restored: 1 });
    session.discard();
    expect(await codeOf(() => session.restore(added, null))).toBe('user.cancelled');
    expect(await fingerprints(wallet)).toEqual(await fingerprints(second));
  });

  it('asks for both where they differ, and counts the copy’s as no try at the wallet', async () => {
    const second = await walletWith(otherComputer(), ...IDS);
    await second.ways.changePassword(change);
    await second.unlock(NEW_PASSWORD);
    await second.sync.turnOn(await idsOf(second), NEW_PASSWORD);
    for (let nth = 0; nth < 6; nth++) {
      const session = await openOnly(wallet, NEW_PASSWORD);
      expect(session.alike).toBe(false);
      expect(await codeOf(() => session.restore([], null))).toBe('password.wrong');
      session.discard();
    }
    expect(await wallet.ways.waitSeconds()).toBe(0);
  });

  it('that has this very wallet is found out: it stops, says so, and goes on with the owner’s word alone', async () => {
    const ids = await turnedOn();
    const theirs = stored(profile);
    for (const id of ids) {
      await wallet.basket.move([id]);
      await wallet.sync.now();
    }
    await wallet.basket.putBack(ids);
    profile.sync.stored.clear();
    for (const [name, value] of theirs) profile.sync.stored.set(name, value);

    expect(await codeOf(() => wallet.sync.now())).toBe('sync.foreign');
    profile.now += 10 * MINUTE;
    expect(await codeOf(() => wallet.sync.catchUp())).toBe('sync.foreign');
    expect(await wallet.sync.status()).toMatchObject({ on: true, writtenAt: null, current: false, trouble: 'sync.foreign' });
    expect(stored(profile)).toEqual(theirs);
    const session = await openOnly(wallet);
    expect(session.rows.map(({ state }) => state)).toEqual(['here', 'here']);
    session.discard();

    expect(await codeOf(() => wallet.sync.turnOn(ids, PASSWORD))).toBe('sync.foreign');
    expect(await wallet.ways.changePassword(change)).toMatchObject({ formerInSync: true });
    await wallet.unlock(NEW_PASSWORD);
    await wallet.sync.turnOff();
    expect(stored(profile)).toEqual(theirs);
    await wallet.sync.turnOn(ids, NEW_PASSWORD, true);
    expect(await wallet.sync.status()).toMatchObject({ on: true, current: true, trouble: null });
  });
});

describe('D7: both copies of the wallet gone', () => {
  it('leaves the sync copy, from which a new wallet starts', async () => {
    await turnedOn();
    const before = await fingerprints(wallet);
    profile.local.texts.clear();
    profile.session.texts.clear();
    Object.assign(profile, { indexedDb: new IDBFactory() });
    const fresh = profile.wallet();
    expect((await fresh.status()).state).toBe('none');
    const session = await openOnly(fresh);
    await fresh.create(NEW_PASSWORD, 'moon');
    await session.restore(
      session.rows.map(({ id }) => id),
      NEW_PASSWORD,
    );
    session.discard();
    expect(await fingerprints(fresh)).toEqual(before);
    // The copy of the lost wallet is another's now, and stays.
    expect(await fresh.sync.copies()).toHaveLength(1);
    const vids = (await readAreas(profile.sync.stored)).map(({ w }) => w);
    expect(vids.map((w) => [...profile.sync.stored.keys()].some((name) => name.startsWith(areaPrefix(w))))).toEqual([true]);
  });
});
