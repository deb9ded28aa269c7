/**
 * The recovery code: 16 random octets and 12 bits that tell typing errors, written as 28 characters of Crockford's
 * base32 (no I, L, O, U) in seven groups of four, for paper. Nothing here keeps it.
 */
import { concat, wipe, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { WalletError } from '../errors.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const SIZE = 16;
const CHARACTERS = 28;
const GROUP = 4;
/** More than any way to write a code needs. */
const TYPED_MAX = 256;

/** The first 12 bits of SHA-256("djw1/rec" ‖ octets). */
async function checkBits(octets: Bytes): Promise<number> {
  const input = concat(utf8('djw1/rec'), octets);
  const [first = 0, second = 0] = new Uint8Array(await crypto.subtle.digest('SHA-256', input));
  wipe(input);
  return (first << 4) | (second >> 4);
}

/** The text of a code, `XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX`. */
export async function writeRecoveryCode(octets: Bytes): Promise<string> {
  const check = await checkBits(octets);
  let number = 0n;
  for (const octet of octets) number = (number << 8n) | BigInt(octet);
  number = (number << 12n) | BigInt(check);
  let text = '';
  for (let nth = CHARACTERS - 1; nth >= 0; nth--) text += ALPHABET.charAt(Number((number >> BigInt(5 * nth)) & 31n));
  return (text.match(/.{4}/g) ?? []).join('-');
}

/** What a person typed in the one form that is compared: capitals, no blanks or hyphens, look-alikes as what they stand for. */
function normalize(typed: string): string {
  if (typed.length > TYPED_MAX) throw new WalletError('recovery.mistyped', { detail: 'length' });
  const plain = typed.normalize('NFKC').toUpperCase();
  return plain
    .replace(/[\s\p{Pd}\u2212]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
}

/**
 * The 16 octets of a code as it was typed, for the caller to wipe. Typing errors are found here, before anything is
 * counted or derived; one in 4,096 of them passes.
 * @throws `recovery.mistyped`
 */
export async function readRecoveryCode(typed: string): Promise<Bytes> {
  const text = normalize(typed);
  if (text.length !== CHARACTERS) throw new WalletError('recovery.mistyped', { detail: 'length' });
  let number = 0n;
  for (const character of text) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) throw new WalletError('recovery.mistyped', { detail: 'character' });
    number = (number << 5n) | BigInt(value);
  }
  const octets = new Uint8Array(SIZE);
  for (let at = 0; at < SIZE; at++) octets[at] = Number((number >> BigInt(12 + 8 * (SIZE - 1 - at))) & 0xffn);
  if (Number(number & 0xfffn) === (await checkBits(octets))) return octets;
  wipe(octets);
  throw new WalletError('recovery.mistyped', { detail: 'check' });
}

/** Whether a person typed one group of a code back, as a proof of having it on paper. `nth` counts from 0 to 6. */
export function isGroupTyped(code: string, nth: number, typed: string): boolean {
  const group = normalize(code).slice(nth * GROUP, (nth + 1) * GROUP);
  return group !== '' && typed.length <= TYPED_MAX && normalize(typed) === group;
}

/** Four characters that stand on the sheet and tell the current one from older ones. */
export function sheetMark(sid: string): string {
  return sid.slice(0, GROUP);
}
