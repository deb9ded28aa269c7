/** Revoking with numbers of the bank, and holding and releasing, at the demo authority. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WalletError } from '../../../lib/errors.ts';
import type { BankNumbers, RevocationOrder } from '../../../lib/wallet/lifecycle-api.ts';
import { offersFor } from '../../../lib/wallet/offers.ts';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import { TestCa } from '../../support/demo-ca.ts';
import { BY_PASSWORD, LifecycleDesk } from '../../support/lifecycle-desk.ts';
import { codeOf } from '../../support/npki-fixtures.ts';

let ca: TestCa;
let desk: LifecycleDesk;
let wallet: Wallet;
let id: string;

beforeAll(async () => {
  ca = await TestCa.start();
});
afterAll(async () => ca.close());
beforeEach(async () => {
  ca.ahead = 0;
  await ca.post('/test/faults', { faults: [] });
  desk = await LifecycleDesk.open(ca);
  wallet = desk.profile.wallet();
  id = await desk.issued(wallet);
});

/** Serial number of the sign certificate that was issued last, as the office shows it. */
async function serial(): Promise<string> {
  return String((await ca.rows('certificates')).at(-2)?.['serial']);
}

/** States of the last sign and km certificate at the authority. */
async function atAuthority(): Promise<readonly string[]> {
  return (await ca.rows('certificates')).slice(-2).map(({ state }) => String(state));
}

/** What the bank gives to somebody who has lost the key. */
async function numbersFor(of: string): Promise<BankNumbers> {
  const { body } = await ca.post('/ra/revocations', { serial: of, byHolder: true });
  return { reference: String(body['referenceNumber']), code: String(body['authorizationCode']) };
}

type Order = Omit<RevocationOrder, 'secret' | 'certificate'> & Partial<Pick<RevocationOrder, 'certificate'>>;
const ask = (order: Order) => wallet.lifecycle.revoke({ certificate: { id }, secret: BY_PASSWORD, ...order }, desk.running);

async function offered(): Promise<readonly (string | null)[]> {
  return offersFor(await wallet.rows(), undefined, desk.profile.now + 5000).map(({ reason }) => reason);
}

describe('revocation with the two numbers of the bank', () => {
  it('ends sign and km certificate of the wallet, and leaves no code behind', async () => {
    const run = await ask({ reason: 'keyCompromise', numbers: await numbersFor(await serial()) });
    expect(run).toMatchObject({ act: 'revoke', state: 'CONFIRMED', old: id, needsSecret: false });
    expect([await atAuthority(), await offered()]).toEqual([['revoked', 'revoked'], ['certificate.revoked']]);
  });

  it('goes on without any secret where the answer was lost', async () => {
    const numbers = await numbersFor(await serial());
    await desk.faults('answer-lost');
    const run = await ask({ reason: 'keyCompromise', numbers });
    expect(run).toMatchObject({ state: 'SENT', needsSecret: false, canResume: true });
    expect((await wallet.lifecycle.resume(run.id, null, desk.running)).state).toBe('CONFIRMED');
  });

  it('ends a certificate that is not in the wallet, by its serial number', async () => {
    const of = await serial();
    const other = await LifecycleDesk.open(ca);
    const certificate = { authority: 'demo', serial: `0x${of.toUpperCase().replace(/^00/, '')}` };
    const order = { certificate, reason: 'keyCompromise', numbers: await numbersFor(of), secret: BY_PASSWORD } as const;
    const run = await other.profile.wallet().lifecycle.revoke(order, other.running);
    expect(run).toMatchObject({ act: 'revoke', state: 'CONFIRMED', old: null });
    expect(await atAuthority()).toEqual(['revoked', 'active']);
  });

  it.each([
    ['a serial number that is none', { certificate: { authority: 'demo', serial: 'none' } }, 'request.malformed'],
    ['a serial number of zeros', { certificate: { authority: 'demo', serial: '0000' } }, 'request.malformed'],
    ['an authority that nobody knows', { certificate: { authority: 'nobody', serial: '0a' } }, 'ca.unreachable'],
    ['a certificate that is not here, and no numbers', { certificate: { authority: 'demo', serial: '0a' }, numbers: null }, 'certificate.wrong-use'],
    ['a code in Hangul', { numbers: { reference: '1', code: '가나다라마바사아' } }, 'request.malformed'],
  ])('sends nothing for %s', async (_what, order, code) => {
    const before = desk.posts;
    const numbers = { reference: '10010001', code: 'CODE1001' };
    expect(await codeOf(() => ask({ reason: 'keyCompromise', numbers, ...order }))).toBe(code);
    expect([desk.posts, await wallet.lifecycle.runs()]).toEqual([before, []]);
  });

  it('is refused for numbers that are for another certificate', async () => {
    const numbers = await numbersFor(await serial());
    const other = await desk.issued(wallet);
    expect(await ask({ certificate: { id: other }, reason: 'keyCompromise', numbers })).toMatchObject({
      state: 'FAILED',
      refusal: { word: 'number-used' },
    });
    expect(await atAuthority()).toEqual(['active', 'active']);
  });
});

describe('hold and release', () => {
  it('pauses a certificate, which then signs nothing, and brings it back', async () => {
    expect(await ask({ reason: 'hold', numbers: null })).toMatchObject({ act: 'hold', state: 'CONFIRMED', old: id });
    expect([await atAuthority(), await offered()]).toEqual([['held', 'held'], ['certificate.on-hold']]);
    desk.profile.now += 1000;
    expect(await ask({ reason: 'release', numbers: null })).toMatchObject({ act: 'release', state: 'CONFIRMED' });
    expect([await atAuthority(), await offered()]).toEqual([['active', 'active'], [null]]);
  });

  it('is released with numbers of the bank where the authority takes no held key', async () => {
    await ask({ reason: 'hold', numbers: null });
    await desk.faults('refuse:23');
    expect(await ask({ reason: 'release', numbers: null })).toMatchObject({ act: 'release', state: 'FAILED' });
    expect([await atAuthority(), await offered()]).toEqual([['held', 'held'], ['certificate.on-hold']]);
    expect((await ask({ reason: 'release', numbers: await numbersFor(await serial()) })).state).toBe('CONFIRMED');
    expect(await offered()).toEqual([null]);
  });

  it.each([
    ['hold', ['held', 'held'], 'certificate.on-hold'],
    ['release', ['active', 'active'], null],
  ] as const)('%s whose answer was lost is told by the state of the certificate', async (reason, states, offer) => {
    if (reason === 'release') await ask({ reason: 'hold', numbers: null });
    desk.profile.now += 1000;
    ca.ahead += 4000;
    await desk.faults('answer-lost');
    const { id: run, state } = await ask({ reason, numbers: null });
    expect(state).toBe('SENT');
    expect((await wallet.lifecycle.abandon(run)).state).toBe('CONFIRMED');
    expect([await atAuthority(), await offered()]).toEqual([states, [offer]]);
  });

  it('is not done where the certificate was revoked meanwhile', async () => {
    await ca.post('/ra/revocations', { serial: await serial() });
    for (const reason of ['hold', 'release'] as const) {
      expect(await ask({ reason, numbers: null })).toMatchObject({ act: reason, state: 'FAILED', refusal: { word: 'revoked' } });
    }
  });

  it('is not taken back by a list that was made before it, and ends by an answer that was made later', async () => {
    const { ask: askHost } = desk.profile;
    let list: ReturnType<typeof askHost> | null = null;
    const word = async (): Promise<unknown> => {
      await wallet.revocation.check([id]);
      return (await wallet.rows())[0]?.revocation?.word;
    };
    desk.profile.ask = (exchange) => (exchange.kind === 'ocsp' ? Promise.reject(new WalletError('ca.unreachable')) : (list ??= askHost(exchange)));
    expect(await word()).toMatchObject({ state: 'good', source: 'crl' });
    desk.profile.now = Date.now() + 1000;
    await ask({ reason: 'hold', numbers: null });
    expect(await word()).toMatchObject({ state: 'on-hold', source: 'cmp' });
    // The counter of the bank releases it; the wallet hears of it by asking.
    await ca.post('/ra/releases', { serial: await serial() });
    desk.profile.ask = askHost;
    ca.ahead += 4000;
    expect(await word()).toMatchObject({ state: 'good', source: 'ocsp' });
    // Revoked is for ever, whenever it was said.
    await ask({ reason: 'hold', numbers: null });
    await ca.post('/ra/revocations', { serial: await serial() });
    expect(await word()).toMatchObject({ state: 'revoked', source: 'ocsp' });
  });
});
