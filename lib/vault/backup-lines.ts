/** The first and the last line of a backup file (docs/VAULT.md), and the bounds of the file. */
import { toBase64Url } from '../bytes/base64.ts';
import { utf8 } from '../bytes/text.ts';
import { damaged } from './fault.ts';
import { checkKeys, readBytesText, readInteger, readText } from './fields.ts';
import { APP } from './head.ts';
import { GENERATION_MAX, ID_SIZE, TIME_MAX, VERSION } from './limits.ts';
import { readRecord, writePrefix, writeRecord } from './record.ts';

/** Octets of a whole file, and of one line. */
export const BACKUP_MAX = 33_554_432;
export const LINE_MAX = 524_288;
export const LINES_MAX = 5_000;

/** What a file says of itself. Anybody can write it; only the head proves anything. */
export interface BackupStart {
  readonly vid: string;
  readonly gen: number;
  /** When the file was made, milliseconds since 1970. */
  readonly ts: number;
  /** Version of the extension that made it. */
  readonly app: string;
  /** Records after the head. */
  readonly n: number;
}

export interface BackupEnd {
  /** Lines before this one. */
  readonly n: number;
  /** SHA-256 of all lines before this one, each with a line feed; base64url. */
  readonly all: string;
}

const NONE = new Uint8Array(0);
const DIGEST_SIZE = 32;

/** @throws `vault.damaged`, `vault.newer-version` */
export async function readBackupStart(line: string): Promise<BackupStart> {
  const { fields, body } = await readRecord(line, 'B');
  checkKeys(fields, ['v', 'vid', 'gen', 'ts', 'app', 'n']);
  if (body.length !== 0) throw damaged('backup body');
  return {
    vid: readBytesText(fields, 'vid', ID_SIZE),
    gen: readInteger(fields, 'gen', 1, GENERATION_MAX),
    ts: readInteger(fields, 'ts', 0, TIME_MAX),
    app: readText(fields, 'app', APP),
    n: readInteger(fields, 'n', 0, LINES_MAX),
  };
}

export function writeBackupStart({ vid, gen, ts, app, n }: BackupStart): Promise<string> {
  const fields = new Map<string, string | number>([
    ['v', VERSION],
    ['vid', vid],
    ['gen', gen],
    ['ts', ts],
    ['app', app],
    ['n', n],
  ]);
  return writeRecord(writePrefix('B', fields), NONE);
}

/** @throws `vault.damaged`, `vault.newer-version` */
export async function readBackupEnd(line: string): Promise<BackupEnd> {
  const { fields, body } = await readRecord(line, 'Z');
  checkKeys(fields, ['v', 'n', 'all']);
  if (body.length !== 0) throw damaged('backup body');
  return { n: readInteger(fields, 'n', 1, LINES_MAX), all: readBytesText(fields, 'all', DIGEST_SIZE) };
}

export function writeBackupEnd({ n, all }: BackupEnd): Promise<string> {
  const fields = new Map<string, string | number>([
    ['v', VERSION],
    ['n', n],
    ['all', all],
  ]);
  return writeRecord(writePrefix('Z', fields), NONE);
}

/** What the last line says of the lines before it. */
export async function summaryOf(lines: readonly string[]): Promise<BackupEnd> {
  const all = await crypto.subtle.digest('SHA-256', utf8(lines.map((line) => `${line}\n`).join('')));
  return { n: lines.length, all: toBase64Url(new Uint8Array(all)) };
}
