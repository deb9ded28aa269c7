import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockCount, blocksOf, Gathering, pieceOf } from '../../../lib/transfer/fountain.ts';

const SEED = { seed: 20261125 };

function messageOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8) * 7) & 0xff);
}

/** Takes numbers until everything is there; how many pieces that needed. */
function gather(message: Uint8Array, numbers: Iterable<number>): { needed: number; message: Uint8Array | null } {
  const gathering = new Gathering(message.length);
  let needed = 0;
  for (const number of numbers) {
    if (gathering.isComplete) break;
    gathering.take(number, pieceOf(message, number));
    needed++;
  }
  return { needed, message: gathering.isComplete ? gathering.message() : null };
}

function* from(first: number, missed: (number: number) => boolean = () => false): Generator<number> {
  for (let number = first; ; number++) if (!missed(number)) yield number;
}

describe('a message in pieces', () => {
  it.each([1, 299, 300, 301, 600, 9_600, 9_601, 20_000, 65_536])('of %d octets comes from its own blocks alone', (length) => {
    const message = messageOf(length);
    const { needed, message: back } = gather(message, from(0));
    expect(needed).toBe(blockCount(length));
    expect(back).toEqual(message);
  });

  it('comes from any pieces, in any order, with some twice and many missed', () => {
    const pieces = fc.shuffledSubarray(
      Array.from({ length: 400 }, (_, number) => number),
      { minLength: 90 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 15_000 }), pieces, (length, numbers) => {
        const message = messageOf(length);
        expect(gather(message, [...numbers.slice(0, 20), ...numbers]).message).toEqual(message);
      }),
      { ...SEED, numRuns: 60 },
    );
  });

  it('needs hardly more pieces than blocks, whichever are missed and wherever one begins', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30_000 }), fc.nat(5_000), fc.integer({ min: 2, max: 7 }), (length, first, every) => {
        const message = messageOf(length);
        const { needed, message: back } = gather(
          message,
          from(first, (number) => number % every === 0),
        );
        expect(back).toEqual(message);
        expect(needed).toBeLessThanOrEqual(2 * blockCount(length) + 24);
      }),
      { ...SEED, numRuns: 60 },
    );
  });

  it('takes about one piece more than there are blocks where all blocks themselves were missed', () => {
    const runs = Array.from({ length: 50 }, (_, nth) => gather(messageOf(9_000), from(1_000 * (nth + 1))).needed - 30);
    expect(runs.reduce((sum, extra) => sum + extra, 0) / runs.length).toBeLessThan(3);
  });

  it('says of each piece whether it brought something', () => {
    const message = messageOf(600);
    const gathering = new Gathering(600);
    expect(gathering.take(0, pieceOf(message, 0))).toBe(true);
    expect(gathering.take(0, pieceOf(message, 0))).toBe(false);
    expect(gathering.done).toBe(1);
    expect(gathering.take(1, pieceOf(message, 1))).toBe(true);
    expect(gathering.isComplete).toBe(true);
    expect(gathering.take(2, pieceOf(message, 2))).toBe(false);
  });
});

describe('the blocks of a piece', () => {
  it('are at least one, and none beyond the last', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), fc.integer({ min: 1, max: 219 }), (number, count) => {
        const bits = blocksOf(number, count);
        const inside = [...bits]
          .flatMap((word, at) => Array.from({ length: 32 }, (_, bit) => ((word >>> bit) & 1) * (32 * at + bit + 1)))
          .filter(Boolean);
        expect(inside.length).toBeGreaterThan(0);
        expect(Math.max(...inside)).toBeLessThanOrEqual(count);
      }),
      { ...SEED, numRuns: 1_000 },
    );
  });

  it('stay what they are from version to version', () => {
    expect([blocksOf(30, 30), blocksOf(31, 30), blocksOf(0xffff_ffff, 40)].map((bits) => [...bits])).toEqual([
      [121407238],
      [145642386],
      [3950124170, 52],
    ]);
  });
});
