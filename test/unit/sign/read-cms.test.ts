import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as der from '../../../lib/asn1/writer.ts';
import { concat, type Bytes } from '../../../lib/bytes/bytes.ts';
import { fromHex } from '../../../lib/bytes/hex.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { WalletError } from '../../../lib/errors.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { OID } from '../../../lib/npki/oids.ts';
import { checkSignedData, signerCertificate } from '../../../lib/sign/check-cms.ts';
import { CMS_OID } from '../../../lib/sign/oids.ts';
import { readSignedData, type SignedData } from '../../../lib/sign/read-cms.ts';
import { algorithm, attribute, fullAttributes, signingCertificate, writeShape, type CmsShape } from '../../support/cms-shapes.ts';
import { makeChain, makeKeys, NOW, type TestChain } from '../../support/test-authority.ts';

const FIXTURES = new URL('../../fixtures/', import.meta.url);
const LIMIT = 1_000_000;

function load(path: string): Bytes {
  return new Uint8Array(readFileSync(new URL(path, FIXTURES)));
}

async function check(message: SignedData, detached?: Bytes): Promise<Bytes> {
  return checkSignedData(message, readCertificate(signerCertificate(message)), detached);
}

async function refusal(bytes: Bytes, detached?: Bytes): Promise<string> {
  try {
    await check(readSignedData(bytes, LIMIT), detached);
    return 'accepted';
  } catch (thrown) {
    if (!(thrown instanceof WalletError)) throw thrown;
    return thrown.code === 'verify.signature' ? `${thrown.code} ${thrown.detail ?? ''}` : thrown.code;
  }
}

describe('messages that other programs made', () => {
  const manifest = JSON.parse(readFileSync(new URL('npki/manifest.json', FIXTURES), 'utf8')) as {
    messageUtf8: string;
    identities: { id: string; cmsCp949ContentBase64?: string }[];
  };
  const files = readdirSync(new URL('npki/cms/', FIXTURES)).filter((name) => name.includes('.signed-'));

  it.each(files)('Bouncy Castle: %s', async (name) => {
    const { cmsCp949ContentBase64 = '' } = manifest.identities.find(({ id }) => name.startsWith(`${id}.`)) ?? {};
    const expected = name.includes('cp949') ? new Uint8Array(Buffer.from(cmsCp949ContentBase64, 'base64')) : utf8(manifest.messageUtf8);
    const message = readSignedData(load(`npki/cms/${name}`), LIMIT);
    const detached = name.includes('detached');
    expect(message.content === null).toBe(detached);
    expect(message.attributes?.signingTime ?? null).toBe(name.includes('attrs') ? Date.parse('2026-11-23T00:00:00Z') : null);
    expect(await check(message, detached ? expected : undefined)).toEqual(expected);
  });

  it('PyPinkSign: rsaEncryption, no signed attributes, a certificate of yessign', async () => {
    const message = readSignedData(load('yessign-test/pkcs7-signeddata-TEST_MSG.der'), LIMIT);
    expect(message.attributes).toBeNull();
    expect(await check(message)).toEqual(utf8('TEST_MSG'));
    expect(signerCertificate(message)).toEqual(load('yessign-test/signCert.der'));
  });
});

let chain: TestChain;
let full: CmsShape;
const CONTENT = utf8('key=value&key=값');

beforeAll(async () => {
  chain = await makeChain();
  const certificate = chain.holder.certificate.der;
  full = { content: CONTENT, certificate, key: chain.holder.key, attributes: await fullAttributes(CONTENT, certificate, NOW) };
});

describe('every shape that Korean programs write', () => {
  it.each<[string, Partial<CmsShape>]>([
    ['attached, attributes, rsaEncryption', {}],
    ['attached, no attributes', { attributes: null }],
    ['sha256WithRSAEncryption', { signatureAlgorithm: algorithm(OID.sha256WithRsa) }],
    ['signature algorithm without parameters', { signatureAlgorithm: algorithm(OID.sha256WithRsa, null) }],
    ['digest without parameters', { digest: algorithm(OID.sha256, null) }],
    ['digest with NULL in one place only', { digests: [algorithm(OID.sha256, null)], signerDigest: algorithm(OID.sha256) }],
    ['several digest algorithms announced', { digests: [algorithm(OID.sha512), algorithm(OID.sha256)] }],
    ['SignedData without ContentInfo', { bare: true }],
    ['SignedData without ContentInfo and attributes', { bare: true, attributes: null }],
    ['an unsigned attribute', { unsigned: [attribute('1.3.6.1.4.1.7150.3.1', der.octetString(new Uint8Array(20)))] }],
    ['revocation lists', { revocations: [der.sequence()] }],
  ])('%s', async (_, change) => {
    expect(await refusal(await writeShape({ ...full, ...change }))).toBe('accepted');
  });

  it('the content beside the message', async () => {
    const bytes = await writeShape({ ...full, detached: true });
    expect(await refusal(bytes, CONTENT)).toBe('accepted');
    expect(await refusal(bytes, utf8('key=other'))).toBe('verify.signature content-digest');
    expect(await refusal(bytes)).toBe('verify.signature content');
    expect(await refusal(await writeShape(full), CONTENT)).toBe('verify.signature content');
  });

  it.each([
    ['SHA-384', OID.sha384, OID.sha384WithRsa],
    ['SHA-512', OID.sha512, OID.sha512WithRsa],
  ])('%s', async (hash, digest, signature) => {
    const algorithmOfKey = { name: 'RSASSA-PKCS1-v1_5', hash };
    const key = await crypto.subtle.importKey('pkcs8', await crypto.subtle.exportKey('pkcs8', chain.holder.key), algorithmOfKey, false, ['sign']);
    const attributes = await fullAttributes(CONTENT, full.certificate, NOW, hash);
    const shape = { ...full, key, attributes, digest: algorithm(digest) };
    expect(await refusal(await writeShape(shape))).toBe('accepted');
    expect(await refusal(await writeShape({ ...shape, signatureAlgorithm: algorithm(signature) }))).toBe('accepted');
    expect(await refusal(await writeShape({ ...shape, signatureAlgorithm: algorithm(OID.sha256WithRsa) }))).toBe('request.malformed');
  });

  it('the whole chain, in any order', async () => {
    const certificates = [chain.root, chain.authority, chain.holder].map(({ certificate }) => certificate.der);
    expect(await refusal(await writeShape({ ...full, certificates }))).toBe('accepted');
  });

  it.each<[string, () => Promise<Bytes> | Bytes]>([
    [
      'cmsAlgorithmProtection',
      () => attribute(CMS_OID.algorithmProtection, der.sequence(algorithm(OID.sha256), der.context(1, der.objectIdentifier(OID.rsaEncryption)))),
    ],
    ['signingCertificateV2 that names SHA-256', () => signingCertificate(full.certificate, { hash: OID.sha256 })],
    ['an attribute that nobody knows', () => attribute('1.2.3.4', der.nullValue())],
  ])('with %s', async (_, make) => {
    const attributes = [...(full.attributes ?? []).slice(0, 3), await make()];
    expect(await refusal(await writeShape({ ...full, attributes }))).toBe('accepted');
  });

  it('with issuer and serial in signingCertificateV2', async () => {
    const { issuer, serialDer } = chain.holder.certificate;
    const issuerSerial = der.sequence(der.sequence(der.context(4, issuer.der)), serialDer);
    const attributes = [...(full.attributes ?? []).slice(0, 3), await signingCertificate(full.certificate, { issuerSerial })];
    expect(await refusal(await writeShape({ ...full, attributes }))).toBe('accepted');
  });
});

describe('a message is refused', () => {
  const sha1 = '1.3.14.3.2.26';
  it.each<[string, () => Partial<CmsShape>, string]>([
    ['with no signer', () => ({ signers: 0 }), 'request.malformed'],
    ['with two signers', () => ({ signers: 2 }), 'request.malformed'],
    ['of version 3', () => ({ version: 3 }), 'request.malformed'],
    ['with a signer of version 3', () => ({ signerVersion: 3 }), 'request.malformed'],
    ['whose signer is named by a key identifier', () => ({ signer: der.element(0x80, new Uint8Array(20)) }), 'request.malformed'],
    ['of another content type', () => ({ contentType: '1.2.840.113549.1.9.16.1.4' }), 'request.malformed'],
    ['with SHA-1', () => ({ digest: algorithm(sha1) }), 'request.malformed'],
    ['with sha1WithRSAEncryption', () => ({ signatureAlgorithm: algorithm(OID.sha1WithRsa) }), 'request.malformed'],
    ['with MD5', () => ({ digest: algorithm('1.2.840.113549.2.5') }), 'request.malformed'],
    ['with RSA-PSS', () => ({ signatureAlgorithm: algorithm('1.2.840.113549.1.1.10', der.sequence()) }), 'request.malformed'],
    ['with parameters that are not NULL', () => ({ signatureAlgorithm: algorithm(OID.rsaEncryption, der.sequence()) }), 'request.malformed'],
    ['with a NULL that holds something', () => ({ signatureAlgorithm: algorithm(OID.rsaEncryption, fromHex('050100')) }), 'request.malformed'],
    ['whose digest was not announced', () => ({ digests: [algorithm(OID.sha512)] }), 'request.malformed'],
    ['with something behind the signers', () => ({ surplus: [der.nullValue()] }), 'request.malformed'],
    ['with 17 certificates', () => ({ certificates: Array.from({ length: 17 }, () => full.certificate) }), 'request.malformed'],
    ['with a certificate of another kind', () => ({ certificates: [full.certificate, der.context(1, der.nullValue())] }), 'request.malformed'],
    ['without certificates', () => ({ certificates: null }), 'verify.signature certificate'],
    ['without its signer among them', () => ({ certificates: [chain.root.certificate.der] }), 'verify.signature certificate'],
    ['with an empty signature', () => ({ signature: new Uint8Array() }), 'verify.signature signature'],
    ['with a signature of zeros', () => ({ signature: new Uint8Array(256) }), 'verify.signature signature'],
    ['with a signature of ones', () => ({ signature: new Uint8Array(256).fill(0xff) }), 'verify.signature signature'],
    ['with a signature and an octet more', () => ({ signature: new Uint8Array(257) }), 'verify.signature signature'],
    ['signed by another key', () => ({ key: chain.root.key }), 'verify.signature signature'],
  ])('%s', async (_, change, expected) => {
    expect(await refusal(await writeShape({ ...full, ...change() }))).toBe(expected);
  });

  const contentType = (): Bytes => attribute(CMS_OID.contentType, der.objectIdentifier(CMS_OID.data));
  it.each<[string, (good: readonly Bytes[]) => Promise<Bytes[]> | Bytes[], string]>([
    ['no attributes at all', () => [], 'request.malformed'],
    ['no contentType', (good) => good.slice(1), 'request.malformed'],
    ['no messageDigest', (good) => good.filter((_, index) => index !== 2), 'request.malformed'],
    ['contentType twice', (good) => [contentType(), ...good], 'request.malformed'],
    [
      'two values of contentType',
      (good) => [attribute(CMS_OID.contentType, der.objectIdentifier(CMS_OID.data), der.objectIdentifier('1.2.3')), ...good.slice(1)],
      'request.malformed',
    ],
    ['another contentType', (good) => [attribute(CMS_OID.contentType, der.objectIdentifier('1.2.3')), ...good.slice(1)], 'request.malformed'],
    [
      'a signingTime that is a text',
      (good) => [...good.slice(0, 1), attribute(CMS_OID.signingTime, der.utf8String('now')), ...good.slice(2)],
      'request.malformed',
    ],
    [
      'another digest',
      (good) => [...good.slice(0, 2), attribute(CMS_OID.messageDigest, der.octetString(new Uint8Array(32))), ...good.slice(3)],
      'verify.signature content-digest',
    ],
    [
      'a digest of another length',
      (good) => [...good.slice(0, 2), attribute(CMS_OID.messageDigest, der.octetString(new Uint8Array(20))), ...good.slice(3)],
      'verify.signature content-digest',
    ],
    [
      'the digest of another certificate',
      async (good) => [...good.slice(0, 3), await signingCertificate(chain.root.certificate.der)],
      'verify.signature signing-certificate',
    ],
    [
      'a certificate digest with SHA-512',
      async (good) => [...good.slice(0, 3), await signingCertificate(full.certificate, { hash: OID.sha512 })],
      'request.malformed',
    ],
    [
      'the serial of another certificate',
      async (good) => {
        const issuerSerial = der.sequence(der.sequence(der.context(4, chain.holder.certificate.issuer.der)), der.integer(99));
        return [...good.slice(0, 3), await signingCertificate(full.certificate, { issuerSerial })];
      },
      'verify.signature signing-certificate',
    ],
    [
      'protection of another algorithm',
      (good) => [
        ...good,
        attribute(CMS_OID.algorithmProtection, der.sequence(algorithm(OID.sha512), der.context(1, der.objectIdentifier(OID.rsaEncryption)))),
      ],
      'request.malformed',
    ],
  ])('whose signed attributes hold %s', async (_, change, expected) => {
    const attributes = await change(full.attributes ?? []);
    expect(await refusal(await writeShape({ ...full, attributes }))).toBe(expected);
  });

  it('where two different certificates claim the issuer and serial of the signer', async () => {
    const other = full.certificate.slice();
    other[other.length - 1] = (other[other.length - 1] ?? 0) ^ 1;
    expect(await refusal(await writeShape({ ...full, certificates: [full.certificate, other] }))).toBe('verify.signature certificate');
    expect(await refusal(await writeShape({ ...full, certificates: [full.certificate, full.certificate] }))).toBe('accepted');
  });

  it('where the attributes were taken off, or put on', async () => {
    const signed = readSignedData(await writeShape(full), LIMIT);
    const off = await writeShape({ ...full, attributes: null, content: signed.attributes?.signed ?? CONTENT, signature: signed.signature });
    // The known ambiguity of CMS: such a message verifies, with the attributes as its content. A caller that asks for attributes refuses it.
    expect(await refusal(off)).toBe('accepted');
    expect(readSignedData(off, LIMIT).attributes).toBeNull();
    expect(await refusal(await writeShape({ ...full, attributes: null, signature: signed.signature }))).toBe('verify.signature signature');
  });

  it.each<[string, Bytes]>([
    ['nothing', new Uint8Array()],
    ['indefinite lengths', fromHex('30800609 2a864886f70d010702a0800000 0000'.replaceAll(' ', ''))],
    ['EnvelopedData', load('npki/cms/kica-personal.signed-attrs.der').map((octet, index) => (index === 14 ? 3 : octet))],
    ['a certificate', load('npki/ca/root.der')],
    ['text', utf8('-----BEGIN PKCS7-----')],
  ])('that is %s', async (_, bytes) => {
    expect(await refusal(bytes)).toBe('request.malformed');
  });

  it('with octets behind it', async () => {
    expect(await refusal(concat(await writeShape(full), Uint8Array.of(0)))).toBe('request.malformed');
  });

  it('that is over the limit, before it is looked at', () => {
    expect(() => readSignedData(new Uint8Array(101), 100)).toThrow(expect.objectContaining({ code: 'request.too-large' }));
  });

  it('whose certificate has a key of 1,024 bits', async () => {
    const { issue, holderExtensions } = await import('../../support/test-authority.ts');
    const keys = await makeKeys({ bits: 1024 });
    const weak = await issue({ name: 'Weak', keys, issuer: chain.authority, extensions: holderExtensions() });
    const attributes = await fullAttributes(CONTENT, weak.certificate.der, NOW);
    const bytes = await writeShape({ content: CONTENT, certificate: weak.certificate.der, key: keys.privateKey, attributes });
    expect(await refusal(bytes)).toBe('verify.signature signature');
  });
});

describe('whatever is changed', () => {
  it('the answer is a coded refusal, and never another content', async () => {
    const good = await writeShape({ ...full, certificates: [full.certificate, chain.authority.certificate.der] });
    const certificate = readCertificate(full.certificate);
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const bytes = good.slice();
        bytes[at] = (bytes[at] ?? 0) ^ mask;
        changed++;
        try {
          const message = readSignedData(bytes, LIMIT);
          // Judged by the certificate we know: what stands in the message may not lend it another key.
          expect(await checkSignedData(message, certificate)).toEqual(CONTENT);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(WalletError);
          expect(['request.malformed', 'verify.signature']).toContain((thrown as WalletError).code);
        }
      }),
      { seed: 20261123, numRuns: 1500 },
    );
    expect(changed).toBe(1500);
  });

  it('cut anywhere, it is refused', async () => {
    const good = await writeShape(full);
    for (let length = 0; length < good.length; length += 7) expect(await refusal(good.slice(0, length))).toBe('request.malformed');
  });

  it('random octets are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(() => readSignedData(new Uint8Array(bytes), LIMIT)).toThrow(expect.objectContaining({ code: 'request.malformed' }));
      }),
      { seed: 20261123, numRuns: 500 },
    );
  });
});
