/** The key derivation of PKCS#12 (RFC 7292 appendix B.2) and its form of passwords (B.1). */
import { concat, wipe, type Bytes } from '../../bytes/bytes.ts';
import { passwordHash, type HashName } from './hashes.ts';

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
function fillBlocks(bytes: Uint8Array, block: number): Bytes {
  const filled = new Uint8Array(block * Math.ceil(bytes.length / block));
  for (let i = 0; i < filled.length; i++) filled[i] = bytes[i % bytes.length] ?? 0;
  return filled;
}

/** Adds `value` + 1, which is one block, to each block of `blocks`, modulo 2 to the number of its bits. */
function addToBlocks(blocks: Uint8Array, value: Uint8Array): void {
  for (let at = 0; at < blocks.length; at += value.length) {
    let carry = 1;
    for (let i = value.length - 1; i >= 0; i--) {
      carry += (blocks[at + i] ?? 0) + (value[i] ?? 0);
      blocks[at + i] = carry;
      carry >>= 8;
    }
  }
}

export interface Pkcs12Derivation {
  readonly hash: HashName;
  readonly salt: Bytes;
  /** At least 1; callers bound it before. */
  readonly iterations: number;
}

/** Derives `length` octets. `password` is in the form of `pkcs12Password`. */
export function pkcs12Derive(purpose: number, password: Uint8Array, { hash, salt, iterations }: Pkcs12Derivation, length: number): Bytes {
  const { block, size, chain } = passwordHash(hash);
  const derived = new Uint8Array(length);
  const blocks = concat(fillBlocks(salt, block), fillBlocks(password, block));
  for (let at = 0; at < length; at += size) {
    const message = concat(new Uint8Array(block).fill(purpose), blocks);
    const digest = chain(message, iterations);
    derived.set(digest.subarray(0, length - at), at);
    const added = fillBlocks(digest, block);
    addToBlocks(blocks, added);
    wipe(message, digest, added);
  }
  wipe(blocks);
  return derived;
}
