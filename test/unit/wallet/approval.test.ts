import { argon2id } from 'hash-wasm';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fromBase64, toBase64 } from '../../../lib/bytes/base64.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { readSignInResult, type Accept } from '../../../lib/protocol/sign-in.ts';
import { readSignedData } from '../../../lib/sign/read-cms.ts';
import { headsToOpen } from '../../../lib/vault/heads-to-open.ts';
import { writeMarker } from '../../../lib/vault/marker.ts';
import { memoryNonces } from '../../../lib/verify/nonces.ts';
import { createVerifier, type Verifier } from '../../../lib/verify/verifier.ts';
import type { Approval } from '../../../lib/wallet/approval.ts';
import { watchDeadline } from '../../../lib/wallet/background.ts';
import type { Asker } from '../../../lib/wallet/ports.ts';
import { REQUESTS_KEY } from '../../../lib/wallet/requests.ts';
import { ROWS_KEY } from '../../../lib/wallet/session.ts';
import { codeOf, fixture, readFixture } from '../../support/npki-fixtures.ts';
import { PASSWORD, Profile, walletWith, WRONG } from './profile.ts';
import { asker, NOW, onlyRequest } from './support.ts';

const ID = 'personal-bank-sha1seed';
const BANK = asker('bank document');
const MINUTE = 60_000;
const CMS_MAX = 65_536;

let profile: Profile;

beforeEach(() => {
  profile = new Profile();
});

/** What the bank's server does: nonces, and a verifier that trusts the roots of the fixtures. */
function bank(origin = BANK.origin): { nonce: () => Promise<string>; verifier: Verifier } {
  const nonces = memoryNonces({ clock: profile.clock });
  const verifier = createVerifier({
    origin,
    roots: [readFixture('npki', 'ca', 'root.der')],
    intermediates: [readFixture('npki', 'ca', 'yessign.der')],
    nonces,
    clock: profile.clock,
  });
  return { nonce: async () => nonces.issue(), verifier };
}

/** A document asks; gives our window for it. */
async function ask(nonce: string, { from = BANK, accept }: { from?: Asker; accept?: Accept } = {}): Promise<Approval> {
  const pageId = crypto.randomUUID();
  profile.documents.set(from.documentId, new Set([pageId]));
  await profile.background.page['page.open'](from, { id: pageId, action: 'signIn', payload: accept ? { nonce, accept } : { nonce } });
  const request = (await profile.background.requests.list()).find((one) => one.pageId === pageId);
  return profile.approval(request?.id ?? '');
}

const NONCE = 'Az09-_'.padEnd(43, 'n');
const results = (): unknown[] => profile.delivered.flatMap(({ result }) => (result === undefined ? [] : [result]));

async function firstId(approval: Approval): Promise<string> {
  return (await approval.offers())[0]?.row.id ?? '';
}

describe('the rows of the lists', () => {
  it('are made once: the password of a sign-in in an open wallet opens no record again but the one that signs', async () => {
    await walletWith(profile, ID, 'vid-sha1', 'business-etax');
    const approval = await ask(NONCE);
    await approval.request();
    await approval.offers();
    const put = profile.session.texts.get(ROWS_KEY);
    const opened = vi.spyOn(crypto.subtle, 'decrypt');
    await approval.open(PASSWORD);
    const count = opened.mock.calls.length;
    opened.mockRestore();
    // The slot alone.
    expect(count).toBe(1);
    expect(profile.session.texts.get(ROWS_KEY)).toBe(put);
    await approval.approve(await firstId(approval));
    expect(results()).toHaveLength(1);
  });
});

describe('an older state that was put back (D16)', () => {
  it('is told in this window, locked or open, and goes on being told after a save', async () => {
    const wallet = await walletWith(profile, ID);
    await wallet.lock();
    const { vid, gen } = (await headsToOpen(profile.store())).newest;
    profile.local.texts.set('djw1.m', await writeMarker({ vid, gen: gen + 3, created: NOW }));
    const approval = await ask(NONCE);
    expect(await approval.status()).toMatchObject({ state: 'locked', notice: 'rolled-back' });
    await approval.open(PASSWORD);
    expect(await approval.status()).toMatchObject({ state: 'open', notice: 'rolled-back' });
    await profile.wallet().backup.setRule('week');
    expect(await approval.status()).toMatchObject({ state: 'open', notice: 'rolled-back' });
    await profile.wallet().putAwayNotice();
    expect(await approval.status()).toMatchObject({ state: 'open', notice: null });
  });
});

describe('signing in', () => {
  it('works from the password to the server that checks it, with the derivation that ships', async () => {
    profile.kdf = async ({ m, t, p, salt }, password) =>
      new Uint8Array(await argon2id({ password, salt, memorySize: m, iterations: t, parallelism: p, hashLength: 32, outputType: 'binary' }));
    const wallet = await walletWith(profile, ID);
    await wallet.lock();
    const { nonce, verifier } = bank();
    const approval = await ask(await nonce());
    await approval.request();
    expect(await approval.status()).toMatchObject({ state: 'locked' });
    await approval.open(PASSWORD);
    await approval.approve(await firstId(approval));
    const [result, ...more] = results();
    expect(more).toEqual([]);
    const { cms, certificate } = readSignInResult(result);
    expect(await verifier.verifySignIn(cms)).toMatchObject({ holder: fixture(ID).realName, signedAt: NOW });
    expect(fromBase64(certificate)).toEqual(readFixture('npki', fixture(ID).folder, 'signCert.der'));
  });

  it('signs the origin that the browser names, so that another site cannot use it', async () => {
    await walletWith(profile, ID);
    const { nonce, verifier } = bank();
    const approval = await ask(await nonce(), { from: asker('evil', 'https://bank-example.evil') });
    await approval.request();
    await approval.approve(await firstId(approval), PASSWORD);
    expect(await codeOf(() => verifier.verifySignIn(readSignInResult(results()[0]).cms))).toBe('verify.origin');
  });

  it('gives a signature that serves once', async () => {
    await walletWith(profile, ID);
    const { nonce, verifier } = bank();
    const approval = await ask(await nonce());
    await approval.request();
    await approval.approve(await firstId(approval), PASSWORD);
    const { cms } = readSignInResult(results()[0]);
    await verifier.verifySignIn(cms);
    expect(await codeOf(() => verifier.verifySignIn(cms))).toBe('verify.nonce');
  });

  it('sends the signer along with the authorities it knows, and never a root', async () => {
    await walletWith(profile, ID);
    const approval = await ask(NONCE);
    await approval.request();
    await approval.approve(await firstId(approval), PASSWORD);
    const { cms, certificate } = readSignInResult(results()[0]);
    const sent = readSignedData(fromBase64(cms), CMS_MAX).certificates.map(readCertificate);
    expect(sent.map(({ der }) => toBase64(der))[0]).toBe(certificate);
    expect(sent.length).toBeGreaterThan(1);
    expect(sent.filter(({ issuer, subject }) => toBase64(issuer.der) === toBase64(subject.der))).toEqual([]);
  });

  it('works after the background stopped while the person typed', async () => {
    await walletWith(profile, ID);
    const { nonce, verifier } = bank();
    const approval = await ask(await nonce());
    await approval.request();
    profile.restart();
    await approval.approve(await firstId(approval), PASSWORD);
    await verifier.verifySignIn(readSignInResult(results()[0]).cms);
  });

  it('reads only the primary copy in the background, which decides by itself', async () => {
    await walletWith(profile, ID);
    const approval = await ask(NONCE);
    await approval.request();
    await approval.open(PASSWORD);
    const id = await firstId(approval);
    const before = profile.local.reads;
    await approval.approve(id);
    expect(results()).toHaveLength(1);
    expect(profile.local.reads).toBe(before);
  });

  it('C19: asks again for the next request, even of the same nonce', async () => {
    await walletWith(profile, ID);
    for (let times = 0; times < 2; times++) {
      const approval = await ask(NONCE);
      await approval.request();
      expect(approval.opened).toBe(false);
      const id = await firstId(approval);
      expect(await codeOf(() => approval.approve(id))).toBe('password.wrong');
      await approval.approve(id, PASSWORD);
    }
    const [first, second] = results().map((result) => readSignInResult(result).cms);
    expect(results()).toHaveLength(2);
    expect(readSignedData(fromBase64(first ?? ''), CMS_MAX).content).toEqual(readSignedData(fromBase64(second ?? ''), CMS_MAX).content);
  });
});

describe('the window', () => {
  it('shows who asks, and until when', async () => {
    const approval = await ask(NONCE);
    expect(await approval.request()).toStrictEqual({
      id: (await onlyRequest(profile.background)).id,
      call: { action: 'signIn', payload: { nonce: NONCE } },
      receiver: null,
      origin: BANK.origin,
      siteName: null,
      siteClass: 'first',
      resembles: null,
      requestedAt: NOW,
      expiresAt: NOW + 2 * MINUTE,
    });
  });

  it.each([
    ['no id', ''],
    ['a guessed id', '0f8fad5b-d9cb-469f-a165-70867728950e'],
  ])('is inert with %s', async (_, id) => {
    await walletWith(profile, ID);
    await ask(NONCE);
    const approval = profile.approval(id);
    const [row] = await profile.wallet().rows();
    expect(await codeOf(() => approval.request())).toBe('request.gone');
    expect(await codeOf(() => approval.offers())).toBe('request.gone');
    expect(await codeOf(() => approval.approve(row?.id ?? '', PASSWORD))).toBe('request.gone');
    expect(approval.opened).toBe(false);
    expect(profile.delivered).toEqual([]);
  });

  it('names every certificate, with the reason why some cannot be used', async () => {
    await walletWith(profile, ID, 'expired-yesterday', 'not-yet-valid', 'kica-personal');
    const approval = await ask(NONCE, { accept: { issuers: ['YESSIGN'] } });
    await approval.request();
    const reasons = (await approval.offers()).map(({ row, reason }) => [row.fingerprint, reason]);
    const of = (id: string): string => fixture(id).certSha256;
    expect(reasons[0]).toEqual([of(ID), null]);
    expect(new Map(reasons.slice(1) as [string, string][])).toEqual(
      new Map([
        [of('expired-yesterday'), 'certificate.expired'],
        [of('not-yet-valid'), 'certificate.not-yet-valid'],
        [of('kica-personal'), 'certificate.not-accepted'],
      ]),
    );
  });

  it('of a locked wallet names none', async () => {
    const wallet = await walletWith(profile, ID);
    await wallet.lock();
    const approval = await ask(NONCE);
    await approval.request();
    expect(await codeOf(() => approval.offers())).toBe('vault.locked');
  });

  it('C19: opens a locked wallet for all windows with the one entry', async () => {
    const wallet = await walletWith(profile, ID);
    await wallet.lock();
    const approval = await ask(NONCE);
    await approval.request();
    await approval.open(PASSWORD);
    expect(approval.opened).toBe(true);
    expect(await wallet.status()).toMatchObject({ state: 'open' });
    approval.forget();
    expect(approval.opened).toBe(false);
  });

  it('can move the end and say no', async () => {
    const approval = await ask(NONCE);
    await approval.request();
    expect(await approval.extend()).toBe(NOW + 4 * MINUTE);
    await approval.cancel();
    await approval.cancel();
    expect(profile.delivered.map(({ error, extend }) => error?.code ?? extend?.seconds)).toEqual([240, 'user.cancelled']);
    expect(await codeOf(() => approval.request())).toBe('request.gone');
  });
});

describe('an approval is refused', () => {
  const approving = async (approval: Approval, id: string, password = PASSWORD): Promise<string> => {
    const code = await codeOf(() => approval.approve(id, password));
    expect(approval.opened).toBe(false);
    expect(results()).toEqual([]);
    return code;
  };

  it('with a wrong password, and can be tried again', async () => {
    await walletWith(profile, ID);
    const approval = await ask(NONCE);
    await approval.request();
    const id = await firstId(approval);
    expect(await approving(approval, id, WRONG)).toBe('password.wrong');
    expect(await approving(approval, id, '')).toBe('password.wrong');
    await approval.approve(id, PASSWORD);
    expect(results()).toHaveLength(1);
  });

  it.each([
    ['expired', 'expired-yesterday', undefined, 'certificate.expired'],
    ['not valid yet', 'not-yet-valid', undefined, 'certificate.not-yet-valid'],
    ['not what the page takes', 'kica-personal', { issuers: ['yessign'] }, 'certificate.not-accepted'],
    ['not of the policy that the page takes', ID, { policies: ['1.2.3'] }, 'certificate.not-accepted'],
  ] as const)('by the background for a certificate that is %s, and another one may be chosen', async (_, bad, accept, code) => {
    await walletWith(profile, bad, 'rsa3072-3years');
    const approval = await ask(NONCE, accept ? { accept } : {});
    await approval.request();
    const offers = await approval.offers();
    const idOf = (name: string): string => offers.find(({ row }) => row.fingerprint === fixture(name).certSha256)?.row.id ?? '';
    expect(await approving(approval, idOf(bad))).toBe(code);
    if (accept && 'policies' in accept) return;
    await approval.approve(idOf('rsa3072-3years'), PASSWORD);
    expect(results()).toHaveLength(1);
  });

  it.each([
    ['an unknown id', () => 'AAAAAAAAAAAAAAAAAAAAAA'],
    ['a removed one', (id: string) => id],
  ])('for a certificate that is not there: %s', async (_, idOf) => {
    const wallet = await walletWith(profile, ID, 'vid-sha1');
    const approval = await ask(NONCE);
    await approval.request();
    const id = await firstId(approval);
    await wallet.basket.move([id]);
    expect(await approving(approval, idOf(id))).toBe('certificate.not-found');
  });

  it('where the request changed under the window', async () => {
    await walletWith(profile, ID);
    const approval = await ask(NONCE);
    await approval.request();
    const id = await firstId(approval);
    const request = await onlyRequest(profile.background);
    profile.session.texts.set(REQUESTS_KEY, JSON.stringify([{ ...request, asker: { ...request.asker, origin: 'https://evil.example' } }]));
    await approval.request();
    expect(await approving(approval, id)).toBe('request.forbidden');
    expect(profile.delivered).toEqual([]);
  });

  it.each<[string, () => unknown]>([
    ['the time ended', () => (profile.now += 2 * MINUTE)],
    ['the wallet was locked', () => profile.call('wallet.lock')],
    ['the page took it back', async () => profile.background.page['page.cancel'](BANK, { id: (await onlyRequest(profile.background)).pageId })],
    ['the document is gone', () => profile.documents.clear()],
  ])('where %s', async (_, end) => {
    await walletWith(profile, ID);
    const approval = await ask(NONCE);
    await approval.request();
    const id = await firstId(approval);
    await end();
    expect(await approving(approval, id)).toBe('request.gone');
  });

  it('where the wallet was locked between the window and the background', async () => {
    await walletWith(profile, ID);
    const approval = await ask(NONCE);
    await approval.request();
    const id = await firstId(approval);
    const call = profile.call.bind(profile);
    profile.call = async (verb, content) => {
      if (verb === 'wallet.approve') await profile.sessions().close();
      return call(verb, content);
    };
    expect(await approving(approval, id)).toBe('vault.locked');
    await onlyRequest(profile.background);
  });

  it('where nothing was shown yet', async () => {
    await walletWith(profile, ID);
    const approval = await ask(NONCE);
    const [row] = await profile.wallet().rows();
    expect(await approving(approval, row?.id ?? '')).toBe('request.gone');
  });
});

describe('the background', () => {
  const GOOD = {
    request: '0f8fad5b-d9cb-469f-a165-70867728950e',
    item: 'A'.repeat(22),
    key: toBase64(new Uint8Array(32)),
    shown: toBase64(new Uint8Array(32)),
    identity: false,
  };

  it.each([
    ['nothing', null],
    ['a list', []],
    ['a field too many', { ...GOOD, password: 'x' }],
    ['no key', { ...GOOD, key: undefined }],
    ['a key of 31 octets', { ...GOOD, key: toBase64(new Uint8Array(31)) }],
    ['a key of 33 octets', { ...GOOD, key: toBase64(new Uint8Array(33)) }],
    ['a key that is an object', { ...GOOD, key: { 0: 1 } }],
    ['a request of another form', { ...GOOD, request: '../x' }],
    ['no digest', { ...GOOD, shown: '' }],
    ['no word on the identity value', { ...GOOD, identity: undefined }],
    ['a word on it that is no yes or no', { ...GOOD, identity: 'yes' }],
    ['its own __proto__', JSON.parse(`{"__proto__":{},${JSON.stringify(GOOD).slice(1)}`)],
  ])('takes no approval with %s', async (_, content) => {
    expect(await codeOf(() => profile.background.wallet['wallet.approve'](content))).toBe('request.malformed');
  });

  it('takes a good one only for a request that waits', async () => {
    expect(await codeOf(() => profile.background.wallet['wallet.approve'](GOOD))).toBe('request.gone');
  });

  it.each(['wallet.reject', 'wallet.extend'] as const)('%s takes the id of a request and nothing else', async (verb) => {
    for (const content of [null, 'x', {}, { request: 1 }, { request: GOOD.request, more: 1 }])
      expect(await codeOf(() => profile.background.wallet[verb](content))).toBe('request.malformed');
  });

  it('wakes without a word', async () => {
    expect(await profile.background.wallet['wallet.wake'](null)).toBeNull();
    expect(await profile.background.page['page.wake'](BANK, { any: 'thing' })).toBeNull();
  });

  it('tells a page nothing before the approval, whether there are certificates or not even a wallet', async () => {
    const empty = new Profile();
    await walletWith(profile, ID, 'vid-sha1');
    for (const one of [profile, empty]) {
      const pageId = crypto.randomUUID();
      one.documents.set('D', new Set([pageId]));
      const opened = await one.background.page['page.open'](asker('D'), { id: pageId, action: 'signIn', payload: { nonce: NONCE } });
      expect(opened).toBeUndefined();
      expect(one.delivered).toEqual([]);
    }
  });
});

describe('the deadline', () => {
  const lockAlarm = (): number | undefined => profile.alarms.get('lock');

  it('has an alarm as soon as the wallet is open, and follows the person', async () => {
    await walletWith(profile);
    expect(lockAlarm()).toBe(NOW + 5 * MINUTE);
    profile.now += MINUTE;
    await profile.sessions().touch();
    profile.now += 4 * MINUTE;
    await watchDeadline(profile.background.ports);
    expect(lockAlarm()).toBe(NOW + 6 * MINUTE);
  });

  it('that is past ends the session, while a request whose window has not looked goes on and asks for the secret', async () => {
    await walletWith(profile, ID);
    profile.now += 4 * MINUTE;
    await ask(NONCE);
    profile.now += MINUTE;
    await profile.call('wallet.opened');
    expect(profile.delivered).toEqual([]);
    expect(profile.open.size).toBe(1);
    expect(profile.session.texts.has('djw1.u')).toBe(false);
  });

  it('goes with an explicit lock, which ends what waits', async () => {
    const wallet = await walletWith(profile, ID);
    await ask(NONCE);
    await wallet.lock();
    expect(lockAlarm()).toBeUndefined();
    expect(profile.open.size).toBe(0);
    expect(profile.delivered.map(({ error }) => error?.code)).toEqual(['user.cancelled']);
  });
});
