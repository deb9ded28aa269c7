import { describe, expect, it } from 'vitest';
import { fromUtf8, utf8 } from '../../../lib/bytes/text.ts';
import { codeOf } from '../../support/npki-fixtures.ts';

describe('UTF-8', () => {
  it('writes and reads text of one to four octets a character', () => {
    const text = 'A¢도장𝄞';
    expect(Buffer.from(utf8(text)).toString('hex')).toBe('41c2a2eb8f84ec9ea5f09d849e');
    expect(fromUtf8(utf8(text))).toBe(text);
  });

  it('keeps a byte order mark as a character of the text', () => {
    expect(fromUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41))).toBe('\uFEFFA');
  });

  it.each([
    ['a lone continuation octet', [0x80]],
    ['a cut sequence', [0xeb, 0x8f]],
    ['an over-long form', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a value past U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ])('refuses %s', async (_, octets) => {
    expect(await codeOf(() => fromUtf8(Uint8Array.from(octets)))).toBe('request.malformed');
  });
});
