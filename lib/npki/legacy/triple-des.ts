/** Triple DES with three keys (FIPS 46-3, NIST SP 800-67): converted key files use it and WebCrypto does not have it. */
import type { Bytes } from '../../bytes/bytes.ts';
import { cbcDecrypt, cbcEncrypt, type BlockCipher } from './cbc.ts';

const BLOCK = 8;
const KEY = 24;
const ROUNDS = 16;

/** The eight S-boxes: four rows of sixteen values each, in hex. */
const S_BOXES = [
  'e4d12fb83a6c59070f74e2d1a6cb953841e8d62bfc973a50fc8249175b3ea06d',
  'f18e6b34972dc05a3d47f28ec01a69b50e7ba4d158c6932fd8a13f42b67c05e9',
  'a09e63f51dc7b428d709346a285ecbf1d6498f30b12c5ae71ad069874fe3b52c',
  '7de3069a1285bc4fd8b56f03472c1ae9a690cb7df13e52843f06a1d8945bc72e',
  '2c417ab6853fd0e9eb2c47d150fa3986421bad78f9c5630eb8c71e2d6f09a453',
  'c1af92680d34e75baf427c9561de0b389ef528c3704a1db6432c95fabe17608d',
  '4b2ef08d3c975a61d0b7491ae35c2f8614bdc37eaf6805926bd814a7950fe23c',
  'd2846fb1a93e50c71fd8a374c56b0e927b419ce206adf35821e74a8dfc90356b',
];

/** Bits are counted from 1, the most significant first, as in the standard. */
const P = [16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25];
const PC_1_LEFT = [57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36];
const PC_1_RIGHT = [63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4];
const PC_2_LEFT = [14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2];
const PC_2_RIGHT = [41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32];
const SINGLE_SHIFTS: readonly number[] = [0, 1, 8, 15];

/** Eight tables of 64 words that join the S-boxes with the permutation P. */
function makeTables(): Int32Array {
  const tables = new Int32Array(8 * 64);
  for (let box = 0; box < 8; box++) {
    for (let input = 0; input < 64; input++) {
      const at = 16 * (((input >> 4) & 2) | (input & 1)) + ((input >> 1) & 15);
      const placed = Number.parseInt(S_BOXES[box]?.[at] ?? '0', 16) << (28 - 4 * box);
      let word = 0;
      for (const bit of P) word = (word << 1) | ((placed >>> (32 - bit)) & 1);
      tables[64 * box + input] = word;
    }
  }
  return tables;
}

let madeTables: Int32Array | undefined;

function bitOf(bytes: Uint8Array, at: number, bit: number): number {
  return ((bytes[at + ((bit - 1) >> 3)] ?? 0) >> (7 - ((bit - 1) & 7))) & 1;
}

function gather(bits: readonly number[], read: (bit: number) => number): number {
  let value = 0;
  for (const bit of bits) value = (value << 1) | read(bit);
  return value;
}

function rotate28(value: number, by: number): number {
  return ((value << by) | (value >>> (28 - by))) & 0x0fffffff;
}

/** Two words a round, laid out as `f` wants them: the six-bit groups of the even and of the odd S-boxes. */
function roundKeys(key: Uint8Array, at: number): Int32Array {
  const keys = new Int32Array(2 * ROUNDS);
  let c = gather(PC_1_LEFT, (bit) => bitOf(key, at, bit));
  let d = gather(PC_1_RIGHT, (bit) => bitOf(key, at, bit));
  for (let round = 0; round < ROUNDS; round++) {
    const shift = SINGLE_SHIFTS.includes(round) ? 1 : 2;
    c = rotate28(c, shift);
    d = rotate28(d, shift);
    const left = gather(PC_2_LEFT, (bit) => (c >>> (28 - bit)) & 1);
    const right = gather(PC_2_RIGHT, (bit) => (d >>> (56 - bit)) & 1);
    const group = (box: number): number => ((box < 4 ? left : right) >>> (18 - 6 * (box & 3))) & 0x3f;
    keys[2 * round] = (group(0) << 26) | (group(2) << 18) | (group(4) << 10) | (group(6) << 2);
    keys[2 * round + 1] = (group(1) << 26) | (group(3) << 18) | (group(5) << 10) | (group(7) << 2);
  }
  return keys;
}

function f(tables: Int32Array, half: number, evenKey: number, oddKey: number): number {
  // The expansion E makes overlapping groups of six bits: every second one lies in a rotated copy of the half.
  const even = ((half >>> 1) | (half << 31)) ^ evenKey;
  const odd = ((half << 3) | (half >>> 29)) ^ oddKey;
  return (
    (tables[even >>> 26] ?? 0) ^
    (tables[64 + (odd >>> 26)] ?? 0) ^
    (tables[128 + ((even >>> 18) & 0x3f)] ?? 0) ^
    (tables[192 + ((odd >>> 18) & 0x3f)] ?? 0) ^
    (tables[256 + ((even >>> 10) & 0x3f)] ?? 0) ^
    (tables[320 + ((odd >>> 10) & 0x3f)] ?? 0) ^
    (tables[384 + ((even >>> 2) & 0x3f)] ?? 0) ^
    (tables[448 + ((odd >>> 2) & 0x3f)] ?? 0)
  );
}

/** One DES pass over the permuted halves, in place. */
function pass(tables: Int32Array, keys: Int32Array, halves: Int32Array, decrypting: boolean): void {
  let left = halves[0] ?? 0;
  let right = halves[1] ?? 0;
  for (let round = 0; round < ROUNDS; round++) {
    const k = 2 * (decrypting ? ROUNDS - 1 - round : round);
    const next = left ^ f(tables, right, keys[k] ?? 0, keys[k + 1] ?? 0);
    left = right;
    right = next;
  }
  // The halves are exchanged once more, which is the order in which the next pass wants them.
  halves[0] = right;
  halves[1] = left;
}

/** The initial permutation, from octets to halves. */
function permuteIn(data: Uint8Array, at: number, halves: Int32Array): void {
  for (let half = 0; half < 2; half++) {
    let word = 0;
    for (let i = 0; i < 32; i++) word = (word << 1) | bitOf(data, at, 58 - half + 2 * (i >> 3) - 8 * (i & 7));
    halves[half] = word;
  }
}

/** Its inverse, from halves to octets. */
function permuteOut(halves: Int32Array, data: Uint8Array, at: number): void {
  data.fill(0, at, at + BLOCK);
  for (let half = 0; half < 2; half++) {
    const word = halves[half] ?? 0;
    for (let i = 0; i < 32; i++) {
      const bit = 57 - half + 2 * (i >> 3) - 8 * (i & 7);
      data[at + (bit >> 3)] = (data[at + (bit >> 3)] ?? 0) | (((word >>> (31 - i)) & 1) << (7 - (bit & 7)));
    }
  }
}

/** Triple DES (encrypt, decrypt, encrypt) with a key of 24 bytes; parity bits are not looked at. */
export function tripleDesCipher(key: Uint8Array): BlockCipher {
  if (key.length !== KEY) throw new RangeError('Triple DES key length');
  const tables = (madeTables ??= makeTables());
  const keys = [roundKeys(key, 0), roundKeys(key, 8), roundKeys(key, 16)];
  const reversed = [...keys].reverse();
  const halves = new Int32Array(2);
  const run = (data: Uint8Array, at: number, order: readonly Int32Array[], decrypting: boolean): void => {
    permuteIn(data, at, halves);
    order.forEach((passKeys, i) => pass(tables, passKeys, halves, decrypting !== (i === 1)));
    permuteOut(halves, data, at);
  };
  return {
    blockSize: BLOCK,
    encryptBlock: (data, at) => run(data, at, keys, false),
    decryptBlock: (data, at) => run(data, at, reversed, true),
    wipe: () => keys.forEach((passKeys) => passKeys.fill(0)),
  };
}

/** DES-EDE3-CBC with PKCS#7 padding. The key has 24 bytes, the IV 8. */
export function tripleDesCbcEncrypt(key: Uint8Array, iv: Uint8Array, plain: Uint8Array): Bytes {
  const cipher = tripleDesCipher(key);
  try {
    return cbcEncrypt(cipher, iv, plain);
  } finally {
    cipher.wipe();
  }
}

/** The reverse; null where the padding is wrong. */
export function tripleDesCbcDecrypt(key: Uint8Array, iv: Uint8Array, encrypted: Uint8Array): Bytes | null {
  const cipher = tripleDesCipher(key);
  try {
    return cbcDecrypt(cipher, iv, encrypted);
  } finally {
    cipher.wipe();
  }
}
