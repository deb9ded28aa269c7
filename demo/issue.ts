/** Makes the demo's keys and the certificates of its authorities: a root, and one below it that issues to people. */
import type { Bytes } from '../lib/bytes/bytes.ts';
import { readCertificate, type Certificate } from '../lib/npki/certificate.ts';
import { OID } from '../lib/npki/oids.ts';
import {
  authorityKeyId,
  basicConstraints,
  identifyData,
  keyIdentifier,
  keyUsage,
  policies,
  requireExplicitPolicy,
  subjectKeyId,
} from './extensions.ts';
import { writeCertificate, writeName, type Signer } from './x509.ts';

export const DAY = 86_400_000;
const KST = 9 * 3_600_000;
export const ORGANIZATION = 'DojangDemo';
/** What certificatePolicies tells every reader: that this is a test certificate, and where the statement would be. */
export const NOTICE = ['시험용 인증서', 'http://demo.dojang.invalid/cps.html'] as const;

export interface KeyPair {
  readonly spki: Bytes;
  /** PrivateKeyInfo without attributes. */
  readonly privateKeyInfo: Bytes;
  readonly sign: Signer;
}

/** An authority that can issue: its certificate and its key. */
export interface Authority {
  readonly certificate: Certificate;
  readonly keys: KeyPair;
}

const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;

function signerOf(privateKey: CryptoKey): Signer {
  return async (bytes) => new Uint8Array(await crypto.subtle.sign(RSA.name, privateKey, bytes));
}

/** RSA-2048 with e = 65537, as Korean certificates have it. */
export async function makeKeyPair(): Promise<KeyPair> {
  const algorithm = { ...RSA, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) };
  const { publicKey, privateKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  return {
    spki: new Uint8Array(await crypto.subtle.exportKey('spki', publicKey)),
    privateKeyInfo: new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey)),
    sign: signerOf(privateKey),
  };
}

/** The pair of a certificate and its stored PrivateKeyInfo. */
export async function openAuthorityKeys(certificate: Certificate, privateKeyInfo: Bytes): Promise<Authority> {
  const key = await crypto.subtle.importKey('pkcs8', privateKeyInfo, RSA, false, ['sign']);
  return { certificate, keys: { spki: certificate.spki, privateKeyInfo, sign: signerOf(key) } };
}

/** Midnight in Korea at the start of the day of `time`, as 15:00:00Z of the day before: how yessign dates certificates. */
export function koreanMidnight(time: number): number {
  return Math.floor((time + KST) / DAY) * DAY - KST;
}

/** The digits behind a holder's name: bank, kind, the day in Korea, a running number. */
export function holderDigits(time: number, running: number): string {
  const day = new Date(time + KST).toISOString().slice(0, 10).replaceAll('-', '');
  return `0099041${day}${String(running).padStart(9, '0')}`;
}

/** What a certificate is to say; both key identifiers are written by themselves. */
export type IssueFields = Omit<Parameters<typeof writeCertificate>[0], 'issuer' | 'sign'>;

/** Issues a certificate below `issuer`. */
export async function issueBelow(issuer: Authority, fields: IssueFields): Promise<Certificate> {
  const { certificate: authority, keys } = issuer;
  const issuerKeyId = authority.subjectKeyId;
  const aki = issuerKeyId === null ? [] : [authorityKeyId(issuerKeyId, authority.issuer.der, authority.serial)];
  const extensions = [...aki, subjectKeyId(await keyIdentifier(fields.spki)), ...fields.extensions];
  return readCertificate(await writeCertificate({ ...fields, issuer: authority.subject.der, extensions, sign: keys.sign }));
}

/** The root, self-signed, valid for twenty years around `start`. */
export async function makeRoot(start: number): Promise<Authority> {
  const keys = await makeKeyPair();
  const subject = writeName([
    [OID.country, 'KR'],
    [OID.organization, ORGANIZATION],
    [OID.commonName, 'Dojang Demo Root CA'],
  ]);
  const certificate = await writeCertificate({
    serial: Uint8Array.of(1),
    issuer: subject,
    subject,
    notBefore: start - 730 * DAY,
    notAfter: start + 6570 * DAY,
    spki: keys.spki,
    extensions: [subjectKeyId(await keyIdentifier(keys.spki)), keyUsage('keyCertSign', 'cRLSign'), basicConstraints(null)],
    sign: keys.sign,
  });
  return { certificate: readCertificate(certificate), keys };
}

/**
 * The authority below the root that issues to people: path length 0, anyPolicy, an explicit policy required below. It signs its
 * answers with the same key, hence digitalSignature.
 */
export async function makeIssuing(start: number, root: Authority): Promise<Authority> {
  const keys = await makeKeyPair();
  const certificate = await issueBelow(root, {
    spki: keys.spki,
    serial: Uint8Array.of(0x10, 0x01),
    subject: writeName([
      [OID.country, 'KR'],
      [OID.organization, ORGANIZATION],
      [OID.organizationalUnit, 'DemoCA'],
      [OID.commonName, 'Dojang Demo CA 1'],
    ]),
    notBefore: start - 730 * DAY,
    notAfter: start + 2920 * DAY,
    extensions: [
      keyUsage('digitalSignature', 'keyCertSign', 'cRLSign'),
      policies(OID.anyPolicy, ...NOTICE),
      identifyData('도장 시험 인증기관', null),
      basicConstraints(0),
      requireExplicitPolicy(),
    ],
  });
  return { certificate, keys };
}
