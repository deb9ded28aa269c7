import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../../lib/bytes/hex.ts';
import { encodeWindows949, windows949Table } from '../../../lib/bytes/windows-949.ts';

/** SHA-256 over all pairs in order, each as two octets and its character in UTF-16BE, of Python's cp949 codec. */
const CODEC_DIGEST = '1ed8d8e4d8095248317a77a2976f4ec8e76e551b11caa1f7249476bf109961cd';

describe('windows-949', () => {
  it('has the 17,048 characters of the WHATWG index, all Hangul syllables among them, each once', () => {
    const table = windows949Table();
    expect(table.size).toBe(17_048);
    expect(new Set(table.values()).size).toBe(17_048);
    const syllables = Array.from({ length: 11_172 }, (_, i) => 0xac00 + i);
    expect(syllables.filter((syllable) => !table.has(syllable))).toEqual([]);
  });

  it('is, pair by pair, the table of an independent codec', () => {
    const hash = createHash('sha256');
    for (const [unit, pair] of [...windows949Table()].sort((a, b) => a[1] - b[1])) {
      hash.update(Uint8Array.of(pair >> 8, pair & 0xff, unit >> 8, unit & 0xff));
    }
    expect(hash.digest('hex')).toBe(CODEC_DIGEST);
  });

  it('is undone by the decoder of this platform wherever that knows the character', () => {
    const decoder = new TextDecoder('euc-kr');
    const read = [...windows949Table()]
      // Node knows KS X 1001 only, and without the two characters that were added to it in 1998.
      .filter(([, pair]) => pair >> 8 >= 0xa1 && (pair & 0xff) >= 0xa1)
      .map(([unit, pair]) => [String.fromCharCode(unit), decoder.decode(Uint8Array.of(pair >> 8, pair & 0xff))] as const)
      .filter(([, decoded]) => decoded !== '\uFFFD');
    expect(read.length).toBeGreaterThanOrEqual(8_224);
    expect(read.filter(([character, decoded]) => character !== decoded)).toEqual([]);
  });

  it.each([
    ['', ''],
    ['Az 09~', '417a2030397e'],
    ['우리은행', 'bfecb8aec0bac7e0'],
    ['똠방각하', '8c63b9e6b0a2c7cf'],
    ['갂힣', '8141c652'],
    ['韓國', 'f9dbcfd0'],
    ['€', 'a2e6'],
  ])('writes %j', (text, hex) => {
    const encoded = encodeWindows949(text);
    expect(encoded && toHex(encoded)).toBe(hex);
  });

  it.each(['é', '😀', '홍\u1112', '\u0080', '\uD800'])('has no place for %j, and puts nothing in its place', (text) => {
    expect(encodeWindows949(text)).toBeNull();
  });
});
