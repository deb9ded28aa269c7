/**
 * Says what certificates are in folders and files, one line of JSON for each identity found and each file refused:
 *
 *     npm run --silent inspect -- PATH... < passwords
 *
 * Passwords to try are read from standard input, one a line; without any, keys are not opened (`keyMatches` is null).
 * Ends with 0 where nothing was refused, 1 where something was, 2 for wrong usage. Nothing secret is printed.
 */
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { wipe, type Bytes } from '../lib/bytes/bytes.ts';
import { errorCode, WalletError, type ErrorCode } from '../lib/errors.ts';
import { findIdentities, type FoundIdentity } from '../lib/npki/folder.ts';
import { holderName } from '../lib/npki/holder.ts';
import { issuerName } from '../lib/npki/issuer.ts';
import { NPKI_LIMITS } from '../lib/npki/limits.ts';
import { openKm, openSign, type OpenedPair } from '../lib/npki/open-identity.ts';
import type { PathAndBytes } from '../lib/npki/picked-file.ts';

interface Line {
  path: string;
  kind: 'npki' | 'file' | 'folder';
  holder: string | null;
  issuer: string | null;
  serial: string | null;
  notBefore: string | null;
  notAfter: string | null;
  policy: string | null;
  /** Whether the private key opened and belongs to the certificate; null where no password opened it. */
  keyMatches: boolean | null;
  /** Whether the key carries R; null where it was not opened. */
  random: boolean | null;
  km: boolean | null;
  error: ErrorCode | null;
  detail?: string;
}

const STDIN_BYTES = 64 * 1024;
const PASSWORDS = 100;

const NOTHING: Omit<Line, 'path' | 'kind' | 'error'> = {
  holder: null,
  issuer: null,
  serial: null,
  notBefore: null,
  notAfter: null,
  policy: null,
  keyMatches: null,
  random: null,
  km: null,
};

function isoSeconds(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

function refusedLine(path: string, kind: Line['kind'], error: ErrorCode, detail?: string): Line {
  return { path, kind, ...NOTHING, error, ...(detail === undefined ? {} : { detail }) };
}

function lineOf({ path, certificate, sign, km, refusal }: FoundIdentity): Line {
  const kind = refusal === null ? 'npki' : 'file';
  const line: Line = refusal === null ? { path, kind, ...NOTHING, error: null } : refusedLine(path, kind, refusal.code, refusal.detail);
  if (certificate !== null) {
    line.holder = holderName(certificate.subject, certificate.identity);
    line.issuer = issuerName(certificate.issuer);
    line.serial = certificate.serialHex;
    line.notBefore = isoSeconds(certificate.notBefore);
    line.notAfter = isoSeconds(certificate.notAfter);
    line.policy = certificate.policies[0] ?? null;
  }
  if (sign !== null || km !== null) line.km = km !== null;
  return line;
}

/** Tries the passwords in turn; the last failure is thrown. */
async function tryAll(passwords: readonly string[], open_: (password: string) => Promise<OpenedPair>): Promise<{ random: boolean }> {
  for (const password of passwords) {
    try {
      const { key } = await open_(password);
      const random = key.random !== null;
      wipe(key.privateKeyInfo);
      return { random };
    } catch (thrown) {
      if (errorCode(thrown) !== 'password.wrong') throw thrown;
    }
  }
  throw new WalletError('password.wrong');
}

async function inspectIdentity(found: FoundIdentity, passwords: readonly string[]): Promise<Line> {
  const line = lineOf(found);
  if (line.error !== null || passwords.length === 0) return line;
  try {
    const main = await tryAll(passwords, (password) => (found.sign ? openSign(found, password) : openKm(found, password)));
    line.keyMatches = true;
    line.random = main.random;
    if (found.sign && found.km) await tryAll(passwords, (password) => openKm(found, password));
  } catch (thrown) {
    // A km pair that does not open is told, but holds up nothing.
    if (line.keyMatches === true) return { ...line, detail: `km: ${errorCode(thrown)}` };
    line.error = errorCode(thrown);
    if (line.error === 'file.pair-mismatch') line.keyMatches = false;
    if (thrown instanceof WalletError && thrown.detail !== undefined) line.detail = thrown.detail;
  }
  return line;
}

/** Reads a file up to one octet more than any of ours may have, so that the reader sees that it is too large. */
async function readBounded(path: string): Promise<Bytes> {
  const file = await open(path);
  try {
    const buffer = new Uint8Array(Math.min((await file.stat()).size, NPKI_LIMITS.chainBytes + 1));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

class Inspection {
  readonly lines: Line[] = [];
  readonly #passwords: readonly string[];

  constructor(passwords: readonly string[]) {
    this.#passwords = passwords;
  }

  /** Files that were named one by one: each gets a line. */
  async files(paths: readonly string[]): Promise<void> {
    await this.#inspect(await this.#read(paths), true);
  }

  async folder(path: string): Promise<void> {
    const before = this.lines.length;
    try {
      const paths: string[] = [];
      await this.#walk(path, 0, paths);
      await this.#inspect(await this.#read(paths), false);
      if (this.lines.length === before) this.refuse(path, 'folder', 'file.nothing-found');
    } catch (thrown) {
      this.refuse(path, 'folder', errorCode(thrown));
    }
  }

  refuse(path: string, kind: Line['kind'], code: ErrorCode): void {
    this.lines.push(refusedLine(path, kind, code, basename(path)));
  }

  async #walk(folder: string, depth: number, found: string[]): Promise<void> {
    if (depth > NPKI_LIMITS.folderDepth) {
      this.refuse(folder, 'folder', 'file.hostile');
      return;
    }
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => null);
    if (entries === null) {
      this.refuse(folder, 'folder', 'file.unreadable');
      return;
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      // Links are not followed: they can lead anywhere, and round in circles.
      if (entry.isDirectory()) await this.#walk(path, depth + 1, found);
      else if (entry.isFile()) found.push(path);
      if (found.length > NPKI_LIMITS.names) throw new WalletError('file.hostile');
    }
  }

  async #read(paths: readonly string[]): Promise<PathAndBytes[]> {
    const files: PathAndBytes[] = [];
    for (const path of paths) {
      try {
        files.push({ path, bytes: await readBounded(path) });
      } catch {
        this.refuse(path, 'file', 'file.unreadable');
      }
    }
    return files;
  }

  async #inspect(files: readonly PathAndBytes[], everyFile: boolean): Promise<void> {
    for (const found of findIdentities(files, { everyFile })) this.lines.push(await inspectIdentity(found, this.#passwords));
  }
}

/** The lines of standard input; none where it is a terminal, closed or empty. */
async function readPasswords(): Promise<string[]> {
  if (process.stdin.isTTY) return [];
  let text = '';
  try {
    process.stdin.setEncoding('utf8');
    for await (const piece of process.stdin) {
      text += String(piece);
      if (text.length > STDIN_BYTES) break;
    }
  } catch {
    return [];
  }
  return text
    .slice(0, STDIN_BYTES)
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .slice(0, PASSWORDS);
}

async function main(paths: readonly string[]): Promise<number> {
  if (paths.length === 0 || paths.some((path) => path.startsWith('--'))) {
    process.stderr.write('usage: inspect PATH...   (passwords to try, one a line, on standard input)\n');
    return 2;
  }
  const inspection = new Inspection(await readPasswords());
  const files: string[] = [];
  const folders: string[] = [];
  for (const path of paths) {
    const info = await stat(path).catch(() => null);
    if (info?.isDirectory()) folders.push(path);
    else if (info?.isFile()) files.push(path);
    else inspection.refuse(path, 'file', 'file.unreadable');
  }
  await inspection.files(files);
  for (const folder of folders) await inspection.folder(folder);
  for (const line of inspection.lines) process.stdout.write(`${JSON.stringify(line)}\n`);
  return inspection.lines.some(({ error }) => error !== null) ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
