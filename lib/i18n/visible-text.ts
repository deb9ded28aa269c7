/**
 * Text that somebody is about to sign, so that nothing in it is unseen: what has no shape, or turns the order of letters around, is
 * shown as a mark with its number. Nothing is left out and nothing is changed in what is signed.
 */

import { UNSEEN } from '../characters.ts';

export type TextPart =
  | { readonly kind: 'text'; readonly text: string }
  /** A character without a shape, as `U+202E`. */
  | { readonly kind: 'mark'; readonly name: string }
  /** So many lines without anything in them, in a row. */
  | { readonly kind: 'blank-lines'; readonly count: number };

/** Tabs and line ends show by what they do. */
const UNSEEN_HERE = new RegExp(String.raw`\r(?!\n)|(?![\t\n\r])[${UNSEEN}]`, 'u');
/** More than two lines in a row that show nothing. */
const BLANKS = /\r?\n(?:[^\S\n]*\n){3,}/;
const PIECES = new RegExp(`(${UNSEEN_HERE.source}|${BLANKS.source})`, 'u');

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
  return UNSEEN_HERE.test(text);
}

/** Whether letters stand there in another composition than the usual one: two texts may look alike and be different octets. */
export function isUnusuallyComposed(text: string): boolean {
  return text !== text.normalize('NFC');
}
