/** The first run: what is added to a wallet that was just made asks for no password, and for nothing afterwards. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { NewWallet } from '../../../lib/wallet/ways-api.ts';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import { codeOf } from '../vault/support.ts';
import { PASSWORD, Profile } from './profile.ts';

const NEW_PASSWORD = '눈 내린 산길을 걷다 2027';

let profile: Profile;
let wallet: Wallet;
let made: NewWallet;

beforeEach(async () => {
  profile = new Profile();
  wallet = profile.wallet();
  made = await wallet.begin(PASSWORD, 'moon');
});

/** How many arrays of fresh octets of a key's size still stand as they were given: both keys while it goes on, and salts. */
const standing = (): number => profile.handedOut.filter((octets) => octets.length === 32 && octets.some((octet) => octet !== 0)).length;

describe('a wallet that was just made', () => {
  test('is open, with the picture, and holds nothing', async () => {
    expect(await wallet.status()).toMatchObject({ state: 'open', mark: 'moon', count: 0 });
  });

  test('gets a recovery code that sets a new password', async () => {
    const { code, mark } = await made.makeCode();
    made.end();
    expect(await wallet.ways.list()).toMatchObject({ sheet: mark });
    await wallet.lock();
    await wallet.ways.changePassword({ current: { kind: 'code', text: code }, password: NEW_PASSWORD, keep: [], onTouch: () => undefined });
    await wallet.unlock(NEW_PASSWORD);
    expect((await wallet.status()).state).toBe('open');
  });

  test('gets a passkey that opens it, and a second code in place of the first', async () => {
    await made.addPasskey('사무실 노트북');
    const first = await made.makeCode();
    const second = await made.makeCode();
    made.end();
    expect(await wallet.ways.list()).toMatchObject({ passkeys: [{ name: '사무실 노트북' }], sheet: second.mark });
    expect(first.mark).not.toBe(second.mark);
    await wallet.lock();
    await wallet.ways.unlockByTouch();
    expect((await wallet.status()).state).toBe('open');
  });

  test('that nobody touched is as it was', async () => {
    profile.authenticator.flaws = { cancelled: true };
    expect(await codeOf(made.addPasskey('노트북'))).toBe('user.cancelled');
    expect((await wallet.ways.list()).passkeys).toEqual([]);
    await made.makeCode();
    expect((await wallet.ways.list()).sheet).not.toBeNull();
  });

  test.each<[string, () => Promise<void> | void]>([
    ['the steps ended', () => made.end()],
    ['it was locked', () => wallet.lock()],
    ['another window locked it', () => profile.wallet().lock()],
  ])('takes nothing more once %s, and no key stays', async (_, end) => {
    const before = standing();
    await end();
    expect(await codeOf(made.makeCode())).toBe('vault.locked');
    expect(await codeOf(made.addPasskey('노트북'))).toBe('vault.locked');
    expect(standing()).toBe(before - 2);
    expect(await wallet.ways.list()).toMatchObject({ passkeys: [], sheet: null });
  });
});
