import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { contextTag } from '../../../lib/asn1/tags.ts';
import * as der from '../../../lib/asn1/writer.ts';
import { concat, copy, type Bytes } from '../../../lib/bytes/bytes.ts';
import { fromHex, toHex } from '../../../lib/bytes/hex.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { WalletError } from '../../../lib/errors.ts';
import { readFileContents, type FileContent } from '../../../lib/npki/file-content.ts';
import { OID } from '../../../lib/npki/oids.ts';
import { readTextContent } from '../../../lib/npki/text-content.ts';
import { writePrivateKey } from '../../../lib/npki/write-private-key.ts';
import { codeOf, fixture, identityFile, readFixture } from '../../support/npki-fixtures.ts';
import { pemText } from '../../support/texts.ts';

const HONG = fixture('personal-bank-sha1seed');
const SIGN = identityFile(HONG, 'signCert.der');
const KM = identityFile(HONG, 'kmCert.der');
const KEY = identityFile(HONG, 'signPri.key');
const PLAIN = readFixture('yessign-test', 'plain-privatekeyinfo-with-R.der');
const CA = readFixture('npki', 'ca', 'yessign.der');
const ROOT = readFixture('npki', 'ca', 'root.der');
const PFX = readFixture('yessign-test', 'hkd.pfx');
const CRL = readFixture('npki', 'ca', 'yessign.crl');
const EC = copy(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'der', type: 'pkcs8' }));

type Block = readonly [label: string, der: Bytes];
const text = (...blocks: readonly Block[]): Bytes => utf8(blocks.map(([label, octets]) => pemText(label, octets)).join(''));

/** SignedData around certificates (RFC 5652 5.1); somebody signed it where `signers` are given. */
function message(certificates: readonly Bytes[] | null, signers: readonly Bytes[] = [], algorithms: readonly Bytes[] = []): Bytes {
  const list = certificates === null ? [] : [der.element(contextTag(0), concat(...certificates))];
  const parts = [der.integer(1), der.setOf(...algorithms), der.sequence(der.objectIdentifier(OID.data)), ...list, der.setOf(...signers)];
  return der.sequence(der.objectIdentifier(OID.signedData), der.context(0, der.sequence(...parts)));
}

/** What a file is, in a form that a table can hold. */
function summary(bytes: Bytes): string {
  const { contents, refused } = readFileContents(bytes);
  return [...contents.map(summaryOf), ...refused.map(({ label }) => `no ${label}`)].join(', ');
}

function summaryOf(content: FileContent): string {
  const hexes = new Map([SIGN, KM, CA, ROOT].map((one, at) => [toHex(one), ['sign', 'km', 'ca', 'root'][at]]));
  const name = ({ der: octets }: { der: Bytes }): string => hexes.get(toHex(octets)) ?? '?';
  switch (content.kind) {
    case 'certificate':
      return `certificate ${[content.certificate, ...content.more].map(name).join(' ')}${content.text ? ' text' : ''}`;
    case 'chain':
      return `chain ${content.certificates.map(name).join(' ')}${content.text ? ' text' : ''}`;
    case 'key':
      return `${content.plain ? 'plain key' : 'key'}${content.text ? ' text' : ''}`;
    case 'container':
      return [content.form, ...content.certificates.map(name), ...(content.needsPassword ? [] : ['open'])].join(' ');
  }
}

function refusal(read: () => unknown): string {
  try {
    read();
    return 'none';
  } catch (thrown) {
    return thrown instanceof WalletError ? [thrown.code, thrown.detail].filter(Boolean).join(' ') : 'another error';
  }
}

describe('a text', () => {
  it.each<[string, Bytes, string]>([
    ['a certificate', text(['CERTIFICATE', SIGN]), 'certificate sign text'],
    ['a certificate under another label', text(['X509 CERTIFICATE', SIGN]), 'certificate sign text'],
    ['a key', text(['ENCRYPTED PRIVATE KEY', KEY]), 'key text'],
    ['a key that is not encrypted', text(['PRIVATE KEY', PLAIN]), 'plain key text'],
    ['certificate and key', text(['CERTIFICATE', SIGN], ['ENCRYPTED PRIVATE KEY', KEY]), 'pem sign'],
    ['certificate and plain key', text(['PRIVATE KEY', PLAIN], ['CERTIFICATE', SIGN]), 'pem sign open'],
    ['two keys', text(['PRIVATE KEY', PLAIN], ['ENCRYPTED PRIVATE KEY', KEY]), 'pem'],
    ['a chain, holder last', text(['CERTIFICATE', ROOT], ['CERTIFICATE', CA], ['CERTIFICATE', SIGN]), 'certificate sign root ca text'],
    ['the same certificate twice', text(['CERTIFICATE', SIGN], ['CERTIFICATE', SIGN]), 'certificate sign text'],
    ['authorities alone', text(['CERTIFICATE', CA], ['CERTIFICATE', ROOT]), 'chain ca root text'],
    ['a list of revoked ones beside', text(['X509 CRL', CRL], ['CERTIFICATE', SIGN]), 'certificate sign text'],
    ['something else under a label of ours', text(['CERTIFICATE', CRL], ['CERTIFICATE', SIGN]), 'certificate sign text'],
    ['certificates of a message', text(['PKCS7', message([CA, SIGN])]), 'certificate sign ca text'],
    ['PKCS#12', utf8(Buffer.from(PFX).toString('base64')), 'pfx ?'],
    ['PKCS#12 beside certificate and key', text(['CERTIFICATE', SIGN], ['KEY', KEY], ['PKCS12', PFX]), 'pem sign, pfx ?'],
    ['a key of another kind beside', text(['CERTIFICATE', SIGN], ['KEY', KEY], ['EC PRIVATE KEY', EC]), 'pem sign, no EC PRIVATE KEY'],
    ['a damaged certificate beside', text(['CERTIFICATE', SIGN], ['OTHER', SIGN.slice(0, 300)]), 'certificate sign text, no OTHER'],
    [
      'a key in the old encryption of OpenSSL beside',
      concat(text(['CERTIFICATE', SIGN]), utf8('-----BEGIN KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END KEY-----\n')),
      'certificate sign text, no KEY',
    ],
    ['a bare certificate in base64', utf8(Buffer.from(SIGN).toString('base64')), 'certificate sign text'],
    ['a bare key in base64', utf8(Buffer.from(KEY).toString('base64')), 'key text'],
  ])('of %s', (_, bytes, expected) => {
    expect(summary(bytes)).toBe(expected);
  });

  it.each<[string, Bytes, string]>([
    ['other things alone', text(['CERTIFICATE', CRL]), 'file.unsupported text'],
    ['a key of an elliptic curve', text(['PRIVATE KEY', EC]), 'file.unsupported 1.2.840.10045.2.1'],
    [
      'a key of an unknown encryption',
      text(['KEY', readFixture('npki', 'bad', 'unknown-algorithm', 'signPri.key')]),
      'file.unsupported 1.2.410.200004.1.99',
    ],
    ['a key of endless rounds', text(['KEY', readFixture('npki', 'bad', 'huge-iterations', 'signPri.key')]), 'file.hostile iterations'],
    ['a damaged certificate', text(['CERTIFICATE', SIGN.slice(0, 300)]), 'file.unreadable DER length'],
  ])('of %s is refused', (_, bytes, expected) => {
    const [code] = expected.split(' ');
    expect(refusal(() => readTextContent(bytes))).toMatch(expected.includes('DER') ? new RegExp(`^${code ?? ''}`) : expected);
  });

  it('of keys that take four million rounds together is refused before any is opened', async () => {
    const key = await writePrivateKey(PLAIN, 'pw', { random: () => fromHex('0102030405060708'), iterations: 1 });
    // Rounds are a number of one octet there; the same structure with more says a million.
    const million = der.sequence(
      der.sequence(
        der.objectIdentifier(OID.pbeWithSha1AndSeedCbc),
        der.sequence(der.octetString(fromHex('0102030405060708')), der.integer(1_000_000)),
      ),
      der.octetString(key.slice(-1264)),
    );
    const keys = (count: number): Bytes => text(...Array.from({ length: count }, () => ['KEY', million] as const));
    expect(refusal(() => readTextContent(keys(4)))).toBe('none');
    expect(refusal(() => readTextContent(keys(5)))).toBe('file.hostile iterations');
  });
});

describe('a message with certificates (PKCS#7, .p7b)', () => {
  it.each<[string, Bytes, string]>([
    ['the holder alone', message([SIGN]), 'certificate sign'],
    ['holder and authorities in any order', message([ROOT, CA, SIGN]), 'certificate sign root ca'],
    ['sign and km', message([SIGN, KM]), 'certificate sign km'],
    ['authorities alone', message([CA, ROOT]), 'chain ca root'],
    ['another kind of certificate beside', message([der.element(contextTag(1), Uint8Array.of(0x30, 0)), SIGN]), 'certificate sign'],
  ])('of %s', (_, bytes, expected) => {
    expect(summary(bytes)).toBe(expected);
  });

  it.each<[string, Bytes, string]>([
    ['that somebody signed', message([SIGN], [der.sequence(der.integer(1))]), 'file.unsupported'],
    ['without certificates', message(null), 'file.unsupported'],
    ['with none in its list', message([]), 'file.unsupported'],
    ['with octets behind it', concat(message([SIGN]), Uint8Array.of(0)), 'file.unreadable'],
    ['of 17 certificates', message(Array.from({ length: 17 }, () => SIGN)), 'file.hostile'],
    ['that is a signature', readFixture('yessign-test', 'pkcs7-signeddata-TEST_MSG.der'), 'file.unsupported'],
    ['whose certificate is damaged', message([SIGN.map((octet, at) => (at === 4 ? 0x31 : octet))]), 'file.unsupported'],
  ])('%s is refused', async (_, bytes, code) => {
    expect(await codeOf(() => readFileContents(bytes))).toBe(code);
  });
});
