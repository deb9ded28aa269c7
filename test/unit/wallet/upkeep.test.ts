import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { errorCode } from '../../../lib/errors.ts';
import { passwordSlot, readHead, type VaultHead } from '../../../lib/vault/head.ts';
import type { KdfCost } from '../../../lib/vault/kdf.ts';
import { MIGRATIONS, type Migration } from '../../../lib/vault/migrations.ts';
import { WRITE_LOCK } from '../../../lib/vault/store.ts';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import { codeOf } from '../../support/npki-fixtures.ts';
import { PASSWORD, Profile, walletWith } from './profile.ts';
import { asker, NONCE } from './support.ts';

const ID = 'personal-bank-sha1seed';
const FIRST = 1;
const LATER = 2;
const OLD_COST: KdfCost = { m: 65_536, t: 3, p: 1 };

/** What this program is: the version of the format it writes, and what its password slots cost. A later program has others. */
const program = vi.hoisted(() => ({ version: 1, cost: { m: 65_536, t: 3, p: 1 } }));

vi.mock('../../../lib/vault/limits.ts', async (original) => ({
  ...(await original<object>()),
  get VERSION() {
    return program.version;
  },
}));
vi.mock('../../../lib/vault/kdf.ts', async (original) => ({
  ...(await original<object>()),
  get WRITTEN_COST() {
    return program.cost;
  },
}));

/** The released list, which a later program has longer. */
const released = MIGRATIONS as Migration[];

/** A step that changes nothing but the version. */
const same: Migration = { to: LATER, migrate: (state) => Promise.resolve(state) };

let profile: Profile;
let wallet: Wallet;

beforeEach(async () => {
  profile = new Profile();
  wallet = await walletWith(profile, ID);
});

afterEach(() => {
  program.version = FIRST;
  program.cost = OLD_COST;
  released.length = 0;
});

const newest = async (): Promise<VaultHead> => readHead((await profile.store().heads())[0], LATER);

/** The newest head as each copy has it. */
async function inBoth(): Promise<readonly (string | undefined)[]> {
  const { primary, mirror } = profile.store();
  return [(await primary.heads())[0], (await mirror.heads())[0]];
}

/** The extension is updated: every context starts anew, with a program that writes the later version. */
async function update(migrate = same.migrate): Promise<void> {
  await wallet.lock();
  program.version = LATER;
  released.push({ to: LATER, migrate });
  profile.restart();
  wallet = profile.wallet();
}

describe('a password slot that costs less than those of today', () => {
  const today: KdfCost = { m: 131_072, t: 3, p: 1 };

  const costOf = async (): Promise<number> => passwordSlot(await newest()).kdf.m;

  it('is written anew by the next unlocking with the password, in both copies, and opens as before', async () => {
    await wallet.lock();
    program.cost = today;
    const { gen } = await newest();
    await wallet.unlock(PASSWORD);
    expect([await costOf(), (await newest()).gen]).toEqual([today.m, gen + 1]);
    const [primary, mirror] = await inBoth();
    expect(primary).toBe(mirror);
    expect(await wallet.rows()).toHaveLength(1);
    await wallet.lock();
    await wallet.unlock(PASSWORD);
    expect((await newest()).gen).toBe(gen + 1);
  });

  it('stays where it does not work, the wallet is open all the same, and the next unlocking tries again', async () => {
    await wallet.lock();
    program.cost = today;
    const { kdf } = profile;
    profile.kdf = (params, password) => (params.m === today.m ? Promise.reject(new Error('memory')) : kdf(params, password));
    await wallet.unlock(PASSWORD);
    expect([(await wallet.status()).state, await costOf()]).toEqual(['open', OLD_COST.m]);
    profile.kdf = kdf;
    await wallet.lock();
    await wallet.unlock(PASSWORD);
    expect(await costOf()).toBe(today.m);
  });

  it('stays at a touch, which does not know the password', async () => {
    await wallet.ways.addPasskey('열쇠', PASSWORD);
    await wallet.lock();
    program.cost = today;
    await wallet.ways.unlockByTouch();
    expect([(await wallet.status()).state, await costOf()]).toEqual(['open', OLD_COST.m]);
  });

  it('costs one derivation for each unlocking where it is not so', async () => {
    await wallet.lock();
    const derive = vi.fn(profile.kdf);
    profile.kdf = derive;
    const before = await newest();
    await wallet.unlock(PASSWORD);
    expect([derive.mock.calls.length, (await newest()).text]).toEqual([1, before.text]);
  });
});

describe('G3: a migration', () => {
  it('is taken by the first unlocking, as one generation in both copies; the one before stays', async () => {
    const before = await newest();
    await update();
    await wallet.unlock(PASSWORD);
    const [primary, mirror] = await inBoth();
    const head = await newest();
    expect([head.version, head.gen, primary, mirror]).toEqual([LATER, before.gen + 1, head.text, head.text]);
    expect((await profile.store().heads())[1]).toBe(before.text);
    expect(await wallet.rows()).toHaveLength(1);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('broken'))],
    ['gives records that do not open', (state) => Promise.resolve({ ...state, slots: [] })],
  ] satisfies [string, Migration['migrate']][])(
    'that %s leaves the wallet in its version, usable, and is tried at the next unlocking',
    async (_, migrate) => {
      const before = await inBoth();
      await update(migrate);
      await wallet.unlock(PASSWORD);
      expect([await inBoth(), (await newest()).version]).toEqual([before, FIRST]);
      expect(await wallet.rows()).toHaveLength(1);
      // It can be written on in the version that it has.
      await wallet.basket.move([(await wallet.rows())[0]?.id ?? '']);
      expect((await newest()).version).toBe(FIRST);
      released[0] = same;
      await wallet.lock();
      await wallet.unlock(PASSWORD);
      expect((await newest()).version).toBe(LATER);
    },
  );

  it('that was cut off at any access to the copies leaves one state or the other, and the next unlocking ends it', async () => {
    const states = new Set<number>();
    for (let last = 1, cut = true; cut; last++) {
      profile = new Profile();
      wallet = await walletWith(profile, ID);
      let calls = 0;
      cut = false;
      await update((state) => {
        profile.whileSaving = () => {
          if (++calls >= last) {
            cut = true;
            throw new Error('the browser ended');
          }
        };
        return Promise.resolve(state);
      });
      await wallet.unlock(PASSWORD).catch(() => undefined);
      profile.whileSaving = () => undefined;
      released[0] = same;
      states.add((await newest()).version);
      await wallet.lock();
      wallet = profile.wallet();
      await wallet.unlock(PASSWORD);
      const [primary, mirror] = await inBoth();
      expect([(await newest()).version, primary, (await wallet.rows()).length]).toEqual([LATER, mirror, 1]);
      released.length = 0;
      program.version = FIRST;
    }
    expect([...states].toSorted()).toEqual([FIRST, LATER]);
  });

  it('makes a wallet that the program before does not write to, and that goes on after the next update', async () => {
    await update();
    await wallet.unlock(PASSWORD);
    const copies = await inBoth();
    await wallet.lock();
    program.version = FIRST;
    const former = profile.wallet();
    expect((await former.status()).state).toBe('newer-version');
    expect(await codeOf(() => former.unlock(PASSWORD))).toBe('vault.newer-version');
    expect(await codeOf(() => former.create(PASSWORD, 'moon'))).toBe('vault.exists');
    expect(await codeOf(() => former.recovery.erase({ syncCopy: false }))).toBe('vault.newer-version');
    expect(await inBoth()).toEqual(copies);
    program.version = LATER;
    await profile.wallet().unlock(PASSWORD);
    expect(await profile.wallet().rows()).toHaveLength(1);
  });
});

describe('G7: a migration that two windows begin at once', () => {
  it('is taken once', async () => {
    let taken = 0;
    const { gen } = await newest();
    await update((state) => {
      taken++;
      return Promise.resolve(state);
    });
    await Promise.all([profile.wallet().unlock(PASSWORD), profile.wallet().unlock(PASSWORD), wallet.unlock(PASSWORD)]);
    expect([taken, (await newest()).gen, (await newest()).version]).toEqual([1, gen + 1, LATER]);
  });
});

describe('G5: a migration in the middle of something else', () => {
  it('waits for a save, and takes in what it wrote', async () => {
    const { gen } = await newest();
    const [row] = await wallet.rows();
    program.version = LATER;
    released.push(same);
    let done = (): void => undefined;
    const wanted: string[] = [];
    const { withLock } = profile;
    profile.withLock = (name, act) => {
      wanted.push(name);
      return withLock(name, act);
    };
    wallet = profile.wallet();
    const other = profile.withLock(WRITE_LOCK, () => new Promise<void>((resolve) => (done = resolve)));
    const acts = [wallet.basket.move([row?.id ?? '']), profile.wallet().unlock(PASSWORD)];
    await vi.waitFor(() => expect(wanted.filter((name) => name === WRITE_LOCK)).toHaveLength(3));
    expect((await newest()).gen).toBe(gen);
    done();
    await Promise.all([other, ...acts]);
    const head = await newest();
    expect([head.gen, head.version, head.items.map(({ del }) => del !== undefined)]).toEqual([gen + 2, LATER, [true]]);
    expect((await wallet.basket.rows()).map(({ holder }) => holder)).toEqual([row?.holder]);
  });

  it('leaves a request that waits for the person as it is: what was asked is signed with the certificate that was chosen', async () => {
    await update();
    const from = asker('D');
    const pageId = crypto.randomUUID();
    profile.documents.set('D', new Set([pageId]));
    await profile.background.page['page.open'](from, { id: pageId, action: 'signIn', payload: { nonce: NONCE } });
    const approval = profile.approval((await profile.background.requests.list())[0]?.id ?? '');
    await approval.request();
    // The window opens the wallet of the former version, which another one brings to the later meanwhile.
    await approval.open(PASSWORD);
    const [offer] = await approval.offers();
    expect((await newest()).version).toBe(FIRST);
    await wallet.unlock(PASSWORD);
    expect((await newest()).version).toBe(LATER);
    await approval.approve(offer?.row.id ?? '');
    expect(profile.delivered.map(({ error, result }) => [error, result !== undefined])).toEqual([[undefined, true]]);
  });

  it('ends with the context that began it: the locks of a window that is gone are free, and nothing is half done', async () => {
    await update(() => new Promise(() => undefined));
    void wallet.unlock(PASSWORD).catch((thrown: unknown) => errorCode(thrown));
    await vi.waitFor(async () => expect((await profile.wallet().status()).state).toBe('open'));
    const before = await newest();
    expect(before.version).toBe(FIRST);
    // The window is closed; the browser gives its locks back.
    profile.withLock = new Profile().withLock;
    released[0] = same;
    await profile.wallet().unlock(PASSWORD);
    expect([(await newest()).version, (await newest()).gen]).toEqual([LATER, before.gen + 1]);
  });
});
