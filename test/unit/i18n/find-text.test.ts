import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFinder, foldText } from '../../../lib/i18n/find-text.ts';

const finds = (typed: string, text: string): boolean => createFinder(typed)(foldText(text));

describe('finding in a list', () => {
  it.each([
    ['nothing', '', '홍길동', true],
    ['blanks', '   ', '홍길동', true],
    ['a part of the name', '길동', '홍길동', true],
    ['another name', '김길동', '홍길동', false],
    ['Latin letters of any case', 'hong', 'HONG KILDONG', true],
    ['words in any order', '우리 홍', '홍길동\n금융결제원 · 우리은행', true],
    ['a word that is not there', '우리 김', '홍길동\n금융결제원 · 우리은행', false],
    ['initial consonants', 'ㅎㄱㄷ', '홍길동', true],
    ['initial consonants from the middle', 'ㄱㄷ', '홍길동', true],
    ['initial consonants in another order', 'ㄱㅎ', '홍길동', false],
    ['a doubled initial, which is one of its own', 'ㄸ', '딸기', true],
    ['a single one where the text has it doubled', 'ㄷ', '딸기', false],
    ['syllables and initials mixed', '홍ㄱ동', '홍길동', true],
    ['initials that the input method joined', 'ㄳ', '가산상사', true],
    ['initials that the input method joined, among others', 'ㅂㅄ', '바봐사', true],
    ['a last syllable that is half typed', '홍기', '홍길동', true],
    ['a half syllable before the last', '호길', '홍길동', false],
    ['a syllable that has another final', '홍긴', '홍길동', false],
    ['initials as parts of syllables', '\u1112\u1100\u1103', '홍길동', true],
    ['initials that look for Latin', 'ㅎㄱ', 'HONG', false],
    ['digits and hyphens of a day', '2026-12', '2026-12-20', true],
    ['a name in pieces, as macOS writes it', '홍길동', '\u1112\u1169\u11bc\u1100\u1175\u11af\u1103\u1169\u11bc', true],
    ['a consonant that stands in the text as such', 'ㅋㅋ', '메모 ㅋㅋ', true],
  ])('by %s', (_what, typed, text, found) => {
    expect(finds(typed, text)).toBe(found);
  });

  it('finds every text by any part of it, and any Korean name by the initials of its syllables', () => {
    const INITIALS = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';
    const syllable = fc.integer({ min: 0xac00, max: 0xd7a3 });
    fc.assert(
      fc.property(fc.array(syllable, { minLength: 1, maxLength: 6 }), fc.nat(5), (codes, at) => {
        const name = String.fromCharCode(...codes);
        const initials = codes.map((code) => INITIALS.charAt(Math.floor((code - 0xac00) / 588))).join('');
        expect(finds(name.slice(at % name.length), name)).toBe(true);
        expect(finds(initials, `앞 ${name} 뒤`)).toBe(true);
      }),
    );
  });
});
