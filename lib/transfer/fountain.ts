/**
 * Blocks that any sufficient number of pieces gives back: the first pieces are the blocks themselves, every later one is
 * the sum (XOR) of a random half of them. Whoever missed some takes what comes next instead of waiting for a round.
 */
import { WalletError } from '../errors.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { BLOCK_LENGTH } from './limits.ts';

const WORD = 32;

/** Number of blocks that a message of this length fills. */
export function blockCount(length: number): number {
  return Math.ceil(length / BLOCK_LENGTH);
}

/** SplitMix32: every number gives its own sequence, the same on both sides. */
function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

/** Which blocks are in the piece of this number: one bit for each block, the first in the lowest bit of the first word. */
export function blocksOf(number: number, count: number): Uint32Array {
  const bits = new Uint32Array(Math.ceil(count / WORD));
  const set = (at: number): void => void (bits[at >>> 5] = (bits[at >>> 5] ?? 0) | (1 << (at & 31)));
  if (number < count) {
    set(number);
    return bits;
  }
  const next = sequence(number);
  for (let word = 0; word < bits.length; word++) bits[word] = next();
  const over = count % WORD;
  if (over > 0) bits[bits.length - 1] = (bits.at(-1) ?? 0) & (2 ** over - 1);
  if (bits.every((word) => word === 0)) set(number % count);
  return bits;
}

function has(bits: Uint32Array, at: number): boolean {
  return (((bits[at >>> 5] ?? 0) >>> (at & 31)) & 1) === 1;
}

function add<Numbers extends Uint8Array | Uint32Array>(to: Numbers, what: Numbers): void {
  for (let at = 0; at < to.length; at++) to[at] = (to[at] ?? 0) ^ (what[at] ?? 0);
}

/** The piece of this number; the last block is filled up with zeros. */
export function pieceOf(message: Uint8Array, number: number): Bytes {
  const count = blockCount(message.length);
  const bits = blocksOf(number, count);
  const piece = new Uint8Array(BLOCK_LENGTH);
  for (let at = 0; at < count; at++) if (has(bits, at)) add(piece, message.subarray(at * BLOCK_LENGTH, (at + 1) * BLOCK_LENGTH));
  return piece;
}

interface Row {
  readonly bits: Uint32Array;
  readonly octets: Bytes;
}

/** Gathers pieces and solves for the blocks. It holds at most one piece for each block. */
export class Gathering {
  readonly length: number;
  readonly count: number;
  /** By the block that each was solved for. */
  readonly #rows = new Map<number, Row>();

  /** @param length of the whole message, bounded by the caller */
  constructor(length: number) {
    this.length = length;
    this.count = blockCount(length);
  }

  /** How many blocks' worth is there. */
  get done(): number {
    return this.#rows.size;
  }

  get isComplete(): boolean {
    return this.done === this.count;
  }

  /** Whether the piece told something new. */
  take(number: number, piece: Uint8Array): boolean {
    if (this.isComplete) return false;
    const row = { bits: blocksOf(number, this.count), octets: new Uint8Array(piece) };
    for (let at = 0; at < this.count; at++) {
      if (!has(row.bits, at)) continue;
      const known = this.#rows.get(at);
      if (!known) {
        this.#rows.set(at, row);
        return true;
      }
      add(row.bits, known.bits);
      add(row.octets, known.octets);
    }
    return false;
  }

  /** The message. Must be complete. */
  message(): Bytes {
    const message = new Uint8Array(this.count * BLOCK_LENGTH);
    for (let at = this.count - 1; at >= 0; at--) {
      const row = this.#rows.get(at);
      if (!row) throw new WalletError('internal', { detail: 'transfer incomplete' });
      // Rows below are solved already: each holds its own block alone.
      const block = new Uint8Array(row.octets);
      for (let other = at + 1; other < this.count; other++) {
        if (has(row.bits, other)) add(block, message.subarray(other * BLOCK_LENGTH, (other + 1) * BLOCK_LENGTH));
      }
      message.set(block, at * BLOCK_LENGTH);
    }
    return message.slice(0, this.length);
  }
}
