import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../lib/bytes/text.ts';
import { decodeBase64Text } from '../../../lib/npki/base64-text.ts';

const read = (text: string): string | null => {
  const octets = decodeBase64Text(utf8(text));
  return octets && Buffer.from(octets).toString('latin1');
};

describe('base64 in a text', () => {
  it.each([
    ['', ''],
    ['Zg==', 'f'],
    ['Zm8=', 'fo'],
    ['Zm9v', 'foo'],
    ['Zm9vYg==', 'foob'],
    ['Zm9vYmE=', 'fooba'],
    ['Zm9vYmFy', 'foobar'],
  ])('of RFC 4648 10: %j is %j', (text, octets) => {
    expect(read(text)).toBe(octets);
  });

  it.each([
    ['without padding', 'Zm8', 'fo'],
    ['with blanks and line ends anywhere', ' Z\tm\r\n9\nv \r', 'foo'],
    ['with blanks in the padding', 'Zg=\r\n=', 'f'],
    ['of nothing but blanks', ' \r\n', ''],
  ])('%s is read', (_, text, octets) => {
    expect(read(text)).toBe(octets);
  });

  it.each([
    ['one digit too many', 'Zm9vY'],
    ['padding in the middle', 'Zg==Zg=='],
    ['one sign of padding for two', 'Zg='],
    ['padding behind a whole group', 'Zm9v='],
    ['padding alone', '='],
    ['bits behind the last octet', 'Zh=='],
    ['the alphabet of URLs', 'Zm9-'],
    ['other signs', 'Zm9v!'],
    ['letters of Korea', 'Zm9v가'],
    ['a NUL', 'Zm\x009v'],
  ])('with %s is none', (_, text) => {
    expect(read(text)).toBeNull();
  });

  it('of any octets comes back, at any width', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 80 }), (octets, width) => {
        const text = (
          Buffer.from(octets)
            .toString('base64')
            .match(new RegExp(`.{1,${width}}`, 'g')) ?? []
        ).join('\r\n');
        expect(read(text)).toBe(Buffer.from(octets).toString('latin1'));
      }),
      { seed: 41, numRuns: 300 },
    );
  });

  it('is what Node reads, or none', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9+/= \n]{0,40}$/), (text) => {
        const octets = read(text);
        if (octets !== null) expect(octets).toBe(Buffer.from(text, 'base64').toString('latin1'));
      }),
      { seed: 42, numRuns: 2_000 },
    );
  });
});
