/**
 * SEED-128 (RFC 4269, TTAS.KO-12.0004), written for this project: key files of Korean certificates use it and WebCrypto
 * has no SEED. The tables are computed from the definition of the S-boxes at the first use.
 */
import type { Bytes } from '../../bytes/bytes.ts';
import { cbcDecrypt, cbcEncrypt, type BlockCipher } from './cbc.ts';

const ROUNDS = 16;
const BLOCK = 16;
const KEY = 16;
const GOLDEN_RATIO = 0x9e3779b9;

/** The bit matrices of the two S-boxes, a row for each output bit, the most significant first. */
const MATRIX_1 = [0b10001010, 0b11111110, 0b10000101, 0b01000010, 0b01000101, 0b00100001, 0b10001000, 0b00010100];
const MATRIX_2 = [0b01000101, 0b10000101, 0b11111110, 0b00100001, 0b10001010, 0b10001000, 0b01000010, 0b00010100];

/** Masks of the permutation in G. */
const MASKS = [0xfc, 0xf3, 0xcf, 0x3f];

/** Powers of x and logarithms in GF(2^8) modulo x^8 + x^6 + x^5 + x + 1. */
function fieldTables(): { powers: Uint8Array; logarithms: Uint8Array } {
  const powers = new Uint8Array(255);
  const logarithms = new Uint8Array(256);
  for (let i = 0, value = 1; i < 255; i++) {
    powers[i] = value;
    logarithms[value] = i;
    value = value & 0x80 ? (value << 1) ^ 0x163 : value << 1;
  }
  return { powers, logarithms };
}

/** matrix · x for every octet x: the image of a sum is the sum of the images, so that each new bit doubles what is known. */
function linearMap(matrix: readonly number[]): Uint8Array {
  const map = new Uint8Array(256);
  for (let bit = 1; bit < 256; bit <<= 1) {
    let image = 0;
    for (const row of matrix) image = (image << 1) | (row & bit ? 1 : 0);
    for (let x = 0; x < bit; x++) map[bit + x] = (map[x] ?? 0) ^ image;
  }
  return map;
}

/** S(x) = matrix · x^exponent ⊕ constant. */
function substitutionBox(
  { powers, logarithms }: ReturnType<typeof fieldTables>,
  matrix: readonly number[],
  exponent: number,
  constant: number,
): Uint8Array {
  const map = linearMap(matrix);
  const box = new Uint8Array(256).fill(constant);
  for (let x = 1; x < 256; x++) box[x] = (map[powers[((logarithms[x] ?? 0) * exponent) % 255] ?? 0] ?? 0) ^ constant;
  return box;
}

/**
 * Four tables of 256 words, one behind the other, that join the S-boxes with the permutation of G. A key file is opened once,
 * so what counts is how fast code that runs for the first time makes them.
 */
function makeTables(): Int32Array {
  const field = fieldTables();
  const boxes = [substitutionBox(field, MATRIX_1, 247, 169), substitutionBox(field, MATRIX_2, 251, 56)];
  const tables = new Int32Array(4 * 256);
  for (let table = 0; table < 4; table++) {
    const box = boxes[table & 1];
    let mask = 0;
    for (let octet = 0; octet < 4; octet++) mask |= (MASKS[(octet + table) & 3] ?? 0) << (8 * octet);
    for (let x = 0; x < 256; x++) tables[table * 256 + x] = Math.imul(box?.[x] ?? 0, 0x01010101) & mask;
  }
  return tables;
}

let madeTables: Int32Array | undefined;

function g(tables: Int32Array, x: number): number {
  return (
    (tables[x & 0xff] ?? 0) ^ (tables[256 + ((x >>> 8) & 0xff)] ?? 0) ^ (tables[512 + ((x >>> 16) & 0xff)] ?? 0) ^ (tables[768 + (x >>> 24)] ?? 0)
  );
}

function load(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
}

function store(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24;
  bytes[at + 1] = word >>> 16;
  bytes[at + 2] = word >>> 8;
  bytes[at + 3] = word;
}

/** RFC 4269 2.3. */
function roundKeys(tables: Int32Array, key: Uint8Array): Int32Array {
  const keys = new Int32Array(2 * ROUNDS);
  let a = load(key, 0);
  let b = load(key, 4);
  let c = load(key, 8);
  let d = load(key, 12);
  let constant = GOLDEN_RATIO;
  for (let round = 0; round < ROUNDS; round++) {
    keys[2 * round] = g(tables, (a + c - constant) | 0);
    keys[2 * round + 1] = g(tables, (b - d + constant) | 0);
    constant = (constant << 1) | (constant >>> 31);
    if ((round & 1) === 0) {
      const low = a & 0xff;
      a = (a >>> 8) | (b << 24);
      b = (b >>> 8) | (low << 24);
    } else {
      const high = c >>> 24;
      c = (c << 8) | (d >>> 24);
      d = (d << 8) | high;
    }
  }
  return keys;
}

/** Sixteen Feistel rounds; `first` and `step` say in which order the round keys are taken. */
function crypt(tables: Int32Array, keys: Int32Array, data: Uint8Array, at: number, first: number, step: number): void {
  let left0 = load(data, at);
  let left1 = load(data, at + 4);
  let right0 = load(data, at + 8);
  let right1 = load(data, at + 12);
  for (let round = 0, k = first; round < ROUNDS; round++, k += step) {
    let t0 = right0 ^ (keys[k] ?? 0);
    let t1 = g(tables, t0 ^ right1 ^ (keys[k + 1] ?? 0));
    t0 = g(tables, (t0 + t1) | 0);
    t1 = g(tables, (t1 + t0) | 0);
    t0 = (t0 + t1) | 0;
    const next0 = left0 ^ t0;
    const next1 = left1 ^ t1;
    left0 = right0;
    left1 = right1;
    right0 = next0;
    right1 = next1;
  }
  // The halves are not exchanged after the last round.
  store(data, at, right0);
  store(data, at + 4, right1);
  store(data, at + 8, left0);
  store(data, at + 12, left1);
}

/** SEED with a 16-byte key. */
export function seedCipher(key: Uint8Array): BlockCipher {
  if (key.length !== KEY) throw new RangeError('SEED key length');
  const tables = (madeTables ??= makeTables());
  const keys = roundKeys(tables, key);
  return {
    blockSize: BLOCK,
    encryptBlock: (data, at) => crypt(tables, keys, data, at, 0, 2),
    decryptBlock: (data, at) => crypt(tables, keys, data, at, 2 * ROUNDS - 2, -2),
    wipe: () => void keys.fill(0),
  };
}

/** SEED-CBC with PKCS#7 padding (RFC 4010). Key and IV are 16 bytes. */
export function seedCbcEncrypt(key: Uint8Array, iv: Uint8Array, plain: Uint8Array): Bytes {
  const cipher = seedCipher(key);
  try {
    return cbcEncrypt(cipher, iv, plain);
  } finally {
    cipher.wipe();
  }
}

/** The reverse; null where the padding is wrong, which nearly always means a wrong key. */
export function seedCbcDecrypt(key: Uint8Array, iv: Uint8Array, encrypted: Uint8Array): Bytes | null {
  const cipher = seedCipher(key);
  try {
    return cbcDecrypt(cipher, iv, encrypted);
  } finally {
    cipher.wipe();
  }
}
