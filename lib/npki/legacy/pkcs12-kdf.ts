/** The key derivation of PKCS#12 (RFC 7292 appendix B.2) with SHA-1, and its form of passwords (B.1). */
import { concat, wipe, type Bytes } from '../../bytes/bytes.ts';
import { Sha1 } from './sha1.ts';

const BLOCK = 64;
const HASH = 20;

/** What the derived octets are for (B.3). */
export const PKCS12_PURPOSE = { key: 1, iv: 2, mac: 3 } as const;

/** UTF-16 big-endian with two zero octets behind it. */
export function pkcs12Password(password: string): Bytes {
  const bytes = new Uint8Array(2 * password.length + 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < password.length; i++) view.setUint16(2 * i, password.charCodeAt(i));
  return bytes;
}

/** Repeats octets up to a whole number of blocks; nothing stays nothing. */
function fillBlocks(bytes: Uint8Array): Bytes {
  const filled = new Uint8Array(BLOCK * Math.ceil(bytes.length / BLOCK));
  for (let i = 0; i < filled.length; i++) filled[i] = bytes[i % bytes.length] ?? 0;
  return filled;
}

/** Adds `value` + 1 to each block of `blocks`, modulo 2^512. */
function addToBlocks(blocks: Uint8Array, value: Uint8Array): void {
  for (let at = 0; at < blocks.length; at += BLOCK) {
    let carry = 1;
    for (let i = BLOCK - 1; i >= 0; i--) {
      carry += (blocks[at + i] ?? 0) + (value[i] ?? 0);
      blocks[at + i] = carry;
      carry >>= 8;
    }
  }
}

/** Derives `length` octets. `password` is in the form of `pkcs12Password`; `iterations` is at least 1, bounded by callers. */
export function pkcs12Derive(purpose: number, password: Uint8Array, salt: Uint8Array, iterations: number, length: number): Bytes {
  const derived = new Uint8Array(length);
  const hash = new Sha1();
  const blocks = concat(fillBlocks(salt), fillBlocks(password));
  for (let at = 0; at < length; at += HASH) {
    const message = concat(new Uint8Array(BLOCK).fill(purpose), blocks);
    hash.hash(message);
    for (let i = 1; i < iterations; i++) hash.rehash();
    const digest = hash.digest();
    derived.set(digest.subarray(0, length - at), at);
    addToBlocks(blocks, fillBlocks(digest));
    wipe(message, digest);
  }
  hash.wipe();
  wipe(blocks);
  return derived;
}
