import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KeyPair } from '../../../demo/issue.ts';
import { readInfos } from '../../../lib/cmp/info.ts';
import { readMacAlgorithm, isMacOf } from '../../../lib/cmp/mac.ts';
import { readMessage, type Message } from '../../../lib/cmp/message.ts';
import { CMP_OID } from '../../../lib/cmp/oids.ts';
import { readPollAnswer, writePollRequest } from '../../../lib/cmp/polling.ts';
import { readRevocationAnswer, writeRevocations } from '../../../lib/cmp/revocation.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { readDer } from '../../../lib/asn1/reader.ts';
import * as der from '../../../lib/asn1/writer.ts';
import { copy, type Bytes } from '../../../lib/bytes/bytes.ts';
import { OID } from '../../../lib/npki/oids.ts';
import { readPublicKey } from '../../../lib/npki/public-key.ts';
import { readCertificate, type Certificate } from '../../../lib/npki/certificate.ts';
import { verifyIdentity } from '../../../lib/npki/identity.ts';
import { nameText } from '../../../lib/npki/name.ts';
import { checkPath } from '../../../lib/trust/path.ts';
import { Applicant, gaveUp, given, outcome, pair, random, twoKeys, type Credentials, type Identity, type Wanted } from '../../support/applicant.ts';
import { TestCa } from '../../support/demo-ca.ts';

const CODE = 'CODE1001ABCDEFGHIJKL';
const NUMBER = '8001011234567';
const DUMMY = '1234561234567';
const MINUTE = 60_000;
const DAY = 86_400_000;

let ca: TestCa;
let last = 20_000_000;
/** Pairs that several tests share, since making one takes long: keys that were never certified. */
let fresh: KeyPair[];

beforeAll(async () => {
  ca = await TestCa.start();
});
beforeEach(async () => {
  fresh = await twoKeys();
});
afterAll(async () => {
  await ca.close();
});

async function register(more: object = {}): Promise<Credentials & { reference: string }> {
  const reference = String(++last);
  // A number of its own, so that nobody's certificates fall by somebody else's.
  const registered = await ca.post('/ra/registrations', {
    name: '홍길순',
    number: `8${reference}0000`,
    ref: reference,
    code: CODE,
    days: 20,
    ...more,
  });
  expect(registered.status).toBe(200);
  return { reference, code: CODE };
}

const applicant = (credentials: Credentials): Applicant => new Applicant(ca.url, ca.authority.issuing, credentials);

async function stateOf(serial: string): Promise<unknown> {
  const row = (await ca.rows('certificates')).find((one) => one['serial'] === serial);
  return [row?.['state'], row?.['reason']];
}

async function registrationState(reference: string): Promise<unknown> {
  return (await ca.rows('registrations')).find((one) => one['reference'] === reference)?.['state'];
}

const certificates = (answer: Message): Certificate[] => given(answer).map(({ certificate }) => readCertificate(certificate!));

/** Applies and confirms; one identity for each kind. */
async function enrol(more: object = {}, kinds: readonly ('sign' | 'km')[] = ['sign']): Promise<Identity[]> {
  const one = applicant(await register({ km: kinds.length > 1, ...more }));
  const answer = await one.apply('ir', pair(fresh, kinds));
  expect(outcome(await one.post(await one.writeConfirmation(given(answer))))).toBe('pkiConf');
  return certificates(answer).map((certificate, at) => ({ certificate, keys: fresh[at]! }));
}

describe('issue at the demo authority', () => {
  it('gives a sign and a km certificate at once: serials in a row, one name, a path that holds', async () => {
    const credentials = await register({ km: true });
    const one = applicant(credentials);
    const answer = await one.apply('ir', pair(fresh));
    expect(given(answer).map(({ status }) => status.status)).toEqual(['grantedWithMods', 'grantedWithMods']);
    const [sign, km] = certificates(answer);
    expect([sign!.keyUsage, km!.keyUsage]).toEqual([['digitalSignature', 'nonRepudiation'], ['keyEncipherment']]);
    expect([sign!.spki, km!.spki]).toEqual(fresh.map(({ spki }) => spki));
    expect(BigInt(`0x${km!.serialHex}`) - BigInt(`0x${sign!.serialHex}`)).toBe(1n);
    expect(nameText(sign!.subject)).toMatch(/^CN=홍길순\(\)0099041\d{17},OU=DEMO,OU=personal4IB,O=DojangDemo,C=KR$/);
    const anchors = [readCertificate(ca.authority.root)];
    const intermediates = [readCertificate(ca.authority.issuing)];
    expect(await checkPath({ leaf: sign!, intermediates, anchors, at: Date.now() + 1000 })).toHaveLength(3);
    expect(await stateOf(sign!.serialHex)).toEqual(['pending', null]);
    expect(outcome(await one.post(await one.writeConfirmation(given(answer))))).toBe('pkiConf');
    expect([await stateOf(sign!.serialHex), await stateOf(km!.serialHex)]).toEqual([
      ['active', null],
      ['active', null],
    ]);
  });

  it.each(['pbm', 'pbmac1'] as const)('answers a MAC (%s) with a MAC of the same kind and code, and a salt of its own', async (way) => {
    const credentials = { ...(await register()), way };
    const answer = await applicant(credentials).apply('ir', pair(fresh, ['sign']));
    const algorithm = readMacAlgorithm(answer.header.protection!)!;
    expect(algorithm.way).toBe(way);
    expect(await isMacOf(algorithm, utf8(CODE), answer.protectedPart, answer.protection!)).toBe(true);
    expect(answer.header.info.map(({ type }) => type)).toEqual([CMP_OID.confirmWaitTime]);
  });

  it.each([
    ['the registered number', NUMBER],
    ['the dummy number', DUMMY],
  ])('opens the EncryptedVID of %s and ties the certificate to the registered one', async (_, idNumber) => {
    const one = applicant(await register({ vid: true, number: NUMBER, policy: '1.2.410.200005.1.1.1' }));
    const genp = await one.post(await one.write('genm', der.sequence(der.sequence(der.objectIdentifier(CMP_OID.caProtEncCert)))));
    const recipient = readCertificate(readInfos(genp.body.content)[0]!.value!.raw);
    const r = random(20);
    const [wanted] = pair(fresh, ['sign']);
    const answer = await one.again().apply('ir', [{ ...wanted!, vid: { idNumber, random: r, recipient } }]);
    const [certificate] = certificates(answer);
    expect(await verifyIdentity({ certificate: certificate!, random: r, idNumber: NUMBER })).toBe(true);
    expect(await verifyIdentity({ certificate: certificate!, random: r, idNumber: DUMMY })).toBe(false);
  });

  it('refuses an EncryptedVID of a third number, of another recipient, and none where one is wanted', async () => {
    const recipient = async (one: Applicant): Promise<Certificate> => {
      const genp = await one.post(await one.write('genm', der.sequence(der.sequence(der.objectIdentifier(CMP_OID.caProtEncCert)))));
      return readCertificate(readInfos(genp.body.content)[0]!.value!.raw);
    };
    const credentials = await register({ vid: true });
    const real = await recipient(applicant(credentials));
    const [wanted] = pair(fresh, ['sign']);
    const vid = { idNumber: '9912312345678', random: random(20), recipient: real };
    const attempt = async (more: Partial<Wanted>): Promise<string> => outcome(await applicant(credentials).apply('ir', [{ ...wanted!, ...more }]));
    expect(await attempt({ vid })).toBe('error badRequest');
    expect(await attempt({ vid: { ...vid, idNumber: DUMMY, recipient: readCertificate(ca.authority.issuing) } })).toBe('error badRequest');
    expect(await attempt({})).toBe('error badRequest');
    expect(await attempt({ vid: { ...vid, idNumber: DUMMY } })).toBe('ip');
  });

  it.each<[string, Partial<Wanted>]>([
    ['a MAC over the key with another code', { proof: 'other-code' }],
    ['a signature of another key', { proof: 'other-key' }],
    ['key and MAC beside a subject', { proof: 'mac', subject: der.sequence() }],
    ['a signature over a request without a subject', { proof: 'request' }],
  ])('refuses as proof of possession %s', async (_, more) => {
    const [wanted] = pair(fresh, ['sign']);
    expect(outcome(await applicant(await register()).apply('ir', [{ ...wanted!, ...more }]))).toBe('error badPOP');
  });

  it('issues all or none: a km certificate that was not registered, two of a kind, one key twice', async () => {
    const credentials = await register();
    const attempt = async (wanted: readonly Wanted[]): Promise<string> => outcome(await applicant(credentials).apply('ir', wanted));
    const [sign, km] = pair(fresh);
    expect(await attempt([sign!, km!])).toBe('error badCertTemplate');
    expect(await attempt([km!])).toBe('error badCertTemplate');
    expect(await attempt([sign!, { ...km!, kind: 'sign' }])).toBe('error badCertTemplate');
    expect(await attempt([sign!, { ...km!, keys: sign!.keys }])).toBe('error badCertTemplate');
    expect(await attempt([sign!, { ...km!, requestId: 0 }])).toBe('error badRequest');
    expect(await registrationState(credentials.reference)).toBe('open');
    expect(await attempt([sign!])).toBe('ip');
    expect(await attempt([{ ...sign!, keys: (await twoKeys())[0]! }])).toBe('error notAuthorized');
  });

  it('refuses a message whose clock is off, a number after its days, and a key that it knows', async () => {
    const credentials = await register();
    const one = applicant(credentials);
    const octets = await one.writeApplication('ir', pair(fresh, ['sign']));
    const timed = await one.write('genm', der.sequence(), { messageTime: Date.now() - 11 * MINUTE });
    expect(outcome(await one.post(timed))).toBe('error badTime');
    ca.ahead = 15 * DAY;
    expect(outcome(await one.post(octets))).toBe('error notAuthorized');
    ca.ahead = 0;
    expect(outcome(await one.post(octets))).toBe('ip');
    expect(outcome(await applicant(await register()).apply('ir', pair(fresh, ['sign'])))).toBe('error duplicateCertReq');
  });

  it('ends the older certificate of the same person and class with the confirmation of the new one, not before', async () => {
    const number = '7701011234567';
    const [older] = await enrol({ number });
    fresh = await twoKeys();
    const one = applicant(await register({ number }));
    const answer = await one.apply('ir', pair(fresh, ['sign']));
    expect(await stateOf(older!.certificate.serialHex)).toEqual(['active', null]);
    await one.post(await one.writeConfirmation(given(answer)));
    expect(await stateOf(older!.certificate.serialHex)).toEqual(['revoked', 4]);
  });

  it('reissues with the end date and the name of the old one, which falls', async () => {
    const [older] = await enrol({ km: true }, ['sign', 'km']);
    const { body } = await ca.post('/ra/reissues', { serial: older!.certificate.serialHex });
    const code = (body['authorizationCode'] as string).replaceAll('-', '');
    const one = applicant({ reference: body['referenceNumber'] as string, code });
    fresh = await twoKeys();
    const answer = await one.apply('ir', pair(fresh));
    const [sign] = certificates(answer);
    expect([sign!.notAfter, nameText(sign!.subject)]).toEqual([older!.certificate.notAfter, nameText(older!.certificate.subject)]);
    await one.post(await one.writeConfirmation(given(answer)));
    expect(await stateOf(older!.certificate.serialHex)).toEqual(['revoked', 4]);
  });
});

describe('confirmation at the demo authority', () => {
  it('withdraws both where one is rejected or left out, and gives the number back', async () => {
    for (const leaveOut of [false, true]) {
      fresh = await twoKeys();
      const credentials = await register({ km: true });
      const one = applicant(credentials);
      const answer = await one.apply('ir', pair(fresh));
      const all = given(answer);
      const confirmation = leaveOut ? await one.writeConfirmation(all.slice(0, 1)) : await one.writeConfirmation(all, [1]);
      expect(outcome(await one.post(confirmation))).toBe('pkiConf');
      for (const { serialHex } of certificates(answer)) expect(await stateOf(serialHex)).toEqual(['revoked', 5]);
      expect(await registrationState(credentials.reference)).toBe('open');
    }
  });

  it('withdraws what nobody confirmed in ten minutes', async () => {
    const credentials = await register();
    const one = applicant(credentials);
    const answer = await one.apply('ir', pair(fresh, ['sign']));
    const confirmation = await one.writeConfirmation(given(answer));
    ca.ahead = 11 * MINUTE;
    expect(outcome(await one.post(confirmation))).toBe('error certRevoked');
    ca.ahead = 0;
    expect(await stateOf(certificates(answer)[0]!.serialHex)).toEqual(['revoked', 5]);
    expect(await registrationState(credentials.reference)).toBe('open');
  });

  it('gives the same octets for the same application and the same confirmation, over a restart too', async () => {
    const one = applicant(await register());
    const application = await one.writeApplication('ir', pair(fresh, ['sign']));
    const answer = await one.post(application);
    await ca.restart();
    expect(await one.postRaw(application)).toEqual(answer.der);
    const confirmation = await one.writeConfirmation(given(answer));
    const confirmed = await one.postRaw(confirmation);
    await ca.restart();
    expect(await one.postRaw(confirmation)).toEqual(confirmed);
    expect(outcome(await one.post(await one.writeConfirmation(given(answer))))).toBe('error certConfirmed');
    expect(outcome(await one.post(application))).toBe('error transactionIdInUse');
  });

  it('refuses another nonce, another certificate, and another applicant', async () => {
    const one = applicant(await register());
    const answer = await one.apply('ir', pair(fresh, ['sign']));
    const [response] = given(answer);
    const wrongHash = await one.writeConfirmation([{ ...response!, certificate: ca.authority.root }]);
    expect(outcome(await one.post(wrongHash))).toBe('error badCertId');
    const stale = await one.writeConfirmation([response!]); // names the nonce of the error, not of the ip
    expect(outcome(await one.post(stale))).toBe('error badRecipientNonce');
    const other = applicant(await register());
    Object.assign(other.transactionId, one.transactionId);
    expect(outcome(await other.post(await other.writeConfirmation([response!])))).toBe('error badRequest');
    expect(await stateOf(certificates(answer)[0]!.serialHex)).toEqual(['pending', null]);
  });

  it('withdraws when the applicant sends an error', async () => {
    const one = applicant(await register());
    const answer = await one.apply('ir', pair(fresh, ['sign']));
    expect(outcome(await one.post(await one.write('error', gaveUp)))).toBe('pkiConf');
    expect(await stateOf(certificates(answer)[0]!.serialHex)).toEqual(['revoked', 5]);
  });
});

describe('waiting at the demo authority', () => {
  it('tells to wait, then gives the certificates in answer to the poll', async () => {
    const one = applicant(await register({ waits: 2, km: true }));
    const answer = await one.apply('ir', pair(fresh));
    expect(given(answer).map(({ status }) => [status.status, status.text])).toEqual([
      ['waiting', '승인을 기다리고 있습니다.'],
      ['waiting', '승인을 기다리고 있습니다.'],
    ]);
    const again = await one.post(await one.write('pollReq', writePollRequest([0, 1])));
    expect(readPollAnswer(again.body.content).map(({ requestId, checkAfter }) => [requestId, checkAfter])).toEqual([
      [0, 1],
      [1, 1],
    ]);
    await ca.restart();
    const poll = await one.write('pollReq', writePollRequest([0, 1]));
    const issued = await one.post(poll);
    expect(outcome(issued)).toBe('ip');
    expect(await one.postRaw(poll)).toEqual(issued.der);
    expect(outcome(await one.post(await one.writeConfirmation(given(issued))))).toBe('pkiConf');
  });
});

describe('renewal at the demo authority', () => {
  it('renews sign and km in one message; a repeated confirmation is answered although its signer has fallen', async () => {
    const [sign, km] = await enrol({}, ['sign', 'km']);
    const next = await twoKeys();
    const subject = sign!.certificate.subject.der;
    const one = applicant(sign!);
    const wanted = pair(next).map((each, at) => ({ ...each, subject, old: [sign!, km!][at]!.certificate }));
    const answer = await one.apply('kur', wanted);
    expect(given(answer).map(({ status }) => status.status)).toEqual(['accepted', 'accepted']);
    expect(certificates(answer).map(({ subject: name }) => name.der)).toEqual([subject, subject]);
    const confirmation = await one.writeConfirmation(given(answer));
    const confirmed = await one.postRaw(confirmation);
    expect(await one.postRaw(confirmation)).toEqual(confirmed);
    expect(await stateOf(sign!.certificate.serialHex)).toEqual(['revoked', 4]);
    expect(outcome(await one.post(await one.writeConfirmation(given(answer))))).toBe('error certRevoked');
  });

  it('refuses the certificate of somebody else, and a second renewal beside one that waits for confirmation', async () => {
    const [mine] = await enrol();
    fresh = await twoKeys();
    const [theirs] = await enrol();
    const [first, second] = await twoKeys();
    const ask = async (keys: KeyPair, old: Certificate): Promise<string> => {
      const wanted = { requestId: 0, kind: 'sign', keys, subject: mine!.certificate.subject.der, old } as const;
      return outcome(await applicant(mine!).apply('kur', [wanted]));
    };
    expect(await ask(first!, theirs!.certificate)).toBe('error notAuthorized');
    expect(await ask(first!, readCertificate(ca.authority.issuing))).toBe('error badCertId');
    expect(await ask(first!, mine!.certificate)).toBe('kup');
    expect(await ask(second!, mine!.certificate)).toBe('error duplicateCertReq');
  });

  it('adds a km certificate by cr, once', async () => {
    const [sign] = await enrol({ km: true });
    const next = await twoKeys();
    const ask = async (keys: KeyPair): Promise<string> => {
      const one = applicant(sign!);
      const answer = await one.apply('cr', [{ requestId: 0, kind: 'km', keys, subject: sign!.certificate.subject.der }]);
      if (answer.body.type === 'cp') await one.post(await one.writeConfirmation(given(answer)));
      return outcome(answer);
    };
    expect(await ask(next[0]!)).toBe('cp');
    expect(await ask(next[1]!)).toBe('error duplicateCertReq');
  });
});

describe('revocation at the demo authority', () => {
  it('takes several in one message, all or none, and says when it was done before', async () => {
    const [sign, km] = await enrol({}, ['sign', 'km']);
    const details = (...them: Identity[]) =>
      writeRevocations(them.map(({ certificate: { issuer, serial } }) => ({ issuer: issuer.der, serial, reason: 'hold' })));
    const one = applicant(sign!);
    const octets = await one.write('rr', details(sign!, km!));
    const answer = await one.post(octets);
    expect(readRevocationAnswer(answer.body.content).map(({ status }) => status)).toEqual(['accepted', 'accepted']);
    expect(await one.postRaw(octets)).toEqual(answer.der);
    const again = applicant(sign!);
    expect(outcome(await again.post(await again.write('rr', details(sign!, km!))))).toBe('error certRevoked');
    expect(await stateOf(km!.certificate.serialHex)).toEqual(['held', 6]);
  });

  it('revokes with a number of the office where the key is lost, and nothing else with it', async () => {
    const [sign] = await enrol();
    fresh = await twoKeys();
    const [other] = await enrol();
    const { body } = await ca.post('/ra/revocations', { serial: sign!.certificate.serialHex, byHolder: true });
    const lost = { reference: body['referenceNumber'] as string, code: (body['authorizationCode'] as string).replaceAll('-', '') };
    const ask = async ({ certificate: { issuer, serial } }: Identity): Promise<string> => {
      const one = applicant(lost);
      return outcome(await one.post(await one.write('rr', writeRevocations([{ issuer: issuer.der, serial, reason: 'keyCompromise' }]))));
    };
    expect(await ask(other!)).toBe('error notAuthorized');
    expect(outcome(await applicant(lost).apply('ir', pair(await twoKeys(), ['sign'])))).toBe('error notAuthorized');
    expect(await ask(sign!)).toBe('rp');
    expect(await stateOf(sign!.certificate.serialHex)).toEqual(['revoked', 1]);
    expect(await ask(sign!)).toBe('error notAuthorized');
  });
});

describe('messages that somebody spoiled', () => {
  it('get an error or nothing, and never a certificate', async () => {
    const credentials = await register({ km: true });
    const one = applicant(credentials);
    const octets = await one.writeApplication('ir', pair(fresh));
    const at = fc.integer({ min: 0, max: octets.length - 1 });
    const before = (await ca.rows('certificates')).length;
    await fc.assert(
      fc.asyncProperty(at, fc.integer({ min: 1, max: 255 }), async (where, change) => {
        const spoiled = copy(octets);
        spoiled[where] = spoiled[where]! ^ change;
        const init = { method: 'POST', headers: { 'content-type': 'application/pkixcmp' }, body: spoiled };
        const response = await fetch(`${ca.url}/pkix/`, init);
        if (response.status === 400) return;
        expect([response.status, readMessage(new Uint8Array(await response.arrayBuffer())).body.type]).toEqual([200, 'error']);
      }),
      { numRuns: 150 },
    );
    expect((await ca.rows('certificates')).length).toBe(before);
    expect(outcome(await one.post(octets))).toBe('ip');
  });

  it('an even modulus, an exponent of one and a short key are none to certify, whatever proves them', async () => {
    const [wanted] = pair(fresh, ['sign']);
    const spoil = (change: (modulus: Bytes, exponent: Bytes) => readonly [Bytes, Bytes]): KeyPair => {
      const { rsa } = readPublicKey(readDer(fresh[0]!.spki));
      const [modulus, exponent] = change(copy(rsa!.modulus), rsa!.exponent);
      const key = der.bitString(der.sequence(der.integer(modulus), der.integer(exponent)));
      return { ...fresh[0]!, spki: der.sequence(der.sequence(der.objectIdentifier(OID.rsaEncryption), der.nullValue()), key) };
    };
    const even = spoil((modulus, exponent) => [modulus.with(255, 2), exponent]);
    const one = spoil((modulus) => [modulus, Uint8Array.of(1)]);
    const short = spoil((modulus, exponent) => [modulus.slice(128), exponent]);
    for (const keys of [even, one, short])
      expect(outcome(await applicant(await register()).apply('ir', [{ ...wanted!, keys }]))).toBe('error badCertTemplate');
  });
});
