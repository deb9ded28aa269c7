import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fromBase64 } from '../../../lib/bytes/base64.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { readLifecycleResult } from '../../../lib/protocol/lifecycle.ts';
import type { ActsApi } from '../../../lib/wallet/acts-api.ts';
import type { IssueOrder } from '../../../lib/wallet/lifecycle-api.ts';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import { TestCa } from '../../support/demo-ca.ts';
import { BY_PASSWORD, BY_TOUCH, LifecycleDesk } from '../../support/lifecycle-desk.ts';
import { codeOf } from '../../support/npki-fixtures.ts';
import { asker } from './support.ts';

const BANK = asker('D');
const REASON = 'cessationOfOperation';

let ca: TestCa;
let desk: LifecycleDesk;
let wallet: Wallet;

beforeAll(async () => {
  ca = await TestCa.start();
});
afterAll(async () => ca.close());
beforeEach(async () => {
  await ca.post('/test/faults', { faults: [] });
  desk = await LifecycleDesk.open(ca);
  wallet = desk.profile.wallet();
});

/** A page asks; gives the window's part of it. */
async function asked(action: string, payload: object): Promise<ActsApi> {
  const { profile } = desk;
  // Certificates of the authority begin when they are made.
  profile.now = Date.now();
  const pageId = crypto.randomUUID();
  profile.documents.set(BANK.documentId, new Set([pageId]));
  await profile.background.page['page.open'](BANK, { id: pageId, action, payload });
  const approval = profile.approval((await profile.background.requests.list())[0]?.id ?? '');
  await approval.request();
  return approval.acts();
}

function issueOf({ reference, code }: IssueOrder, more: object = {}): object {
  return { ca: 'demo', referenceNumber: reference, authorizationCode: code, certificates: ['sign', 'km'], ...more };
}

/** What the page got, and nothing twice. */
function heard(): { readonly result?: unknown; readonly error?: { readonly code: string } } {
  const [only, ...more] = desk.profile.delivered.filter((one) => 'result' in one || 'error' in one);
  if (only === undefined || more.length > 0) throw new Error(`${more.length + (only ? 1 : 0)} answers`);
  return only;
}

describe('a page that asks to issue', () => {
  it('gets both certificates once they are confirmed, and the code is left nowhere', async () => {
    const order = await desk.numbers();
    const acts = await asked('issue', issueOf(order));
    expect(await acts.authority()).toMatchObject({ id: 'demo', here: true });
    const run = await acts.lifecycle.issue({ ...order, authority: 'demo' }, desk.running);
    await acts.tell(run);
    const { certificates } = readLifecycleResult(heard().result);
    expect(certificates.map(({ use }) => use)).toEqual(['sign', 'km']);
    for (const { certificate, serial, notAfter } of certificates) {
      const read = readCertificate(fromBase64(certificate));
      expect(read).toMatchObject({ serialHex: serial, notAfter: Date.parse(notAfter) });
    }
    expect(await wallet.rows()).toMatchObject([{ id: run.item, unconfirmed: false }]);
    expect(await wallet.lifecycle.runs()).toEqual([]);
    expect([...desk.profile.session.texts.values()].join()).not.toContain(order.code.replaceAll('-', ''));
  });

  it('hears that the authority refused, and not why', async () => {
    const order = await desk.numbers();
    const acts = await asked('issue', issueOf(order));
    const run = await acts.lifecycle.issue({ ...order, code: 'WRONGWRONGWRONGWRONG' }, desk.running);
    expect(run.state).toBe('FAILED');
    await acts.tell(run);
    expect(heard()).toMatchObject({ error: { code: 'ca.refused' } });
    expect(JSON.stringify(heard())).not.toContain('integrity');
  });

  it('hears nothing of an authority that the wallet does not know: the person is told', async () => {
    const acts = await asked('issue', issueOf(await desk.numbers(), { ca: 'elsewhere' }));
    expect(await acts.authority()).toBeNull();
  });

  it('gets no answer but a refusal where it left meanwhile, and the certificate is in the wallet all the same', async () => {
    const order = await desk.numbers();
    const acts = await asked('issue', issueOf(order));
    const run = await acts.lifecycle.issue(order, desk.running);
    desk.profile.documents.clear();
    expect(await codeOf(() => acts.tell(run))).toBe('request.gone');
    expect(await wallet.rows()).toMatchObject([{ id: run.item, unconfirmed: false }]);
  });
});

describe('a page that asks to renew or revoke', () => {
  it('has the person choose among the certificates of that authority that can be meant', async () => {
    const [first, second] = [await desk.issued(wallet), await desk.issued(wallet, { name: '이몽룡' })];
    const serial = (await wallet.details(second)).serialHex;
    expect((await (await asked('renew', {})).candidates()).map(({ row }) => row.id).sort()).toEqual([first, second].sort());
    await desk.profile.background.pageRequests.endAll();
    expect((await (await asked('revoke', { ca: 'demo', serial })).candidates()).map(({ row }) => row.id)).toEqual([second]);
    await desk.profile.background.pageRequests.endAll();
    expect(await (await asked('revoke', { ca: 'another' })).candidates()).toEqual([]);
  });

  it('has the secret asked once where the wallet was locked, and what it opened used once', async () => {
    const old = await desk.issued(wallet);
    await wallet.lock();
    const acts = await asked('renew', { ca: 'demo' });
    expect(await codeOf(() => acts.candidates())).toBe('vault.locked');
    const held = await acts.open(BY_PASSWORD);
    expect(await acts.candidates()).toMatchObject([{ row: { id: old }, reason: null }]);
    const run = await acts.lifecycle.renew({ id: old, idNumber: null, secret: held }, desk.running);
    expect(run).toMatchObject({ state: 'CONFIRMED', act: 'renew', old });
    expect(held.opened.slot.signingKey.every((octet) => octet === 0)).toBe(true);
    await acts.tell(run);
    const renewed = readLifecycleResult(heard().result).certificates[0];
    expect(renewed?.serial).toBe((await wallet.details(run.item ?? '')).serialHex);
  });

  it('hears of what was revoked, and may mean one on hold', async () => {
    const old = await desk.issued(wallet);
    const { serialHex } = await wallet.details(old);
    const acts = await asked('revoke', { serial: serialHex });
    const run = await acts.lifecycle.revoke({ certificate: { id: old }, numbers: null, reason: REASON, secret: BY_PASSWORD }, desk.running);
    await acts.tell(run);
    expect(readLifecycleResult(heard().result).certificates[0]?.serial).toBe(serialHex);
    expect(await wallet.rows()).toMatchObject([{ id: old, revocation: { word: { state: 'revoked' } } }]);
  });

  it('hears of a revocation by numbers of the bank, of a certificate that is here or not', async () => {
    const id = await desk.issued(wallet);
    const { serialHex } = await wallet.details(id);
    const { body } = await ca.post('/ra/revocations', { serial: serialHex, byHolder: true });
    const numbers = { reference: String(body['referenceNumber']), code: String(body['authorizationCode']) };
    const named = { ca: 'demo', serial: serialHex, referenceNumber: numbers.reference, authorizationCode: numbers.code };
    const acts = await asked('revoke', named);
    const certificate = { authority: 'demo', serial: serialHex };
    const run = await acts.lifecycle.revoke({ certificate, reason: REASON, numbers, secret: BY_PASSWORD }, desk.running);
    expect(run).toMatchObject({ state: 'CONFIRMED', act: 'revoke' });
    await acts.tell(run);
    expect(readLifecycleResult(heard().result).certificates.length).toBe(run.old === null ? 0 : 2);
  });

  it('opens nothing by a touch where no passkey is there', async () => {
    await desk.issued(wallet);
    await wallet.lock();
    expect(await codeOf(async () => (await asked('renew', {})).open(BY_TOUCH))).toMatch(/^(passkey|vault)\./);
  });
});

describe('the background', () => {
  it.each([
    ['result', { item: 'x', result: { certificates: [{ use: 'sign', certificate: 'AAAA', serial: '01', notAfter: '2027-01-01T00:00:00.000Z' }] } }],
    ['refusal of an authority', { code: 'ca.refused' }],
  ])('takes no %s from a window for a request to sign in', async (_, told) => {
    const { profile } = desk;
    const pageId = crypto.randomUUID();
    profile.documents.set(BANK.documentId, new Set([pageId]));
    await profile.background.page['page.open'](BANK, { id: pageId, action: 'signIn', payload: { nonce: 'n'.repeat(43) } });
    const request = (await profile.background.requests.list())[0];
    if (!request) throw new Error('no request');
    const { requestDigest } = await import('../../../lib/wallet/page-requests.ts');
    const content = { request: request.id, shown: await requestDigest(request), ...told };
    expect(await codeOf(() => profile.call('wallet.tell', content))).toBe('request.forbidden');
    expect(await profile.background.requests.list()).toHaveLength(1);
  });

  it.each([
    ['a code of another kind', { code: 'user.cancelled' }],
    ['a code that does not exist', { code: 'ca.surprise' }],
    ['neither result nor code', {}],
    ['a result without certificates', { item: 'x', result: {} }],
    [
      'a serial of another form',
      { item: 'x', result: { certificates: [{ use: 'sign', certificate: 'AAAA', serial: 'XY', notAfter: '2027-01-01T00:00:00Z' }] } },
    ],
  ])('is told nothing with %s', async (_, content) => {
    await asked('issue', issueOf(await desk.numbers()));
    const [request] = await desk.profile.background.requests.list();
    expect(await codeOf(() => desk.profile.call('wallet.tell', { request: request?.id, shown: 'A'.repeat(44), ...content }))).toBe(
      'request.malformed',
    );
  });

  it('refuses what was said about another request than the one that was shown', async () => {
    await asked('issue', issueOf(await desk.numbers()));
    const [request] = await desk.profile.background.requests.list();
    const content = { request: request?.id, shown: 'A'.repeat(44), code: 'ca.refused' };
    expect(await codeOf(() => desk.profile.call('wallet.tell', content))).toBe('request.forbidden');
  });
});
