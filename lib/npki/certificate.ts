/** X.509 v3 certificates (RFC 5280 4.1), strictly as DER. What is read is a view of one own copy of the octets. */
import { bitString, explicit, integerBytes, objectIdentifier, readDer, sequence, smallInteger, time, type DerNode } from '../asn1/reader.ts';
import { contextTag } from '../asn1/tags.ts';
import { copy, equal, type Bytes } from '../bytes/bytes.ts';
import { toHex } from '../bytes/hex.ts';
import { WalletError } from '../errors.ts';
import { readExtensions, type CertificateExtensions } from './extensions.ts';
import { NPKI_LIMITS } from './limits.ts';
import { readName, type Name } from './name.ts';
import { readPublicKey, type RsaPublicKey } from './public-key.ts';

export interface Certificate extends CertificateExtensions {
  /** The whole certificate. */
  readonly der: Bytes;
  /** The signed part, as encoded. */
  readonly tbs: Bytes;
  /** Content octets of the serial number: copied wherever it is written again. */
  readonly serial: Bytes;
  readonly serialHex: string;
  /** The serial INTEGER as encoded, for issuerAndSerialNumber. */
  readonly serialDer: Bytes;
  /** OID; inner and outer are equal. */
  readonly signatureAlgorithm: string;
  readonly signature: Bytes;
  readonly issuer: Name;
  readonly subject: Name;
  /** Milliseconds since 1970 UTC. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** SubjectPublicKeyInfo as encoded, as WebCrypto takes it. */
  readonly spki: Bytes;
  readonly publicKeyAlgorithm: string;
  /** Null for keys that are not RSA. */
  readonly publicKey: RsaPublicKey | null;
}

const SERIAL_OCTETS = 21; // RFC 5280 4.1.2.2 has 20; one more for the sign octet that some authorities add

function damaged(detail: string): WalletError {
  return new WalletError('file.unreadable', { detail });
}

function readSerial(node: DerNode | undefined): { serial: Bytes; serialHex: string; serialDer: Bytes } {
  const serial = integerBytes(node);
  if (node === undefined || serial.length > SERIAL_OCTETS) throw damaged('serial');
  return { serial, serialHex: toHex(serial), serialDer: node.raw };
}

function readValidity(node: DerNode | undefined): { notBefore: number; notAfter: number } {
  const [from, until, more] = sequence(node);
  if (more !== undefined) throw damaged('validity');
  return { notBefore: time(from), notAfter: time(until) };
}

/** Skips the unique identifiers of X.509 v2, which nobody uses, and finds the extensions. */
function findExtensions(rest: readonly DerNode[]): DerNode | null {
  const order = [contextTag(1, false), contextTag(2, false), contextTag(3)];
  let last = -1;
  for (const node of rest) {
    const at = order.indexOf(node.tag);
    if (at <= last) throw damaged('certificate fields');
    last = at;
  }
  const list = rest.find(({ tag }) => tag === contextTag(3));
  return list === undefined ? null : explicit(list, contextTag(3));
}

/** The fields of TBSCertificate after the version, which must be 3. */
function readTbs(node: DerNode | undefined): DerNode[] {
  const [version, ...fields] = sequence(node);
  if (smallInteger(explicit(version, contextTag(0))) !== 2) throw new WalletError('file.unsupported', { detail: 'certificate version' });
  if (fields.length < 6) throw damaged('certificate fields');
  return fields;
}

/**
 * Reads one certificate. Nothing is verified but its form; trust is another question.
 *
 * @throws `file.too-large`, `file.unreadable`, `file.unsupported` (not version 3), `file.hostile`
 */
export function readCertificate(der: Bytes): Certificate {
  if (der.length > NPKI_LIMITS.fileBytes) throw new WalletError('file.too-large', { detail: 'certificate' });
  const own = copy(der);
  const [tbs, outer, signature, more] = sequence(readDer(own));
  if (tbs === undefined || outer === undefined || more !== undefined) throw damaged('certificate');
  const [serial, inner, issuer, validity, subject, spki, ...rest] = readTbs(tbs);
  if (issuer === undefined || inner === undefined || subject === undefined || spki === undefined) throw damaged('certificate fields');
  // RFC 5280 4.1.1.2: the two are the same, parameters included.
  if (!equal(inner.raw, outer.raw)) throw damaged('signature algorithms differ');
  const signed = bitString(signature);
  if (signed.unused !== 0) throw damaged('signature');
  const key = readPublicKey(spki);
  return {
    der: own,
    tbs: tbs.raw,
    ...readSerial(serial),
    signatureAlgorithm: objectIdentifier(sequence(outer)[0]),
    signature: signed.bytes,
    issuer: readName(issuer),
    subject: readName(subject),
    ...readValidity(validity),
    spki: spki.raw,
    publicKeyAlgorithm: key.algorithm,
    publicKey: key.rsa,
    ...readExtensions(findExtensions(rest)),
  };
}

/** SHA-256 of the certificate in lower-case hex. */
export async function certificateFingerprint(certificate: Certificate): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', certificate.der)));
}
