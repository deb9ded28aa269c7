import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../lib/bytes/hex.ts';
import { errorCode } from '../../../lib/errors.ts';

describe('hexadecimal', () => {
  it('writes two lower-case characters an octet', () => {
    expect(toHex(Uint8Array.of(0, 1, 0xab, 0xff))).toBe('0001abff');
    expect(toHex(new Uint8Array(0))).toBe('');
  });

  it('reads either case and gives back what was written', () => {
    expect(fromHex('ABcd')).toEqual(Uint8Array.of(0xab, 0xcd));
    fc.assert(
      fc.property(fc.uint8Array(), (octets) => {
        expect(fromHex(toHex(octets))).toEqual(octets);
      }),
      { seed: 2 },
    );
  });

  it.each(['0', 'abc', '0g', ' 00', '00 ', '0x00', '-1', '00\n'])('refuses %j', (text) => {
    let code: string | null = null;
    try {
      fromHex(text);
    } catch (thrown) {
      code = errorCode(thrown);
    }
    expect(code).toBe('request.malformed');
  });
});
