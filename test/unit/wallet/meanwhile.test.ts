/** What happens to an act of the owner's when the wallet is locked, or the background goes away, in the middle of it. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import { codeOf, fixture } from '../../support/npki-fixtures.ts';
import { folderOf, PASSWORD, Profile, quietly, walletWith } from './profile.ts';

const [FIRST, SECOND] = ['personal-bank-sha1seed', 'vid-sha1'] as const;
const NEXT = '시원한 냉면 두 그릇 2027';

let profile: Profile;
let wallet: Wallet;

beforeEach(async () => {
  profile = new Profile();
  wallet = await walletWith(profile, FIRST);
});

const certificates = (...ids: readonly string[]): string[] => ids.map((id) => fixture(id).certSha256.toLowerCase()).toSorted();

describe('a lock in the middle of an act', () => {
  const acts: readonly [string, () => Promise<() => Promise<unknown>>][] = [
    [
      'an import',
      async () => {
        const identity = fixture(SECOND);
        const session = await wallet.inspect(folderOf(identity), quietly());
        await session.tryPassword(identity.password);
        return () =>
          session.store(
            session.candidates.map(({ key }) => key),
            PASSWORD,
          );
      },
    ],
    ['a new recovery code', () => Promise.resolve(() => wallet.ways.makeCode(PASSWORD))],
    ['holding signing open', () => Promise.resolve(() => wallet.signing.hold(5, PASSWORD))],
    [
      'a purge',
      async () => {
        const [row] = await wallet.rows();
        await wallet.basket.move([row?.id ?? '']);
        return () => wallet.basket.purge([row?.id ?? ''], PASSWORD);
      },
    ],
  ];

  it.each(acts)('is not undone when it ends: %s', async (_, prepare) => {
    const act = await prepare();
    let locking: Promise<unknown> | null = null;
    const { kdf } = profile;
    profile.kdf = async (...given) => {
      locking ??= profile.call('wallet.lock');
      await locking;
      return kdf(...given);
    };
    const code = await codeOf(act);
    expect(locking).not.toBeNull();
    expect(['none', 'vault.locked']).toContain(code);
    expect(await profile.wallet().status()).toMatchObject({ state: 'locked' });
    expect(profile.session.texts.size).toBe(0);
  });

  it('loses nothing: what was being imported is there at the next opening', async () => {
    const identity = fixture(SECOND);
    const session = await wallet.inspect(folderOf(identity), quietly());
    await session.tryPassword(identity.password);
    const steps: Promise<unknown>[] = [];
    profile.whileSaving = () => {
      steps.push(steps.length === 10 ? profile.call('wallet.lock') : Promise.resolve());
    };
    await session.store(
      session.candidates.map(({ key }) => key),
      PASSWORD,
    );
    profile.whileSaving = () => undefined;
    await Promise.all(steps);
    const next = profile.wallet();
    expect(await next.status()).toMatchObject({ state: 'locked', count: 2 });
    await next.unlock(PASSWORD);
    expect((await next.rows()).map(({ fingerprint }) => fingerprint).toSorted()).toEqual(certificates(FIRST, SECOND));
  });
});

describe('a password that is changed in another window', () => {
  const change = { current: { kind: 'password', text: PASSWORD }, password: NEXT, keep: [], onTouch: () => undefined } as const;

  /** Changes it in another window, at the first time that `at` is called. */
  function changing(): { at: () => Promise<unknown>; began: () => boolean } {
    let running: Promise<unknown> | null = null;
    return { at: () => (running ??= profile.wallet().ways.changePassword(change)), began: () => running !== null };
  }

  const moments: readonly [string, (at: () => Promise<unknown>) => void][] = [
    [
      'was proven',
      (at) => {
        const { kdf } = profile;
        let derived = 0;
        profile.kdf = async (...given) => {
          const key = await kdf(...given);
          if (derived++ === 0) await at();
          return key;
        };
      },
    ],
    [
      'had its copies settled',
      (at) => {
        const { withLock } = profile;
        let writes = 0;
        profile.withLock = async (name, act) => {
          if (name === 'djw1-write' && ++writes === 2) await at();
          return withLock(name, act);
        };
      },
    ],
  ];

  it.each(moments)('does not open to the former one, which %s just before', async (_, arrange) => {
    await wallet.lock();
    const { at, began } = changing();
    arrange(at);
    const late = profile.wallet();
    expect(await codeOf(() => late.unlock(PASSWORD))).toBe('password.former');
    expect(began()).toBe(true);
    expect(await late.status()).toMatchObject({ state: 'locked' });
    expect(profile.session.texts.size).toBe(0);
    await late.unlock(NEXT);
    expect(await late.status()).toMatchObject({ state: 'open', count: 1 });
    expect((await late.rows()).map(({ fingerprint }) => fingerprint)).toEqual(certificates(FIRST));
  });

  it('does not open to a passkey either, whose touch is asked for again', async () => {
    await wallet.ways.addPasskey('PC', PASSWORD);
    const [passkey] = (await wallet.ways.list()).passkeys;
    await wallet.lock();
    const keep = [passkey?.sid ?? ''];
    const late = profile.wallet();
    const { withLock } = profile;
    let running: Promise<unknown> | null = null;
    profile.withLock = async (name, act) => {
      if (name === 'djw1-write') await (running ??= profile.wallet().ways.changePassword({ ...change, keep }));
      return withLock(name, act);
    };
    const other = profile.wallet();
    profile.withLock = withLock;
    expect(await codeOf(() => other.ways.unlockByTouch())).toBe('vault.conflict');
    expect(await late.status()).toMatchObject({ state: 'locked' });
    await late.ways.unlockByTouch();
    expect(await late.rows()).toHaveLength(1);
  });
});

describe('keys that a window left open when it changed the password and died', () => {
  it('open nothing: the wallet is locked, and opens with the new password', async () => {
    const left = new Map(profile.session.texts);
    await wallet.ways.changePassword({ current: { kind: 'password', text: PASSWORD }, password: NEXT, keep: [], onTouch: () => undefined });
    await profile.session.set(left);
    const next = profile.wallet();
    expect(await next.status()).toMatchObject({ state: 'locked' });
    expect(await codeOf(() => next.rows())).toBe('vault.locked');
    await next.unlock(NEXT);
    expect(await next.rows()).toHaveLength(1);
  });
});

describe('a background that does not answer', () => {
  const goAway = (): void => {
    profile.call = () => Promise.reject(new Error('no answer'));
  };

  it('does not keep a new recovery code, whose former one is gone, from being shown', async () => {
    const former = await wallet.ways.makeCode(PASSWORD);
    goAway();
    const sheet = await wallet.ways.makeCode(PASSWORD);
    expect(sheet.code).not.toBe(former.code);
    expect((await wallet.ways.list()).sheet).toBe(sheet.mark);
  });

  it('does not keep a changed password from being told, nor its new code; the wallet is locked', async () => {
    await wallet.ways.makeCode(PASSWORD);
    goAway();
    const change = { current: { kind: 'password', text: PASSWORD }, password: NEXT, keep: [], onTouch: () => undefined } as const;
    const { sheet, formerGone } = await wallet.ways.changePassword(change);
    expect(sheet?.code).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){6}$/);
    expect(formerGone).toBe(true);
    expect(await profile.wallet().status()).toMatchObject({ state: 'locked' });
    expect(profile.session.texts.size).toBe(0);
  });
});

describe('a clock that is set back again and again', () => {
  it('does not keep the wallet open, nor signing, while our windows or the background look', async () => {
    await wallet.signing.hold(60, PASSWORD);
    const start = profile.now;
    profile.now += 4 * 60_000;
    expect(await wallet.status()).toMatchObject({ state: 'open' });
    profile.now = start + 1_000;
    expect(await profile.sessions().heldKey()).toBeNull();
    expect(await wallet.status()).toMatchObject({ state: 'locked' });
    expect(profile.session.texts.size).toBe(0);
  });
});
