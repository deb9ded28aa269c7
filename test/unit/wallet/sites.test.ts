/** Sites as their owner keeps them: what is noted, what is blocked, where the browser lets us run. */
import { beforeEach, describe, expect, it } from 'vitest';
import { siteOfAddress } from '../../../lib/wallet/own-sites.ts';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import { codeOf } from '../../support/npki-fixtures.ts';
import { PASSWORD, Profile, walletWith } from './profile.ts';
import { ask, asker, NOW } from './support.ts';

const ORIGIN = 'https://bank.example';
let profile: Profile;
let wallet: Wallet;
let id = '';

beforeEach(async () => {
  profile = new Profile();
  wallet = await walletWith(profile, 'personal-bank-sha1seed', 'vid-sha1');
  id = (await wallet.rows())[0]?.id ?? '';
});

async function signedIn(origin: string, certificate = id): Promise<void> {
  const pageId = await ask(profile, profile.background, asker(`document of ${origin} ${profile.now}`, origin));
  const request = (await profile.background.requests.list()).find((one) => one.pageId === pageId)?.id ?? '';
  const approval = profile.approval(request);
  await approval.request();
  await approval.status();
  await approval.approve(certificate, PASSWORD);
  await new Promise((resolve) => setTimeout(resolve));
  await profile.background.ports.history.flush();
}

const told = async (): Promise<readonly unknown[]> =>
  (await wallet.sites.rows()).map(({ origin, standing, blocked, used }) => [origin, standing, blocked, used]);

describe('the sites of a wallet', () => {
  it('are those where it was used, the last first, and those that the browser lets us answer', async () => {
    profile.allowed.add('https://shop.example');
    await signedIn(ORIGIN);
    profile.now += 5;
    await signedIn('https://www.listed.example');
    expect(await told()).toEqual([
      ['https://www.listed.example', 'listed', false, NOW + 5],
      [ORIGIN, 'off', false, NOW],
      ['https://shop.example', 'added', false, null],
    ]);
    expect((await wallet.sites.rows())[1]).toMatchObject({ certificate: id, preset: null });
  });

  it('are blocked and unblocked, for the background at once', async () => {
    const asks = (): Promise<string> => codeOf(() => ask(profile, profile.background, asker('again', ORIGIN)));
    await wallet.sites.block(ORIGIN, true);
    expect([await told(), await asks()]).toEqual([[[ORIGIN, 'off', true, null]], 'request.forbidden']);
    await wallet.sites.block(ORIGIN, false);
    expect([await told(), await asks()]).toEqual([[[ORIGIN, 'off', false, null]], 'none']);
  });

  it('are forgotten with all that was decided of them; what was done there stays in the history', async () => {
    profile.allowed.add(ORIGIN);
    await signedIn(ORIGIN);
    await wallet.sites.block(ORIGIN, true);
    await wallet.sites.forget(ORIGIN);
    expect([await told(), [...profile.allowed], await profile.blocked().has(ORIGIN)]).toEqual([[], [], false]);
    expect((await wallet.history.read()).rows).toHaveLength(1);
  });

  it('offer their own certificate first, else the one used there last', async () => {
    const [one = '', other = ''] = (await wallet.rows()).map((row) => row.id);
    const first = async (): Promise<unknown> => {
      const pageId = await ask(profile, profile.background, asker(`look ${++profile.now}`, ORIGIN));
      const request = (await profile.background.requests.list()).find((waiting) => waiting.pageId === pageId)?.id ?? '';
      const approval = profile.approval(request);
      await approval.request();
      const [offer] = await approval.offers();
      await profile.call('wallet.reject', { request });
      profile.now += 120_000;
      return [offer?.row.id, offer?.preset];
    };
    for (const [certificate, another] of [
      [one, other],
      [other, one],
    ] as const) {
      await signedIn(ORIGIN, certificate);
      expect(await first()).toEqual([certificate, false]);
      await wallet.sites.prefer(ORIGIN, another);
      expect(await first()).toEqual([another, true]);
      await wallet.sites.prefer(ORIGIN, null);
    }
  });

  it.each([
    ['www.bank.co.kr', 'https://www.bank.co.kr'],
    ['  https://Bank.CO.kr:8443/login?x=1#y ', 'https://bank.co.kr'],
    ['https://user:secret@bank.co.kr/', 'https://bank.co.kr'],
    ['은행.한국', 'https://xn--zf4bi75b.xn--3e0b707e'],
  ])('are added by the address %j', (typed, origin) => {
    expect(siteOfAddress(typed)).toMatch(origin === 'https://xn--zf4bi75b.xn--3e0b707e' ? /^https:\/\/xn--/ : new RegExp(`^${origin}$`));
  });

  it.each([
    '',
    'bank',
    'http://bank.co.kr',
    'javascript:alert(1)',
    'file:///etc/passwd',
    '127.0.0.1',
    'https://[::1]/',
    '*.co.kr',
    'https://*/*',
    'localhost',
    'bank.co.kr.',
  ])('B8: are not added by %j, and the browser is not asked', async (typed) => {
    expect(await codeOf(() => wallet.sites.add(typed))).toBe('request.malformed');
    expect(profile.allowed.size).toBe(0);
  });

  it('are on where the browser was allowed it, and as before where it was not', async () => {
    expect(await wallet.sites.add('bank.example')).toBe(true);
    expect(await told()).toEqual([[ORIGIN, 'added', false, null]]);
    await wallet.sites.turnOff(`${ORIGIN}:8443`);
    profile.answers = false;
    expect(await wallet.sites.add('bank.example')).toBe(false);
    expect(await told()).toEqual([]);
  });

  it('ask in vain from pages that are still open when they are turned off, on every port, until they are turned on again', async () => {
    const asks = (origin: string): Promise<string> =>
      codeOf(() => ask(profile, profile.background, asker(`open ${origin} ${(profile.now += 1)}`, origin)));
    await wallet.sites.add('bank.example');
    await wallet.sites.turnOff(ORIGIN);
    profile.restart();
    expect(await Promise.all([asks(ORIGIN), asks(`${ORIGIN}:8443`)])).toEqual(['request.forbidden', 'request.forbidden']);
    await wallet.sites.add('bank.example');
    expect(await asks(ORIGIN)).toBe('none');
    await wallet.sites.turnOff(ORIGIN);
    profile.tab = { id: 7, origin: ORIGIN };
    await wallet.sites.turnOnInTab();
    expect(await asks(ORIGIN)).toBe('none');
    await wallet.sites.forget('https://www.listed.example'); // it comes with the extension, and stays on
    expect(await asks('https://www.listed.example')).toBe('none');
  });

  it('are hidden while the wallet is locked', async () => {
    await wallet.lock();
    for (const act of [() => wallet.sites.rows(), () => wallet.sites.block(ORIGIN, false), () => wallet.sites.prefer(ORIGIN, null)])
      expect(await codeOf(act)).toBe('vault.locked');
  });
});

describe('the site in the tab', () => {
  beforeEach(() => {
    profile.tab = { id: 7, origin: ORIGIN };
  });

  it('is told with its state and its last use, and without that while the wallet is locked', async () => {
    expect(await wallet.sites.inTab()).toEqual({ origin: ORIGIN, standing: 'off', blocked: false, running: false, resembles: null, used: null });
    await signedIn(ORIGIN);
    await wallet.sites.block(ORIGIN, true);
    expect(await wallet.sites.inTab()).toMatchObject({ blocked: true, used: NOW });
    await wallet.lock();
    expect(await wallet.sites.inTab()).toMatchObject({ blocked: true, used: undefined });
  });

  it('[C9] is told to resemble a listed one, and so is an address that is typed', async () => {
    profile.tab = { id: 7, origin: 'https://bonk.example' };
    expect(await wallet.sites.inTab()).toMatchObject({ resembles: 'bank.example' });
    const typed = ['bonk.example', 'https://bonk.example:8443/login', 'bank.example', 'bonk', ''];
    expect(await Promise.all(typed.map((address) => wallet.sites.resembles(address)))).toEqual(['bank.example', 'bank.example', null, null, null]);
  });

  it('is answered after a click, once, and where the browser lets us', async () => {
    profile.answers = false;
    expect(await wallet.sites.turnOnInTab()).toBe(false);
    profile.answers = true;
    expect(await wallet.sites.turnOnInTab()).toBe(true);
    profile.siteAccess.run = () => Promise.reject(new Error('twice'));
    expect(await wallet.sites.turnOnInTab()).toBe(true);
    expect(await wallet.sites.inTab()).toMatchObject({ running: true });
  });

  it('is none where the tab shows no site', async () => {
    profile.tab = null;
    expect([await wallet.sites.inTab(), await wallet.sites.turnOnInTab()]).toEqual([null, false]);
  });
});
