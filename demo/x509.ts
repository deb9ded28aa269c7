/** Writes X.509 v3 certificates (RFC 5280 4.1) for the demo authority. Names are those of the demo; nothing here checks. */
import { TAG } from '../lib/asn1/tags.ts';
import * as der from '../lib/asn1/writer.ts';
import type { Bytes } from '../lib/bytes/bytes.ts';
import { OID } from '../lib/npki/oids.ts';

/** Attribute type (OID) and value, from country to common name. */
export type NameParts = readonly (readonly [type: string, value: string])[];

/** RSASSA-PKCS1-v1_5 with SHA-256. */
export type Signer = (toBeSigned: Bytes) => Promise<Bytes>;

export interface CertificateInput {
  /** Content octets of the serial INTEGER. */
  readonly serial: Bytes;
  /** Name as DER, copied from the issuer's certificate. */
  readonly issuer: Bytes;
  readonly subject: Bytes;
  /** Milliseconds since 1970 UTC. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** SubjectPublicKeyInfo. */
  readonly spki: Bytes;
  readonly extensions: readonly Bytes[];
  readonly sign: Signer;
  /** Signature algorithm to name; sha256WithRSAEncryption unless told otherwise. */
  readonly algorithm?: string;
}

/** A Name as Korean authorities write it: one attribute an RDN, the country as PrintableString, all else as UTF8String. */
export function writeName(parts: NameParts): Bytes {
  const rdns = parts.map(([type, value]) => {
    const text = type === OID.country ? der.printableString(value) : der.utf8String(value);
    return der.setOf(der.sequence(der.objectIdentifier(type), text));
  });
  return der.sequence(...rdns);
}

export function writeExtension(id: string, critical: boolean, value: Bytes): Bytes {
  return der.sequence(der.objectIdentifier(id), ...(critical ? [der.boolean(true)] : []), der.octetString(value));
}

/** Signs a certificate and returns its DER. */
export async function writeCertificate(input: CertificateInput): Promise<Bytes> {
  const algorithm = der.sequence(der.objectIdentifier(input.algorithm ?? OID.sha256WithRsa), der.nullValue());
  const toBeSigned = der.sequence(
    der.context(0, der.integer(2)),
    der.element(TAG.INTEGER, input.serial),
    algorithm,
    input.issuer,
    der.sequence(der.time(input.notBefore), der.time(input.notAfter)),
    input.subject,
    input.spki,
    ...(input.extensions.length > 0 ? [der.context(3, der.sequence(...input.extensions))] : []),
  );
  return der.sequence(toBeSigned, algorithm, der.bitString(await input.sign(toBeSigned)));
}
