/** A DER writer (X.690): functions that return the octets of one element. */
import { concat, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { WalletError } from '../errors.ts';
import { TAG } from './tags.ts';

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}

/** Identifier and length octets of an element whose content octets follow, for a writer that joins large pieces once. */
export function elementHeader(tag: number, length: number): Bytes {
  return Uint8Array.of(tag, ...lengthOctets(length));
}

/** One element of the given identifier octet around its content octets. */
export function element(tag: number, ...content: readonly Uint8Array[]): Bytes {
  let length = 0;
  for (const part of content) length += part.length;
  return concat(elementHeader(tag, length), ...content);
}

export function sequence(...parts: readonly Uint8Array[]): Bytes {
  return element(TAG.SEQUENCE, ...parts);
}

function compareOctets(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** SET OF: the elements are put in ascending order of their octets (X.690 11.6). */
export function setOf(...parts: readonly Uint8Array[]): Bytes {
  return element(TAG.SET, ...[...parts].sort(compareOctets));
}

/** EXPLICIT or constructed IMPLICIT context tag `[n]` around octets. */
export function context(number: number, ...parts: readonly Uint8Array[]): Bytes {
  return element(0xa0 | number, ...parts);
}

/** INTEGER of a small non-negative number, or of a magnitude in octets (big-endian, non-negative). */
export function integer(value: number | Uint8Array): Bytes {
  let octets: number[] = [];
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || value < 0) throw new WalletError('internal', { detail: 'integer' });
    for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  } else {
    octets = [...value];
    while (octets.length > 1 && octets[0] === 0) octets.shift();
  }
  if (octets.length === 0) octets = [0];
  if ((octets[0] ?? 0) >= 0x80) octets.unshift(0);
  return element(TAG.INTEGER, Uint8Array.from(octets));
}

/** An arc in base 128, the most significant octet first (X.690 8.19.2). */
function arcOctets(arc: bigint): number[] {
  const octets = [Number(arc % 128n)];
  for (let rest = arc / 128n; rest > 0n; rest /= 128n) octets.unshift(0x80 | Number(rest % 128n));
  return octets;
}

/** OBJECT IDENTIFIER from its dotted text. An arc has at most 128 bits, as those made of UUIDs have (ITU-T X.667). */
export function objectIdentifier(dotted: string): Bytes {
  const arcs = dotted.split('.');
  const numbers = arcs.filter((arc) => /^\d{1,39}$/.test(arc)).map(BigInt);
  const [first, second, ...rest] = numbers;
  if (first === undefined || second === undefined || first > 2n || numbers.length !== arcs.length || numbers.some((arc) => arc >> 128n > 0n)) {
    throw new WalletError('internal', { detail: dotted });
  }
  return element(TAG.OID, Uint8Array.from([40n * first + second, ...rest].flatMap(arcOctets)));
}

export function octetString(bytes: Uint8Array): Bytes {
  return element(TAG.OCTET_STRING, bytes);
}

/** BIT STRING of whole octets, or with unused bits in the last one. */
export function bitString(bytes: Uint8Array, unused = 0): Bytes {
  return element(TAG.BIT_STRING, Uint8Array.of(unused), bytes);
}

export function boolean(value: boolean): Bytes {
  return element(TAG.BOOLEAN, Uint8Array.of(value ? 0xff : 0));
}

export function nullValue(): Bytes {
  return element(TAG.NULL);
}

export function utf8String(text: string): Bytes {
  return element(TAG.UTF8_STRING, utf8(text));
}

/** PrintableString; the caller vouches that the text keeps to its alphabet (X.680 41.4). */
export function printableString(text: string): Bytes {
  return element(TAG.PRINTABLE_STRING, utf8(text));
}

/** `YYYYMMDDhhmmssZ`. */
function timeDigits(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/[-:T]|\.\d{3}/g, '');
}

/** GeneralizedTime of whole seconds, in the form of RFC 5280 4.1.2.5.2; takes milliseconds since 1970. */
export function generalizedTime(milliseconds: number): Bytes {
  return element(TAG.GENERALIZED_TIME, utf8(timeDigits(milliseconds)));
}

/** UTCTime up to 2049, GeneralizedTime after (RFC 5280 4.1.2.5); takes milliseconds since 1970, keeps whole seconds. */
export function time(milliseconds: number): Bytes {
  const digits = timeDigits(milliseconds);
  const year = Number(digits.slice(0, 4));
  return year >= 1950 && year < 2050 ? element(TAG.UTC_TIME, utf8(digits.slice(2))) : generalizedTime(milliseconds);
}
