/**
 * windows-949 (WHATWG "euc-kr"): 17,048 two-octet characters, all 11,172 Hangul syllables among them. Platforms decode
 * it, none encodes it, and Node decodes half of it only: so the table is here. It is built at the first use.
 */
import type { Bytes } from './bytes.ts';
import { KS_X_1001 } from './windows-949-data.ts';

const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;
const KS_START = 0xa1;

/** The second octets in front of and around KS X 1001, in the order in which the extension fills them. */
function isExtensionTrail(trail: number, lead: number): boolean {
  const letter = (trail >= 0x41 && trail <= 0x5a) || (trail >= 0x61 && trail <= 0x7a);
  return letter || (trail >= 0x81 && (lead < KS_START || trail < KS_START));
}

/** The syllables that KS X 1001 leaves out stand in their order from 8141 on. */
function addExtension(table: Map<number, number>): void {
  let syllable = FIRST_SYLLABLE;
  for (let lead = 0x81; syllable <= LAST_SYLLABLE; lead++) {
    for (let trail = 0x41; trail <= 0xfe; trail++) {
      if (!isExtensionTrail(trail, lead)) continue;
      while (table.has(syllable)) syllable++;
      if (syllable > LAST_SYLLABLE) return;
      table.set(syllable++, lead * 256 + trail);
    }
  }
}

function makeTable(): Map<number, number> {
  const table = new Map<number, number>();
  KS_X_1001.forEach((row, lead) => {
    for (let trail = 0; trail < row.length; trail++) {
      const unit = row.charCodeAt(trail);
      if (unit !== 0x20) table.set(unit, (KS_START + lead) * 256 + KS_START + trail);
    }
  });
  addExtension(table);
  return table;
}

let madeTable: ReadonlyMap<number, number> | undefined;

/** All characters outside ASCII with their two octets as one number, for tests and callers that look for gaps. */
export function windows949Table(): ReadonlyMap<number, number> {
  return (madeTable ??= makeTable());
}

/** The text in windows-949, or null where a character has no place in it. Nothing is replaced or normalized. */
export function encodeWindows949(text: string): Bytes | null {
  const octets: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      octets.push(unit);
      continue;
    }
    const pair = windows949Table().get(unit);
    if (pair === undefined) return null;
    octets.push(pair >> 8, pair & 0xff);
  }
  return Uint8Array.from(octets);
}
