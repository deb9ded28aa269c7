/** The MAC that protects a PKCS#12 file (RFC 7292 4 and appendix B): read, checked, made. */
import { objectIdentifier, octetString, readDer, sequence, type DerNode } from '../../asn1/reader.ts';
import * as der from '../../asn1/writer.ts';
import { equal, wipe, type Bytes } from '../../bytes/bytes.ts';
import { WalletError } from '../../errors.ts';
import { pkcs12Passwords } from '../decrypt.ts';
import { readDerivation } from '../encryption-scheme.ts';
import { passwordHash, type HashName } from '../legacy/hashes.ts';
import { PKCS12_PURPOSE, pkcs12Derive, pkcs12Password, type Pkcs12Derivation } from '../legacy/pkcs12-kdf.ts';
import { OID } from '../oids.ts';

export interface PfxMac extends Pkcs12Derivation {
  readonly digest: Bytes;
}

const HASHES: ReadonlyMap<string, HashName> = new Map<string, HashName>([
  [OID.sha1, 'SHA-1'],
  [OID.sha224, 'SHA-224'],
  [OID.sha256, 'SHA-256'],
  [OID.sha384, 'SHA-384'],
  [OID.sha512, 'SHA-512'],
]);

/** Where the count is left out it is 1 (RFC 7292 4). */
function defaultIterations(): DerNode {
  return readDer(der.integer(1));
}

/**
 * Reads MacData.
 *
 * @throws `file.unreadable`, `file.hostile` (salt, iterations), `file.unsupported` where the digest is none of the five
 *   hashes (detail: its OID), as it is with PBMAC1 (RFC 9579)
 */
export function readMac(node: DerNode): PfxMac {
  const [info, salt, iterations = defaultIterations(), more] = sequence(node);
  const [identifier, value, surplus] = sequence(info);
  const oid = objectIdentifier(sequence(identifier)[0]);
  const hash = HASHES.get(oid);
  if (hash === undefined) throw new WalletError('file.unsupported', { detail: oid });
  const digest = octetString(value);
  if (more !== undefined || surplus !== undefined || digest.length !== passwordHash(hash).size)
    throw new WalletError('file.unreadable', { detail: 'MAC' });
  return { hash, digest, ...readDerivation(salt, iterations) };
}

function computeMac(derivation: Pkcs12Derivation, secret: Bytes, message: Bytes): Bytes {
  const { size, mac } = passwordHash(derivation.hash);
  const key = pkcs12Derive(PKCS12_PURPOSE.mac, secret, derivation, size);
  try {
    return mac(key, message);
  } finally {
    wipe(key);
  }
}

/** Whether the password made this MAC. */
export function isMacOf(mac: PfxMac, password: string, message: Bytes): boolean {
  const secrets = pkcs12Passwords(password);
  try {
    return secrets.some((secret) => equal(computeMac(mac, secret, message), mac.digest));
  } finally {
    wipe(...secrets);
  }
}

/** Writes MacData. */
export function writeMac(derivation: Pkcs12Derivation & { readonly hash: 'SHA-1' | 'SHA-256' }, password: string, message: Bytes): Bytes {
  const secret = pkcs12Password(password);
  try {
    const oid = derivation.hash === 'SHA-1' ? OID.sha1 : OID.sha256;
    const algorithm = der.sequence(der.objectIdentifier(oid), der.nullValue());
    const info = der.sequence(algorithm, der.octetString(computeMac(derivation, secret, message)));
    return der.sequence(info, der.octetString(derivation.salt), der.integer(derivation.iterations));
  } finally {
    wipe(secret);
  }
}
