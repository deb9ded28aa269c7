import { createPrivateKey } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { keyUsage } from '../../../demo/extensions.ts';
import { fromBase64, toBase64 } from '../../../lib/bytes/base64.ts';
import { toHex } from '../../../lib/bytes/hex.ts';
import { readSignInResult, type SignInResult } from '../../../lib/protocol/sign-in.ts';
import { memoryNonces } from '../../../lib/verify/nonces.ts';
import { createVerifier, type Verifier } from '../../../lib/verify/verifier.ts';
import type { Approval } from '../../../lib/wallet/approval.ts';
import { receiverOf } from '../../../lib/wallet/receiver.ts';
import { codeOf, fixture, readFixture } from '../../support/npki-fixtures.ts';
import { DAY, issue, makeKeys, NOW, type Issued, type IssueOptions } from '../../support/test-authority.ts';
import { PASSWORD, Profile, walletWith } from './profile.ts';
import { asker } from './support.ts';

const HONG = fixture('personal-bank-sha1seed');
const NO_R = 'no-random-value';
const BANK = asker('bank document');
const SERVER = {
  certificate: readFixture('npki', 'bank', 'serverCert.der'),
  privateKey: createPrivateKey(Buffer.from(readFixture('npki', 'bank', 'serverKey.pem'))),
};
const RECIPIENT = toBase64(SERVER.certificate);

async function issueServer(change: Partial<IssueOptions>): Promise<Issued> {
  return issue({ name: 'Server', keys: await makeKeys(), extensions: [keyUsage('keyEncipherment')], ...change });
}

let profile: Profile;
let verifier: Verifier;
let nonce: string;

beforeEach(async () => {
  profile = new Profile();
  const nonces = memoryNonces({ clock: profile.clock });
  verifier = createVerifier({
    origin: BANK.origin,
    roots: [readFixture('npki', 'ca', 'root.der')],
    intermediates: [readFixture('npki', 'ca', 'yessign.der')],
    nonces,
    clock: profile.clock,
  });
  nonce = await nonces.issue();
});

/** A page of the bank asks; gives our window for it. */
async function ask(identity: unknown = { recipient: RECIPIENT }): Promise<Approval> {
  const pageId = crypto.randomUUID();
  profile.documents.set(BANK.documentId, new Set([pageId]));
  const payload = identity === null ? { nonce } : { nonce, identity };
  await profile.background.page['page.open'](BANK, { id: pageId, action: 'signIn', payload });
  const request = (await profile.background.requests.list()).find((one) => one.pageId === pageId);
  return profile.approval(request?.id ?? '');
}

/** The person approves in that window; gives what the page gets. */
async function approve(approval: Approval, identity?: boolean): Promise<SignInResult> {
  await approval.request();
  await approval.open(PASSWORD);
  await approval.approve((await approval.offers())[0]?.row.id ?? '', undefined, identity);
  return readSignInResult(profile.delivered.at(-1)?.result);
}

describe('the identity value', () => {
  it('[C21] goes to the server that the page named, where it was ticked, and proves the number on file', async () => {
    await walletWith(profile, HONG.id);
    const { cms, identity } = await approve(await ask(), true);
    const who = await verifier.verifySignIn(cms, { nonce });
    const random = await verifier.openIdentity(identity ?? '', { receiver: SERVER, nonce });
    expect(toHex(random)).toBe(HONG.rHex);
    await verifier.verifyIdentity({ certificate: who.certificate, random, idNumber: HONG.idn });
    expect(await codeOf(() => verifier.verifyIdentity({ certificate: who.certificate, random, idNumber: '9000011000000' }))).toBe('verify.identity');
  });

  it('[C21] stays here where it was not ticked, and the sign-in goes without it', async () => {
    await walletWith(profile, HONG.id);
    const result = await approve(await ask());
    expect(Object.keys(result).sort()).toEqual(['certificate', 'cms']);
    await verifier.verifySignIn(result.cms, { nonce });
  });

  it('[C20, C21] needs its tick at each request while signing is held open, and no secret', async () => {
    const wallet = await walletWith(profile, HONG.id);
    await wallet.signing.hold(15, PASSWORD);
    const without = await ask();
    await without.request();
    await without.approve((await without.offers())[0]?.row.id ?? '');
    expect(readSignInResult(profile.delivered.at(-1)?.result).identity).toBeUndefined();
    const ticked = await ask();
    await ticked.request();
    await ticked.approve((await ticked.offers())[0]?.row.id ?? '', undefined, true);
    const { identity } = readSignInResult(profile.delivered.at(-1)?.result);
    expect(toHex(await verifier.openIdentity(identity ?? '', { receiver: SERVER, nonce }))).toBe(HONG.rHex);
  });

  it('stands nowhere in the clear: not in the answer, a message, the session or the history', async () => {
    await walletWith(profile, HONG.id);
    await approve(await ask(), true);
    const random = Buffer.from(HONG.rHex ?? '', 'hex');
    const seen = JSON.stringify([profile.delivered, profile.messages, [...profile.session.texts]]);
    for (const form of ['hex', 'base64', 'base64url'] as const) expect(seen).not.toContain(random.toString(form).replace(/=+$/, ''));
    for (const text of profile.delivered.map(({ result }) => (result as SignInResult).identity ?? '')) {
      expect(Buffer.from(fromBase64(text)).includes(random)).toBe(false);
    }
  });

  it('is noted in the history where it went, and only there', async () => {
    await walletWith(profile, HONG.id);
    await approve(await ask(), true);
    profile.now += 1000;
    nonce = 'n'.repeat(43);
    await approve(await ask());
    await new Promise((resolve) => setTimeout(resolve));
    await profile.background.ports.history.flush();
    const { rows } = await profile.wallet().history.read();
    expect(rows.filter(({ act }) => act === 'sign-in').map(({ released }) => released)).toEqual([['certificate'], ['certificate', 'random']]);
  });

  it('does not go with a certificate whose key has none, which is shown with the reason', async () => {
    await walletWith(profile, NO_R, HONG.id);
    const approval = await ask();
    await approval.request();
    await approval.open(PASSWORD);
    const offers = await approval.offers();
    expect(offers.map(({ row, reason }) => [row.hasRandom, reason])).toEqual([
      [true, null],
      [false, 'certificate.no-random'],
    ]);
    expect(await codeOf(() => approval.approve(offers[1]?.row.id ?? '', undefined, true))).toBe('certificate.no-random');
    expect(profile.delivered).toEqual([]);
  });

  it('is not released to a page that did not ask for it', async () => {
    await walletWith(profile, HONG.id);
    const approval = await ask(null);
    expect((await approval.request()).receiver).toBeNull();
    expect(await codeOf(() => approve(approval, true))).toBe('request.forbidden');
    expect(profile.delivered).toEqual([]);
  });

  it('is not released to another server than the one that was shown', async () => {
    await walletWith(profile, HONG.id);
    const approval = await ask();
    await approval.request();
    const other = await issueServer({ name: 'Another' });
    const stored = [...profile.session.texts].find(([, text]) => text.includes(RECIPIENT));
    profile.session.texts.set(stored?.[0] ?? '', stored?.[1].replace(RECIPIENT, toBase64(other.certificate.der)) ?? '');
    expect(await codeOf(() => approve(approval, true))).toBe('request.forbidden');
    expect(profile.delivered).toEqual([]);
  });

  it.each<[string, string | Partial<IssueOptions>]>([
    ['is no certificate', 'AAAA'],
    ['is no base64', 'AAA'],
    ['is for signing', { extensions: [keyUsage('digitalSignature')] }],
    ['ended', { notAfter: NOW - DAY }],
  ])('is not even asked for where the certificate of the server %s', async (_, recipient) => {
    await walletWith(profile, HONG.id);
    const issued = async (change: Partial<IssueOptions>): Promise<string> => toBase64((await issueServer(change)).certificate.der);
    const identity = { recipient: typeof recipient === 'string' ? recipient : await issued(recipient) };
    expect(await codeOf(() => ask(identity))).toBe('request.recipient');
    expect(await profile.background.requests.list()).toEqual([]);
  });
});

describe('the receiver', () => {
  it('is told by the names in its certificate, which nobody has checked', async () => {
    expect(await receiverOf({ recipient: RECIPIENT }, NOW)).toMatchObject({ rooted: false });
    const { certificate } = await issueServer({ name: '은행\u202e서버\u0000' });
    const receiver = await receiverOf({ recipient: toBase64(certificate.der) }, NOW);
    expect(receiver).toMatchObject({ name: '은행서버', organization: 'Test', rooted: false });
  });
});
