/**
 * windows-949 by the browser's own decoder, turned around: browsers know all 17,048 characters (the table of `lib/bytes` has the same,
 * and Node half of them), and the background has no room for a table. Made at the first use.
 */
import type { Bytes } from '../bytes/bytes.ts';

const [FIRST, LAST] = [0x81, 0xfe];
const FIRST_TRAIL = 0x41;
const LINE_END = 0x0a;

/** Every pair of octets on a line of its own; what decodes to one character is one. */
function makeTable(): ReadonlyMap<string, readonly [number, number]> {
  const pairs: [number, number][] = [];
  for (let lead = FIRST; lead <= LAST; lead++) for (let trail = FIRST_TRAIL; trail <= LAST; trail++) pairs.push([lead, trail]);
  const lines = new TextDecoder('windows-949').decode(Uint8Array.from(pairs.flatMap((pair) => [...pair, LINE_END]))).split('\n');
  return new Map(pairs.flatMap((pair, at) => (lines[at]?.length === 1 && lines[at] !== '\ufffd' ? [[lines[at], pair] as const] : [])));
}

let madeTable: ReadonlyMap<string, readonly [number, number]> | undefined;

/** The text in windows-949, or null where a character has no place in it. */
export function encodeKorean(text: string): Bytes | null {
  const table = (madeTable ??= makeTable());
  const octets: number[] = [];
  for (const character of text) {
    if (character < '\u0080') octets.push(character.charCodeAt(0));
    else {
      const pair = table.get(character);
      if (pair === undefined) return null;
      octets.push(...pair);
    }
  }
  return Uint8Array.from(octets);
}
