/**
 * Judging a new wallet password: its length, and how many guesses it takes when words, rows of keys, repetitions and
 * years count as the single choices they are. It says too much rather than too little only for phrases of ordinary words.
 */
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { COMMON_WORDS, KEY_ROWS } from './common-passwords.ts';
import { normalizePassword, passwordBytes } from './password.ts';

export type PasswordStrength = 'weak' | 'fair' | 'strong';

const LENGTH_MIN = 10;
/** Where a copy lies elsewhere, guessing can go on without hurry. */
const SYNC_LENGTH_MIN = 12;
/** Guesses as powers of two: below the first it is refused as common, from the others on it is fair, strong. */
const COMMON_BELOW = 28;
const FAIR_FROM = 45;
const STRONG_FROM = 65;
/** What one familiar piece costs to guess, as powers of two. */
const WORD_COST = 8;
const ROW_COST = 6;
const REPEAT_COST = 3;
const YEAR_COST = 6;

const WORD_MIN = 4;
const ROW_MIN = 3;
const UNIT_MAX = 12;
/** Judging a longer text tells nothing more. */
const JUDGED = 128;

const SHIFTED = '!@#$%^&*()';
const DIGITS = '1234567890';
const DISGUISES: ReadonlyMap<string, string> = new Map([
  ['@', 'a'],
  ['4', 'a'],
  ['3', 'e'],
  ['1', 'i'],
  ['!', 'i'],
  ['0', 'o'],
  ['$', 's'],
  ['5', 's'],
  ['7', 't'],
]);

interface Judged {
  /** Characters in lower case. */
  readonly plain: readonly string[];
  /** The same with shifted digits as digits, for rows of keys. */
  readonly keys: string;
  /** The same with digits and symbols that stand for letters as letters, for words. */
  readonly letters: string;
  readonly words: ReadonlySet<string>;
  readonly longest: number;
  readonly rows: readonly string[];
}

function key(character: string): string {
  const at = SHIFTED.indexOf(character);
  return at < 0 ? character : DIGITS.charAt(at);
}

/** Characters beyond 16 bits stand in no word and no row; one unit for each keeps places equal. */
function oneUnit(character: string): string {
  return character.length > 1 ? '\u0000' : character;
}

function prepare(text: string): Judged {
  const plain = Array.from(text.toLowerCase()).slice(0, JUDGED);
  const words = new Set(COMMON_WORDS.split(' ').filter((word) => word.length >= WORD_MIN));
  return {
    plain,
    keys: plain.map((character) => oneUnit(key(character))).join(''),
    letters: plain.map((character) => oneUnit(DISGUISES.get(character) ?? character)).join(''),
    words,
    longest: Math.max(...[...words].map((word) => word.length)),
    rows: KEY_ROWS.flatMap((row) => [row, Array.from(row).reverse().join('')]),
  };
}

/** Length of the longest common word at a place, 0 for none. */
function wordAt({ plain, letters, words, longest }: Judged, at: number): number {
  for (let length = Math.min(longest, plain.length - at); length >= WORD_MIN; length--) {
    const end = at + length;
    if (words.has(plain.slice(at, end).join('')) || words.has(letters.slice(at, end))) return length;
  }
  return 0;
}

/** Length of the longest run along a row of keys at a place, 0 for none. */
function rowAt({ plain, keys, rows }: Judged, at: number): number {
  let length = 0;
  while (at + length < plain.length && rows.some((row) => row.includes(keys.slice(at, at + length + 1)))) length++;
  return length >= ROW_MIN ? length : 0;
}

/** How many characters at a place only say again what stands right before it. */
function repeatAt({ plain }: Judged, at: number): number {
  let best = 0;
  for (let unit = 1; unit <= Math.min(UNIT_MAX, at); unit++) {
    let length = 0;
    while (at + length < plain.length && plain[at + length] === plain[at + length - unit]) length++;
    if (length >= unit) best = Math.max(best, length);
  }
  return best;
}

function yearAt({ plain }: Judged, at: number): number {
  return /^(?:19|20)\d\d$/.test(plain.slice(at, at + 4).join('')) ? 4 : 0;
}

/** What one character costs that belongs to nothing familiar. Syllables of Hangul count as parts of words. */
function characterCost(character: string): number {
  if (/^\d$/.test(character)) return 3.3;
  if (/^[a-z]$/.test(character)) return 4.5;
  return /^[가-힣]$/.test(character) ? 6 : 5;
}

/** Guesses for a normalised text, as a power of two: the cheapest way to cut it into pieces. */
function guesses(text: string): number {
  const judged = prepare(text);
  const size = judged.plain.length;
  const best = new Array<number>(size + 1).fill(Infinity);
  best[0] = 0;
  const reach = (end: number, cost: number): void => {
    best[end] = Math.min(best[end] ?? Infinity, cost);
  };
  for (let at = 0; at < size; at++) {
    const cost = best[at] ?? Infinity;
    reach(at + 1, cost + characterCost(judged.plain[at] ?? ''));
    reach(at + wordAt(judged, at), cost + WORD_COST);
    reach(at + rowAt(judged, at), cost + ROW_COST);
    reach(at + repeatAt(judged, at), cost + REPEAT_COST);
    reach(at + yearAt(judged, at), cost + YEAR_COST);
  }
  return best[size] ?? 0;
}

function isShort(text: string, least = LENGTH_MIN): boolean {
  return Array.from(text).length < least;
}

/** The password of a wallet with a sync copy has twelve characters. @throws `password.short-for-sync` */
export function checkSyncPassword(text: string): void {
  if (isShort(normalizePassword(text), SYNC_LENGTH_MIN)) throw new WalletError('password.short-for-sync');
}

/** How hard a password is to guess, for a hint while it is being typed. A refused one is weak. */
export function passwordStrength(text: string): PasswordStrength {
  const normal = normalizePassword(text);
  if (isShort(normal)) return 'weak';
  const cost = guesses(normal);
  return cost < FAIR_FROM ? 'weak' : cost < STRONG_FROM ? 'fair' : 'strong';
}

/**
 * Checks a new wallet password and gives its octets, for the caller to wipe.
 * @throws `password.too-long`; `password.weak` under ten characters; `password.common` for familiar ones
 */
export function newPassword(text: string): Bytes {
  const normal = normalizePassword(text);
  if (isShort(normal)) throw new WalletError('password.weak');
  const octets = passwordBytes(normal);
  if (guesses(normal) < COMMON_BELOW) {
    octets.fill(0);
    throw new WalletError('password.common');
  }
  return octets;
}
