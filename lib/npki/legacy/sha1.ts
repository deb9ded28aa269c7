/**
 * SHA-1 (FIPS 180-4) as a plain loop. WebCrypto hashes each message in a call of its own; the chained hashes of old key
 * derivations are twenty octets long and thousands in a row, where such calls cost hundreds of times more than the hash.
 */
import type { Bytes } from '../../bytes/bytes.ts';

const BLOCK = 64;

/** Five words of state and eighty of schedule; one object serves a whole derivation. */
export class Sha1 {
  readonly state = new Int32Array(5);
  readonly #words = new Int32Array(80);

  reset(): void {
    const state = this.state;
    state[0] = 0x67452301;
    state[1] = 0xefcdab89;
    state[2] = 0x98badcfe;
    state[3] = 0x10325476;
    state[4] = 0xc3d2e1f0;
  }

  /** One block of sixteen big-endian words, given octet by octet. */
  compress(bytes: Uint8Array, at: number): void {
    for (let i = 0; i < 16; i++) this.#words[i] = loadWord(bytes, at + 4 * i);
    this.#run();
  }

  /** SHA-1 of the state itself, twenty octets in one block, becomes the state. */
  rehash(): void {
    const words = this.#words;
    for (let i = 0; i < 5; i++) words[i] = this.state[i] ?? 0;
    words[5] = 0x80000000;
    for (let i = 6; i < 15; i++) words[i] = 0;
    words[15] = 160;
    this.reset();
    this.#run();
  }

  digest(): Bytes {
    const bytes = new Uint8Array(20);
    const view = new DataView(bytes.buffer);
    this.state.forEach((word, i) => view.setInt32(4 * i, word));
    return bytes;
  }

  wipe(): void {
    this.state.fill(0);
    this.#words.fill(0);
  }

  #run(): void {
    const w = this.#words;
    const state = this.state;
    for (let i = 16; i < 80; i++) {
      const mixed = (w[i - 3] ?? 0) ^ (w[i - 8] ?? 0) ^ (w[i - 14] ?? 0) ^ (w[i - 16] ?? 0);
      w[i] = (mixed << 1) | (mixed >>> 31);
    }
    let a = state[0] ?? 0;
    let b = state[1] ?? 0;
    let c = state[2] ?? 0;
    let d = state[3] ?? 0;
    let e = state[4] ?? 0;
    // One loop for each of the four functions, with the constants as signed words, so that all stays in integer arithmetic.
    let i = 0;
    for (; i < 20; i++) {
      const next = (((a << 5) | (a >>> 27)) + ((b & c) | (~b & d)) + e + 0x5a827999 + (w[i] ?? 0)) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = next;
    }
    for (; i < 40; i++) {
      const next = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + 0x6ed9eba1 + (w[i] ?? 0)) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = next;
    }
    for (; i < 60; i++) {
      const next = (((a << 5) | (a >>> 27)) + ((b & c) | (b & d) | (c & d)) + e - 0x70e44324 + (w[i] ?? 0)) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = next;
    }
    for (; i < 80; i++) {
      const next = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e - 0x359d3e2a + (w[i] ?? 0)) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = next;
    }
    state[0] = (state[0] ?? 0) + a;
    state[1] = (state[1] ?? 0) + b;
    state[2] = (state[2] ?? 0) + c;
    state[3] = (state[3] ?? 0) + d;
    state[4] = (state[4] ?? 0) + e;
  }

  /** Hashes a whole message into the state. */
  hash(message: Uint8Array): void {
    const padded = padMessage(message);
    this.reset();
    for (let at = 0; at < padded.length; at += BLOCK) this.compress(padded, at);
    padded.fill(0);
  }
}

/** A big-endian word of four octets. */
export function loadWord(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
}

/** FIPS 180-4 5.1.1: a one bit, zeros, and the length in bits, up to whole blocks of 64 octets. */
export function padMessage(message: Uint8Array): Bytes {
  const padded = new Uint8Array(Math.ceil((message.length + 9) / BLOCK) * BLOCK);
  padded.set(message);
  padded[message.length] = 0x80;
  new DataView(padded.buffer).setBigUint64(padded.length - 8, BigInt(message.length) * 8n);
  return padded;
}

/** SHA-1 of a message. */
export function sha1(message: Uint8Array): Bytes {
  const hash = new Sha1();
  hash.hash(message);
  return hash.digest();
}
