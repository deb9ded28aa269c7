/** Reads picked files: what is not ours is passed over by its first octets, what is too large by its size. */
import { looksLikeZip } from '../archive/read-zip.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError, type ErrorCode } from '../errors.ts';
import { mayBeOurs } from '../npki/likely-file.ts';
import type { PickedFile, Running } from './api.ts';
import { goOn } from './pace.ts';

export const IMPORT_LIMITS = {
  /** Files looked at in one pick. */
  files: 5_000,
  /** Octets read in one pick, and again after archives were unpacked. */
  totalBytes: 64 * 1024 * 1024,
  /** Octets of an archive. */
  zipBytes: 20 * 1024 * 1024,
  /** Octets of any other file; what is larger holds no certificate. */
  fileBytes: 1024 * 1024,
} as const;

/** Octets that tell what a file may be. */
export const FIRST_OCTETS = 64;
/** Files of certificates and keys are not larger: such a file is read at once, which costs no more than its first octets. */
const SMALL_OCTETS = 16 * 1024;
/** Files that are read at a time. */
const BATCH = 16;
const ZIP_NAME = /\.zip$/i;

export interface ReadFile {
  readonly path: string;
  readonly bytes: Bytes;
}

export interface ReadFiles {
  readonly files: readonly ReadFile[];
  readonly refused: readonly { readonly path: string; readonly code: ErrorCode }[];
}

type Verdict = 'read' | 'pass' | 'too-large';

/** It came with a folder, so that nobody asks for an answer about this very file. */
export function cameWithFolder(path: string): boolean {
  return path.includes('/');
}

/** Files that macOS puts beside others on foreign disks, named after them. */
function isAppleDouble(path: string): boolean {
  return /\/\._[^/]*$/.test(path);
}

/** A file that the system does not hand out counts as an empty one, which is refused by name later. */
async function octetsOf(file: Blob): Promise<Bytes> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    return new Uint8Array();
  }
}

function isSmall({ size }: Blob): boolean {
  return size <= SMALL_OCTETS;
}

/** Whether its name alone says that it should be ours. */
function isCalledOurs(path: string): boolean {
  return mayBeOurs(new Uint8Array(), path) && !ZIP_NAME.test(path);
}

function judge({ path, file }: PickedFile, first: Bytes, room: number): Verdict {
  const inFolder = cameWithFolder(path);
  const zip = looksLikeZip(first);
  // Documents of many programs are archives too: those in a folder are opened only where they are called so.
  if (inFolder && (isAppleDouble(path) || (zip ? !ZIP_NAME.test(path) : !mayBeOurs(first, path)))) return 'pass';
  if (file.size <= Math.min(zip ? IMPORT_LIMITS.zipBytes : IMPORT_LIMITS.fileBytes, room)) return 'read';
  return inFolder && !isCalledOurs(path) ? 'pass' : 'too-large';
}

/**
 * Reads what may be ours, in the order of the pick. Above its bounds a file is refused alone.
 * @throws `file.hostile` for too many files, `user.cancelled`
 */
export async function readFiles(picked: readonly PickedFile[], { signal, onProgress }: Running): Promise<ReadFiles> {
  if (picked.length > IMPORT_LIMITS.files) throw new WalletError('file.hostile', { detail: String(picked.length) });
  const files: ReadFile[] = [];
  const refused: { path: string; code: ErrorCode }[] = [];
  let room: number = IMPORT_LIMITS.totalBytes;
  for (let at = 0; at < picked.length; at += BATCH) {
    goOn(signal);
    const batch = picked.slice(at, at + BATCH);
    const begun = await Promise.all(batch.map(({ file }) => octetsOf(isSmall(file) ? file : file.slice(0, FIRST_OCTETS))));
    goOn(signal);
    const beginnings = new Map(batch.map((one, i) => [one, begun[i] ?? new Uint8Array()]));
    const begin = (one: PickedFile): Bytes => beginnings.get(one) ?? new Uint8Array();
    const wanted = batch.filter((one) => {
      const verdict = judge(one, begin(one).subarray(0, FIRST_OCTETS), room);
      if (verdict === 'read') room -= one.file.size;
      if (verdict === 'too-large') refused.push({ path: one.path, code: 'file.too-large' });
      return verdict === 'read';
    });
    const whole = async (one: PickedFile): Promise<Bytes> => (isSmall(one.file) ? begin(one) : octetsOf(one.file));
    files.push(...(await Promise.all(wanted.map(async (one) => ({ path: one.path, bytes: await whole(one) })))));
    onProgress({ done: Math.min(at + BATCH, picked.length), total: picked.length });
  }
  goOn(signal);
  return { files, refused };
}
