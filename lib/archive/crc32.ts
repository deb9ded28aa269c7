/** CRC-32 of zip entries (APPNOTE.TXT 4.4.7, polynomial of ITU-T V.42). */
import type { Bytes } from '../bytes/bytes.ts';

const POLYNOMIAL = 0xedb88320;
let table: Uint32Array | undefined;

function makeTable(): Uint32Array {
  const made = new Uint32Array(256);
  for (let octet = 0; octet < 256; octet++) {
    let value = octet;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
    made[octet] = value >>> 0;
  }
  return made;
}

export function crc32(bytes: Bytes): number {
  table ??= makeTable();
  let crc = 0xffffffff;
  for (const octet of bytes) crc = (table[(crc ^ octet) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
