/** SHA-224 (FIPS 180-4), and PBKDF2 with its HMAC (RFC 8018 5.2): some key files use it and WebCrypto has no SHA-224. */
import { wipe, type Bytes } from '../../bytes/bytes.ts';
import { loadWord, padMessage } from './sha1.ts';

const BLOCK = 64;
const WORDS = 7;

const START = [0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4];

const ROUND_CONSTANTS = [
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
  0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
  0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

/** Mixes the first sixteen words of `w`, which has room for 64, into the state. */
function compress(state: Int32Array, w: Int32Array, constants: Int32Array): void {
  for (let i = 16; i < 64; i++) {
    const early = w[i - 15] ?? 0;
    const late = w[i - 2] ?? 0;
    const small0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const small1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    w[i] = ((w[i - 16] ?? 0) + small0 + (w[i - 7] ?? 0) + small1) | 0;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < 64; i++) {
    const big1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + big1 + ((e & f) ^ (~e & g)) + (constants[i] ?? 0) + (w[i] ?? 0)) | 0;
    const big0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] = (state[0] ?? 0) + a;
  state[1] = (state[1] ?? 0) + b;
  state[2] = (state[2] ?? 0) + c;
  state[3] = (state[3] ?? 0) + d;
  state[4] = (state[4] ?? 0) + e;
  state[5] = (state[5] ?? 0) + f;
  state[6] = (state[6] ?? 0) + g;
  state[7] = (state[7] ?? 0) + h;
}

function absorb(state: Int32Array, w: Int32Array, constants: Int32Array, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < 16; i++) w[i] = loadWord(bytes, at + 4 * i);
  compress(state, w, constants);
}

function toBytes(state: Int32Array): Bytes {
  const bytes = new Uint8Array(4 * WORDS);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < WORDS; i++) view.setInt32(4 * i, state[i] ?? 0);
  return bytes;
}

/** SHA-224 of a message. */
export function sha224(message: Uint8Array): Bytes {
  const state = Int32Array.from(START);
  const w = new Int32Array(64);
  const constants = Int32Array.from(ROUND_CONSTANTS);
  const padded = padMessage(message);
  for (let at = 0; at < padded.length; at += BLOCK) absorb(state, w, constants, padded, at);
  wipe(padded);
  return toBytes(state);
}

/** HMAC-SHA-224 whose keyed states are computed once. */
class Hmac {
  readonly state = new Int32Array(8);
  readonly #inner: Int32Array;
  readonly #outer: Int32Array;
  readonly #words = new Int32Array(64);
  readonly #constants = Int32Array.from(ROUND_CONSTANTS);

  constructor(key: Uint8Array) {
    const block = new Uint8Array(BLOCK);
    block.set(key.length > BLOCK ? sha224(key) : key);
    this.#inner = this.#keyed(block, 0x36);
    this.#outer = this.#keyed(block, 0x5c);
    block.fill(0);
  }

  #keyed(block: Uint8Array, pad: number): Int32Array {
    const state = Int32Array.from(START);
    const padded = block.map((octet) => octet ^ pad);
    absorb(state, this.#words, this.#constants, padded, 0);
    padded.fill(0);
    return state;
  }

  /** HMAC of a short message into the state. */
  start(message: Uint8Array): void {
    const padded = padMessage(message);
    new DataView(padded.buffer).setUint32(padded.length - 4, 8 * (BLOCK + message.length));
    this.state.set(this.#inner);
    for (let at = 0; at < padded.length; at += BLOCK) absorb(this.state, this.#words, this.#constants, padded, at);
    this.#hashState(this.#outer);
  }

  /** HMAC of the state itself into the state. */
  again(): void {
    this.#hashState(this.#inner);
    this.#hashState(this.#outer);
  }

  #hashState(keyed: Int32Array): void {
    const w = this.#words;
    for (let i = 0; i < WORDS; i++) w[i] = this.state[i] ?? 0;
    w[WORDS] = 0x80000000;
    for (let i = WORDS + 1; i < 15; i++) w[i] = 0;
    w[15] = 8 * (BLOCK + 4 * WORDS);
    this.state.set(keyed);
    compress(this.state, w, this.#constants);
  }

  wipe(): void {
    for (const words of [this.state, this.#inner, this.#outer, this.#words]) words.fill(0);
  }
}

/** PBKDF2-HMAC-SHA-224. `iterations` is at least 1; callers bound it before. */
export function pbkdf2Sha224(password: Uint8Array, salt: Uint8Array, iterations: number, length: number): Bytes {
  const derived = new Uint8Array(length);
  const hmac = new Hmac(password);
  const sum = new Int32Array(8);
  for (let block = 1, at = 0; at < length; block++, at += 4 * WORDS) {
    const message = new Uint8Array(salt.length + 4);
    message.set(salt);
    new DataView(message.buffer).setUint32(salt.length, block);
    hmac.start(message);
    sum.set(hmac.state);
    for (let i = 1; i < iterations; i++) {
      hmac.again();
      for (let word = 0; word < WORDS; word++) sum[word] = (sum[word] ?? 0) ^ (hmac.state[word] ?? 0);
    }
    derived.set(toBytes(sum).subarray(0, length - at), at);
  }
  hmac.wipe();
  sum.fill(0);
  return derived;
}
