/**
 * Private keys that are not encrypted: PrivateKeyInfo (RFC 5208 5), and the bare RSAPrivateKey of RFC 8017 A.1.2, which
 * becomes one. Korean programs write neither; converted files are often left like this.
 */
import { readDer, sequence, type DerNode } from '../asn1/reader.ts';
import { TAG } from '../asn1/tags.ts';
import * as der from '../asn1/writer.ts';
import { copy, wipe, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { NPKI_LIMITS } from './limits.ts';
import { OID } from './oids.ts';
import type { OpenedKey } from './private-key.ts';
import { readPrivateKeyInfo, withNullParameters } from './private-key-info.ts';

const RSA_NUMBERS = 9;
/** ECPrivateKey (RFC 5915) has version 1. */
const EC_VERSION = 1;

function looksLikePrivateKeyInfo([version, algorithm, key]: readonly DerNode[]): boolean {
  return version?.tag === TAG.INTEGER && algorithm?.tag === TAG.SEQUENCE && algorithm.content[0] === TAG.OID && key?.tag === TAG.OCTET_STRING;
}

function looksLikeRsaPrivateKey(parts: readonly DerNode[]): boolean {
  return parts.length >= RSA_NUMBERS && parts.slice(0, RSA_NUMBERS).every(({ tag }) => tag === TAG.INTEGER);
}

function looksLikeEcPrivateKey([version, key, parameters]: readonly DerNode[]): boolean {
  const isVersion = version?.tag === TAG.INTEGER && version.content.length === 1 && version.content[0] === EC_VERSION;
  return isVersion && key?.tag === TAG.OCTET_STRING && (parameters === undefined || (parameters.tag & 0xc0) === 0x80);
}

/** Whether the parts of an element are those of a private key that anyone can read. */
export function looksLikePlainKey(parts: readonly DerNode[]): boolean {
  return looksLikePrivateKeyInfo(parts) || looksLikeRsaPrivateKey(parts) || looksLikeEcPrivateKey(parts);
}

/** Octets of its own, with the parameters that may be missing. */
function ownOf(privateKeyInfo: Bytes): Bytes {
  const complete = withNullParameters(privateKeyInfo);
  return complete === privateKeyInfo ? copy(privateKeyInfo) : complete;
}

/**
 * PrivateKeyInfo with the key of `bytes`, octet for octet where it is one already, so that R stays.
 *
 * @throws `file.too-large`, `file.unreadable`, `file.unsupported` for keys that are not RSA (detail: the OID)
 */
export function readPlainKeyFile(bytes: Bytes): Bytes {
  if (bytes.length > NPKI_LIMITS.fileBytes) throw new WalletError('file.too-large', { detail: 'key' });
  const parts = sequence(readDer(bytes));
  if (looksLikeEcPrivateKey(parts)) throw new WalletError('file.unsupported', { detail: OID.ecPublicKey });
  const algorithm = (): Bytes => der.sequence(der.objectIdentifier(OID.rsaEncryption), der.nullValue());
  const privateKeyInfo = looksLikePrivateKeyInfo(parts) ? ownOf(bytes) : der.sequence(der.integer(0), algorithm(), der.octetString(bytes));
  try {
    readPrivateKeyInfo(privateKeyInfo);
    return privateKeyInfo;
  } catch (thrown) {
    wipe(privateKeyInfo);
    throw thrown;
  }
}

/** A copy of a PrivateKeyInfo, read; the caller wipes it. Throws as `readPrivateKeyInfo`. */
export function openPlainKey(privateKeyInfo: Bytes): OpenedKey {
  const own = ownOf(privateKeyInfo);
  try {
    return { privateKeyInfo: own, ...readPrivateKeyInfo(own), plain: true };
  } catch (thrown) {
    wipe(own);
    throw thrown;
  }
}
