/** Certificates made on the spot, good and bad ones, for tests of paths and messages. */
import * as der from '../../lib/asn1/writer.ts';
import type { Bytes } from '../../lib/bytes/bytes.ts';
import { readCertificate, type Certificate } from '../../lib/npki/certificate.ts';
import { OID } from '../../lib/npki/oids.ts';
import { authorityKeyId, basicConstraints, keyIdentifier, keyUsage, policies, requireExplicitPolicy, subjectKeyId } from '../../demo/extensions.ts';
import { writeCertificate, writeName } from '../../demo/x509.ts';

/** The moment all tests of this kind look from. */
export const NOW = Date.parse('2026-11-23T00:00:00Z');
export const DAY = 86_400_000;
export const BANK_POLICY = '1.2.410.200005.1.1.4';

export interface Issued {
  readonly certificate: Certificate;
  readonly key: CryptoKey;
}

interface KeyOptions {
  readonly bits?: number;
  readonly hash?: string;
}

/** A fresh RSA key pair; generation takes about a tenth of a second, so keep them. */
export async function makeKeys({ bits = 2048, hash = 'SHA-256' }: KeyOptions = {}): Promise<CryptoKeyPair> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', modulusLength: bits, publicExponent: Uint8Array.of(1, 0, 1), hash };
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

export function signerOf(key: CryptoKey): (bytes: Bytes) => Promise<Bytes> {
  return async (bytes) => new Uint8Array(await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, bytes));
}

export interface IssueOptions {
  readonly name: string;
  readonly keys: CryptoKeyPair;
  /** Self-signed where absent. */
  readonly issuer?: Issued;
  readonly serial?: number;
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly extensions: readonly Bytes[];
  /** Named in the certificate; the signature is made with the issuer's key whatever this says. */
  readonly algorithm?: string;
  /** Leaves the authority key identifier out, or writes another one. */
  readonly authorityKey?: Bytes | null;
}

export async function issue(options: IssueOptions): Promise<Issued> {
  const { name, keys, issuer, serial = 7, notBefore = NOW - 30 * DAY, notAfter = NOW + 335 * DAY } = options;
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', keys.publicKey));
  const subject = writeName([
    [OID.country, 'KR'],
    [OID.organization, 'Test'],
    [OID.commonName, name],
  ]);
  const issuerKeyId = options.authorityKey === undefined ? (issuer?.certificate.subjectKeyId ?? null) : options.authorityKey;
  const aki =
    issuer !== undefined && issuerKeyId !== null ? [authorityKeyId(issuerKeyId, issuer.certificate.issuer.der, issuer.certificate.serial)] : [];
  const encoded = await writeCertificate({
    serial: Uint8Array.of(serial),
    issuer: issuer?.certificate.subject.der ?? subject,
    subject,
    notBefore,
    notAfter,
    spki,
    extensions: [...aki, subjectKeyId(await keyIdentifier(spki)), ...options.extensions],
    sign: signerOf(issuer?.key ?? keys.privateKey),
    ...(options.algorithm === undefined ? {} : { algorithm: options.algorithm }),
  });
  return { certificate: readCertificate(encoded), key: keys.privateKey };
}

const NOTICE = ['시험용 인증서', 'http://test.example.invalid/cps'] as const;

/** Extensions of an authority as Korean ones have them. */
export function authorityExtensions(pathLength: number | null = 0): Bytes[] {
  return [keyUsage('keyCertSign', 'cRLSign'), basicConstraints(pathLength), policies(OID.anyPolicy, ...NOTICE), requireExplicitPolicy()];
}

/** Extensions of a holder's certificate for signing. */
export function holderExtensions(policy = BANK_POLICY): Bytes[] {
  return [keyUsage('digitalSignature', 'nonRepudiation'), policies(policy, ...NOTICE)];
}

/** An extension that nobody knows. */
export function strangeExtension(critical: boolean): Bytes {
  const parts = [der.objectIdentifier('1.2.410.200004.99.1'), ...(critical ? [der.boolean(true)] : []), der.octetString(der.nullValue())];
  return der.sequence(...parts);
}

export interface TestChain {
  readonly root: Issued;
  readonly authority: Issued;
  readonly holder: Issued;
  readonly holderKeys: CryptoKeyPair;
}

/** Root, authority and holder, all good. */
export async function makeChain(): Promise<TestChain> {
  const [rootKeys, authorityKeys, holderKeys] = await Promise.all([makeKeys(), makeKeys(), makeKeys()]);
  const root = await issue({
    name: 'Test Root',
    keys: rootKeys,
    notBefore: NOW - 900 * DAY,
    notAfter: NOW + 3000 * DAY,
    extensions: [basicConstraints(null)],
  });
  const authority = await issue({
    name: 'Test Authority',
    keys: authorityKeys,
    issuer: root,
    notBefore: NOW - 900 * DAY,
    notAfter: NOW + 3000 * DAY,
    extensions: authorityExtensions(),
  });
  const holder = await issue({ name: '홍길동()0099', keys: holderKeys, issuer: authority, extensions: holderExtensions() });
  return { root, authority, holder, holderKeys };
}
