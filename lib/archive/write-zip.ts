/**
 * Writes a zip (PKWARE APPNOTE.TXT) with entries as they are: certificates and encrypted keys do not get smaller. Names are
 * UTF-8 and say so, which Windows, macOS and Linux have unpacked for many years.
 */
import { concat, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { WalletError } from '../errors.ts';
import { crc32 } from './crc32.ts';
import type { ArchivedFile } from './read-zip.ts';

const VERSION = 20;
const UTF8 = 0x0800;
const COUNT_MAX = 0xfffe;

/** Time and date of MS-DOS, in two-second steps from 1980 on, of a clock in Korea: the format knows no zones. */
function dosTime(time: number): number {
  const korea = new Date(Math.max(time, Date.UTC(1980, 0, 2)) + 9 * 3_600_000);
  const day = ((korea.getUTCFullYear() - 1980) << 9) | ((korea.getUTCMonth() + 1) << 5) | korea.getUTCDate();
  const clock = (korea.getUTCHours() << 11) | (korea.getUTCMinutes() << 5) | (korea.getUTCSeconds() >> 1);
  return ((day << 16) | clock) >>> 0;
}

/** Numbers of two and four octets, little-endian. */
function fields(...numbers: readonly (readonly [value: number, octets: 2 | 4])[]): Bytes {
  const bytes = new Uint8Array(numbers.reduce((sum, [, octets]) => sum + octets, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [value, octets] of numbers) {
    if (octets === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += octets;
  }
  return bytes;
}

/** @param options.time of all entries, milliseconds since 1970 */
export function writeZip(files: readonly ArchivedFile[], { time }: { readonly time: number }): Bytes {
  if (files.length > COUNT_MAX) throw new WalletError('internal', { detail: 'entries' });
  const moment = dosTime(time);
  const local: Bytes[] = [];
  const central: Bytes[] = [];
  let offset = 0;
  for (const { path, bytes } of files) {
    const name = utf8(path);
    const shared = fields(
      [VERSION, 2],
      [UTF8, 2],
      [0, 2],
      [moment, 4],
      [crc32(bytes), 4],
      [bytes.length, 4],
      [bytes.length, 4],
      [name.length, 2],
      [0, 2],
    );
    const header = concat(fields([0x04034b50, 4]), shared, name);
    local.push(header, bytes);
    central.push(fields([0x02014b50, 4], [VERSION, 2]), shared, fields([0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]), name);
    offset += header.length + bytes.length;
  }
  const directory = concat(...central);
  const end = fields([0x06054b50, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2], [directory.length, 4], [offset, 4], [0, 2]);
  return concat(...local, directory, end);
}
