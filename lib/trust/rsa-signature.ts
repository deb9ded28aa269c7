/** RSASSA-PKCS1-v1_5 signatures (RFC 8017 8.2) with the hashes we take. SHA-1 and MD5 are not among them. */
import type { Bytes } from '../bytes/bytes.ts';
import type { Certificate } from '../npki/certificate.ts';
import { NPKI_LIMITS } from '../npki/limits.ts';
import { OID } from '../npki/oids.ts';

export type SignatureHash = 'SHA-256' | 'SHA-384' | 'SHA-512';

/** Signature algorithms that name their hash (RFC 8017 appendix A.2.4). */
export const SIGNATURE_HASHES: ReadonlyMap<string, SignatureHash> = new Map([
  [OID.sha256WithRsa, 'SHA-256'],
  [OID.sha384WithRsa, 'SHA-384'],
  [OID.sha512WithRsa, 'SHA-512'],
]);

const EXPONENT_OCTETS = 4; // 65537 in every certificate met; a long exponent only costs the verifier time

/** An exponent of one would let anybody sign. */
function isUsableExponent(exponent: Bytes): boolean {
  const isOdd = ((exponent.at(-1) ?? 0) & 1) === 1;
  return isOdd && exponent.length <= EXPONENT_OCTETS && (exponent.length > 1 || (exponent[0] ?? 0) > 1);
}

/** Whether a certificate's key is RSA of 2048 to 8192 bits with a small odd exponent above one. */
function hasUsableKey({ publicKey }: Pick<Certificate, 'publicKey'>): boolean {
  if (publicKey === null) return false;
  const { bits, exponent } = publicKey;
  return bits >= NPKI_LIMITS.rsaBitsLeast && bits <= NPKI_LIMITS.rsaBitsMost && isUsableExponent(exponent);
}

/** Whether `signature` over `signed` was made by the key of `signer`; false too where that key is none we take. */
export async function isSignedBy(
  signer: Pick<Certificate, 'publicKey' | 'spki'>,
  hash: SignatureHash,
  signature: Bytes,
  signed: Bytes,
): Promise<boolean> {
  if (!hasUsableKey(signer)) return false;
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash };
  try {
    const key = await crypto.subtle.importKey('spki', signer.spki, algorithm, false, ['verify']);
    return await crypto.subtle.verify(algorithm, key, signature, signed);
  } catch {
    return false; // the platform refuses the key itself
  }
}
