/**
 * The directory of a zip (PKWARE APPNOTE.TXT 4.3): what it says about each entry, checked against itself. Entries that
 * overlap, stand in each other's way or lead out of the archive make the whole archive hostile.
 */
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { entryName } from './entry-name.ts';
import { ARCHIVE_LIMITS } from './limits.ts';

export interface Entry {
  /** With `/` between its parts, composed (NFC). */
  readonly path: string;
  readonly method: 'stored' | 'deflated';
  readonly crc: number;
  /** Of the packed octets, within the archive. */
  readonly start: number;
  readonly end: number;
  /** As the directory claims; believed by nobody. */
  readonly claimedSize: number;
}

const END = 0x06054b50;
const END_SIZE = 22;
const COMMENT_MAX = 0xffff;
const CENTRAL = 0x02014b50;
const CENTRAL_SIZE = 46;
const LOCAL = 0x04034b50;
const LOCAL_SIZE = 30;
const ENCRYPTED = 0x2041;
const UTF8 = 0x0800;
const ZIP64 = 0xffffffff;
const ZIP64_EXTRA = 0x0001;

function damaged(detail: string): WalletError {
  return new WalletError('file.unreadable', { detail });
}

function hostile(detail: string): WalletError {
  return new WalletError('file.hostile', { detail });
}

function findEnd(view: DataView): number {
  const least = Math.max(0, view.byteLength - END_SIZE - COMMENT_MAX);
  for (let at = view.byteLength - END_SIZE; at >= least; at--) {
    if (view.getUint32(at, true) === END && at + END_SIZE + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  throw damaged('zip without an end');
}

interface Sizes {
  packed: number;
  size: number;
  offset: number;
}

/** Some programs write 64-bit sizes for files of any length. */
function readZip64(view: DataView, from: number, to: number, sizes: Sizes): Sizes {
  for (let at = from; at + 4 <= to;) {
    const end = at + 4 + view.getUint16(at + 2, true);
    if (end > to) break;
    if (view.getUint16(at, true) === ZIP64_EXTRA) {
      let place = at + 4;
      const take = (value: number): number => {
        if (value !== ZIP64) return value;
        if (place + 8 > end) throw damaged('zip64');
        const long = Number(view.getBigUint64(place, true));
        place += 8;
        return long;
      };
      return { size: take(sizes.size), packed: take(sizes.packed), offset: take(sizes.offset) };
    }
    at = end;
  }
  return sizes;
}

/** Where the packed octets begin: behind the entry's own header, whose name and extra field may differ in length. */
function dataStart(view: DataView, offset: number): number {
  if (offset + LOCAL_SIZE > view.byteLength || view.getUint32(offset, true) !== LOCAL) throw damaged('local header');
  return offset + LOCAL_SIZE + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
}

function readEntry(bytes: Bytes, view: DataView, at: number, end: number, directory: number): { entry: Entry | null; next: number; offset: number } {
  if (at + CENTRAL_SIZE > end || view.getUint32(at, true) !== CENTRAL) throw damaged('directory entry');
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  const nameStart = at + CENTRAL_SIZE;
  const nameEnd = nameStart + view.getUint16(at + 28, true);
  const extraEnd = nameEnd + view.getUint16(at + 30, true);
  const next = extraEnd + view.getUint16(at + 32, true);
  if (next > end) throw damaged('directory entry');
  if (nameEnd - nameStart > ARCHIVE_LIMITS.nameBytes) throw hostile('name');
  const claimed = { packed: view.getUint32(at + 20, true), size: view.getUint32(at + 24, true), offset: view.getUint32(at + 42, true) };
  const { packed, size, offset } = readZip64(view, nameEnd, extraEnd, claimed);
  const path = entryName(bytes.subarray(nameStart, nameEnd), (flags & UTF8) !== 0);
  const isFolder = path.endsWith('/');
  if (!isFolder && (flags & ENCRYPTED) !== 0) throw new WalletError('file.unsupported', { detail: 'zip password' });
  if (!isFolder && method !== 0 && method !== 8) throw new WalletError('file.unsupported', { detail: `zip method ${method}` });
  const start = dataStart(view, offset);
  if (!Number.isSafeInteger(packed) || start + packed > directory) throw damaged('packed octets');
  const entry = { path, crc: view.getUint32(at + 16, true), start, end: start + packed, claimedSize: size };
  return { entry: isFolder ? null : { ...entry, method: method === 0 ? 'stored' : 'deflated' }, next, offset };
}

function checkApart(ranges: { readonly from: number; readonly to: number }[]): void {
  ranges.sort((a, b) => a.from - b.from);
  ranges.forEach(({ from }, nth) => {
    if (nth > 0 && from < (ranges[nth - 1]?.to ?? 0)) throw hostile('overlapping entries');
  });
}

function checkNames(entries: readonly Entry[]): void {
  const names = new Set(entries.map(({ path }) => path.toLowerCase()));
  if (names.size !== entries.length) throw hostile('two entries of one name');
}

/**
 * The files that a zip lists.
 *
 * @throws `file.unreadable` (not a whole zip), `file.hostile` (counts, overlaps, names that lead elsewhere, twins),
 *   `file.unsupported` (encrypted, or packed in a way that is not known: detail says which)
 */
export function readEntries(bytes: Bytes): readonly Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const endAt = findEnd(view);
  const count = view.getUint16(endAt + 10, true);
  const directory = view.getUint32(endAt + 16, true);
  if (count > ARCHIVE_LIMITS.entries) throw hostile(`${count} entries`);
  if (directory > endAt) throw damaged('directory');
  const entries: Entry[] = [];
  const ranges: { from: number; to: number }[] = [];
  let at = directory;
  for (let nth = 0; nth < count; nth++) {
    const { entry, next, offset } = readEntry(bytes, view, at, endAt, directory);
    at = next;
    if (!entry) continue;
    entries.push(entry);
    ranges.push({ from: offset, to: entry.end });
  }
  checkApart(ranges);
  checkNames(entries);
  return entries;
}
