/** RC2 (RFC 2268): PKCS#12 files of older programs hide their certificates with it, mostly under keys of 40 bits. */
import { fromHex } from '../../bytes/hex.ts';
import { cbcDecrypt, cbcEncrypt, type BlockCipher } from './cbc.ts';
import type { Bytes } from '../../bytes/bytes.ts';

const BLOCK = 8;
const KEY_OCTETS = 128;

/** PITABLE of RFC 2268 2, a permutation of all octets. */
const PI_TABLE = [
  'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2',
  '179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82',
  '54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626',
  '6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7',
  '08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec',
  'c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731',
  '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9',
  '0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad',
].join('');

const ROTATIONS = [1, 2, 3, 5];

/** Mixing rounds between the two mashing rounds (RFC 2268 3). */
const MIXING = [5, 6, 5];

/** RFC 2268 2: 64 words of sixteen bits from the key, of which no more than `bits` count. */
function expandKey(key: Uint8Array, bits: number): Uint16Array {
  const pi = fromHex(PI_TABLE);
  const octets = new Uint8Array(KEY_OCTETS);
  octets.set(key);
  for (let i = key.length; i < KEY_OCTETS; i++) octets[i] = pi[((octets[i - 1] ?? 0) + (octets[i - key.length] ?? 0)) & 0xff] ?? 0;
  const limit = Math.ceil(bits / 8);
  const first = KEY_OCTETS - limit;
  octets[first] = pi[(octets[first] ?? 0) & (0xff >> (8 * limit - bits))] ?? 0;
  for (let i = first - 1; i >= 0; i--) octets[i] = pi[(octets[i + 1] ?? 0) ^ (octets[i + limit] ?? 0)] ?? 0;
  const words = new Uint16Array(KEY_OCTETS / 2).map((_, i) => (octets[2 * i] ?? 0) | ((octets[2 * i + 1] ?? 0) << 8));
  octets.fill(0);
  return words;
}

function load(data: Uint8Array, at: number): Uint16Array {
  return new Uint16Array(4).map((_, i) => (data[at + 2 * i] ?? 0) | ((data[at + 2 * i + 1] ?? 0) << 8));
}

function store(words: Uint16Array, data: Uint8Array, at: number): void {
  words.forEach((word, i) => {
    data[at + 2 * i] = word;
    data[at + 2 * i + 1] = word >> 8;
  });
}

/** What a mixing step adds to word `i`; `k` is the word of the key. */
function mixture(r: Uint16Array, i: number, k: number): number {
  const last = r[(i + 3) & 3] ?? 0;
  return k + (last & (r[(i + 2) & 3] ?? 0)) + (~last & (r[(i + 1) & 3] ?? 0));
}

function encrypt(words: Uint16Array, data: Uint8Array, at: number): void {
  const r = load(data, at);
  let next = 0;
  MIXING.forEach((rounds, part) => {
    if (part > 0) for (let i = 0; i < 4; i++) r[i] = (r[i] ?? 0) + (words[(r[(i + 3) & 3] ?? 0) & 63] ?? 0);
    for (let step = 0; step < 4 * rounds; step++) {
      const i = step & 3;
      const by = ROTATIONS[i] ?? 0;
      const sum = ((r[i] ?? 0) + mixture(r, i, words[next++] ?? 0)) & 0xffff;
      r[i] = (sum << by) | (sum >> (16 - by));
    }
  });
  store(r, data, at);
}

function decrypt(words: Uint16Array, data: Uint8Array, at: number): void {
  const r = load(data, at);
  let next = words.length - 1;
  MIXING.forEach((rounds, part) => {
    if (part > 0) for (let i = 3; i >= 0; i--) r[i] = (r[i] ?? 0) - (words[(r[(i + 3) & 3] ?? 0) & 63] ?? 0);
    for (let step = 4 * rounds - 1; step >= 0; step--) {
      const i = step & 3;
      const by = ROTATIONS[i] ?? 0;
      const word = r[i] ?? 0;
      r[i] = ((word >> by) | (word << (16 - by))) - mixture(r, i, words[next--] ?? 0);
    }
  });
  store(r, data, at);
}

/** RC2 under a key of 1 to 128 octets of which `bits` bits count. */
export function rc2Cipher(key: Uint8Array, bits: number = 8 * key.length): BlockCipher {
  if (key.length < 1 || key.length > KEY_OCTETS || bits < 1 || bits > 8 * KEY_OCTETS) throw new RangeError('RC2 key length');
  const words = expandKey(key, bits);
  return {
    blockSize: BLOCK,
    encryptBlock: (data, at) => encrypt(words, data, at),
    decryptBlock: (data, at) => decrypt(words, data, at),
    wipe: () => void words.fill(0),
  };
}

/** RC2-CBC with PKCS#7 padding; all bits of the key count. The IV has 8 octets. */
export function rc2CbcEncrypt(key: Uint8Array, iv: Uint8Array, plain: Uint8Array): Bytes {
  const cipher = rc2Cipher(key);
  try {
    return cbcEncrypt(cipher, iv, plain);
  } finally {
    cipher.wipe();
  }
}

/** The reverse; null where the padding is wrong. */
export function rc2CbcDecrypt(key: Uint8Array, iv: Uint8Array, encrypted: Uint8Array): Bytes | null {
  const cipher = rc2Cipher(key);
  try {
    return cbcDecrypt(cipher, iv, encrypted);
  } finally {
    cipher.wipe();
  }
}
