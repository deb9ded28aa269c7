/** Makes the demo's keys and certificates: a root, an issuing authority, and two pairs for each person. */
import * as der from '../lib/asn1/writer.ts';
import { concat, type Bytes } from '../lib/bytes/bytes.ts';
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
import type { Person } from './people.ts';
import { writeCertificate, writeName, type Signer } from './x509.ts';

const DAY = 86_400_000;
const KST = 9 * 3_600_000;
const ORGANIZATION = 'DojangDemo';
const NOTICE = '시험용 인증서';
const STATEMENT_URL = 'http://demo.dojang.invalid/cps.html';

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

/** RSA-2048 with e = 65537, as Korean certificates have it. */
export async function makeKeyPair(): Promise<KeyPair> {
  const name = 'RSASSA-PKCS1-v1_5';
  const algorithm = { name, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' };
  const { publicKey, privateKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  return {
    spki: new Uint8Array(await crypto.subtle.exportKey('spki', publicKey)),
    privateKeyInfo: new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey)),
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign(name, privateKey, bytes)),
  };
}

/** Midnight in Korea at the start of the day of `time`, as 15:00:00Z of the day before: how yessign dates certificates. */
export function koreanMidnight(time: number): number {
  return Math.floor((time + KST) / DAY) * DAY - KST;
}

/** `YYYYMMDD` of a day in Korea. */
function koreanDigits(midnight: number): string {
  return new Date(midnight + KST).toISOString().slice(0, 10).replaceAll('-', '');
}

async function signed(
  keys: KeyPair,
  issuer: Authority | null,
  fields: Omit<Parameters<typeof writeCertificate>[0], 'issuer' | 'spki' | 'sign'>,
): Promise<Certificate> {
  const own = await keyIdentifier(keys.spki);
  const authority = issuer === null ? null : issuer.certificate;
  const issuerKeyId = authority?.subjectKeyId ?? null;
  const aki = authority === null || issuerKeyId === null ? [] : [authorityKeyId(issuerKeyId, authority.issuer.der, authority.serial)];
  const certificate = await writeCertificate({
    ...fields,
    issuer: authority?.subject.der ?? fields.subject,
    spki: keys.spki,
    extensions: [...aki, subjectKeyId(own), ...fields.extensions],
    sign: issuer?.keys.sign ?? keys.sign,
  });
  return readCertificate(certificate);
}

/** The root, self-signed, valid for twenty years around `start`. */
export async function makeRoot(start: number): Promise<Authority> {
  const keys = await makeKeyPair();
  const certificate = await signed(keys, null, {
    serial: Uint8Array.of(1),
    subject: writeName([
      [OID.country, 'KR'],
      [OID.organization, ORGANIZATION],
      [OID.commonName, 'Dojang Demo Root CA'],
    ]),
    notBefore: start - 730 * DAY,
    notAfter: start + 6570 * DAY,
    extensions: [keyUsage('keyCertSign', 'cRLSign'), basicConstraints(null)],
  });
  return { certificate, keys };
}

/** The authority below the root that issues to people: path length 0, anyPolicy, an explicit policy required below. */
export async function makeIssuing(start: number, root: Authority): Promise<Authority> {
  const keys = await makeKeyPair();
  const certificate = await signed(keys, root, {
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
      keyUsage('keyCertSign', 'cRLSign'),
      policies(OID.anyPolicy, NOTICE, STATEMENT_URL),
      identifyData('도장 시험 인증기관', null),
      basicConstraints(0),
      requireExplicitPolicy(),
    ],
  });
  return { certificate, keys };
}

async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/** VID = H(H(SEQUENCE { idn PrintableString, randomNum BIT STRING })) (KCAC.TS.SIVID). */
async function virtualId(idNumber: string, random: Bytes): Promise<Bytes> {
  return sha256(await sha256(der.sequence(der.printableString(idNumber), der.bitString(random))));
}

export interface IssuedPerson {
  readonly sign: Certificate;
  readonly signKeys: KeyPair;
  readonly km: Certificate;
  readonly kmKeys: KeyPair;
  /** R: 20 octets. */
  readonly random: Bytes;
}

/**
 * Issues the sign and the km certificate of a person; the km serial follows the sign serial.
 * @param serial a running number from 1, also the digits behind the name
 */
export async function issuePerson(person: Person, serial: number, start: number, issuer: Authority): Promise<IssuedPerson> {
  const notBefore = start + person.fromDay * DAY;
  const digits = `0099041${koreanDigits(notBefore)}${String(serial).padStart(9, '0')}`;
  const random = crypto.getRandomValues(new Uint8Array(20));
  const [signKeys, kmKeys] = await Promise.all([makeKeyPair(), makeKeyPair()]);
  const common = {
    subject: writeName([
      [OID.country, 'KR'],
      [OID.organization, ORGANIZATION],
      [OID.organizationalUnit, person.unit],
      [OID.organizationalUnit, 'DEMO'],
      [OID.commonName, `${person.realName}(${person.latin})${digits}`],
    ]),
    notBefore,
    notAfter: start + person.untilDay * DAY - 1000,
  };
  const policy = policies(person.policy, NOTICE, STATEMENT_URL);
  const number = (offset: number): Bytes => concat(Uint8Array.of(0x20, 0x26), Uint8Array.of(0, 2 * serial + offset));
  const sign = await signed(signKeys, issuer, {
    ...common,
    serial: number(0),
    extensions: [keyUsage('digitalSignature', 'nonRepudiation'), policy, identifyData(person.realName, await virtualId(person.idNumber, random))],
  });
  const km = await signed(kmKeys, issuer, { ...common, serial: number(1), extensions: [keyUsage('keyEncipherment'), policy] });
  return { sign, signKeys, km, kmKeys, random };
}
