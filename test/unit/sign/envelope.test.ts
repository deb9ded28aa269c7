import { createPrivateKey, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { basicConstraints, keyUsage } from '../../../demo/extensions.ts';
import * as der from '../../../lib/asn1/writer.ts';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { fromHex, toHex } from '../../../lib/bytes/hex.ts';
import { fromUtf8, utf8 } from '../../../lib/bytes/text.ts';
import { OID } from '../../../lib/npki/oids.ts';
import { writeEnvelope } from '../../../lib/sign/envelope.ts';
import { readIdentityValue, writeIdentityValue } from '../../../lib/sign/identity-value.ts';
import { CMS_OID } from '../../../lib/sign/oids.ts';
import { readEnvelope } from '../../../lib/sign/read-envelope.ts';
import { readRecipient } from '../../../lib/sign/recipient.ts';
import { memoryNonces } from '../../../lib/verify/nonces.ts';
import { openIdentityValue } from '../../../lib/verify/open-identity.ts';
import { createVerifier } from '../../../lib/verify/verifier.ts';
import { codeOf, readFixture } from '../../support/npki-fixtures.ts';
import { DAY, issue, makeKeys, NOW, strangeExtension, type IssueOptions, type Issued } from '../../support/test-authority.ts';

const NONCE = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const R = fromHex('c4bb95a63a04cdff6026de591dafb60c89300075');
const VALUE = { origin: 'https://bank.example', nonce: NONCE, random: R };
const TEXT = `{"nonce":"${NONCE}","origin":"https://bank.example","purpose":"identity","random":"${toHex(R)}","type":"dojang/1"}`;
const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

let keys: CryptoKeyPair;
let server: Issued;
let privateKey: KeyObject;

async function issueServer(change: Partial<IssueOptions> = {}): Promise<Issued> {
  return issue({ name: 'Bank Server', keys, extensions: [keyUsage('keyEncipherment')], ...change });
}

beforeAll(async () => {
  keys = await makeKeys();
  server = await issueServer();
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
});

describe('the content of an identity value', () => {
  it('is the canonical JSON of RFC 8785, to the octet', () => {
    expect(fromUtf8(writeIdentityValue(VALUE))).toBe(TEXT);
    expect(readIdentityValue(utf8(TEXT))).toEqual(VALUE);
  });

  it('round-trips for any R, a leading zero among them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), (octets) => {
        const value = { ...VALUE, random: Uint8Array.from(octets) };
        expect(readIdentityValue(writeIdentityValue(value))).toEqual(value);
      }),
      { seed: 20261123, numRuns: 100 },
    );
  });

  it.each([
    ['another purpose', TEXT.replace('"identity"', '"sign-in"')],
    ['another order', TEXT.replace(/("nonce":"[^"]*"),("origin":"[^"]*")/, '$2,$1')],
    ['a blank', TEXT.replace(',', ', ')],
    ['a further key', TEXT.replace('{', '{"a":1,')],
    ['upper-case digits', TEXT.replace(toHex(R), toHex(R).toUpperCase())],
    ['half an octet', TEXT.replace(toHex(R), toHex(R).slice(1))],
    ['no R', TEXT.replace(toHex(R), '')],
    ['too long an R', TEXT.replace(toHex(R), '00'.repeat(65))],
    ['an origin with a path', TEXT.replace('bank.example', 'bank.example/')],
    ['a short nonce', TEXT.replace(NONCE, NONCE.slice(1))],
    ['a line after it', `${TEXT}\n`],
    ['nothing', ''],
    ['more than a kilobyte', TEXT.padEnd(1025, ' ')],
  ])('is refused with %s', (_, text) => {
    expect(() => readIdentityValue(utf8(text))).toThrow(expect.objectContaining({ code: 'request.malformed' }));
  });

  it.each([
    ['the origin of a sandboxed document', { origin: 'null' }],
    ['a short nonce', { nonce: NONCE.slice(1) }],
    ['an empty R', { random: new Uint8Array(0) }],
    ['too long an R', { random: new Uint8Array(65) }],
  ])('is not written for %s', (_, change) => {
    expect(() => writeIdentityValue({ ...VALUE, ...change })).toThrow(expect.objectContaining({ code: 'request.malformed' }));
  });
});

describe('a certificate to encrypt to', () => {
  it('is taken where it is for encrypting keys and valid now', () => {
    expect(readRecipient(server.certificate.der, NOW).serialHex).toBe('07');
    expect(readRecipient(readFixture('npki', 'bank', 'serverCert.der'), NOW).keyUsage).toContain('keyEncipherment');
  });

  it.each<[string, Partial<IssueOptions>]>([
    ['is for signing only', { extensions: [keyUsage('digitalSignature', 'nonRepudiation')] }],
    ['says nothing of its use', { extensions: [] }],
    ['is an authority’s', { extensions: [keyUsage('keyEncipherment', 'keyCertSign'), basicConstraints(0)] }],
    ['has a critical extension that nobody knows', { extensions: [keyUsage('keyEncipherment'), strangeExtension(true)] }],
    ['ended yesterday', { notAfter: NOW - DAY }],
    ['begins tomorrow', { notBefore: NOW + DAY }],
  ])('is refused where it %s', async (_, change) => {
    const { certificate } = await issueServer(change);
    expect(() => readRecipient(certificate.der, NOW)).toThrow(expect.objectContaining({ code: 'request.recipient' }));
  });

  it('is refused where its key is too short', async () => {
    const short = await makeKeys({ bits: 1024 });
    const { certificate } = await issueServer({ keys: short });
    expect(await codeOf(() => readRecipient(certificate.der, NOW))).toBe('request.recipient');
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['something else', der.sequence(der.integer(1))],
    ['too much', new Uint8Array(64 * 1024 + 1)],
  ])('is refused where it is %s', (_, bytes) => {
    expect(() => readRecipient(bytes, NOW)).toThrow(expect.objectContaining({ code: 'request.recipient' }));
  });
});

describe('an envelope', () => {
  const seal = async (): Promise<Bytes> => writeEnvelope(writeIdentityValue(VALUE), server.certificate, random);
  const open = async (bytes: Bytes): Promise<string> => codeOf(() => openIdentityValue(bytes, { certificate: server.certificate.der, privateKey }));

  it('opens with the key of its recipient, and shows R nowhere', async () => {
    const envelope = await seal();
    expect(await openIdentityValue(envelope, { certificate: server.certificate.der, privateKey })).toEqual(VALUE);
    expect(toHex(envelope)).not.toContain(toHex(R));
  });

  it('has the one shape that is said: version 0, issuer and serial, rsaEncryption with NULL, AES-256-CBC', async () => {
    const envelope = await seal();
    const { recipient, encryptedKey, keyBytes } = readEnvelope(envelope, 8192);
    expect(recipient).toEqual(der.sequence(server.certificate.issuer.der, server.certificate.serialDer));
    expect([encryptedKey.length, keyBytes]).toEqual([256, 32]);
    expect(toHex(envelope)).toContain(toHex(der.sequence(der.objectIdentifier(OID.rsaEncryption), der.nullValue())));
    expect(toHex(envelope)).toContain(toHex(der.objectIdentifier(OID.aes256Cbc)));
  });

  it('is another one each time', async () => {
    const [one, two] = await Promise.all([seal(), seal()]);
    const [a, b] = [readEnvelope(one, 8192), readEnvelope(two, 8192)];
    expect(a.encryptedKey).not.toEqual(b.encryptedKey);
    expect(a.iv).not.toEqual(b.iv);
    expect(a.encrypted).not.toEqual(b.encrypted);
  });

  it('does not open with another key, or for another certificate of the same key', async () => {
    const envelope = await seal();
    const other = await crypto.subtle.exportKey('pkcs8', (await makeKeys()).privateKey);
    const wrong = createPrivateKey({ key: Buffer.from(other), format: 'der', type: 'pkcs8' });
    expect(await codeOf(() => openIdentityValue(envelope, { certificate: server.certificate.der, privateKey: wrong }))).toBe('request.malformed');
    const { certificate } = await issueServer({ serial: 8 });
    expect(await codeOf(() => openIdentityValue(envelope, { certificate: certificate.der, privateKey }))).toBe('request.malformed');
  });

  it('[B26] gives no R for 1,000 altered ones, and the same code for all that do not open', async () => {
    const verifier = createVerifier({ origin: VALUE.origin, roots: [], nonces: memoryNonces() });
    const options = { receiver: { certificate: server.certificate.der, privateKey }, nonce: NONCE };
    const envelope = await seal();
    const codes = new Set<string>();
    for (let round = 0; round < 1000; round++) {
      const altered = envelope.slice();
      const at = Math.floor((round * envelope.length) / 1000);
      altered[at] = (altered[at] ?? 0) ^ (1 << (round % 8));
      codes.add(await codeOf(() => verifier.openIdentity(altered, options)));
    }
    // A change of the IV may turn the nonce, which stands first, into another one.
    expect([...codes].filter((code) => code !== 'verify.nonce')).toEqual(['request.malformed']);
  });

  it('gives the same code for what is cut, empty, no envelope, or signed data', async () => {
    const envelope = await seal();
    const signed = der.sequence(der.objectIdentifier(CMS_OID.signedData), der.context(0, der.sequence()));
    for (const bytes of [envelope.subarray(0, -1), new Uint8Array(0), der.sequence(), signed]) expect(await open(bytes)).toBe('request.malformed');
    expect(await open(new Uint8Array(8193))).toBe('request.too-large');
  });

  it('gives the same code for an honest envelope with something else in it', async () => {
    for (const content of [utf8(''), utf8('{}'), new Uint8Array(32), utf8(TEXT.replace('identity', 'sign-in'))]) {
      expect(await open(await writeEnvelope(content, server.certificate, random))).toBe('request.malformed');
    }
  });
});
