/**
 * Says what certificates are in folders, files and zips, one line of JSON for each identity found and each file refused:
 *
 *     npm run --silent inspect -- PATH... < passwords
 *
 * Passwords to try are read from standard input, one a line, up to a hundred; an empty line is an empty password. Without any line keys are not opened (`keyMatches` is null). One file
 * of several keys (PKCS#12, or a text) has one line until a password opens it, then one for each identity in it.
 * Ends with 0 where nothing was refused, 1 where something was, 2 for wrong usage. Nothing secret is printed.
 */
import { basename } from 'node:path';
import { wipe } from '../lib/bytes/bytes.ts';
import { errorCode, WalletError, type ErrorCode } from '../lib/errors.ts';
import type { Certificate } from '../lib/npki/certificate.ts';
import { findIdentities, type Found, type FoundContainer, type FoundIdentity } from '../lib/npki/folder.ts';
import { holderName } from '../lib/npki/holder.ts';
import { issuerName } from '../lib/npki/issuer.ts';
import { openContainer, openKm, openSign, type OpenedEntry, type OpenedPair } from '../lib/npki/open-identity.ts';
import type { SealedPair } from '../lib/npki/pairing.ts';
import { isAuthority } from '../lib/npki/text-content.ts';
import { readPaths, type ReadGroup } from './read-paths.ts';
import { readInputLines } from './standard-input.ts';

interface Line {
  path: string;
  /** `npki`: an identity, in whatever form. */
  kind: 'npki' | 'file' | 'folder';
  /** `npki`: two files in DER; `pem`: texts; `pfx`: PKCS#12. Null for what is no identity. */
  form: 'npki' | 'pem' | 'pfx' | null;
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

const PASSWORDS = 100;
/** For keys that are not encrypted. */
const NO_PASSWORD = [''];

const NOTHING: Omit<Line, 'path' | 'kind' | 'error'> = {
  form: null,
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

function factsOf(certificate: Certificate | null): Partial<Line> {
  if (certificate === null) return {};
  return {
    holder: holderName(certificate.subject, certificate.identity),
    issuer: issuerName(certificate.issuer),
    serial: certificate.serialHex,
    notBefore: isoSeconds(certificate.notBefore),
    notAfter: isoSeconds(certificate.notAfter),
    policy: certificate.policies[0] ?? null,
  };
}

function lineOf({ path, form, certificate, sign, km, refusal }: FoundIdentity): Line {
  if (refusal !== null) return { ...refusedLine(path, 'file', refusal.code, refusal.detail), ...factsOf(certificate) };
  return { path, kind: 'npki', ...NOTHING, form, ...factsOf(certificate), km: sign !== null || km !== null ? km !== null : null, error: null };
}

/** Tries the passwords in turn; the last failure is thrown. */
async function tryAll<Opened>(passwords: readonly string[], open: (password: string) => Promise<Opened>): Promise<Opened> {
  for (const password of passwords) {
    try {
      return await open(password);
    } catch (thrown) {
      if (errorCode(thrown) !== 'password.wrong') throw thrown;
    }
  }
  throw new WalletError('password.wrong');
}

/** Null where there is nothing to try. */
async function opens(
  pair: SealedPair,
  passwords: readonly string[],
  open: (password: string) => Promise<OpenedPair>,
): Promise<{ random: boolean } | null> {
  const tries = pair.plain ? NO_PASSWORD : passwords;
  if (tries.length === 0) return null;
  const { key } = await tryAll(tries, open);
  const random = key.random !== null;
  wipe(key.privateKeyInfo);
  return { random };
}

function fail(line: Line, thrown: unknown): Line {
  const error = errorCode(thrown);
  const detail = thrown instanceof WalletError && thrown.detail !== undefined ? { detail: thrown.detail } : {};
  return { ...line, error, ...(error === 'file.pair-mismatch' ? { keyMatches: false } : {}), ...detail };
}

async function inspectIdentity(found: FoundIdentity, passwords: readonly string[]): Promise<Line> {
  const line = lineOf(found);
  const { sign, km } = found;
  const main = sign ?? km;
  if (line.error !== null || main === null) return line;
  try {
    const opened = await opens(main, passwords, (password) => (sign ? openSign(found, password) : openKm(found, password)));
    if (opened === null) return line;
    line.keyMatches = true;
    line.random = opened.random;
    if (sign && km) await opens(km, passwords, (password) => openKm(found, password));
    return line;
  } catch (thrown) {
    // A km pair that does not open is told, but holds up nothing.
    return line.keyMatches === true ? { ...line, detail: `km: ${errorCode(thrown)}` } : fail(line, thrown);
  }
}

function entryLine({ path, form }: FoundContainer, { sign, km, problem, certificate }: OpenedEntry): Line {
  if (problem !== null) {
    const line = { ...refusedLine(path, 'file', problem.code, problem.detail), ...factsOf(certificate) };
    return problem.code === 'file.pair-mismatch' ? { ...line, keyMatches: false } : line;
  }
  const random = (sign ?? km)?.key.random;
  wipe(sign?.key.privateKeyInfo, km?.key.privateKeyInfo);
  return { path, kind: 'npki', ...NOTHING, form, ...factsOf(certificate), keyMatches: true, random: Boolean(random), km: km !== null, error: null };
}

async function inspectContainer(found: FoundContainer, passwords: readonly string[]): Promise<Line[]> {
  const { path, form, certificates, needsPassword } = found;
  const shown = certificates.find((one) => !isAuthority(one)) ?? null;
  const line: Line = { path, kind: 'npki', ...NOTHING, form, ...factsOf(shown), error: null };
  const tries = needsPassword ? passwords : NO_PASSWORD;
  if (tries.length === 0) return [line];
  try {
    const entries = await tryAll(tries, (password) => openContainer(found, password));
    if (entries.length === 0) return [refusedLine(path, 'file', 'file.pair-missing', basename(path))];
    return entries.map((entry) => entryLine(found, entry));
  } catch (thrown) {
    return [fail(line, thrown)];
  }
}

async function inspectFound(found: Found, passwords: readonly string[]): Promise<Line[]> {
  return found.kind === 'container' ? inspectContainer(found, passwords) : [await inspectIdentity(found, passwords)];
}

/** Files that were named one by one get an answer each; of others only those that are ours. */
async function inspectGroup({ path, kind, files, refused }: ReadGroup, passwords: readonly string[]): Promise<Line[]> {
  const lines = refused.map((one) => refusedLine(one.path, one.kind, one.code, basename(one.path)));
  try {
    for (const found of findIdentities(files, { everyFile: path === '' })) lines.push(...(await inspectFound(found, passwords)));
  } catch (thrown) {
    lines.push(refusedLine(path, kind, errorCode(thrown), basename(path)));
  }
  if (lines.length === 0 && path !== '') lines.push(refusedLine(path, kind, 'file.nothing-found', basename(path)));
  return lines;
}

async function main(paths: readonly string[]): Promise<number> {
  const wellFormed = paths.length > 0 && !paths.some((path) => path.startsWith('--'));
  const passwords = wellFormed ? await readInputLines() : [];
  if (!wellFormed || passwords.length > PASSWORDS) {
    process.stderr.write(`usage: inspect PATH...   (up to ${PASSWORDS} passwords to try, one a line, on standard input)\n`);
    return 2;
  }
  let refused = false;
  for (const group of await readPaths(paths)) {
    for (const line of await inspectGroup(group, passwords)) {
      refused ||= line.error !== null;
      process.stdout.write(`${JSON.stringify(line)}\n`);
    }
  }
  return refused ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
