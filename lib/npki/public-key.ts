/** SubjectPublicKeyInfo (RFC 5280 4.1.2.7) of RSA keys (RFC 8017 appendix A.1). */
import { bitString, expectTag, objectIdentifier, readDer, sequence, unsignedBytes, type DerNode } from '../asn1/reader.ts';
import { TAG } from '../asn1/tags.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { OID } from './oids.ts';

export interface RsaPublicKey {
  /** Always rsaEncryption. */
  readonly algorithm: string;
  /** Magnitudes, big-endian, without leading zeros. */
  readonly modulus: Bytes;
  readonly exponent: Bytes;
  /** Length of the modulus in bits. */
  readonly bits: number;
}

/** Length in bits of a magnitude without leading zeros. */
export function bitLength(magnitude: Uint8Array): number {
  return magnitude.length * 8 - Math.clz32(magnitude[0] ?? 0) + 24;
}

/** Reads `{ algorithm, key }`: the algorithm's OID, and the numbers where it is RSA (null for other kinds of keys). */
export function readPublicKey(spki: DerNode | undefined): { readonly algorithm: string; readonly rsa: RsaPublicKey | null } {
  const [identifier, key, more] = sequence(spki);
  const [oid, parameters, surplus] = sequence(identifier);
  if (more !== undefined || surplus !== undefined) throw new WalletError('file.unreadable', { detail: 'public key' });
  const algorithm = objectIdentifier(oid);
  const { unused, bytes } = bitString(key);
  if (algorithm !== OID.rsaEncryption) return { algorithm, rsa: null };
  expectTag(parameters, TAG.NULL);
  if (unused !== 0) throw new WalletError('file.unreadable', { detail: 'public key' });
  const [n, e, third] = sequence(readDer(bytes));
  if (third !== undefined) throw new WalletError('file.unreadable', { detail: 'public key' });
  const modulus = unsignedBytes(n);
  return { algorithm, rsa: { algorithm, modulus, exponent: unsignedBytes(e), bits: bitLength(modulus) } };
}
