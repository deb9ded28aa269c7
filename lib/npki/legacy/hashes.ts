/**
 * The hashes of PKCS#5 and PKCS#12 where WebCrypto does not help: it has no SHA-224, and it makes a call of its own for each
 * link of a chain of hashes. SHA-2 and HMAC are those of @noble/hashes; SHA-1 in chains is ours, which is four times as fast.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import type { CHash, Hash } from '@noble/hashes/utils.js';
import { copy, type Bytes } from '../../bytes/bytes.ts';
import { pbkdf1Sha1 } from './pbkdf1.ts';

export type HashName = 'SHA-1' | 'SHA-224' | 'SHA-256' | 'SHA-384' | 'SHA-512';

export interface PasswordHash {
  /** Octets that it works on at a time, and octets that it answers. */
  readonly block: number;
  readonly size: number;
  /** `H(… H(message) …)`, `iterations` times, at least once; callers bound it before. */
  chain(message: Uint8Array, iterations: number): Bytes;
  /** HMAC (RFC 2104). */
  mac(key: Uint8Array, message: Uint8Array): Bytes;
}

/** Hashes in place, with the state of the start copied instead of made for each link: half the time. */
function chain<T extends Hash<T>>(hash: CHash<T>, message: Uint8Array, iterations: number): Bytes {
  const digest = copy(hash(message));
  const start = hash.create();
  const state = hash.create();
  for (let i = 1; i < iterations; i++) {
    start._cloneInto(state);
    state.update(digest);
    state.digestInto(digest);
  }
  state.destroy();
  return digest;
}

function passwordHashOf<T extends Hash<T>>(hash: CHash<T>): PasswordHash {
  return {
    block: hash.blockLen,
    size: hash.outputLen,
    chain: (message, iterations) => chain(hash, message, iterations),
    mac: (key, message) => copy(hmac(hash, key, message)),
  };
}

const NOTHING = new Uint8Array(0);

export function passwordHash(name: HashName): PasswordHash {
  switch (name) {
    case 'SHA-1':
      return { ...passwordHashOf(sha1), chain: (message, iterations) => pbkdf1Sha1(message, NOTHING, iterations) };
    case 'SHA-224':
      return passwordHashOf(sha224);
    case 'SHA-256':
      return passwordHashOf(sha256);
    case 'SHA-384':
      return passwordHashOf(sha384);
    case 'SHA-512':
      return passwordHashOf(sha512);
  }
}

/** PBKDF2-HMAC-SHA-224 (RFC 8018 5.2). `iterations` is at least 1; callers bound it before. */
export function pbkdf2Sha224(password: Uint8Array, salt: Uint8Array, iterations: number, length: number): Bytes {
  return copy(pbkdf2(sha224, password, salt, { c: iterations, dkLen: length }));
}
