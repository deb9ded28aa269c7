/**
 * Text that somebody is about to sign, so that nothing in it is unseen: what has no shape, or turns the order of letters around, is
 * shown as a mark with its number. Nothing is left out and nothing is changed in what is signed.
 */

export type TextPart =
  | { readonly kind: 'text'; readonly text: string }
  /** A character without a shape, as `U+202E`. */
  | { readonly kind: 'mark'; readonly name: string }
  /** So many lines without anything in them, in a row. */
  | { readonly kind: 'blank-lines'; readonly count: number };

/**
 * Controls (but tabs and line ends), format characters (bidi marks, zero widths, tags, soft hyphens), separators of lines, half
 * surrogates; of those that Unicode counts as letters or marks: Hangul fillers, the empty Braille pattern, joiner and variation selectors.
 */
const UNSEEN =
  /\r(?!\n)|(?![\t\n\r])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|[\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u;
/** More than two lines in a row that show nothing. */
const BLANKS = /\r?\n(?:[^\S\n]*\n){3,}/;
const PIECES = new RegExp(`(${UNSEEN.source}|${BLANKS.source})`, 'u');

function partOf(piece: string): TextPart {
  if (piece.includes('\n')) return { kind: 'blank-lines', count: piece.split('\n').length - 2 };
  return { kind: 'mark', name: `U+${(piece.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}` };
}

/** The text in the parts that it is shown in. */
export function visibleParts(text: string): readonly TextPart[] {
  return text.split(PIECES).flatMap((piece, at): TextPart[] => {
    if (piece === '') return [];
    return at % 2 === 1 ? [partOf(piece)] : [{ kind: 'text', text: piece }];
  });
}

/** Whether a text has anything that is shown as a mark. */
export function hasUnseen(text: string): boolean {
  return UNSEEN.test(text);
}

/** Whether letters stand there in another composition than the usual one: two texts may look alike and be different octets. */
export function isUnusuallyComposed(text: string): boolean {
  return text !== text.normalize('NFC');
}
