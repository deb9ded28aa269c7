/**
 * AES (FIPS 197) for keys of 192 bits only: Chromium's WebCrypto refuses those, and converted key files may have them.
 * Every other AES goes through WebCrypto. Table look-ups tell their index to whoever shares the processor's cache; here
 * they run once for a file that the person opens, not for each message of a stranger.
 */
import type { Bytes } from '../../bytes/bytes.ts';
import { cbcDecrypt, type BlockCipher } from './cbc.ts';

const BLOCK = 16;
const KEY_WORDS = 6;
const ROUNDS = 12;

interface Tables {
  readonly box: Uint8Array;
  readonly inverse: Uint8Array;
}

let madeTables: Tables | undefined;

/** FIPS 197 5.1.1, walking the multiplicative group by its generator x + 1 and, at the same time, by its inverse. */
function makeTables(): Tables {
  const box = new Uint8Array(256);
  const inverse = new Uint8Array(256);
  let p = 1;
  let q = 1;
  do {
    p = (p ^ double(p)) & 0xff;
    q ^= q << 1;
    q ^= q << 2;
    q ^= q << 4;
    q &= 0xff;
    if (q & 0x80) q ^= 0x09;
    const twice = q | (q << 8);
    box[p] = (q ^ (twice >> 7) ^ (twice >> 6) ^ (twice >> 5) ^ (twice >> 4) ^ 0x63) & 0xff;
  } while (p !== 1);
  box[0] = 0x63;
  box.forEach((value, input) => (inverse[value] = input));
  return { box, inverse };
}

function double(value: number): number {
  return ((value << 1) ^ (value & 0x80 ? 0x11b : 0)) & 0xff;
}

function multiply(value: number, factor: number): number {
  let product = 0;
  for (let rest = factor, power = value; rest > 0; rest >>= 1, power = double(power)) if (rest & 1) product ^= power;
  return product;
}

/** FIPS 197 5.2. */
function expandKey(key: Uint8Array, { box }: Tables): Uint8Array {
  const keys = new Uint8Array(BLOCK * (ROUNDS + 1));
  keys.set(key);
  let constant = 1;
  for (let at = 4 * KEY_WORDS; at < keys.length; at += 4) {
    let word = [...keys.subarray(at - 4, at)];
    if (at % (4 * KEY_WORDS) === 0) {
      word = [...word.slice(1), ...word.slice(0, 1)].map((octet) => box[octet] ?? 0);
      word[0] = (word[0] ?? 0) ^ constant;
      constant = double(constant);
    }
    for (let i = 0; i < 4; i++) keys[at + i] = (keys[at + i - 4 * KEY_WORDS] ?? 0) ^ (word[i] ?? 0);
  }
  return keys;
}

function addRoundKey(data: Uint8Array, at: number, keys: Uint8Array, round: number): void {
  for (let i = 0; i < BLOCK; i++) data[at + i] = (data[at + i] ?? 0) ^ (keys[BLOCK * round + i] ?? 0);
}

/** Substitutes all octets and shifts row r by r places; `direction` is 1 to encrypt, 3 (that is −1) to decrypt. */
function substituteAndShift(data: Uint8Array, at: number, box: Uint8Array, direction: 1 | 3): void {
  const before = data.slice(at, at + BLOCK);
  for (let column = 0; column < 4; column++) {
    for (let row = 0; row < 4; row++) {
      const from = 4 * ((column + direction * row) & 3) + row;
      data[at + 4 * column + row] = box[before[from] ?? 0] ?? 0;
    }
  }
}

function mixColumns(data: Uint8Array, at: number, factors: readonly number[]): void {
  for (let column = at; column < at + BLOCK; column += 4) {
    const before = data.slice(column, column + 4);
    for (let row = 0; row < 4; row++) {
      let mixed = 0;
      for (let i = 0; i < 4; i++) mixed ^= multiply(before[i] ?? 0, factors[(i - row) & 3] ?? 0);
      data[column + row] = mixed;
    }
  }
}

const MIX = [2, 3, 1, 1];
const UNMIX = [14, 11, 13, 9];

/** AES-192. */
export function aes192Cipher(key: Uint8Array): BlockCipher {
  if (key.length !== 4 * KEY_WORDS) throw new RangeError('AES-192 key length');
  const tables = (madeTables ??= makeTables());
  const keys = expandKey(key, tables);
  return {
    blockSize: BLOCK,
    encryptBlock(data, at) {
      addRoundKey(data, at, keys, 0);
      for (let round = 1; round <= ROUNDS; round++) {
        substituteAndShift(data, at, tables.box, 1);
        if (round < ROUNDS) mixColumns(data, at, MIX);
        addRoundKey(data, at, keys, round);
      }
    },
    decryptBlock(data, at) {
      for (let round = ROUNDS; round >= 1; round--) {
        addRoundKey(data, at, keys, round);
        if (round < ROUNDS) mixColumns(data, at, UNMIX);
        substituteAndShift(data, at, tables.inverse, 3);
      }
      addRoundKey(data, at, keys, 0);
    },
    wipe: () => void keys.fill(0),
  };
}

/** AES-192-CBC with PKCS#7 padding; null where the padding is wrong. */
export function aes192CbcDecrypt(key: Uint8Array, iv: Uint8Array, encrypted: Uint8Array): Bytes | null {
  const cipher = aes192Cipher(key);
  try {
    return cbcDecrypt(cipher, iv, encrypted);
  } finally {
    cipher.wipe();
  }
}
