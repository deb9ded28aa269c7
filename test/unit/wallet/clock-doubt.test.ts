import { beforeEach, describe, expect, it } from 'vitest';
import { clockAhead, clockBehind } from '../../../lib/wallet/clock-doubt.ts';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import { PASSWORD, Profile, walletWith } from './profile.ts';
import { ask, asker, NOW } from './support.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

describe('the clock', () => {
  it.each([
    ['as when the wallet was saved', NOW, NOW, null],
    ['a year later', NOW + 365 * DAY, NOW, null],
    ['ten minutes earlier', NOW - 10 * MINUTE, NOW, null],
    ['eleven minutes earlier', NOW - 11 * MINUTE, NOW, 11 * MINUTE],
    ['three hundred days earlier', NOW - 300 * DAY, NOW, 300 * DAY],
    ['that of a computer without a battery, before any wallet', 0, null, Date.UTC(2026, 0, 1)],
    ['right, before any wallet', NOW, null, null],
  ])('%s is told of by how far it is behind', (_, now, written, expected) => expect(clockBehind(now, written)).toBe(expected));
});

describe('the clock, when an authority told the time', () => {
  it.each([
    ['as told', NOW, { theirs: NOW, ours: NOW }, null],
    ['nine minutes ahead', NOW, { theirs: NOW - 9 * MINUTE, ours: NOW }, null],
    ['a year ahead', NOW, { theirs: NOW - 366 * DAY, ours: NOW }, 366 * DAY],
    ['a year ahead, days ago', NOW + 6 * DAY, { theirs: NOW - 366 * DAY, ours: NOW }, 366 * DAY],
    ['a year ahead, and set since', NOW - 366 * DAY, { theirs: NOW - 366 * DAY, ours: NOW }, null],
    ['a year ahead, long ago', NOW + 8 * DAY, { theirs: NOW - 366 * DAY, ours: NOW }, null],
    ['behind', NOW, { theirs: NOW + DAY, ours: NOW }, null],
    ['never', NOW, null, null],
  ])('%s is told of by how far it is ahead', (_, now, told, expected) => expect(clockAhead(now, told)).toBe(expected));
});

describe('a wallet under a clock that is behind', () => {
  let profile: Profile;
  let wallet: Wallet;

  beforeEach(async () => {
    profile = new Profile();
    wallet = await walletWith(profile, 'personal-bank-sha1seed');
    await wallet.lock();
    profile.now -= 300 * DAY;
    wallet = profile.wallet();
  });

  it('says so, locked and open, until it is saved again', async () => {
    expect(await wallet.status()).toMatchObject({ state: 'locked', clockBehind: 300 * DAY });
    await wallet.unlock(PASSWORD);
    expect(await wallet.status()).toMatchObject({ state: 'open', clockBehind: 300 * DAY });
    await wallet.backup.setRule('week');
    expect((await wallet.status()).clockBehind).toBeNull();
  });

  it('names the clock, and not the certificate, where one seems not valid yet', async () => {
    await wallet.unlock(PASSWORD);
    const pageId = await ask(profile, profile.background, asker('document', 'https://bank.example'));
    const id = (await profile.background.requests.list()).find((request) => request.pageId === pageId)?.id ?? '';
    const approval = profile.approval(id);
    await approval.request();
    await approval.status();
    expect((await approval.offers()).map(({ reason }) => reason)).toEqual(['clock.wrong']);
  });
});
