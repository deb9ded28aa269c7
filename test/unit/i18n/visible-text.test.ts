import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasUnseen, isUnusuallyComposed, visibleParts } from '../../../lib/i18n/visible-text.ts';

const shown = (text: string): string =>
  visibleParts(text)
    .map((part) => (part.kind === 'text' ? part.text : part.kind === 'mark' ? `[${part.name}]` : `[${String(part.count)} blank]`))
    .join('');

describe('what is signed shows what it holds', () => {
  // SECURITY 4.3: dropped characters would be signed unseen.
  it.each([
    ['right-to-left override', 'a\u202eb', 'a[U+202E]b'],
    ['right-to-left mark', 'a\u200fb', 'a[U+200F]b'],
    ['bidi isolates', '\u2066a\u2067b\u2068c\u2069', '[U+2066]a[U+2067]b[U+2068]c[U+2069]'],
    ['byte order mark', '\ufeff금액', '[U+FEFF]금액'],
    ['zero width space and joiner', '1\u200b0\u200d0', '1[U+200B]0[U+200D]0'],
    ['Hangul fillers', '\u115f\u1160\u3164\uffa0', '[U+115F][U+1160][U+3164][U+FFA0]'],
    ['soft hyphen', 'a\u00adb', 'a[U+00AD]b'],
    ['NUL, escape and delete', '\0\u001b\u007f', '[U+0000][U+001B][U+007F]'],
    ['C1 controls', '\u0085\u009f', '[U+0085][U+009F]'],
    ['separators of lines', 'a\u2028b\u2029c', 'a[U+2028]b[U+2029]c'],
    ['carriage return alone', 'a\rb', 'a[U+000D]b'],
    ['half a surrogate pair', 'a\ud800b', 'a[U+D800]b'],
    ['tags', 'a\u{e0041}b', 'a[U+E0041]b'],
    ['variation selectors', 'a\ufe0fb\u{e0100}', 'a[U+FE0F]b[U+E0100]'],
    ['empty Braille pattern', 'a\u2800b', 'a[U+2800]b'],
  ])('[C12] %s is a mark', (_, text, expected) => {
    expect(shown(text)).toBe(expected);
    expect(hasUnseen(text)).toBe(true);
  });

  it.each(['금액: 1,000,000원\n', 'a\tb\r\nc\n', '', '한글 English 日本語 \u{1f600}', '<img onerror="x"> &amp; **bold**'])(
    '%j stays as it is',
    (text) => {
      expect(shown(text)).toBe(text);
      expect(hasUnseen(text)).toBe(false);
    },
  );

  it.each([
    ['a\n\n\nb', 'a\n\n\nb'],
    ['a\n\n\n\nb', 'a[3 blank]b'],
    [`a${'\n'.repeat(500)}b`, 'a[499 blank]b'],
    ['a\r\n \r\n\t\r\n\r\nb', 'a[3 blank]b'],
  ])('blank lines of %j are counted from the third on', (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it('all of it, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.oneof(fc.constantFrom('\n', '\r', ' ', '\u202e', '\u3164', '가'), fc.string({ unit: 'binary', maxLength: 1 })) }),
        (text) => {
          const parts = visibleParts(text);
          const length = parts.reduce((sum, part) => {
            if (part.kind === 'text') return sum + part.text.length;
            return sum + (part.kind === 'mark' ? String.fromCodePoint(Number.parseInt(part.name.slice(2), 16)).length : 0);
          }, 0);
          const blank = parts.some(({ kind }) => kind === 'blank-lines');
          expect(blank ? length <= text.length : length === text.length).toBe(true);
          for (const part of parts) if (part.kind === 'text') expect(hasUnseen(part.text.replaceAll(/\r$/g, ''))).toBe(false);
        },
      ),
    );
  });

  it('a megabyte of marks and combining letters in no time', () => {
    expect(visibleParts('a\u0301'.repeat(500_000))).toHaveLength(1);
    expect(visibleParts('\u202e'.repeat(100_000))).toHaveLength(100_000);
    expect(shown('\n'.repeat(1_000_000))).toBe('[999999 blank]');
  });

  it('tells letters that are composed in an unusual way', () => {
    expect(isUnusuallyComposed('각'.normalize('NFD'))).toBe(true);
    expect(isUnusuallyComposed('각')).toBe(false);
  });
});
