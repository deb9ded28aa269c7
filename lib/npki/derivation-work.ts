/** What a key derivation costs before it is begun, in rounds of our own SHA-1: about a third of a microsecond each. */
import type { Encryption } from './encryption-scheme.ts';
import { passwordHash, type HashName } from './legacy/hashes.ts';

/** Rounds of our own hashes in the derivation of PKCS#12, as measured. */
const OWN: Readonly<Record<HashName, number>> = { 'SHA-1': 1, 'SHA-224': 5, 'SHA-256': 5, 'SHA-384': 10, 'SHA-512': 10 };
/** Rounds of PBKDF2, each two hashes: WebCrypto's are fast; SHA-224 is ours. */
const PBKDF2: Readonly<Record<HashName, number>> = { 'SHA-1': 1, 'SHA-224': 10, 'SHA-256': 1, 'SHA-384': 3, 'SHA-512': 3 };

/** Derivations run again for each output of the hash that the wanted length needs. */
function runs(octets: number, hash: HashName): number {
  return Math.ceil(octets / passwordHash(hash).size);
}

/** Of deriving the key and the IV of an encryption. */
export function workOf(encryption: Encryption): number {
  const { iterations } = encryption;
  switch (encryption.scheme) {
    case 'pbes2':
      return iterations * PBKDF2[encryption.prf] * runs(encryption.cipher.key, encryption.prf);
    case 'pkcs12': {
      const { key, block } = encryption.cipher;
      return iterations * OWN['SHA-1'] * (runs(key, 'SHA-1') + (block === 1 ? 0 : runs(block, 'SHA-1')));
    }
    default:
      return iterations;
  }
}

/** Of deriving the key of a MAC. */
export function workOfMac({ hash, iterations }: { readonly hash: HashName; readonly iterations: number }): number {
  return iterations * OWN[hash];
}
