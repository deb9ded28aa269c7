/**
 * PrivateKeyInfo (RFC 5208 5) of RSA keys, with the random value R that ties a certificate to an identity number.
 * R sits in an attribute of the key (KCAC.TS.SIVID): `[0] SET { SEQUENCE { 1.2.410.200004.10.1.1.3, SET { BIT STRING } } }`.
 */
import { bitString, children, objectIdentifier, octetString, readDer, sequence, set, unsignedBytes, type DerNode } from '../asn1/reader.ts';
import { contextTag, TAG } from '../asn1/tags.ts';
import * as der from '../asn1/writer.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { OID } from './oids.ts';

export interface PrivateKeyParts {
  /** Magnitudes, big-endian, without leading zeros. Views of the given octets. */
  readonly modulus: Bytes;
  readonly exponent: Bytes;
  /** R; null where the key carries none. */
  readonly random: Bytes | null;
}

function damaged(detail: string): WalletError {
  return new WalletError('file.unreadable', { detail });
}

function unsupported(detail: string): WalletError {
  return new WalletError('file.unsupported', { detail });
}

function readVersion(node: DerNode | undefined): void {
  const version = unsignedBytes(node);
  if (version.length !== 1 || version[0] !== 0) throw unsupported('private key version');
}

/** RSAPrivateKey (RFC 8017 appendix A.1.2) of two primes: version and eight numbers. */
function readRsaPrivateKey(bytes: Bytes): { modulus: Bytes; exponent: Bytes } {
  const [version, ...numbers] = sequence(readDer(bytes));
  readVersion(version);
  if (numbers.length !== 8) throw damaged('RSA private key');
  const [modulus, exponent] = numbers.map(unsignedBytes);
  if (modulus === undefined || exponent === undefined) throw damaged('RSA private key');
  return { modulus, exponent };
}

/** The first attribute of R counts. Its BIT STRING is not looked into: R may happen to look like DER. */
function readRandom(attributes: DerNode | undefined): Bytes | null {
  if (attributes === undefined) return null;
  for (const attribute of children(attributes)) {
    const [type, values] = sequence(attribute);
    if (objectIdentifier(type) !== OID.randomNumber) continue;
    const { unused, bytes } = bitString(set(values)[0]);
    if (unused !== 0) throw unsupported(OID.randomNumber);
    return bytes;
  }
  return null;
}

/**
 * Reads the parts of a PrivateKeyInfo that fills `bytes` exactly.
 *
 * @throws `file.unreadable` where the structure is not that of an RSA key, `file.unsupported` for other algorithms
 *   (detail: the OID) and versions
 */
export function readPrivateKeyInfo(bytes: Bytes): PrivateKeyParts {
  const [version, identifier, key, attributes, more] = sequence(readDer(bytes));
  if (more !== undefined || (attributes !== undefined && attributes.tag !== contextTag(0))) throw damaged('private key');
  readVersion(version);
  const [oid, parameters, surplus] = sequence(identifier);
  const algorithm = objectIdentifier(oid);
  const content = octetString(key);
  if (algorithm !== OID.rsaEncryption) throw unsupported(algorithm);
  if ((parameters !== undefined && parameters.tag !== TAG.NULL) || surplus !== undefined) throw damaged('private key algorithm');
  return { ...readRsaPrivateKey(content), random: readRandom(attributes) };
}

/** Whether octets have the outer shape of a PrivateKeyInfo, to their last one. Wrong passwords give nothing like it. */
export function isPrivateKeyInfo(bytes: Bytes): boolean {
  try {
    const [version, algorithm, key] = sequence(readDer(bytes));
    return version?.tag === TAG.INTEGER && algorithm?.tag === TAG.SEQUENCE && algorithm.content[0] === TAG.OID && key?.tag === TAG.OCTET_STRING;
  } catch {
    return false;
  }
}

/**
 * The same key with the NULL that RFC 8017 A.1 wants behind rsaEncryption: some programs leave it out, and not every WebCrypto takes
 * that. The very octets where nothing is missing; else new ones, R and all.
 */
export function withNullParameters(privateKeyInfo: Bytes): Bytes {
  const [version, identifier, ...rest] = sequence(readDer(privateKeyInfo));
  const [oid, parameters] = sequence(identifier);
  if (version === undefined || oid === undefined || parameters !== undefined || objectIdentifier(oid) !== OID.rsaEncryption) return privateKeyInfo;
  return der.sequence(version.raw, der.sequence(oid.raw, der.nullValue()), ...rest.map(({ raw }) => raw));
}

/**
 * Adds R to a PrivateKeyInfo that has no attributes yet, as WebCrypto exports it.
 *
 * @throws `file.unreadable` where `privateKeyInfo` is none, `internal` where it has attributes already
 */
export function withRandom(privateKeyInfo: Bytes, random: Bytes): Bytes {
  const parts = sequence(readDer(privateKeyInfo));
  if (parts.length !== 3) throw new WalletError('internal', { detail: 'attributes' });
  const attribute = der.sequence(der.objectIdentifier(OID.randomNumber), der.setOf(der.bitString(random)));
  return der.sequence(...parts.map(({ raw }) => raw), der.context(0, attribute));
}
