/** Cipher block chaining (NIST SP 800-38A 6.2) with the padding of PKCS#7 (RFC 5652 6.3), for ciphers WebCrypto lacks. */
import type { Bytes } from '../../bytes/bytes.ts';

/** A block cipher with its key set. The two functions work in place on the block at `at`. */
export interface BlockCipher {
  readonly blockSize: number;
  encryptBlock(data: Uint8Array, at: number): void;
  decryptBlock(data: Uint8Array, at: number): void;
  /** Overwrites the round keys. */
  wipe(): void;
}

/** Encrypts whole blocks; `iv` is one block. Throws RangeError on other lengths: callers check what files say first. */
export function cbcEncryptBlocks(cipher: BlockCipher, iv: Uint8Array, plain: Uint8Array): Bytes {
  const size = checkLengths(cipher, iv, plain);
  const data = new Uint8Array(plain);
  for (let at = 0; at < data.length; at += size) {
    const previous = at === 0 ? iv : data.subarray(at - size, at);
    for (let i = 0; i < size; i++) data[at + i] = (data[at + i] ?? 0) ^ (previous[i] ?? 0);
    cipher.encryptBlock(data, at);
  }
  return data;
}

/** Decrypts whole blocks; `iv` is one block. Throws RangeError on other lengths. */
export function cbcDecryptBlocks(cipher: BlockCipher, iv: Uint8Array, encrypted: Uint8Array): Bytes {
  const size = checkLengths(cipher, iv, encrypted);
  const data = new Uint8Array(encrypted);
  for (let at = 0; at < data.length; at += size) {
    cipher.decryptBlock(data, at);
    const previous = at === 0 ? iv : encrypted.subarray(at - size, at);
    for (let i = 0; i < size; i++) data[at + i] = (data[at + i] ?? 0) ^ (previous[i] ?? 0);
  }
  return data;
}

function checkLengths(cipher: BlockCipher, iv: Uint8Array, data: Uint8Array): number {
  if (iv.length !== cipher.blockSize || data.length % cipher.blockSize !== 0) throw new RangeError('block length');
  return cipher.blockSize;
}

/** Pads and encrypts. */
export function cbcEncrypt(cipher: BlockCipher, iv: Uint8Array, plain: Uint8Array): Bytes {
  const pad = cipher.blockSize - (plain.length % cipher.blockSize);
  const padded = new Uint8Array(plain.length + pad).fill(pad);
  padded.set(plain);
  const encrypted = cbcEncryptBlocks(cipher, iv, padded);
  padded.fill(0);
  return encrypted;
}

/** Decrypts and takes the padding off; null where the padding is wrong in any of its octets. */
export function cbcDecrypt(cipher: BlockCipher, iv: Uint8Array, encrypted: Uint8Array): Bytes | null {
  const padded = cbcDecryptBlocks(cipher, iv, encrypted);
  const length = unpaddedLength(padded, cipher.blockSize);
  const plain = length === null ? null : padded.slice(0, length);
  padded.fill(0);
  return plain;
}

/** The length without padding, or null. All octets of the padding are looked at, whichever is wrong. */
function unpaddedLength(padded: Uint8Array, blockSize: number): number | null {
  const pad = padded[padded.length - 1] ?? 0;
  if (pad < 1 || pad > blockSize) return null;
  let difference = 0;
  for (let i = 1; i <= pad; i++) difference |= (padded[padded.length - i] ?? 0) ^ pad;
  return difference === 0 ? padded.length - pad : null;
}
