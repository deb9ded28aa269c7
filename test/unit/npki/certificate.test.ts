import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as write from '../../../lib/asn1/writer.ts';
import { concat, type Bytes } from '../../../lib/bytes/bytes.ts';
import { fromHex, toHex } from '../../../lib/bytes/hex.ts';
import { certificateFingerprint, readCertificate } from '../../../lib/npki/certificate.ts';
import { nameText, nameValue, sameName } from '../../../lib/npki/name.ts';
import { OID } from '../../../lib/npki/oids.ts';
import { alterExtensions, alterFields, extension } from '../../support/altered-certificate.ts';
import { codeOf, FIXTURES, fixture, identityFile, MANIFEST, readFixture } from '../../support/npki-fixtures.ts';

const GENUINE = readFixture('yessign-test', 'signCert.der');

const changed = (change: Parameters<typeof alterFields>[1]): Bytes => alterFields(GENUINE, change);
const withExtensions = (change: Parameters<typeof alterExtensions>[1]): Bytes => alterExtensions(GENUINE, change);

describe('a genuine test certificate of yessign', () => {
  const certificate = readCertificate(GENUINE);

  it('reads field by field', () => {
    expect(certificate).toMatchObject({
      serialHex: '459c75',
      signatureAlgorithm: OID.sha256WithRsa,
      notBefore: Date.UTC(2020, 1, 24, 15),
      notAfter: Date.UTC(2020, 2, 25, 14, 59, 59),
      publicKeyAlgorithm: OID.rsaEncryption,
      keyUsage: ['digitalSignature', 'nonRepudiation'],
      extendedKeyUsage: null,
      policies: ['1.2.410.200005.1.1.4'],
      basicConstraints: null,
      policyConstraints: null,
      hasNameConstraints: false,
      unknownCritical: [],
    });
    expect(Number.parseInt(certificate.serialHex, 16)).toBe(4_562_037);
    expect(certificate.publicKey?.bits).toBe(2048);
    expect(toHex(certificate.publicKey?.exponent ?? new Uint8Array(0))).toBe('010001');
    expect(certificate.subjectKeyId?.length).toBe(20);
    expect(certificate.authorityKeyId?.length).toBe(20);
    expect(certificate.signature.length).toBe(256);
  });

  it('has its names as text, most specific first, and as encoded', () => {
    expect(nameText(certificate.subject)).toBe('CN=HKD(KILDONG.HONG)009104120200225191000030,OU=INITECH,OU=personal4IB,O=yessign,C=kr');
    expect(nameValue(certificate.issuer, OID.commonName)).toBe('yessignCA-Test Class 4');
    expect(certificate.subject.attributes.map(({ type }) => type)).toEqual(['2.5.4.6', '2.5.4.10', '2.5.4.11', '2.5.4.11', '2.5.4.3']);
    expect(sameName(certificate.subject, certificate.issuer)).toBe(false);
  });

  it('has the holder and the virtual identifier in its subjectAltName', () => {
    expect(certificate.identity?.realName).toBe('HKD');
    expect(certificate.identity?.vid?.hash).toBe('SHA-256');
    expect(toHex(certificate.identity?.vid?.value ?? new Uint8Array(0))).toMatch(/^8ad4f673.*23c7ee0de7$/);
  });

  it('keeps its octets in a copy of its own', () => {
    const file = GENUINE.slice();
    const read = readCertificate(file);
    file.fill(0);
    expect(read.der).toEqual(GENUINE);
    expect(GENUINE.indexOf(read.tbs[0]!)).toBeGreaterThanOrEqual(0);
    expect(read.tbs.byteLength).toBeLessThan(GENUINE.length);
  });

  it('has the fingerprint that anyone computes', async () => {
    const digest = await crypto.subtle.digest('SHA-256', GENUINE);
    expect(await certificateFingerprint(certificate)).toBe(toHex(new Uint8Array(digest)));
  });
});

describe('the certificates of the fixtures', () => {
  it.each(MANIFEST.identities)('$id says what its maker says', async (identity) => {
    const certificate = readCertificate(identityFile(identity, 'signCert.der'));
    expect(certificate.serialHex).toBe(identity.serialHex);
    expect(certificate.policies).toEqual([identity.policyOid]);
    expect(new Date(certificate.notBefore)).toEqual(new Date(identity.notBefore));
    expect(new Date(certificate.notAfter)).toEqual(new Date(identity.notAfter));
    expect(certificate.publicKey?.bits).toBe(identity.rsaBits);
    expect(toHex(certificate.publicKey?.modulus ?? new Uint8Array(0))).toBe(identity.modulusHex);
    expect(nameValue(certificate.issuer, OID.organization)).toBe(identity.issuerO);
    expect(certificate.identity?.realName).toBe(identity.realName);
    expect(certificate.identity?.vid?.hash).toBe(identity.vidHash);
    expect(toHex(certificate.identity?.vid?.value ?? new Uint8Array(0))).toBe(identity.vidHex);
    expect(await certificateFingerprint(certificate)).toBe(identity.certSha256);
    expect(nameText(certificate.subject).split(',').reverse()).toEqual(identity.subjectRdnsEncodedOrder);
    expect(sameName(certificate.issuer, readCertificate(readFixture('npki', identity.ca)).subject)).toBe(true);
  });

  it.each(MANIFEST.identities.filter(({ km }) => km))(
    'the km certificate of $id has the same name, another serial and no identity',
    async (identity) => {
      const certificate = readCertificate(identityFile(identity, 'kmCert.der'));
      expect(certificate.serialHex).toBe(identity.km?.serialHex);
      expect(await certificateFingerprint(certificate)).toBe(identity.km?.certSha256);
      expect(certificate.keyUsage).toContain('keyEncipherment');
      expect(certificate.identity).toBeNull();
      expect(sameName(certificate.subject, readCertificate(identityFile(identity, 'signCert.der')).subject)).toBe(true);
    },
  );
});

describe('the certificates of Korean authorities', () => {
  const names = readdirSync(join(FIXTURES, 'ca-certs'));
  const authorities = new Map(names.map((name) => [name, readCertificate(readFixture('ca-certs', name))]));

  it('all read, with every critical extension known', () => {
    expect(names.length).toBe(18);
    for (const certificate of authorities.values()) expect(certificate.unknownCritical).toEqual([]);
  });

  it('say that they are authorities, and how long their paths are', () => {
    expect(authorities.get('yessignCA-Class3.der')).toMatchObject({
      basicConstraints: { ca: true, pathLength: 0 },
      keyUsage: ['keyCertSign', 'cRLSign'],
      policies: [OID.anyPolicy],
      policyConstraints: { requireExplicitPolicy: 0, inhibitPolicyMapping: null },
      identity: { realName: '금융결제원', vid: null },
    });
    expect(authorities.get('KISA-RootCA-4.der')).toMatchObject({ basicConstraints: { ca: true, pathLength: null }, serialHex: '01' });
    expect(authorities.get('CrossCertOCSP3.der')).toMatchObject({ basicConstraints: null, extendedKeyUsage: ['1.3.6.1.5.5.7.3.9'] });
  });

  it('read without a key where the key is none of RSA', () => {
    expect(authorities.get('SignGATE-ECDSA-CA.der')).toMatchObject({ publicKey: null, publicKeyAlgorithm: '1.2.840.10045.2.1' });
  });
});

describe('what is refused', () => {
  it.each<[string, Bytes, string]>([
    ['nothing', new Uint8Array(0), 'file.unreadable'],
    ['64 KiB and one octet', new Uint8Array(64 * 1024 + 1), 'file.too-large'],
    ['octets behind the certificate', concat(GENUINE, Uint8Array.of(0)), 'file.unreadable'],
    ['a cut certificate', GENUINE.subarray(0, -1), 'file.unreadable'],
    ['an indefinite length', concat(Uint8Array.of(0x30, 0x80), GENUINE.subarray(4), Uint8Array.of(0, 0)), 'file.unreadable'],
    ['a key file', identityFile(fixture('personal-bank-sha1seed'), 'signPri.key'), 'file.unreadable'],
    ['version 2', changed((fields) => [write.context(0, write.integer(1)), ...fields.slice(1)]), 'file.unsupported'],
    ['no version', changed((fields) => fields.slice(1)), 'file.unreadable'],
    [
      'a serial number of 22 octets',
      changed((fields) => [fields[0]!, write.integer(new Uint8Array(22).fill(1)), ...fields.slice(2)]),
      'file.unreadable',
    ],
    [
      'another signature algorithm inside',
      changed((fields) => [...fields.slice(0, 2), write.sequence(write.objectIdentifier(OID.sha1WithRsa), write.nullValue()), ...fields.slice(3)]),
      'file.unreadable',
    ],
    ['fields after the extensions', changed((fields) => [...fields, fields[7]!]), 'file.unreadable'],
    ['an extension twice', withExtensions((list) => [...list, list[0]!]), 'file.unreadable'],
    [
      'critical FALSE in writing',
      withExtensions((list) => [...list, write.sequence(write.objectIdentifier('1.2.3'), write.boolean(false), write.octetString(Uint8Array.of()))]),
      'file.unreadable',
    ],
    ['a key usage that is no bit string', withExtensions((list) => [...list.slice(2), extension(OID.keyUsage, fromHex('0500'))]), 'file.unreadable'],
    [
      'a path length of 2^64',
      withExtensions((list) => [...list, extension(OID.basicConstraints, fromHex('300e0101ff0209010000000000000000'))]),
      'file.hostile',
    ],
  ])('%s', async (_, bytes, code) => {
    expect(await codeOf(() => readCertificate(bytes))).toBe(code);
  });

  it('an unknown critical extension reads and is named', () => {
    const certificate = readCertificate(withExtensions((list) => [...list, extension('1.2.3.4', fromHex('0500'), true)]));
    expect(certificate.unknownCritical).toEqual(['1.2.3.4']);
  });

  it('an unknown extension that is not critical reads and is passed over', () => {
    expect(readCertificate(withExtensions((list) => [...list, extension('1.2.3.4', fromHex('00'))])).unknownCritical).toEqual([]);
  });

  it('a certificate without extensions reads as having none', () => {
    expect(readCertificate(changed((fields) => fields.slice(0, 7)))).toMatchObject({
      keyUsage: null,
      policies: [],
      identity: null,
      unknownCritical: [],
    });
  });
});
