import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, copy, equal, wipe } from '../../../lib/bytes/bytes.ts';

const octets = fc.uint8Array({ maxLength: 64 });

describe('bytes', () => {
  it('joins parts in order, none and empty ones included', () => {
    expect(concat()).toEqual(new Uint8Array(0));
    expect(concat(Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3))).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('copies without sharing memory', () => {
    const source = Uint8Array.of(1, 2, 3);
    const own = copy(source.subarray(1));
    source.fill(9);
    expect(own).toEqual(Uint8Array.of(2, 3));
    expect(own.buffer.byteLength).toBe(2);
  });

  it('finds octets equal if, and only if, they are', () => {
    fc.assert(
      fc.property(octets, octets, (a, b) => {
        expect(equal(a, copy(a))).toBe(true);
        expect(equal(a, b)).toBe(Buffer.from(a).equals(Buffer.from(b)));
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('sees a difference in any single octet', () => {
    const a = new Uint8Array(20).fill(7);
    for (let i = 0; i < a.length; i++) {
      const b = copy(a);
      b[i] = 6;
      expect(equal(a, b)).toBe(false);
    }
  });

  it('overwrites secrets and passes over what is not there', () => {
    const secret = Uint8Array.of(1, 2, 3);
    wipe(secret, null, undefined);
    expect(secret).toEqual(new Uint8Array(3));
  });
});
