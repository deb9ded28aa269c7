import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { authorityKeyId, basicConstraints, crlDistributionPoints, keyUsage } from '../../../../demo/extensions.ts';
import { writeExtension } from '../../../../demo/x509.ts';
import { TAG } from '../../../../lib/asn1/tags.ts';
import * as der from '../../../../lib/asn1/writer.ts';
import type { Bytes } from '../../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../../lib/bytes/text.ts';
import { WalletError } from '../../../../lib/errors.ts';
import type { Certificate } from '../../../../lib/npki/certificate.ts';
import { OID } from '../../../../lib/npki/oids.ts';
import { statusAddresses } from '../../../../lib/trust/status/addresses.ts';
import { checkRevocationList, type ListAnswer, type ListQuestion } from '../../../../lib/trust/status/check-list.ts';
import { STATUS_LIMITS } from '../../../../lib/trust/status/limits.ts';
import { readRevocationList } from '../../../../lib/trust/status/read-list.ts';
import type { CertificateState } from '../../../../lib/trust/status/state.ts';
import { fullName, HOUR, issuingPoint, writeEntry, writeList, type ListFields } from '../../../support/status-messages.ts';
import { DAY, holderExtensions, issue, makeChain, makeKeys, NOW, type Issued, type TestChain } from '../../../support/test-authority.ts';

const POINT = 'http://crl.example.invalid/dp1p2.crl';
const STRANGE = '1.2.410.200004.99.1';
const SET = Uint8Array.of(0xff);

let chain: TestChain;
/** 홍길동's, which names a part of the authority's list. */
let parted: Issued;

beforeAll(async () => {
  chain = await makeChain();
  const extensions = [...holderExtensions(), crlDistributionPoints(POINT)];
  parted = await issue({ name: '홍길동()0099', keys: chain.holderKeys, issuer: chain.authority, serial: 7, extensions });
});

function inShort(state: CertificateState): string {
  return state.state === 'unknown' ? state.why : state.state;
}

async function answerTo(bytes: Bytes, question: Partial<ListQuestion> = {}): Promise<ListAnswer> {
  const { holder, authority } = chain;
  return checkRevocationList(bytes, { certificate: holder.certificate, issuer: authority.certificate, now: NOW, seen: null, ...question });
}

async function said(fields: Partial<ListFields>, question: Partial<ListQuestion> = {}): Promise<string> {
  return inShort((await answerTo(await writeList({ signer: chain.authority, ...fields }), question)).state);
}

const SEVEN = Uint8Array.of(7);
const others = (count: number): Bytes[] => Array.from({ length: count }, (_, at) => writeEntry({ serial: Uint8Array.of(1, at >> 8, at & 0xff, 1) }));

describe('a revocation list that holds', () => {
  it('says good where the certificate is not in it, and its number', async () => {
    const answer = await answerTo(await writeList({ signer: chain.authority, entries: others(3), number: 300 }));
    expect(answer).toEqual({
      state: { state: 'good', thisUpdate: NOW - HOUR, nextUpdate: NOW + 23 * HOUR, reused: false },
      number: Uint8Array.of(1, 44),
    });
  });

  it('says revoked, when, and why', async () => {
    const entries = [...others(3), writeEntry({ serial: SEVEN, reason: 6 }), ...others(2)];
    expect((await answerTo(await writeList({ signer: chain.authority, entries }))).state).toEqual({
      state: 'revoked',
      at: NOW - 48 * HOUR,
      reason: 'certificateHold',
      thisUpdate: NOW - HOUR,
      nextUpdate: NOW + 23 * HOUR,
    });
  });

  it.each([
    ['empty', {}, 'good'],
    ['with an entry of no reason', { entries: [writeEntry({ serial: SEVEN, reason: null })] }, 'revoked'],
    ['with the serial as another number of octets', { entries: [writeEntry({ serial: Uint8Array.of(0, 0x87) })] }, 'good'],
    ['for users alone', { extensions: [issuingPoint(der.element(0x81, SET))] }, 'good'],
    ['with an extension that may be passed over', { extensions: [writeExtension(STRANGE, false, der.nullValue())] }, 'good'],
    [
      'with a date beside an entry',
      { entries: [writeEntry({ serial: SEVEN, extensions: [writeExtension('2.5.29.24', true, der.generalizedTime(NOW))] })] },
      'revoked',
    ],
  ] as [string, Partial<ListFields>, string][])('%s: %s', async (_what, fields, expected) => {
    expect(await said(fields)).toBe(expected);
  });

  it('is read when it is the part that the certificate names', async () => {
    const { certificate } = parted;
    const extensions = [issuingPoint(der.context(0, fullName(POINT)))];
    expect(await said({ extensions }, { certificate })).toBe('good');
    expect(await said({ extensions, entries: [writeEntry({ serial: SEVEN })] }, { certificate })).toBe('revoked');
    expect(await said({}, { certificate })).toBe('good'); // a whole list covers all parts
  });

  it('may be as old as the newest seen, and newer', async () => {
    expect(await said({ number: 5 }, { seen: Uint8Array.of(5) })).toBe('good');
    expect(await said({ number: 256 }, { seen: Uint8Array.of(255) })).toBe('good');
  });
});

describe('[F28] a revocation list that must not be believed', () => {
  const critical = writeExtension(STRANGE, true, der.nullValue());
  const partial = (address: string): Bytes => issuingPoint(der.context(0, fullName(address)));
  const sha512 = der.sequence(der.objectIdentifier(OID.sha512WithRsa), der.nullValue());

  it.each([
    ['is over', () => ({ thisUpdate: NOW - 3 * DAY, nextUpdate: NOW - 2 * DAY }), 'stale'],
    ['is of tomorrow', () => ({ thisUpdate: NOW + DAY, nextUpdate: NOW + 2 * DAY }), 'future'],
    ['does not say when the next one comes', () => ({ nextUpdate: null }), 'malformed'],
    ['is for authorities alone', () => ({ extensions: [issuingPoint(der.element(0x82, SET))] }), 'scope'],
    ['has some reasons alone', () => ({ extensions: [issuingPoint(der.element(0x83, Uint8Array.of(1, 0x40)))] }), 'scope'],
    ['is for certificates of others, too', () => ({ extensions: [issuingPoint(der.element(0x84, SET))] }), 'scope'],
    ['is for attributes alone', () => ({ extensions: [issuingPoint(der.element(0x85, SET))] }), 'scope'],
    ['is a part that the certificate does not name', () => ({ extensions: [partial(POINT)] }), 'scope'],
    ['has a scope nobody knows', () => ({ extensions: [issuingPoint(der.element(0x86, SET))] }), 'malformed'],
    ['says only what changed', () => ({ extensions: [writeExtension('2.5.29.27', true, der.integer(4))] }), 'critical'],
    ['says so without calling it critical', () => ({ extensions: [writeExtension('2.5.29.27', false, der.integer(4))] }), 'critical'],
    ['has a critical extension that nobody knows', () => ({ extensions: [critical] }), 'critical'],
    [
      'has one in an entry, though of another certificate',
      () => ({ entries: [writeEntry({ serial: Uint8Array.of(1), extensions: [critical] })] }),
      'critical',
    ],
    ['lists the serial twice', () => ({ entries: [writeEntry({ serial: SEVEN }), writeEntry({ serial: SEVEN, reason: 6 })] }), 'malformed'],
    ['takes the serial out', () => ({ entries: [writeEntry({ serial: SEVEN, reason: 8 })] }), 'malformed'],
    ['is signed by the root above', () => ({ signer: chain.root }), 'untrusted'],
    ['is signed by another in its name', () => ({ signer: chain.holder, issuer: chain.authority.certificate.subject.der }), 'untrusted'],
    ['has another name', () => ({ issuer: chain.root.certificate.subject.der }), 'untrusted'],
    ['has a spoilt signature', () => ({ spoilt: true }), 'untrusted'],
    ['is of another key of the authority', () => ({ extensions: [authorityKeyId(new Uint8Array(20), new Uint8Array(), SEVEN)] }), 'untrusted'],
    ['names two algorithms', () => ({ innerAlgorithm: sha512 }), 'malformed'],
    ['is of another version', () => ({ version: 0 }), 'malformed'],
    ['has an entry without a date', () => ({ entries: [der.sequence(der.integer(1))] }), 'malformed'],
    ['has our entry with a date that is none', () => ({ entries: [der.sequence(der.integer(7), der.element(TAG.UTC_TIME))] }), 'malformed'],
    ['has something that is no entry', () => ({ entries: [der.integer(1)] }), 'malformed'],
  ] as [string, () => Partial<ListFields>, string][])('%s', async (_what, make, expected) => {
    expect(await said(make())).toBe(expected);
  });

  it.each([
    [5, 6],
    [255, 256],
    [null, 1],
  ])('has the number %s after %i', async (number, seen) => {
    expect(await said({ number }, { seen: seen < 256 ? Uint8Array.of(seen) : Uint8Array.of(1, 0) })).toBe('older');
  });

  it('is of an authority that may not sign lists, or of another key of its name', async () => {
    const keys = await makeKeys();
    const cannot = await issue({ name: 'Test Authority', keys, issuer: chain.root, extensions: [keyUsage('keyCertSign'), basicConstraints(0)] });
    expect(await said({ signer: cannot }, { issuer: cannot.certificate })).toBe('untrusted');
    const renewed = await issue({
      name: 'Test Authority',
      keys,
      issuer: chain.root,
      extensions: [keyUsage('keyCertSign', 'cRLSign'), basicConstraints(0)],
    });
    expect(await said({ signer: renewed })).toBe('untrusted');
  });

  it('says nothing of a certificate that has ended: lists leave those out', async () => {
    const certificate: Certificate = { ...chain.holder.certificate, notAfter: NOW - DAY };
    expect(await said({}, { certificate })).toBe('expired');
    expect(await said({ entries: [writeEntry({ serial: SEVEN })] }, { certificate })).toBe('revoked');
  });
});

describe('[F27] a list of a hundred thousand entries', () => {
  let long: Bytes;
  beforeAll(async () => {
    const entries = Array.from({ length: 100_000 }, (_, at) => writeEntry({ serial: Uint8Array.of(2, at >> 16, (at >> 8) & 0xff, at & 0xff) }));
    long = await writeList({ signer: chain.authority, entries });
  });

  it('is walked to its last entry', async () => {
    const last = Uint8Array.of(2, 99_999 >> 16, (99_999 >> 8) & 0xff, 99_999 & 0xff);
    expect(inShort((await answerTo(long)).state)).toBe('good');
    const certificate: Certificate = { ...chain.holder.certificate, serial: last };
    expect(inShort((await answerTo(long, { certificate })).state)).toBe('revoked');
  });

  it('is refused before it is read where it passes the bound', () => {
    expect(() => readRevocationList(new Uint8Array(STATUS_LIMITS.listBytes + 1))).toThrow(
      expect.objectContaining({ code: 'file.too-large' }) as Error,
    );
  });
});

describe('octets that are no list', () => {
  it('are read, or refused with a code, whatever is spoilt; and nobody is freed by it', async () => {
    const list = await writeList({ signer: chain.authority, entries: [...others(2), writeEntry({ serial: SEVEN })] });
    await fc.assert(
      fc.asyncProperty(fc.nat(list.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const spoilt = list.slice();
        spoilt[at] = (spoilt[at] ?? 0) ^ change;
        expect((await answerTo(spoilt)).state.state).toBe('unknown');
      }),
      { numRuns: 300 },
    );
  });

  it('are refused with a code where they are arbitrary', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => readRevocationList(new Uint8Array(bytes))).toThrow(WalletError);
      }),
    );
  });
});

describe('where a certificate says that its status is asked', () => {
  const point = (address: string): Bytes => der.sequence(der.context(0, fullName(address)));
  const points = (...all: readonly Bytes[]): Bytes => der.sequence(...all);
  const access = (method: string, address: string): Bytes => der.sequence(der.objectIdentifier(method), der.element(0x86, utf8(address)));
  const OCSP = '1.3.6.1.5.5.7.48.1';

  it('is read in its order, without what a browser cannot reach', () => {
    expect(
      statusAddresses({
        authorityInfoAccess: der.sequence(access(OCSP, 'http://ocsp.example:4612'), access('1.3.6.1.5.5.7.48.2', 'http://ca.example/ca.cer')),
        crlDistributionPoints: points(point('ldap://ds.example:389/ou=dp1?certificateRevocationList'), point(POINT), point(POINT)),
      }),
    ).toEqual({ ocsp: ['http://ocsp.example:4612'], crl: [POINT] });
  });

  it.each([
    ['there is none', null],
    ['it does not read', Uint8Array.of(0x30, 5, 1)],
    ['it is another type', der.integer(1)],
    ['there is something else in it', points(der.nullValue())],
    ['the address has a blank', points(point('http://crl.example/a b'))],
    ['the address is of another kind', points(point('javascript:alert(1)'))],
    ['the address is too long', points(point(`http://crl.example/${'a'.repeat(600)}`))],
    ['the list has only some reasons', points(der.sequence(der.context(0, fullName(POINT)), der.element(0x81, Uint8Array.of(1, 0x40))))],
    ['another issues the list', points(der.sequence(der.context(0, fullName(POINT)), der.context(2, der.element(TAG.NULL))))],
  ])('is nowhere where %s', (_what, value) => {
    expect(statusAddresses({ authorityInfoAccess: value, crlDistributionPoints: value })).toEqual({ ocsp: [], crl: [] });
  });

  it('is at four places at most', () => {
    const many = points(...Array.from({ length: 9 }, (_, at) => point(`http://crl.example/${at}`)));
    expect(statusAddresses({ authorityInfoAccess: null, crlDistributionPoints: many }).crl).toHaveLength(4);
  });
});
