import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as der from '../../../lib/asn1/writer.ts';
import { concat, type Bytes } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import type { Disbelief } from '../../../lib/cmp/answer.ts';
import { writeCertificateResponses } from '../../../lib/cmp/certificate-response.ts';
import type { CertificateResponseFields } from '../../../lib/cmp/certificate-response.ts';
import type { CertificateFlaw } from '../../../lib/cmp/check-certificate.ts';
import type { Course } from '../../../lib/cmp/course.ts';
import { DUMMY_NUMBER } from '../../../lib/cmp/encrypted-vid.ts';
import { askEncryptionCertificate } from '../../../lib/cmp/encryption-certificate.ts';
import { readCode } from '../../../lib/cmp/credential.ts';
import { readErrorMessage, writeErrorMessage } from '../../../lib/cmp/error-message.ts';
import { writeInfo } from '../../../lib/cmp/info.ts';
import { macProtector } from '../../../lib/cmp/mac.ts';
import type { NewKey } from '../../../lib/cmp/new-key.ts';
import { CMP_OID } from '../../../lib/cmp/oids.ts';
import { writePollAnswer } from '../../../lib/cmp/polling.ts';
import { prepareRenewal } from '../../../lib/cmp/prepare.ts';
import { virtualId } from '../../../lib/npki/identity.ts';
import { basicConstraints, identifyData, keyUsage, policies } from '../../../demo/extensions.ts';
import { CODE, delegate, REFERENCE, SALT, TestAuthority, type IssueTwist, type Twist } from '../../support/cmp-authority.ts';
import { newKeys, random, TestDesk } from '../../support/cmp-run.ts';
import { codeOf } from '../../support/npki-fixtures.ts';
import { BANK_POLICY, DAY, makeChain, NOW, signerOf, strangeExtension, type TestChain } from '../../support/test-authority.ts';

const SECRET = utf8(CODE);
const REFUSED = writeErrorMessage({ status: 'rejection', failures: ['notAuthorized'] });
const NOTICE = ['시험용 인증서', 'http://test.example.invalid/cps'] as const;

let base: TestAuthority;
let stranger: TestChain;
let sign: NewKey;
let km: NewKey;
let desk: TestDesk;

beforeAll(async () => {
  [base, stranger] = await Promise.all([TestAuthority.make(), makeChain()]);
  [sign, km] = await newKeys();
});

beforeEach(() => {
  desk = new TestDesk(base.again());
});

async function issueWith(...twists: readonly Twist[]): Promise<{ course: Course; report: { kind: string; disbelief?: Disbelief } }> {
  desk.authority.twists = [...twists];
  return desk.run().start(await desk.prepareIssue([sign]));
}

/** The root in the place of the authority below it: trusted by itself, but not the one that issues. */
const byRoot = (): TestChain => ({ ...base.chain, authority: base.chain.root });

const inAnotherForm = (name: Bytes): Bytes => name.map((octet, at) => (at === name.indexOf(0x13) ? 0x0c : octet));
const altered = (bytes: Bytes, at: number): Bytes => bytes.map((octet, index) => (index === (at + bytes.length) % bytes.length ? octet ^ 1 : octet));

describe('[F28] an answer that is not to be believed leaves everything as it was', () => {
  const other = Uint8Array.from({ length: 16 }, () => 0xee);

  it.each([
    ['nothing', 'none', { answer: () => null }],
    ['a page of a captive portal', 'type', { answer: ({ bytes }) => ({ type: 'text/html', bytes }) }],
    ['no type', 'type', { answer: ({ bytes }) => ({ type: '', bytes }) }],
    ['a flood', 'size', { answer: ({ type }) => ({ type, bytes: new Uint8Array(256 * 1024 + 1) }) }],
    ['a cut body', 'form', { answer: ({ type, bytes }) => ({ type, bytes: bytes.slice(0, -7) }) }],
    ['a body with more behind it', 'form', { answer: ({ type, bytes }) => ({ type, bytes: concat(bytes, bytes) }) }],
    ['version 1', 'version', { header: (fields) => ({ ...fields, version: 1 as 2 }) }],
    ['another transaction', 'transaction', { header: (fields) => ({ ...fields, transactionId: other }) }],
    ['another nonce', 'nonce', { header: (fields) => ({ ...fields, recipientNonce: other }) }],
    [
      'no nonce',
      'nonce',
      {
        header: (fields) => {
          const { sender, recipient, transactionId, senderNonce } = fields;
          return { sender, recipient, transactionId, senderNonce };
        },
      },
    ],
    ['no protection', 'protection', { protector: null }],
    ['an error without protection', 'protection', { protector: null, body: { type: 'error', body: REFUSED } }],
    ['a MAC with another code', 'protection', { protector: macProtector('pbm', { secret: utf8('another-code'), salt: SALT, iterations: 100 }) }],
    ['a MAC of the other kind', 'protection', { protector: macProtector('pbmac1', { secret: SECRET, salt: SALT, iterations: 1000 }) }],
    ['a right MAC of 99 rounds', 'protection', { protector: macProtector('pbm', { secret: SECRET, salt: SALT, iterations: 99 }) }],
    ['a right MAC of 200,001 rounds', 'protection', { protector: macProtector('pbm', { secret: SECRET, salt: SALT, iterations: 200_001 }) }],
    ['a right MAC with a salt of 7', 'protection', { protector: macProtector('pbm', { secret: SECRET, salt: SALT.slice(9), iterations: 100 }) }],
    ['a nonce of 15 octets', 'sender-nonce', { header: (fields) => ({ ...fields, senderNonce: SALT.slice(1) }) }],
    ['a nonce of 65 octets', 'sender-nonce', { header: (fields) => ({ ...fields, senderNonce: new Uint8Array(65) }) }],
  ] as [string, Disbelief, Twist][])('%s (%s)', async (_, disbelief, twist) => {
    const { course, report } = await issueWith(twist);
    expect([course.state, report]).toEqual(['SENT', { kind: 'no-answer', disbelief }]);
    expect(desk.events).toEqual(['keep PREPARED', 'keep SENT', 'post ir', 'keep SENT']);
    // The right answer still counts.
    expect((await desk.run().resume(desk.kept as Extract<Course, { state: 'SENT' }>)).course.state).toBe('CONFIRMED');
  });

  it.each([0, 20, 60, 200, -400, -30, -1])('an octet changed at %i', async (at) => {
    const { course, report } = await issueWith({ answer: ({ type, bytes }) => ({ type, bytes: altered(bytes, at) }) });
    expect([course.state, report.kind]).toEqual(['SENT', 'no-answer']);
  });

  it('a right answer to another run, played again', async () => {
    let recorded: Bytes | null = null;
    await issueWith({
      answer: (right) => {
        recorded = right.bytes;
        return right;
      },
    });
    const { report } = await issueWith({ answer: ({ type }) => ({ type, bytes: recorded! }) });
    expect(report).toEqual({ kind: 'no-answer', disbelief: 'transaction' });
  });

  it('parameters of the media type do no harm', async () => {
    const { course } = await issueWith({ answer: ({ bytes }) => ({ type: 'Application/PKIXCMP; charset=x', bytes }) });
    expect(course.state).toBe('CONFIRMED');
  });

  it('a wrong answer to a confirmation leaves it saved', async () => {
    for (const twist of [{ protector: null }, { header: (fields) => ({ ...fields, recipientNonce: other }) }] as Twist[]) {
      desk = new TestDesk(base.again());
      const { course, report } = await issueWith({}, twist);
      expect([course.state, report.kind]).toEqual(['SAVED', 'no-answer']);
    }
  });
});

describe('[F28] who may sign an answer', () => {
  const inCode = async (twist: Twist): Promise<string> => {
    const { course, report } = await issueWith(twist);
    return report.kind === 'no-answer' ? report.disbelief! : course.state;
  };

  it.each([
    ['the authority itself', () => ({ protector: base.signProtector() }), 'FAILED'],
    ['its delegate for answers', async () => signedBy(await delegate(base, [CMP_OID.cmcCa])), 'FAILED'],
    ['its registration desk', async () => signedBy(await delegate(base, [CMP_OID.cmcRa])), 'FAILED'],
    ['an ordinary holder', async () => signedBy(await delegate(base, [])), 'protection'],
    ['a holder marked for something else', async () => signedBy(await delegate(base, ['1.3.6.1.5.5.7.3.9'])), 'protection'],
    ['a delegate of somebody else', async () => signedBy(await delegate(base, [CMP_OID.cmcCa], stranger), stranger), 'protection'],
    ['a delegate of the root', async () => signedBy(await delegate(base, [CMP_OID.cmcCa], byRoot())), 'protection'],
    ['somebody else, under the right name', () => ({ protector: base.signProtector(stranger.authority.key) }), 'protection'],
  ] as [string, () => Twist | Promise<Twist>, string][])('an error to a code, signed by %s: %s', async (_, make, expected) => {
    expect(await inCode({ ...(await make()), body: { type: 'error', body: REFUSED } })).toBe(expected);
  });

  function signedBy({ certificate, protector }: Awaited<ReturnType<typeof delegate>>, chain?: TestChain): Twist {
    const more = chain === undefined ? [] : [chain.authority.certificate.der, chain.root.certificate.der];
    const header: Twist['header'] = (fields) => ({ ...fields, sender: certificate.subject.der, senderKeyId: certificate.subjectKeyId! });
    return { protector, header, extraCerts: [certificate.der, ...more] };
  }

  it.each([
    [false, 'protection'],
    [true, 'CONFIRMED'],
  ])('an answer to a code that is no error, signed (signedAnswers %s): %s', async (signedAnswers, expected) => {
    desk = new TestDesk(base.again({ signedAnswers }));
    expect(await inCode({ protector: base.signProtector() })).toBe(expected);
  });

  it('a root that a message brings is no anchor', async () => {
    const roots = [stranger.root.certificate.der, stranger.authority.certificate.der];
    const { der: certificate } = await base.issue(sign.spki, 'sign', { by: stranger });
    const body = writeCertificateResponses([{ requestId: 0, status: { status: 'accepted' }, certificate }], roots);
    const { course } = await issueWith({ body: { type: 'ip', body }, extraCerts: roots }, {});
    expect(course).toMatchObject({ state: 'FAILED', refusal: { word: 'not-as-asked', flaw: 'certificate-untrusted' } });
  });

  it('a MAC says nothing to a request that was signed', async () => {
    const { certificate, key } = base.chain.holder;
    const partner = desk.authority.partner;
    const input = { partner, certificate, sign: signerOf(key), pairs: [{ old: certificate, key: sign }], vid: null };
    desk.authority.twists = [{ protector: base.codeProtector() }];
    const { report } = await desk.run(signerOf(key)).start(await prepareRenewal(input, desk.ports));
    expect(report).toEqual({ kind: 'no-answer', disbelief: 'protection' });
  });
});

describe('[F28] a certificate that was not asked for is rejected, and nothing is saved', () => {
  const responses =
    (twist: IssueTwist, use: 'sign' | 'km' = 'sign'): NonNullable<Twist['responses']> =>
    async () => [{ requestId: 0, status: { status: 'accepted' }, certificate: (await base.issue(sign.spki, use, twist)).der }];

  it.each([
    ['for another key', 'key', () => ({ spki: km.spki }), 'sign'],
    ['for a key that signs, with the use of the other', 'usage', () => ({}), 'km'],
    ['without any use', 'usage', () => ({ extensions: [] }), 'sign'],
    ['of an authority', 'authority', () => ({ extensions: [keyUsage('digitalSignature', 'keyCertSign'), basicConstraints(0)] }), 'sign'],
    ['from somebody else', 'untrusted', () => ({ by: stranger }), 'sign'],
    ['from the root itself', 'untrusted', () => ({ by: byRoot() }), 'sign'],
    [
      'with something critical that nobody knows',
      'untrusted',
      () => ({ extensions: [keyUsage('digitalSignature'), policies(BANK_POLICY, ...NOTICE), strangeExtension(true)] }),
      'sign',
    ],
    ['that begins in six minutes', 'not-valid', () => ({ notBefore: NOW + 6 * 60_000 }), 'sign'],
    ['that has ended', 'not-valid', () => ({ notAfter: NOW - 6 * 60_000 }), 'sign'],
    ['that ends within a day', 'ends-soon', () => ({ notAfter: NOW + DAY - 1000 }), 'sign'],
  ] as [string, CertificateFlaw, () => IssueTwist, 'sign' | 'km'][])('%s (%s)', async (_, flaw, twist, use) => {
    const { course } = await issueWith({ responses: responses(twist(), use) }, {});
    expect(course).toMatchObject({ state: 'FAILED', refusal: { word: 'not-as-asked', flaw: `certificate-${flaw}` } });
    expect(desk.events).toEqual(['keep PREPARED', 'keep SENT', 'post ir', 'keep FAILED', 'post certConf']);
    expect(desk.authority.confirmations[0]).toMatchObject([{ requestId: 0, status: { status: 'rejection' } }]);
  });

  it.each([
    ['begins in four minutes', { notBefore: NOW + 4 * 60_000 }],
    ['ends in a day and a minute', { notAfter: NOW + DAY + 60_000 }],
  ])('one that %s is taken', async (_, twist) => {
    expect((await issueWith({ responses: responses(twist) })).course.state).toBe('CONFIRMED');
  });

  it('one that ends within a day is taken at a reissue, with a warning', async () => {
    desk.authority.twists = [{ responses: responses({ notAfter: NOW + DAY - 1000 }) }];
    const { course } = await desk.run().start(await desk.prepareIssue([sign], 'reissue'));
    expect(course).toMatchObject({ state: 'CONFIRMED', certificates: [{ warnings: ['ends-soon'] }] });
  });

  it('octets that are no certificate', async () => {
    const certificate = der.sequence(der.integer(1));
    const { course } = await issueWith({ responses: () => Promise.resolve([{ requestId: 0, status: { status: 'accepted' }, certificate }]) }, {});
    expect(course).toMatchObject({ state: 'FAILED', refusal: { flaw: 'certificate-form' } });
  });

  it.each([
    ['under another name', () => ({})],
    // C=KR as UTF8String: people read the same, and compare octets.
    ['under the same name in another form', () => ({ subject: inAnotherForm(base.chain.holder.certificate.subject.der) })],
  ] as [string, () => IssueTwist][])('a renewal %s', async (_, twist) => {
    const { certificate, key } = base.chain.holder;
    const partner = desk.authority.partner;
    const input = { partner, certificate, sign: signerOf(key), pairs: [{ old: certificate, key: sign }], vid: null };
    desk.authority.twists = [{ responses: responses(twist()) }, {}];
    const { course } = await desk.run(signerOf(key)).start(await prepareRenewal(input, desk.ports));
    expect(course).toMatchObject({ state: 'FAILED', refusal: { flaw: 'certificate-holder' } });
    expect(desk.authority.confirmations[0]).toMatchObject([{ status: { status: 'rejection' } }]);
  });
});

describe('[F28] two requests are answered whole, or not at all', () => {
  const two = async (responses: (right: readonly CertificateResponseFields[]) => readonly CertificateResponseFields[]): Promise<Course> => {
    desk.authority.twists = [{ responses: (right) => Promise.resolve(responses(right)) }, {}];
    return (await desk.run().start(await desk.prepareIssue([sign, km]))).course;
  };
  const flaw = (course: Course): string | null | undefined => (course.state === 'FAILED' ? course.refusal.flaw : course.state);

  it.each([
    ['one of two', 'request-ids', ([first]: readonly CertificateResponseFields[]) => [first!]],
    ['one twice', 'request-ids', ([first]: readonly CertificateResponseFields[]) => [first!, first!]],
    ['a third', 'request-ids', (right: readonly CertificateResponseFields[]) => [...right, { ...right[0]!, requestId: 2 }]],
    [
      'one without its certificate',
      'certificate-missing',
      ([first, second]: readonly CertificateResponseFields[]) => [first!, { requestId: second!.requestId, status: second!.status }],
    ],
    [
      'one still waiting',
      'status',
      ([first, second]: readonly CertificateResponseFields[]) => [first!, { requestId: second!.requestId, status: { status: 'waiting' as const } }],
    ],
  ] as [string, string, (right: readonly CertificateResponseFields[]) => readonly CertificateResponseFields[]][])(
    '%s is a fault, and the authority is told',
    async (_, expected, twist) => {
      desk.authority.twists = [];
      expect(flaw(await two(twist))).toBe(expected);
      const last = desk.authority.requests.at(-1)!;
      expect(last.body.type).toBe('error');
      expect(readErrorMessage(last.body.content)).toMatchObject({ status: 'rejection' });
      expect(desk.events).not.toContain('save');
    },
  );

  it('swapped certificates are rejected, both', async () => {
    const course = await two(([first, second]) => [
      { ...first!, certificate: second!.certificate! },
      { ...second!, certificate: first!.certificate! },
    ]);
    expect(flaw(course)).toBe('certificate-key');
    expect(desk.authority.confirmations[0]!.map(({ status }) => status?.status)).toEqual(['rejection', 'rejection']);
  });

  it('one granted beside one refused is given back', async () => {
    const course = await two(([first, second]) => [
      first!,
      { requestId: second!.requestId, status: { status: 'rejection', failures: ['badCertTemplate'] } },
    ]);
    expect(course).toMatchObject({ state: 'FAILED', refusal: { word: 'mismatch' } });
    expect(desk.authority.confirmations[0]!.map(({ requestId, status }) => [requestId, status?.status])).toEqual([[0, 'rejection']]);
  });
});

describe('an authority that does not keep to the protocol', () => {
  it.each([
    ['another kind of answer', { type: 'kup', body: der.sequence() }, 'body'],
    ['a poll that nobody made', { type: 'pollRep', body: writePollAnswer([{ requestId: 0, checkAfter: 1 }]) }, 'body'],
    ['an answer that does not read', { type: 'ip', body: der.sequence(der.integer(1)) }, 'form'],
    ['an answer of nothing', { type: 'ip', body: der.sequence(der.sequence()) }, 'form'],
    ['a status of its own', { type: 'error', body: der.sequence(der.sequence(der.integer(7))) }, 'form'],
  ] as [string, NonNullable<Twist['body']>, string][])('%s', async (_, body, flaw) => {
    const { course } = await issueWith({ body }, {});
    expect(course).toMatchObject({ state: 'FAILED', refusal: { word: 'not-as-asked', flaw } });
    expect(desk.authority.requests.at(-1)!.body.type).toBe('error');
  });
});

describe('the virtual identifier of a new certificate', () => {
  const certificate = async (vid: Bytes | null): Promise<Twist> => {
    const extensions = [keyUsage('digitalSignature'), policies(BANK_POLICY, ...NOTICE), identifyData('홍길동', vid)];
    const { der: issued } = await base.issue(sign.spki, 'sign', { extensions });
    return { responses: () => Promise.resolve([{ requestId: 0, status: { status: 'accepted' }, certificate: issued }]) };
  };

  it.each([
    ['as it should be', true, 'own', []],
    ['missing', true, null, ['vid-missing']],
    ['of somebody else', true, 'other', ['vid-differs']],
    ['of a number that is not known here', false, 'other', []],
  ] as const)('%s', async (_, known, found, warnings) => {
    desk = new TestDesk(base.again({ vid: 'required' }));
    const vid = await virtualId('SHA-256', DUMMY_NUMBER, sign.random!);
    const shown = found === null ? null : found === 'own' ? vid : vid.toReversed();
    desk.authority.twists = [await certificate(Uint8Array.from(shown ?? []).length === 0 ? null : Uint8Array.from(shown!))];
    const prepared = await desk.prepareIssue([sign]);
    const asked = prepared.asked.map((one) => ({ ...one, vid: known ? vid : null }));
    const { course } = await desk.run().start({ ...prepared, asked });
    expect(course).toMatchObject({ state: 'CONFIRMED', certificates: [{ warnings }] });
  });
});

describe('the certificate that a virtual identifier is encrypted to', () => {
  const credential = readCode(REFERENCE, CODE, { stripHyphens: true });
  const ask = (twist: Twist) => {
    desk.authority.twists = [twist];
    return askEncryptionCertificate(desk.authority.partner, credential, desk.ports);
  };
  const genp = (...infos: readonly Bytes[]): Twist => ({ body: { type: 'genp', body: der.sequence(...infos) } });

  it('is taken where the authority issued it for encryption', async () => {
    const certificate = await base.issue(km.spki, 'km');
    expect((await ask(genp(writeInfo(CMP_OID.caProtEncCert, certificate.der)))).der).toEqual(certificate.der);
    expect(desk.authority.requests[0]!.body.type).toBe('genm');
  });

  it.each([
    ['for signing', async () => genp(writeInfo(CMP_OID.caProtEncCert, (await base.issue(km.spki, 'sign')).der)), 'ca.refused'],
    ['of somebody else', async () => genp(writeInfo(CMP_OID.caProtEncCert, (await base.issue(km.spki, 'km', { by: stranger })).der)), 'ca.refused'],
    [
      'that has ended',
      async () => genp(writeInfo(CMP_OID.caProtEncCert, (await base.issue(km.spki, 'km', { notAfter: NOW - DAY })).der)),
      'ca.refused',
    ],
    ['that is none', () => genp(writeInfo(CMP_OID.caProtEncCert, der.integer(1))), 'ca.refused'],
    ['that is missing', () => genp(writeInfo(CMP_OID.caProtEncCert)), 'ca.refused'],
    ['nobody spoke of', () => genp(writeInfo('1.2.3')), 'ca.refused'],
    ['refused', () => ({ body: { type: 'error', body: REFUSED } }), 'ca.refused'],
    ['without protection', () => ({ ...genp(writeInfo('1.2.3')), protector: null }), 'ca.unreachable'],
    ['that never came', () => ({ ...genp(writeInfo('1.2.3')), answer: () => null }), 'ca.unreachable'],
  ] as [string, () => Twist | Promise<Twist>, string][])('%s: no', async (_, twist, code) => {
    const made = await twist();
    expect(await codeOf(() => ask(made))).toBe(code);
  });
});

describe('randomness', () => {
  it('every transaction, nonce and salt is new', async () => {
    await issueWith();
    await issueWith();
    const headers = desk.authority.requests.map(({ header }) => header);
    expect(new Set(headers.map(({ senderNonce }) => senderNonce!.join())).size).toBe(4);
    expect(new Set(headers.map(({ protection }) => protection!.parameters!.raw.join())).size).toBe(4);
    expect(new Set(headers.map(({ transactionId }) => transactionId!.join())).size).toBe(2);
    expect(random(16)).toHaveLength(16);
  });
});
