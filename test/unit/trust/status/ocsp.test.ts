import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { extendedKeyUsage, keyUsage, basicConstraints, policies } from '../../../../demo/extensions.ts';
import { writeExtension } from '../../../../demo/x509.ts';
import * as der from '../../../../lib/asn1/writer.ts';
import type { Bytes } from '../../../../lib/bytes/bytes.ts';
import { toHex } from '../../../../lib/bytes/hex.ts';
import { WalletError } from '../../../../lib/errors.ts';
import { readCertificate } from '../../../../lib/npki/certificate.ts';
import { OID } from '../../../../lib/npki/oids.ts';
import { checkOcspAnswer, timeOfAnswer } from '../../../../lib/trust/status/check-ocsp.ts';
import { STATUS_LIMITS } from '../../../../lib/trust/status/limits.ts';
import { certIdOf, writeOcspRequest, type CertId } from '../../../../lib/trust/status/ocsp-request.ts';
import { readOcspAnswer } from '../../../../lib/trust/status/read-ocsp.ts';
import type { CertificateState } from '../../../../lib/trust/status/state.ts';
import { HOUR, STATUS, writeAnswer, writeRefusal, writeSingle, type AnswerFields, type SingleFields } from '../../../support/status-messages.ts';
import { DAY, holderExtensions, issue, makeChain, makeKeys, NOW, type Issued, type TestChain } from '../../../support/test-authority.ts';

const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
const NONCE = Uint8Array.from({ length: 32 }, (_, at) => at + 1);
const STRANGE = '1.2.410.200004.99.1';

let chain: TestChain;
let responder: Issued;
let keys: CryptoKeyPair;
let certId: CertId;

const RESPONDER = [keyUsage('digitalSignature'), extendedKeyUsage(OCSP_SIGNING), policies(OID.anyPolicy, '시험용 인증서', 'http://test.invalid/')];

beforeAll(async () => {
  chain = await makeChain();
  keys = await makeKeys();
  responder = await issue({ name: 'Responder', keys, issuer: chain.authority, serial: 9, extensions: RESPONDER });
  certId = await certIdOf(chain.holder.certificate, chain.authority.certificate);
});

async function stateOf(bytes: Bytes, appointing: readonly Issued[] = []): Promise<CertificateState> {
  const authority = { issuer: chain.authority.certificate, appointing: appointing.map(({ certificate }) => certificate) };
  return checkOcspAnswer(bytes, { certId, nonce: NONCE, authority, now: NOW });
}

/** Good or revoked, or why neither. */
function inShort(state: CertificateState): string {
  return state.state === 'unknown' ? state.why : state.state;
}

interface Case {
  readonly single?: Partial<SingleFields>;
  readonly more?: readonly Bytes[];
  readonly answer?: Partial<AnswerFields>;
}

async function answerOf({ single = {}, more = [], answer = {} }: Case): Promise<Bytes> {
  return writeAnswer({ singles: [writeSingle({ certId, ...single }), ...more], signer: responder, nonce: NONCE, ...answer });
}

describe('an OCSP request', () => {
  it('asks for one certificate by SHA-1 of its issuer, with the serial as it stands, and brings a nonce', () => {
    const id = { nameHash: new Uint8Array(20).fill(0xaa), keyHash: new Uint8Array(20).fill(0xbb), serial: Uint8Array.of(0, 0x80) };
    const expected = [
      '3078 3076 303f 303d 303b 3009 06052b0e03021a 0500', // SHA-1
      `0414${'aa'.repeat(20)} 0414${'bb'.repeat(20)} 02020080`,
      `a233 3031 302f 06092b0601050507300102 0422 0420${toHex(NONCE)}`,
    ];
    expect(toHex(writeOcspRequest(id, NONCE))).toBe(expected.join('').replaceAll(' ', ''));
  });
});

describe('an OCSP answer that holds', () => {
  it('of a delegate says good, until when, and that it was made for the question', async () => {
    expect(await stateOf(await answerOf({}))).toEqual({ state: 'good', thisUpdate: NOW - HOUR, nextUpdate: NOW + HOUR, reused: false });
  });

  it.each([
    ['of a delegate named by its key', { by: 'key' }],
    ['of a delegate whose certificate comes after others', { certificates: 'holder first' }],
  ] as const)('%s counts', async (_what, given) => {
    const answer = 'by' in given ? { by: given.by } : { certificates: [chain.holder.certificate, responder.certificate] };
    expect(inShort(await stateOf(await answerOf({ answer })))).toBe('good');
  });

  it.each(['name', 'key'] as const)('of the authority itself counts without any certificate, named by its %s', async (by) => {
    expect(inShort(await stateOf(await answerOf({ answer: { signer: chain.authority, certificates: [], by } })))).toBe('good');
  });

  it.each([
    [0, 'unspecified'],
    [1, 'keyCompromise'],
    [4, 'superseded'],
    [6, 'certificateHold'],
    [9, 'privilegeWithdrawn'],
    [7, null],
    [99, null],
    [null, null],
  ])('says revoked, when, and why (%s: %s)', async (code, reason) => {
    const state = await stateOf(await answerOf({ single: { status: STATUS.revoked(code) } }));
    expect(state).toEqual({ state: 'revoked', at: NOW - 48 * HOUR, reason, thisUpdate: NOW - HOUR, nextUpdate: NOW + HOUR });
  });

  it('speaks of other certificates beside ours', async () => {
    const other = writeSingle({ certId: { ...certId, serial: Uint8Array.of(8) }, status: STATUS.revoked(1) });
    expect(inShort(await stateOf(await answerOf({ more: [other] })))).toBe('good');
  });

  it('without a nonce counts for a day, and says that others may have got it', async () => {
    const single = { thisUpdate: NOW - DAY, nextUpdate: NOW + DAY };
    expect(await stateOf(await answerOf({ single, answer: { nonce: null } }))).toMatchObject({ state: 'good', reused: true });
  });

  it('may be five minutes ahead of our clock', async () => {
    const ahead = NOW + 5 * 60_000;
    expect(inShort(await stateOf(await answerOf({ single: { thisUpdate: ahead }, answer: { producedAt: ahead } })))).toBe('good');
  });
});

const critical = writeExtension(STRANGE, true, der.nullValue());
const plain = writeExtension(STRANGE, false, der.nullValue());

describe('[F28] an OCSP answer that must not be believed', () => {
  const traps: readonly (readonly [string, () => Case | Promise<Case>, string])[] = [
    ['says that it does not know the certificate', () => ({ single: { status: STATUS.unknown } }), 'not-known'],
    ['ended three days ago', () => ({ single: { thisUpdate: NOW - 4 * DAY, nextUpdate: NOW - 3 * DAY } }), 'stale'],
    ['ended a second ago', () => ({ single: { nextUpdate: NOW - 1000 } }), 'stale'],
    ['ends before it begins', () => ({ single: { thisUpdate: NOW + 120_000, nextUpdate: NOW + 60_000 } }), 'stale'],
    ['names no end and is older than a day', () => ({ single: { thisUpdate: NOW - DAY - 1000, nextUpdate: null } }), 'stale'],
    ['has no nonce and is older than a day', () => ({ single: { thisUpdate: NOW - DAY - 1000 }, answer: { nonce: null } }), 'stale'],
    ['is of tomorrow', () => ({ single: { thisUpdate: NOW + DAY, nextUpdate: NOW + 2 * DAY } }), 'future'],
    ['was made tomorrow', () => ({ answer: { producedAt: NOW + DAY } }), 'future'],
    ['repeats another nonce', () => ({ answer: { nonce: NONCE.map((octet) => octet ^ 1) } }), 'nonce'],
    ['repeats a part of the nonce', () => ({ answer: { nonce: NONCE.slice(0, 16) } }), 'nonce'],
    ['is of another serial', () => ({ single: { certId: { ...certId, serial: Uint8Array.of(8) } } }), 'other-certificate'],
    ['is of the same serial with a leading zero', () => ({ single: { certId: { ...certId, serial: Uint8Array.of(0, 0x87) } } }), 'other-certificate'],
    ['is of another issuer', () => ({ single: { certId: { ...certId, nameHash: new Uint8Array(20) } } }), 'other-certificate'],
    ['is of another key of the issuer', () => ({ single: { certId: { ...certId, keyHash: new Uint8Array(20) } } }), 'other-certificate'],
    ['calls the same octets by another hash', () => ({ single: { hash: OID.sha256 } }), 'other-certificate'],
    ['speaks of the certificate twice', () => ({ more: [writeSingle({ certId, status: STATUS.revoked(1) })] }), 'other-certificate'],
    ['has a spoilt signature', () => ({ answer: { spoilt: true } }), 'untrusted'],
    ['is signed by the holder himself', () => ({ answer: { signer: chain.holder } }), 'untrusted'],
    ['is signed by the root above', () => ({ answer: { signer: chain.root } }), 'untrusted'],
    ['does not bring the certificate of its signer', () => ({ answer: { certificates: [] } }), 'untrusted'],
    ['is signed with SHA-1', () => ({ answer: { algorithm: der.sequence(der.objectIdentifier(OID.sha1WithRsa), der.nullValue()) } }), 'untrusted'],
    ['has a critical extension that nobody knows', () => ({ answer: { extensions: [critical] } }), 'critical'],
    ['has such a one beside the certificate', () => ({ single: { extensions: [critical] } }), 'critical'],
    ['has an extension that may be passed over', () => ({ single: { extensions: [plain] }, answer: { extensions: [plain] } }), 'good'],
    ['is of another type', () => ({ answer: { type: STRANGE } }), 'malformed'],
    [
      'brings more certificates than may come along',
      () => ({ answer: { certificates: Array.from({ length: 5 }, () => responder.certificate) } }),
      'malformed',
    ],
    [
      'brings more answers than may come along',
      () => ({ more: Array.from({ length: 16 }, (_, at) => writeSingle({ certId: { ...certId, serial: Uint8Array.of(at + 20) } })) }),
      'malformed',
    ],
    ['has an extension twice', () => ({ answer: { extensions: [plain, plain] } }), 'malformed'],
    [
      'has a reason that is no number',
      () => ({ single: { status: der.context(1, der.generalizedTime(NOW), der.context(0, der.integer(1))) } }),
      'malformed',
    ],
    ['has a status that is none', () => ({ single: { status: der.element(0x83) } }), 'malformed'],
    ['has a status good with something in it', () => ({ single: { status: der.element(0x80, Uint8Array.of(1)) } }), 'malformed'],
  ];
  it.each(traps)('%s', async (_what, make, expected) => {
    expect(inShort(await stateOf(await answerOf(await make())))).toBe(expected);
  });

  it.each([
    [1, 'refused'],
    [2, 'refused'],
    [3, 'try-later'],
    [5, 'refused'],
    [6, 'refused'],
    [0, 'malformed'],
  ])('has the status %i without an answer: %s', async (code, expected) => {
    expect(inShort(await stateOf(writeRefusal(code)))).toBe(expected);
  });

  const delegates: readonly (readonly [string, Partial<Parameters<typeof issue>[0]>, string])[] = [
    ['by one without the mark for it', { extensions: holderExtensions() }, 'untrusted'],
    ['by one with another mark', { extensions: [keyUsage('digitalSignature'), extendedKeyUsage('1.3.6.1.5.5.7.3.2')] }, 'untrusted'],
    ['by one that may only encrypt', { extensions: [keyUsage('keyEncipherment'), extendedKeyUsage(OCSP_SIGNING)] }, 'untrusted'],
    ['by one that is an authority', { extensions: [basicConstraints(0), keyUsage('digitalSignature'), extendedKeyUsage(OCSP_SIGNING)] }, 'untrusted'],
    ['by one whose time is over', { notAfter: NOW - DAY }, 'untrusted'],
    ['by one whose time has not come', { notBefore: NOW + DAY }, 'untrusted'],
    ['by one with a critical extension that nobody knows', { extensions: [...RESPONDER, critical] }, 'untrusted'],
    ['by one that says so itself', { issuer: undefined as never }, 'untrusted'],
  ];
  it.each(delegates)('is signed %s', async (_what, changed, expected) => {
    const { issuer, ...fields } = { issuer: chain.authority, extensions: RESPONDER, ...changed };
    const signer = await issue({
      name: 'Responder',
      keys,
      serial: 10,
      ...fields,
      ...((issuer as Issued | undefined) === undefined ? {} : { issuer }),
    });
    expect(inShort(await stateOf(await answerOf({ answer: { signer } })))).toBe(expected);
  });
});

describe('a responder that the root certified, as in Korea', () => {
  it('counts where the root is said to appoint responders, and nowhere else', async () => {
    const signer = await issue({ name: 'Root Responder', keys, issuer: chain.root, serial: 11, extensions: RESPONDER });
    const bytes = await answerOf({ answer: { signer } });
    expect(inShort(await stateOf(bytes))).toBe('untrusted');
    expect(inShort(await stateOf(bytes, [chain.root]))).toBe('good');
    expect(inShort(await stateOf(bytes, [chain.holder]))).toBe('untrusted');
  });

  it('counts for its own organization alone: another authority below the same root does not answer', async () => {
    const signer = await issue({ name: 'Root Responder', keys, issuer: chain.root, serial: 12, extensions: RESPONDER });
    const authority = {
      issuer: { ...chain.authority.certificate, subject: readCertificate(fixture('yessignCA-Class3')).subject },
      appointing: [chain.root.certificate],
    };
    const bytes = await answerOf({ answer: { signer } });
    expect(inShort(await checkOcspAnswer(bytes, { certId, nonce: NONCE, authority, now: NOW }))).toBe('untrusted');
  });

  it('is what a genuine Korean responder looks like: marked, critical, below the root', () => {
    const { extendedKeyUsage: uses, issuer } = readCertificate(fixture('SignGATEOCSP05'));
    expect(uses).toEqual([OCSP_SIGNING]);
    expect(issuer.attributes.at(-1)?.value).toBe('KISA RootCA 4');
  });
});

function fixture(name: string): Bytes {
  return new Uint8Array(readFileSync(new URL(`../../../fixtures/ca-certs/${name}.der`, import.meta.url)));
}

describe('octets that are no answer', () => {
  it('are refused before they are read where they are too many', () => {
    expect(() => readOcspAnswer(new Uint8Array(STATUS_LIMITS.ocspBytes + 1))).toThrow(expect.objectContaining({ code: 'file.too-large' }) as Error);
  });

  it('are read, or refused with a code, whatever is spoilt; and never believed', async () => {
    const good = await answerOf({});
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const spoilt = good.slice();
        spoilt[at] = (spoilt[at] ?? 0) ^ change;
        try {
          readOcspAnswer(spoilt);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(WalletError);
        }
        // What is outside the signed part and the signature may change without harm: the certificates beside it.
        const state = await stateOf(spoilt);
        if (state.state !== 'unknown') expect(state).toEqual({ state: 'good', thisUpdate: NOW - HOUR, nextUpdate: NOW + HOUR, reused: false });
      }),
      { numRuns: 300 },
    );
  });

  it('are refused with a code where they are cut, or arbitrary', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => readOcspAnswer(new Uint8Array(bytes))).toThrow(WalletError);
      }),
    );
  });
});

describe('the time of an answer', () => {
  it.each<[string, Case, number | null]>([
    ['what its maker put there, whatever our own clock shows', {}, NOW],
    ['none where it repeats no nonce, for it may be an old one', { answer: { nonce: null } }, null],
    ['none where it repeats another one', { answer: { nonce: new Uint8Array(32) } }, null],
  ])('is %s', async (_, change, expected) => {
    const authority = { issuer: chain.authority.certificate, appointing: [] };
    const bytes = await answerOf(change);
    const told = [NOW, NOW + 3650 * DAY].map((now) => timeOfAnswer(bytes, { certId, nonce: NONCE, authority, now }));
    expect(await Promise.all(told)).toEqual([expected, expected]);
  });

  it('is none where somebody else signed it', async () => {
    const stranger = await issue({ name: 'Responder', keys, issuer: chain.holder, serial: 9, extensions: RESPONDER });
    const authority = { issuer: chain.authority.certificate, appointing: [] };
    const bytes = await answerOf({ answer: { signer: stranger } });
    expect(await timeOfAnswer(bytes, { certId, nonce: NONCE, authority, now: NOW })).toBeNull();
    expect(await timeOfAnswer(Uint8Array.of(0x30, 0), { certId, nonce: NONCE, authority, now: NOW })).toBeNull();
  });
});
