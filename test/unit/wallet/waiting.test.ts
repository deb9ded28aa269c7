/** Requests that wait, as popup and manager tell them. */
import { beforeEach, describe, expect, it } from 'vitest';
import { LIMITS } from '../../../lib/protocol/limits.ts';
import { Profile, walletWith } from './profile.ts';
import { ask, asker } from './support.ts';

let profile: Profile;

beforeEach(() => {
  profile = new Profile();
});

describe('a request that waits', () => {
  it('is told with its site and what it asks for, the oldest first, and its window is brought to the front', async () => {
    const wallet = await walletWith(profile, 'personal-bank-sha1seed', 'vid-sha1');
    expect(await wallet.waiting.list()).toEqual([]);
    await ask(profile, profile.background, asker('first', 'https://bank.example'));
    profile.now += 1;
    await ask(profile, profile.background, asker('second', 'https://tax.example'));
    const waiting = await wallet.waiting.list();
    expect(waiting.map(({ origin, call }) => [origin, call.action])).toEqual([
      ['https://bank.example', 'signIn'],
      ['https://tax.example', 'signIn'],
    ]);
    const windows = (await profile.background.requests.list()).map(({ windowId }) => windowId);
    for (const { id } of waiting) await wallet.waiting.show(id);
    expect(profile.shownWindows).toEqual(windows);
    await wallet.waiting.show('0f8fad5b-d9cb-469f-a165-70867728950e');
    expect(profile.shownWindows).toHaveLength(2);
  });

  it('is told while the wallet is locked, and not once its time is over', async () => {
    const wallet = await walletWith(profile, 'personal-bank-sha1seed', 'vid-sha1');
    await wallet.lock();
    await ask(profile, profile.background, asker('first', 'https://bank.example'));
    expect(await wallet.waiting.list()).toHaveLength(1);
    profile.now += LIMITS.waitMs;
    expect(await wallet.waiting.list()).toEqual([]);
  });
});
