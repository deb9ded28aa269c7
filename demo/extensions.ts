/** Certificate extensions as Korean authorities write them (KCAC.TS.CERTPROF, RFC 5280 4.2), for the demo's certificates. */
import { bitString as readBitString, readDer, sequence } from '../lib/asn1/reader.ts';
import { TAG } from '../lib/asn1/tags.ts';
import * as der from '../lib/asn1/writer.ts';
import type { Bytes } from '../lib/bytes/bytes.ts';
import { utf8 } from '../lib/bytes/text.ts';
import { KEY_USAGES, type KeyUsage } from '../lib/npki/extensions.ts';
import { OID } from '../lib/npki/oids.ts';
import { writeExtension } from './x509.ts';

const CPS_QUALIFIER = '1.3.6.1.5.5.7.2.1';
const NOTICE_QUALIFIER = '1.3.6.1.5.5.7.2.2';
const OCSP_ACCESS = '1.3.6.1.5.5.7.48.1';
const OCSP_NO_CHECK = '1.3.6.1.5.5.7.48.1.5';

/** SHA-1 of the public key bits (RFC 5280 4.2.1.2 (1)). */
export async function keyIdentifier(spki: Bytes): Promise<Bytes> {
  const { bytes } = readBitString(sequence(readDer(spki))[1]);
  return new Uint8Array(await crypto.subtle.digest('SHA-1', bytes));
}

export function subjectKeyId(id: Bytes): Bytes {
  return writeExtension(OID.subjectKeyIdentifier, false, der.octetString(id));
}

/** Key identifier, issuer and serial of the issuing certificate, all three as Korean authorities have them. */
export function authorityKeyId(id: Bytes, issuersIssuer: Bytes, serial: Bytes): Bytes {
  const name = der.context(1, der.context(4, issuersIssuer));
  return writeExtension(OID.authorityKeyIdentifier, false, der.sequence(der.element(0x80, id), name, der.element(0x82, serial)));
}

export function keyUsage(...usages: readonly KeyUsage[]): Bytes {
  const bits = usages.map((usage) => KEY_USAGES.indexOf(usage));
  const last = Math.max(...bits);
  const octets = new Uint8Array((last >> 3) + 1);
  for (const bit of bits) octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return writeExtension(OID.keyUsage, true, der.bitString(octets, 7 - (last & 7))); // no trailing zero bits: X.690 11.2.2
}

export function basicConstraints(pathLength: number | null): Bytes {
  const parts = pathLength === null ? [] : [der.integer(pathLength)];
  return writeExtension(OID.basicConstraints, true, der.sequence(der.boolean(true), ...parts));
}

/** policyConstraints with requireExplicitPolicy 0: everything below must name a policy. */
export function requireExplicitPolicy(): Bytes {
  return writeExtension(OID.policyConstraints, true, der.sequence(der.element(0x80, Uint8Array.of(0))));
}

function bmpString(text: string): Bytes {
  const octets = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) new DataView(octets.buffer).setUint16(2 * i, text.charCodeAt(i));
  return der.element(TAG.BMP_STRING, octets);
}

/** certificatePolicies, critical, with the notice "this is a test certificate" as BMPString and an address of the statement. */
export function policies(policy: string, notice: string, statementUrl: string): Bytes {
  const userNotice = der.sequence(der.objectIdentifier(NOTICE_QUALIFIER), der.sequence(bmpString(notice)));
  const cps = der.sequence(der.objectIdentifier(CPS_QUALIFIER), der.element(TAG.IA5_STRING, utf8(statementUrl)));
  const information = der.sequence(der.objectIdentifier(policy), der.sequence(userNotice, cps));
  return writeExtension(OID.certificatePolicies, true, der.sequence(information));
}

/** subjectAltName with the holder's name and, for people, the virtual identifier (KCAC.TS.SIVID). */
export function identifyData(realName: string, vid: Bytes | null): Bytes {
  const hashed = vid === null ? [] : [der.sequence(der.sequence(der.objectIdentifier(OID.sha256)), der.context(0, der.octetString(vid)))];
  const attributes = hashed.map((content) => der.sequence(der.sequence(der.objectIdentifier(OID.virtualId), content)));
  const value = der.sequence(der.utf8String(realName), ...attributes);
  const otherName = der.context(0, der.objectIdentifier(OID.identifyData), der.context(0, value));
  return writeExtension(OID.subjectAltName, false, der.sequence(otherName));
}

function uri(address: string): Bytes {
  return der.element(0x86, utf8(address));
}

/** One distribution point with the http address of the list (RFC 5280 4.2.1.13). */
export function crlDistributionPoints(address: string): Bytes {
  const point = der.sequence(der.context(0, der.context(0, uri(address))));
  return writeExtension(OID.crlDistributionPoints, false, der.sequence(point));
}

/** The address of the OCSP responder; Korean certificates name no place of the issuer's certificate. */
export function authorityInfoAccess(address: string): Bytes {
  const access = der.sequence(der.objectIdentifier(OCSP_ACCESS), uri(address));
  return writeExtension(OID.authorityInfoAccess, false, der.sequence(access));
}

/** extKeyUsage, critical as Korean responders have it. */
export function extendedKeyUsage(...usages: readonly string[]): Bytes {
  return writeExtension(OID.extendedKeyUsage, true, der.sequence(...usages.map(der.objectIdentifier)));
}

/** id-pkix-ocsp-nocheck (RFC 6960 4.2.2.2.1): nobody asks for the status of a responder's own certificate. */
export function ocspNoCheck(): Bytes {
  return writeExtension(OCSP_NO_CHECK, false, der.nullValue());
}
