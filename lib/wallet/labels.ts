/**
 * What a person writes beside a certificate. It stands in the meta part of the certificate's record, so that the list key
 * opens and writes it and no private key is touched.
 */
import { WalletError } from '../errors.ts';
import type { Labels } from './model.ts';

const NAMES = ['nickname', 'group', 'note'] as const satisfies readonly (keyof Labels)[];

/** Characters (UTF-16 units) of each. */
export const LABEL_MOST: Readonly<Record<keyof Labels, number>> = { nickname: 60, group: 60, note: 500 };

/** Control characters, and those that turn the reading direction and would make a list say something else. */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** One line as it is kept: in Unicode form C, without what cannot be seen. */
export function cleanLine(text: string): string {
  return text.normalize('NFC').replace(UNSEEN, '').trim();
}

/** A note may have lines; the others are one. */
function cleanLabel(name: keyof Labels, text: string): string {
  if (name !== 'note') return cleanLine(text);
  return text
    .split(/\r\n?|\n/)
    .map((line) => line.normalize('NFC').replace(UNSEEN, '').trimEnd())
    .join('\n')
    .trim();
}

/** What the record says; empty where it says nothing that we would write. */
export function readLabels(meta: object): Labels {
  const fields = new Map<string, unknown>(Object.entries(meta));
  const read = (name: keyof Labels): string => {
    const text = fields.get(name);
    return typeof text === 'string' && text.length <= LABEL_MOST[name] && text === cleanLabel(name, text) ? text : '';
  };
  return { nickname: read('nickname'), group: read('group'), note: read('note') };
}

/** As they are kept: in Unicode form C, without what cannot be seen. @throws `request.malformed` (detail: which is too long) */
export function cleanLabels(labels: Labels): Labels {
  const clean = { nickname: cleanLine(labels.nickname), group: cleanLine(labels.group), note: cleanLabel('note', labels.note) };
  for (const name of NAMES) if (clean[name].length > LABEL_MOST[name]) throw new WalletError('request.malformed', { detail: name });
  return clean;
}

export function sameLabels(one: Labels, other: Labels): boolean {
  return NAMES.every((name) => one[name] === other[name]);
}

/** The meta of a record with other labels; empty ones take no room. */
export function withLabels(meta: object, labels: Labels): object {
  const kept = Object.entries(meta).filter(([name]) => !(NAMES as readonly string[]).includes(name));
  return Object.fromEntries([...kept, ...NAMES.flatMap((name) => (labels[name] === '' ? [] : [[name, labels[name]] as const]))]);
}
