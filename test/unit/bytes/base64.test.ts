import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64, fromBase64Url, toBase64, toBase64Url } from '../../../lib/bytes/base64.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { codeOf } from '../../support/npki-fixtures.ts';

/** RFC 4648 section 10. */
const VECTORS = [
  ['', ''],
  ['f', 'Zg=='],
  ['fo', 'Zm8='],
  ['foo', 'Zm9v'],
  ['foob', 'Zm9vYg=='],
  ['fooba', 'Zm9vYmE='],
  ['foobar', 'Zm9vYmFy'],
] as const;

describe('base64', () => {
  it.each(VECTORS)('writes and reads the published vector %j', (text, encoded) => {
    expect(toBase64(utf8(text))).toBe(encoded);
    expect(fromBase64(encoded)).toEqual(utf8(text));
    expect(toBase64Url(utf8(text))).toBe(encoded.replace(/=+$/, ''));
    expect(fromBase64Url(encoded.replace(/=+$/, ''))).toEqual(utf8(text));
  });

  it('agrees with Node for any octets, long ones too', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
        expect(toBase64(octets)).toBe(Buffer.from(octets).toString('base64'));
        expect(toBase64Url(octets)).toBe(Buffer.from(octets).toString('base64url'));
        expect(fromBase64(toBase64(octets))).toEqual(octets);
        expect(fromBase64Url(toBase64Url(octets))).toEqual(octets);
      }),
      { seed: 3 },
    );
    const long = new Uint8Array(100_001).map((_, i) => i * 7);
    expect(toBase64(long)).toBe(Buffer.from(long).toString('base64'));
    expect(fromBase64(toBase64(long))).toEqual(long);
  });

  it.each(['Zg', 'Zg=', 'Zg===', 'Zh==', 'Zm9=', 'Z', '=', 'Zm 9v', 'Zm9v\n', 'Zm9-', 'Zm9_', 'Zg==Zg==', 'Ｚg=='])('refuses %j', async (text) => {
    expect(await codeOf(() => fromBase64(text))).toBe('request.malformed');
  });

  it.each(['Zg==', 'Zh', 'Z', 'Zm9+', 'Zm9/', 'Zm9v\n', ' Zg'])('refuses %j as base64url', async (text) => {
    expect(await codeOf(() => fromBase64Url(text))).toBe('request.malformed');
  });
});
