import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../lib/bytes/text.ts';
import { errorCode } from '../../../lib/errors.ts';
import { fromBase32, toBase32 } from '../../../lib/transfer/base32.ts';

const failure = (act: () => unknown): string => {
  try {
    act();
  } catch (thrown) {
    return errorCode(thrown);
  }
  return 'nothing';
};

describe('base32', () => {
  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('writes and reads RFC 4648 section 10, without its padding: %j', (text, encoded) => {
    expect(toBase32(utf8(text))).toBe(encoded);
    expect(fromBase32(encoded)).toEqual(utf8(text));
  });

  it('gives back whatever was written, in characters of the alphanumeric mode alone', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 90 }), (bytes) => {
        const text = toBase32(bytes);
        expect(text).toMatch(/^[A-Z2-7]*$/);
        expect([...fromBase32(text)]).toEqual([...bytes]);
      }),
      { seed: 20261125 },
    );
  });

  it.each([['M'], ['MZX'], ['MZXW6Y'], ['MZ'], ['MZXW6YB'], ['my'], ['MY======'], ['M1'], ['M0'], ['ＭＹ'], ['M Y']])('refuses %j', (text) => {
    expect(failure(() => fromBase32(text))).toBe('transfer.malformed');
  });

  it('reads a text in one way only', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z2-7]{0,20}$/), (text) => {
        try {
          expect(toBase32(fromBase32(text))).toBe(text);
        } catch (thrown) {
          expect(errorCode(thrown)).toBe('transfer.malformed');
        }
      }),
      { seed: 20261125, numRuns: 500 },
    );
  });
});
