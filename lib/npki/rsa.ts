/** What an RSA public key must be like before anything is done with it (NIST SP 800-89 5.3.3, KISA's key lengths). */
import type { Bytes } from '../bytes/bytes.ts';
import { toHex } from '../bytes/hex.ts';
import { WalletError } from '../errors.ts';
import type { Certificate } from './certificate.ts';
import { NPKI_LIMITS } from './limits.ts';
import type { RsaPublicKey } from './public-key.ts';

const SMALLEST_FACTOR = 752n;
const LONGEST_EXPONENT = 8; // octets; genuine keys have 65537

/** Whether a number between 2 and 752 divides the modulus; no honest key has such a factor. */
function hasSmallFactor(modulus: Bytes): boolean {
  const value = BigInt(`0x${toHex(modulus)}`);
  for (let factor = 3n; factor < SMALLEST_FACTOR; factor += 2n) {
    if (value % factor === 0n) return true;
  }
  return false;
}

/**
 * The key of a certificate, or of a request for one, if it is one that this wallet takes.
 *
 * @throws `file.unsupported` for keys that are not RSA and for lengths that are not taken (detail: the OID of the key),
 *   `file.hostile` for numbers that no real key has
 */
export function usableKey({ publicKey, publicKeyAlgorithm }: Pick<Certificate, 'publicKey' | 'publicKeyAlgorithm'>): RsaPublicKey {
  if (publicKey === null) throw new WalletError('file.unsupported', { detail: publicKeyAlgorithm });
  const { modulus, exponent, bits } = publicKey;
  if (bits < NPKI_LIMITS.rsaBitsLeast || bits > NPKI_LIMITS.rsaBitsMost) throw new WalletError('file.unsupported', { detail: publicKeyAlgorithm });
  const odd = (number: Bytes): boolean => ((number.at(-1) ?? 0) & 1) === 1;
  const tiny = exponent.length === 1 && (exponent[0] ?? 0) < 3;
  if (!odd(modulus) || !odd(exponent) || tiny || exponent.length > LONGEST_EXPONENT || hasSmallFactor(modulus))
    throw new WalletError('file.hostile', { detail: 'RSA key' });
  return publicKey;
}
