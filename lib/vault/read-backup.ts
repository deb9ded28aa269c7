/**
 * Reading a backup file. What is broken costs itself only: a file that was cut off, or that lost a line, still gives
 * every record that is whole. Nothing is opened and nothing derived here.
 */
import { equal, type Bytes } from '../bytes/bytes.ts';
import { fromUtf8, utf8 } from '../bytes/text.ts';
import { errorCode, WalletError } from '../errors.ts';
import { faultOfFile } from './backup-fault.ts';
import { BACKUP_MAX, LINE_MAX, LINES_MAX, readBackupEnd, readBackupStart, summaryOf, type BackupEnd, type BackupStart } from './backup-lines.ts';
import type { Carried } from './carried.ts';
import { readHead, type VaultHead } from './head.ts';
import { checksumOf, isIntact } from './record.ts';

export interface BackupFile {
  /** What the file says of itself. */
  readonly start: BackupStart;
  /** Null where the head is cut off or broken: nothing opens then. */
  readonly head: VaultHead | null;
  /** Whole records by their checksums. */
  readonly records: ReadonlyMap<string, string>;
  /** `cut`: the end is missing; `damaged`: lines are broken, missing or too many. */
  readonly state: 'complete' | 'cut' | 'damaged';
}

const MAGIC = 'DJW1.B.';
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const LINE_FEED = 0x0a;
const RETURN = 0x0d;

function startOf(octets: Bytes): number {
  return BYTE_ORDER_MARK.every((octet, nth) => octets[nth] === octet) ? BYTE_ORDER_MARK.length : 0;
}

/** Whether a file begins as a backup file does. */
export function looksLikeBackup(octets: Bytes): boolean {
  const start = startOf(octets);
  return equal(octets.subarray(start, start + MAGIC.length), utf8(MAGIC));
}

/** A line as text; one that is no text is one that no reader takes. */
function lineText(octets: Bytes): string {
  try {
    return fromUtf8(octets.at(-1) === RETURN ? octets.subarray(0, -1) : octets);
  } catch {
    return '';
  }
}

/** Lines, whichever line ends a mail program gave them. @throws `backup.damaged` beyond the bounds */
function splitLines(octets: Bytes): readonly string[] {
  const lines: string[] = [];
  for (let at = startOf(octets); at < octets.length;) {
    const found = octets.indexOf(LINE_FEED, at);
    const end = found < 0 ? octets.length : found;
    if (end - at > LINE_MAX || lines.length === LINES_MAX) throw new WalletError('backup.damaged', { detail: 'lines' });
    lines.push(lineText(octets.subarray(at, end)));
    at = end + 1;
  }
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

async function readStart(line: string, more: boolean): Promise<BackupStart> {
  try {
    return await readBackupStart(line);
  } catch (thrown) {
    throw more ? faultOfFile(thrown) : new WalletError('backup.cut', { cause: thrown });
  }
}

/** The head, or null where the line is missing or broken. @throws `backup.newer-version` */
async function readHeadLine(line: string | undefined, vid: string): Promise<VaultHead | null> {
  try {
    const head = await readHead(line);
    return head.vid === vid && !head.sub ? head : null;
  } catch (thrown) {
    if (errorCode(thrown) === 'vault.newer-version') throw faultOfFile(thrown);
    return null;
  }
}

/** What the last line says, or null where it is none. @throws `backup.newer-version` */
async function readEnd(line: string): Promise<BackupEnd | null> {
  try {
    return await readBackupEnd(line);
  } catch (thrown) {
    if (errorCode(thrown) === 'vault.newer-version') throw faultOfFile(thrown);
    return null;
  }
}

async function isSumOf({ n, all }: BackupEnd, lines: readonly string[]): Promise<boolean> {
  const own = await summaryOf(lines);
  return n === own.n && all === own.all;
}

async function wholeRecords(lines: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const records = new Map<string, string>();
  for (const line of lines) {
    const sum = checksumOf(line);
    if (await isIntact(line, sum)) records.set(sum, line);
  }
  return records;
}

/**
 * Reads a backup file. The caller looks at the size of a file before it reads it (`BACKUP_MAX`).
 * @throws `backup.unknown`, `backup.too-large`, `backup.newer-version`; `backup.damaged` and `backup.cut` where not even
 *   the first line can be read
 */
export async function readBackup(octets: Bytes): Promise<BackupFile> {
  if (octets.length > BACKUP_MAX) throw new WalletError('backup.too-large');
  if (!looksLikeBackup(octets)) throw new WalletError('backup.unknown');
  const lines = splitLines(octets);
  const [first = '', second, ...rest] = lines;
  const start = await readStart(first, second !== undefined);
  const head = await readHeadLine(second, start.vid);
  const end = await readEnd(rest.at(-1) ?? '');
  const records = await wholeRecords(end ? rest.slice(0, -1) : rest);
  if (!end) return { start, head, records, state: 'cut' };
  const whole = head !== null && (await isSumOf(end, lines.slice(0, -1))) && head.items.every(({ sum }) => records.has(sum));
  return { start, head, records, state: whole ? 'complete' : 'damaged' };
}

/** What can be opened of a file. @throws `backup.cut`, `backup.damaged` where the head is not there */
export function carriedBy({ head, records, state }: BackupFile): Carried {
  if (!head) throw new WalletError(state === 'cut' ? 'backup.cut' : 'backup.damaged', { detail: 'head' });
  return { head, records };
}

/** Name of a backup file made on this day, by the clock the owner sees: `dojang-backup-2026-11-25.djw`. */
export function backupName(year: number, month: number, day: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `dojang-backup-${year}-${two(month)}-${two(day)}.djw`;
}
