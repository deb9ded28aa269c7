/** Writes files into a folder that the person picked (File System Access API), and reads each back. */
import { equal, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { ExportedFile, Progress } from '../wallet/model.ts';
import { checkPaths } from './file-names.ts';
import { identityFolders, isStale } from './stale-files.ts';

export interface FolderOrder {
  /** Whether a file of the same name and other content may be overwritten. */
  readonly replace?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** No file of a certificate is that large: what stands there is something else, and is not overwritten. */
const OVERWRITTEN_MAX = 1 << 20;

/** One file to write, or to take away where there are no new octets, with what stood in its place. */
interface Change {
  readonly path: string;
  readonly bytes: Bytes | null;
  readonly old: Bytes | null;
}

/** Takes back, last first, what a run that failed has done. */
type Undo = (() => Promise<void>)[];

const isNamed = (thrown: unknown, name: string): boolean => thrown instanceof DOMException && thrown.name === name;

async function orNull<T>(get: () => Promise<T>): Promise<T | null> {
  try {
    return await get();
  } catch (thrown) {
    if (isNamed(thrown, 'NotFoundError')) return null;
    throw thrown;
  }
}

async function read(handle: FileSystemFileHandle): Promise<Bytes> {
  return new Uint8Array(await (await handle.getFile()).arrayBuffer());
}

/** A file is replaced as a whole when it is closed; one that was not stays as it was. */
async function write(handle: FileSystemFileHandle, bytes: Bytes): Promise<void> {
  const stream = await handle.createWritable();
  try {
    await stream.write(bytes);
  } catch (thrown) {
    await stream.abort().catch(() => undefined);
    throw thrown;
  }
  await stream.close();
}

function split(path: string): { readonly folders: readonly string[]; readonly name: string } {
  const parts = path.split('/');
  return { folders: parts.slice(0, -1), name: parts.at(-1) ?? '' };
}

async function findFolder(root: FileSystemDirectoryHandle, folders: readonly string[]): Promise<FileSystemDirectoryHandle | null> {
  let folder: FileSystemDirectoryHandle | null = root;
  for (const part of folders) {
    const within: FileSystemDirectoryHandle = folder;
    folder = await orNull(() => within.getDirectoryHandle(part));
    if (folder === null) return null;
  }
  return folder;
}

async function find(root: FileSystemDirectoryHandle, path: string): Promise<FileSystemFileHandle | null> {
  const { folders, name } = split(path);
  const folder = await findFolder(root, folders);
  return folder && orNull(() => folder.getFileHandle(name));
}

/** What is to be written: files that lie there already with the same octets are left out. */
async function planChange(root: FileSystemDirectoryHandle, { path, bytes }: ExportedFile, replace: boolean): Promise<Change | null> {
  const handle = await find(root, path);
  if (handle === null) return { path, bytes, old: null };
  const { size } = await handle.getFile();
  if (replace && size > OVERWRITTEN_MAX) throw new WalletError('file.unwritable', { detail: path });
  const old = replace || size === bytes.length ? await read(handle) : null;
  if (old !== null && equal(old, bytes)) return null;
  if (!replace) throw new WalletError('file.exists', { detail: path });
  return { path, bytes, old };
}

/** What lies beside the new files and would be taken for a part of them: the km pair or the authorities of an older one. */
async function planRemovals(root: FileSystemDirectoryHandle, files: readonly ExportedFile[], replace: boolean): Promise<Change[]> {
  const removals: Change[] = [];
  for (const written of identityFolders(files)) {
    const folder = await findFolder(root, written.folder);
    if (folder === null) continue;
    for await (const [name, handle] of folder.entries()) {
      if (handle.kind !== 'file' || !isStale(name, written)) continue;
      const path = [...written.folder, name].join('/');
      if (!replace) throw new WalletError('file.exists', { detail: path });
      if ((await handle.getFile()).size > OVERWRITTEN_MAX) throw new WalletError('file.unwritable', { detail: path });
      removals.push({ path, bytes: null, old: await read(handle) });
    }
  }
  return removals;
}

async function openFolder(root: FileSystemDirectoryHandle, folders: readonly string[], undo: Undo): Promise<FileSystemDirectoryHandle> {
  let folder = root;
  for (const part of folders) {
    const parent = folder;
    const there = await orNull(() => parent.getDirectoryHandle(part));
    folder = there ?? (await parent.getDirectoryHandle(part, { create: true }));
    if (there === null) undo.push(() => parent.removeEntry(part));
  }
  return folder;
}

async function apply(root: FileSystemDirectoryHandle, { path, bytes, old }: Change, undo: Undo): Promise<void> {
  const { folders, name } = split(path);
  const folder = await openFolder(root, folders, undo);
  if (bytes === null) {
    undo.push(async () => write(await folder.getFileHandle(name, { create: true }), old ?? new Uint8Array(0)));
    await folder.removeEntry(name);
    return;
  }
  const handle = await folder.getFileHandle(name, { create: true });
  undo.push(() => (old === null ? folder.removeEntry(name) : write(handle, old)));
  await write(handle, bytes);
  // A handle of its own: what the stick gives now, not what the first one may remember.
  if (!equal(await read(await folder.getFileHandle(name)), bytes)) throw new WalletError('file.unwritable', { detail: path });
}

async function takeBack(undo: Undo): Promise<void> {
  for (const step of undo.reverse()) await step().catch(() => undefined);
}

function refusal(thrown: unknown, path: string): WalletError {
  return thrown instanceof WalletError ? thrown : new WalletError('file.unwritable', { detail: path, cause: thrown });
}

/** Writes a file that the person picked, and reads it back. @throws `file.unwritable` (detail: its name) */
export async function writeFile(handle: FileSystemFileHandle, bytes: Bytes): Promise<void> {
  try {
    await write(handle, bytes);
    if (equal(await read(handle), bytes)) return;
  } catch (thrown) {
    throw refusal(thrown, handle.name);
  }
  throw new WalletError('file.unwritable', { detail: handle.name });
}

/**
 * Writes all of the files or none: whatever fails in the middle, what this call made is removed and what it replaced is
 * put back, as far as the medium still answers. Nothing is written before all paths were looked at. A km pair or authorities
 * that lie beside a new certificate and are not written with it are in the way as a file of the same name is.
 *
 * @param files paths with `/`, from the root
 * @throws `file.exists` (detail: the path), `file.unwritable` (detail: the path), `user.cancelled`
 */
export async function writeIntoFolder(root: FileSystemDirectoryHandle, files: readonly ExportedFile[], order: FolderOrder = {}): Promise<void> {
  const { replace = false, signal, onProgress } = order;
  checkPaths(files.map(({ path }) => path));
  const goOn = (): void => {
    if (signal?.aborted) throw new WalletError('user.cancelled');
  };
  const step = async <Result>(path: string, act: () => Promise<Result>): Promise<Result> => {
    goOn();
    return act().catch((thrown: unknown) => {
      throw refusal(thrown, path);
    });
  };
  const plan: (Change | null)[] = [];
  for (const file of files) plan.push(await step(file.path, () => planChange(root, file, replace)));
  const removals = await step(files[0]?.path ?? '', () => planRemovals(root, files, replace));
  const undo: Undo = [];
  try {
    for (const [at, change] of plan.entries()) {
      if (change) await step(change.path, () => apply(root, change, undo));
      onProgress?.({ done: at + 1, total: files.length });
    }
    for (const change of removals) await step(change.path, () => apply(root, change, undo));
    // Whoever stopped during the last file may have wiped what was to be written.
    goOn();
  } catch (thrown) {
    await takeBack(undo);
    throw thrown;
  }
}
