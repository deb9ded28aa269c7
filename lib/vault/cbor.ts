/**
 * The part of CBOR (RFC 8949) that authenticators answer with (CTAP2 canonical form): integers, octet and text strings,
 * arrays, maps, booleans, null; definite and shortest lengths only. Every length is compared with the octets that are
 * left before anything is taken.
 */
import { copy, type Bytes } from '../bytes/bytes.ts';
import { fromUtf8 } from '../bytes/text.ts';
import { damaged } from './fault.ts';

export type CborKey = number | string;
export type CborMap = ReadonlyMap<CborKey, Cbor>;
export type Cbor = CborKey | boolean | null | Bytes | readonly Cbor[] | CborMap;

/** Deepest nesting that an attestation needs is 3. */
const DEPTH_MAX = 4;
const ENTRIES_MAX = 64;

interface Cursor {
  readonly octets: Uint8Array;
  at: number;
}

interface Opening {
  readonly major: number;
  /** Value, length or number of entries. */
  readonly argument: number;
}

function take(cursor: Cursor, length: number): Uint8Array {
  if (length > cursor.octets.length - cursor.at) throw damaged('cbor length');
  return cursor.octets.subarray(cursor.at, (cursor.at += length));
}

/** The first octet and the argument that belongs to it (RFC 8949 section 3). */
function readOpening(cursor: Cursor): Opening {
  const [first = 0] = take(cursor, 1);
  const major = first >> 5;
  const short = first & 0x1f;
  if (short < 24) return { major, argument: short };
  if (short > 27) throw damaged('cbor length form');
  const size = 1 << (short - 24);
  let argument = 0;
  for (const octet of take(cursor, size)) argument = argument * 256 + octet;
  const least = size === 1 ? 24 : 256 ** (size / 2);
  if (argument < least || !Number.isSafeInteger(argument)) throw damaged('cbor length form');
  return { major, argument };
}

function readKey(cursor: Cursor): CborKey {
  const key = readItem(cursor, DEPTH_MAX);
  if (typeof key !== 'number' && typeof key !== 'string') throw damaged('cbor key');
  return key;
}

function readMap(cursor: Cursor, count: number, depth: number): CborMap {
  const map = new Map<CborKey, Cbor>();
  for (let nth = 0; nth < count; nth++) {
    const key = readKey(cursor);
    if (map.has(key)) throw damaged('cbor key twice');
    map.set(key, readItem(cursor, depth + 1));
  }
  return map;
}

function readSimple(argument: number): Cbor {
  if (argument === 20 || argument === 21) return argument === 21;
  if (argument === 22) return null;
  throw damaged('cbor value');
}

function readText(octets: Uint8Array): string {
  try {
    return fromUtf8(octets);
  } catch (cause) {
    throw damaged('cbor text', cause);
  }
}

function readItem(cursor: Cursor, depth: number): Cbor {
  const { major, argument } = readOpening(cursor);
  if (major === 0) return argument;
  if (major === 1) return -1 - argument;
  if (major === 2) return copy(take(cursor, argument));
  if (major === 3) return readText(take(cursor, argument));
  if (major === 7) return readSimple(argument);
  if (major === 6 || depth >= DEPTH_MAX || argument > ENTRIES_MAX) throw damaged('cbor nesting');
  if (major === 5) return readMap(cursor, argument, depth);
  return Array.from({ length: argument }, () => readItem(cursor, depth + 1));
}

/** Reads one item from the start of the octets; `size` is how many of them it takes. @throws `vault.damaged` */
export function readCborItem(octets: Uint8Array): { readonly value: Cbor; readonly size: number } {
  const cursor: Cursor = { octets, at: 0 };
  const value = readItem(cursor, 0);
  return { value, size: cursor.at };
}

/** Reads octets that are one map and nothing else. @throws `vault.damaged` */
export function readCborMap(octets: Uint8Array): CborMap {
  const { value, size } = readCborItem(octets);
  if (!(value instanceof Map) || size !== octets.length) throw damaged('cbor map');
  return value as CborMap;
}
