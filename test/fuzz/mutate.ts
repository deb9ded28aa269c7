/** Spoils files the way that breaks readers: by the octet, and by the element where the file is made of DER. */
import { concat, type Bytes } from '../../lib/bytes/bytes.ts';
import type { Chance } from './random.ts';

/** Where an element lies: tag, length and content, without any belief in what the length says. */
interface Place {
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

const DEPTH = 40;
const PLACES = 2_000;
const OCTETS = [0x00, 0x01, 0x02, 0x04, 0x05, 0x0c, 0x13, 0x1e, 0x24, 0x30, 0x31, 0x7f, 0x80, 0x81, 0x82, 0x84, 0x88, 0xa0, 0xa1, 0xfe, 0xff];
/** Lengths that readers trip over: indefinite, not minimal, far beyond the file, and as many octets as there can be. */
const LENGTHS: readonly (readonly number[])[] = [
  [0x80],
  [0x81, 0x05],
  [0x82, 0x00, 0x10],
  [0x84, 0x7f, 0xff, 0xff, 0xff],
  [0x84, 0xff, 0xff, 0xff, 0xff],
  [0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0xfe, ...Array<number>(126).fill(0xff)],
  [0xff],
];

function placeAt(bytes: Bytes, start: number): Place | null {
  const first = bytes[start + 1];
  if (first === undefined) return null;
  let content = start + 2;
  let length = first;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4) return null;
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[content + i] ?? 0);
    content += count;
  }
  return content + length <= bytes.length ? { start, content, end: content + length } : null;
}

function placesIn(bytes: Bytes, from: number, to: number, depth: number, found: Place[]): void {
  for (let at = from; at < to && found.length < PLACES;) {
    const place = placeAt(bytes, at);
    if (place === null || place.end > to) return;
    found.push(place);
    const constructed = ((bytes[at] ?? 0) & 0x20) !== 0;
    // Octet strings often hold DER of their own.
    const holds = constructed || (bytes[at] === 0x04 && bytes[place.content] === 0x30);
    if (holds && depth < DEPTH) placesIn(bytes, place.content, place.end, depth + 1, found);
    at = place.end;
  }
}

type Change = (bytes: Bytes, chance: Chance) => Bytes;

const splice = (bytes: Bytes, start: number, end: number, put: Uint8Array = new Uint8Array(0)): Bytes =>
  concat(bytes.subarray(0, start), put, bytes.subarray(end));

const byOctet: readonly Change[] = [
  (bytes, c) => splice(bytes, ...around(c.below(bytes.length)), Uint8Array.of(c.below(256))),
  (bytes, c) => splice(bytes, ...around(c.below(bytes.length)), Uint8Array.of(c.pick(OCTETS))),
  (bytes, c) => splice(bytes, ...around(c.below(Math.min(80, bytes.length))), Uint8Array.of(c.pick(OCTETS))),
  (bytes, c) => {
    const at = c.below(bytes.length);
    return splice(bytes, at, at + 1, Uint8Array.of((bytes[at] ?? 0) ^ (1 << c.below(8))));
  },
  (bytes, c) => bytes.slice(0, c.below(bytes.length)),
  (bytes, c) => {
    const at = c.below(bytes.length);
    return splice(bytes, at, at + 1 + c.below(64));
  },
  (bytes, c) => {
    const at = c.below(bytes.length);
    return splice(bytes, at, at, new Uint8Array(1 + c.below(64)).fill(c.pick(OCTETS)));
  },
  (bytes, c) => {
    const from = c.below(bytes.length);
    const at = c.below(bytes.length);
    return splice(bytes, at, at, bytes.slice(from, from + 1 + c.below(300)));
  },
];

const byElement: readonly ((bytes: Bytes, places: readonly Place[], chance: Chance) => Bytes)[] = [
  (bytes, places, c) => {
    const { start, content } = c.pick(places);
    return splice(bytes, start + 1, content, Uint8Array.from(c.pick(LENGTHS)));
  },
  (bytes, places, c) => {
    const { start, end } = c.pick(places);
    return splice(bytes, start, end);
  },
  (bytes, places, c) => {
    const { start, end } = c.pick(places);
    return splice(bytes, end, end, bytes.slice(start, end));
  },
  (bytes, places, c) => {
    const into = c.pick(places);
    const from = c.pick(places);
    return splice(bytes, into.start, into.end, bytes.slice(from.start, from.end));
  },
  (bytes, places, c) => {
    const { start } = c.pick(places);
    return splice(bytes, start, start + 1, Uint8Array.of(c.pick(OCTETS)));
  },
  (bytes, places, c) => {
    const { content, end } = c.pick(places);
    return splice(bytes, content, end, new Uint8Array(end - content).fill(c.pick(OCTETS)));
  },
  (bytes, places, c) => {
    const { start } = c.pick(places);
    return splice(
      bytes,
      start,
      start,
      Uint8Array.from({ length: 2 * (1 + c.below(200)) }, (_, i) => (i % 2 === 0 ? 0x30 : 0x80)),
    );
  },
];

function around(at: number): [number, number] {
  return [at, at + 1];
}

/** The file with one to four things wrong; never the same object. */
export function mutate(bytes: Bytes, chance: Chance): Bytes {
  let spoilt = bytes.slice();
  for (let changes = 1 + chance.below(4); changes > 0 && spoilt.length > 0; changes--) {
    const places: Place[] = [];
    if (chance.below(2) === 0) placesIn(spoilt, 0, spoilt.length, 0, places);
    spoilt = places.length > 0 ? chance.pick(byElement)(spoilt, places, chance) : chance.pick(byOctet)(spoilt, chance);
  }
  return spoilt;
}
