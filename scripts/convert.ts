/**
 * Writes certificate files in another form, as the wallet's export writes them:
 *
 *     npm run --silent convert -- PATH... --to pfx|pfx-legacy|npki|npki-pbes2|pem|certificate --out FOLDER < passwords
 *
 * Standard input has two lines: the password of the files, and the new one (neither is used for `certificate`, but for one file of
 * several keys the first). Nothing is overwritten, and what was written is read back and compared octet by octet before it
 * counts. Prints one line of JSON for each identity found, then one for each file written with the holder it belongs to. Ends with
 * 0, with 1 where something was refused or left out, with 2 for wrong usage. Nothing secret is printed.
 */
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { copy, wipe, type Bytes } from '../lib/bytes/bytes.ts';
import { errorCode, WalletError, type ErrorCode } from '../lib/errors.ts';
import { EXPORT_FORMS, exportIdentities, type ExportForm, type ExportIdentity, type WrittenFile } from '../lib/npki/export-files.ts';
import { filePasswordProblems } from '../lib/npki/file-password.ts';
import { proveCertificates, proveKeys } from '../lib/wallet/export-proof.ts';
import { findInFiles, openSealed, openSealedContainer } from '../lib/wallet/files-bench.ts';
import type { FilesWorker } from '../lib/wallet/ports.ts';
import { openSources, type Source } from './open-source.ts';
import { readPaths } from './read-paths.ts';
import { readInputLines } from './standard-input.ts';
import { WrittenTree } from './written-tree.ts';

interface Order {
  readonly paths: readonly string[];
  readonly form: ExportForm;
  readonly out: string;
}

const USAGE = `usage: convert PATH... --to ${['pfx', ...EXPORT_FORMS].join('|')} --out FOLDER
       standard input: the password of the files, then the new one, a line each
`;

function readForm(name: string | undefined): ExportForm | null {
  return name === 'pfx' ? 'pfx-modern' : (EXPORT_FORMS.find((form) => form === name) ?? null);
}

function readOrder(args: readonly string[]): Order | null {
  try {
    const options = { to: { type: 'string' }, out: { type: 'string' } } as const;
    const { values, positionals: paths } = parseArgs({ args: [...args], allowPositionals: true, options });
    const form = readForm(values.to);
    return form !== null && values.out !== undefined && values.out !== '' && paths.length > 0 ? { paths, form, out: values.out } : null;
  } catch {
    return null;
  }
}

function say({ path, kind, holder, random, km, error, detail }: Omit<Source, 'identity'>): void {
  const line = { path, kind, holder, random, km, error, ...(detail === undefined ? {} : { detail }) };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function sayRefused(path: string, error: ErrorCode, detail?: string): void {
  say({ path, kind: 'file', holder: null, random: null, km: null, error, ...(detail === undefined ? {} : { detail }) });
}

/** The wallet's own reader, in this process. */
const READER: FilesWorker = {
  lanes: 1,
  find: findInFiles,
  open: openSealed,
  openContainer: openSealedContainer,
  stop: () => undefined,
};

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Reads the files back from where they are. @throws `internal` for any difference */
async function prove(
  out: string,
  files: readonly WrittenFile[],
  identities: readonly ExportIdentity[],
  form: ExportForm,
  password: string,
): Promise<void> {
  const onDisk = await Promise.all(files.map(async ({ path }) => ({ path, bytes: copy(await readFile(join(out, path))) })));
  const proof = { form, identities, files: onDisk, worker: READER, signal: new AbortController().signal, onProven: () => undefined };
  await (form === 'certificate' ? proveCertificates(proof) : proveKeys({ ...proof, password }));
}

/** Answers whether everything was written. */
async function write({ form, out }: Order, sources: readonly Source[], password: string): Promise<boolean> {
  const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));
  const identities = sources.flatMap(({ identity }) => identity ?? []);
  const converted = sources.filter(({ identity }) => identity !== null).values();
  const owners = new Map<string, Source>();
  const onWritten = (own: readonly WrittenFile[]): void => {
    const { value: owner } = converted.next();
    if (owner) for (const { path } of own) owners.set(join(out, path), owner);
  };
  const { files } = await exportIdentities(identities, form, password, { random, onWritten });
  const targets = [...owners.keys()];
  const taken: string[] = [];
  for (const target of targets) if (await exists(target)) taken.push(target);
  for (const target of taken) sayRefused(target, 'file.exists');
  if (taken.length > 0) return false;
  const written = new WrittenTree();
  try {
    for (const { path, bytes } of files) await written.add(join(out, path), bytes);
    await prove(out, files, identities, form, password);
  } catch (thrown) {
    for (const left of await written.undo()) sayRefused(left, 'file.unwritable', 'left behind');
    sayRefused(out, errorCode(thrown), thrown instanceof WalletError ? thrown.detail : undefined);
    return false;
  }
  for (const [path, { holder, random: hasRandom, km }] of owners) say({ path, kind: 'file', holder, random: hasRandom, km, error: null });
  return true;
}

async function convert(order: Order, password: string, newPassword: string): Promise<number> {
  const certificatesOnly = order.form === 'certificate';
  const broken = certificatesOnly ? [] : filePasswordProblems(newPassword);
  if (broken.length > 0) {
    sayRefused(order.out, 'password.weak', broken.join(' '));
    return 1;
  }
  const sources = await openSources(await readPaths(order.paths), { password, certificatesOnly });
  try {
    sources.forEach(say);
    const written = sources.some(({ identity }) => identity !== null) && (await write(order, sources, newPassword));
    return written && sources.every(({ error, detail }) => error === null && detail?.startsWith('km:') !== true) ? 0 : 1;
  } finally {
    for (const { identity } of sources) wipe(identity?.sign?.privateKeyInfo, identity?.km?.privateKeyInfo);
  }
}

async function main(args: readonly string[]): Promise<number> {
  const order = readOrder(args);
  const [password, newPassword, ...more] = order === null ? [] : await readInputLines();
  const complete = order?.form === 'certificate' || newPassword !== undefined;
  if (order === null || !complete || more.length > 0) {
    process.stderr.write(USAGE);
    return 2;
  }
  return convert(order, password ?? '', newPassword ?? '');
}

process.exitCode = await main(process.argv.slice(2));
