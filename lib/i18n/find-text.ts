/**
 * Finding in lists as people type Korean: by words in any order, by initial consonants (초성, 'ㅎㄱㄷ' for 홍길동), and by a
 * last syllable that is still being typed ('홍기'). The letters of Unicode's Hangul syllables are counted, see chapter 3.12 of
 * the Unicode Standard.
 */

const INITIALS = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';
const SYLLABLES = 0xac00;
const SYLLABLES_END = 0xd7a3;
const PER_INITIAL = 588;
const FINALS = 28;
/** Two consonants that input methods join when they are typed one after the other. */
const CLUSTERS: ReadonlyMap<string, string> = new Map(
  ['ㄳㄱㅅ', 'ㄵㄴㅈ', 'ㄶㄴㅎ', 'ㄺㄹㄱ', 'ㄻㄹㅁ', 'ㄼㄹㅂ', 'ㄽㄹㅅ', 'ㄾㄹㅌ', 'ㄿㄹㅍ', 'ㅀㄹㅎ', 'ㅄㅂㅅ'].map((three) => [
    three.slice(0, 1),
    three.slice(1),
  ]),
);
const CLUSTER = new RegExp(`[${[...CLUSTERS.keys()].join('')}]`, 'g');
/** Initial consonants as parts of a syllable; they stand alone where no vowel follows. */
const LEADING = /[\u1100-\u1112]/g;

/** A text in which is looked; compare only texts that were folded. macOS writes Korean names of files in pieces. */
export function foldText(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

function foldTyped(typed: string): string {
  const alone = foldText(typed).replace(LEADING, (letter) => INITIALS.charAt(letter.charCodeAt(0) - 0x1100));
  return alone.replace(CLUSTER, (two) => CLUSTERS.get(two) ?? two);
}

/** Whether a typed letter stands for the letter of a text. */
function fits(typed: string, letter: string, isLast: boolean): boolean {
  if (typed === letter) return true;
  const code = letter.charCodeAt(0);
  if (code < SYLLABLES || code > SYLLABLES_END) return false;
  if (typed === INITIALS.charAt(Math.floor((code - SYLLABLES) / PER_INITIAL))) return true;
  const open = code - ((code - SYLLABLES) % FINALS);
  return isLast && typed.charCodeAt(0) === open;
}

function standsIn(text: string, word: string): boolean {
  if (text.includes(word)) return true;
  for (let at = 0; at + word.length <= text.length; at++) {
    let same = 0;
    while (same < word.length && fits(word.charAt(same), text.charAt(at + same), same === word.length - 1)) same++;
    if (same === word.length) return true;
  }
  return false;
}

/** Tells whether a folded text has every word of what was typed; nothing typed is found everywhere. */
export function createFinder(typed: string): (text: string) => boolean {
  const words = foldTyped(typed)
    .split(/\s+/)
    .filter((word) => word !== '');
  return (text) => words.every((word) => standsIn(text, word));
}
