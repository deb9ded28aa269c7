/** PBKDF1 with SHA-1 (RFC 8018 5.1): `SHA1(… SHA1(password ‖ salt) …)`, all twenty octets of it. */
import { concat, wipe, type Bytes } from '../../bytes/bytes.ts';
import { Sha1 } from './sha1.ts';

/** Derives twenty octets. `iterations` is at least 1; callers bound it before. */
export function pbkdf1Sha1(password: Uint8Array, salt: Uint8Array, iterations: number): Bytes {
  const hash = new Sha1();
  const start = concat(password, salt);
  try {
    hash.hash(start);
    for (let i = 1; i < iterations; i++) hash.rehash();
    return hash.digest();
  } finally {
    hash.wipe();
    wipe(start);
  }
}
