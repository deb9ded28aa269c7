/** Reads what was named on a command line: files, zips, and folders of any depth, within the bounds of the wallet's import. */
import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { ARCHIVE_LIMITS } from '../lib/archive/limits.ts';
import { looksLikeZip, readZip } from '../lib/archive/read-zip.ts';
import type { Bytes } from '../lib/bytes/bytes.ts';
import { errorCode, WalletError, type ErrorCode } from '../lib/errors.ts';
import { mayBeOurs } from '../lib/npki/likely-file.ts';
import { NPKI_LIMITS } from '../lib/npki/limits.ts';
import type { PathAndBytes } from '../lib/npki/picked-file.ts';

export interface RefusedPath {
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly code: ErrorCode;
}

/** Files that are looked at together: those named one by one, or those of one folder or zip. */
export interface ReadGroup {
  /** The folder or zip; empty for files that were named one by one. */
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly files: readonly PathAndBytes[];
  readonly refused: readonly RefusedPath[];
}

/** Octets that tell what a file may be. */
const FIRST_OCTETS = 64;
/** Octets read in one go, all paths together. */
const TOTAL_OCTETS = 64 * 1024 * 1024;
const ZIP_NAME = /\.zip$/i;

async function readFrom(file: FileHandle, octets: number): Promise<Bytes> {
  const buffer = new Uint8Array(octets);
  const { bytesRead } = await file.read(buffer, 0, octets, 0);
  return buffer.subarray(0, bytesRead);
}

class Reader {
  readonly #groups: ReadGroup[] = [];
  #files: PathAndBytes[] = [];
  #refused: RefusedPath[] = [];
  #room = TOTAL_OCTETS;

  get groups(): readonly ReadGroup[] {
    return this.#groups;
  }

  /** Files that were named one by one: each is read, whatever it is. */
  async named(paths: readonly string[]): Promise<void> {
    const zips: string[] = [];
    for (const path of paths) {
      const isFile = await stat(path).then(
        (info) => info.isFile(),
        () => false,
      );
      if (!isFile) this.#refuse(path, 'file', 'file.unreadable');
      else if (await this.#take(path, true)) zips.push(path);
    }
    this.#close('', 'file');
    for (const zip of zips) await this.#group(zip, 'file', () => this.#unpack(zip));
  }

  folder(path: string): Promise<void> {
    return this.#group(path, 'folder', async () => {
      const found: string[] = [];
      await this.#walk(path, 0, found);
      for (const file of found) if (await this.#take(file, false)) await this.#unpack(file);
    });
  }

  async #group(path: string, kind: ReadGroup['kind'], read: () => Promise<void>): Promise<void> {
    try {
      await read();
    } catch (thrown) {
      this.#files = [];
      this.#refused = [{ path, kind, code: errorCode(thrown) }];
    }
    this.#close(path, kind);
  }

  #close(path: string, kind: ReadGroup['kind']): void {
    this.#groups.push({ path, kind, files: this.#files, refused: this.#refused });
    this.#files = [];
    this.#refused = [];
  }

  #refuse(path: string, kind: RefusedPath['kind'], code: ErrorCode): void {
    this.#refused.push({ path, kind, code });
  }

  async #walk(folder: string, depth: number, found: string[]): Promise<void> {
    if (depth > NPKI_LIMITS.folderDepth) {
      this.#refuse(folder, 'folder', 'file.hostile');
      return;
    }
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => null);
    if (entries === null) {
      this.#refuse(folder, 'folder', 'file.unreadable');
      return;
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      // Links are not followed: they can lead anywhere, and round in circles. Those that are called like files of ours are named.
      if (entry.isDirectory()) await this.#walk(path, depth + 1, found);
      else if (entry.isFile() && !entry.name.startsWith('._')) found.push(path);
      else if (entry.isSymbolicLink() && mayBeOurs(new Uint8Array(), entry.name)) this.#refuse(path, 'file', 'file.unsupported');
      if (found.length > NPKI_LIMITS.names) throw new WalletError('file.hostile');
    }
  }

  /** Reads a file that may be ours. Answers whether it is a zip instead, which is not read yet. */
  async #take(path: string, asked: boolean): Promise<boolean> {
    let file: FileHandle | null = null;
    try {
      file = await open(path);
      const first = await readFrom(file, FIRST_OCTETS);
      // Documents of many programs are archives too: those in a folder are opened only where they are called so.
      if (looksLikeZip(first)) return asked || ZIP_NAME.test(path);
      if (!asked && !mayBeOurs(first, path)) return false;
      // One octet more than any file of ours may have, so that its reader sees that it is too large.
      const octets = Math.min((await file.stat()).size, NPKI_LIMITS.chainBytes + 1);
      if (octets > this.#room) throw new WalletError('file.too-large');
      this.#room -= octets;
      this.#files.push({ path, bytes: await readFrom(file, octets) });
    } catch (thrown) {
      this.#refuse(path, 'file', thrown instanceof WalletError ? thrown.code : 'file.unreadable');
    } finally {
      await file?.close();
    }
    return false;
  }

  /** The files in a zip, as `<zip>/<path inside>`. Zips in it stay closed. What is wrong with it refuses it alone. */
  async #unpack(path: string): Promise<void> {
    try {
      const inside = await readZip(await this.#readZipFile(path));
      for (const { path: name, bytes } of inside) {
        if (looksLikeZip(bytes) || !mayBeOurs(bytes.subarray(0, FIRST_OCTETS), name)) continue;
        if (bytes.length > this.#room) throw new WalletError('file.too-large');
        this.#room -= bytes.length;
        this.#files.push({ path: `${path}/${name}`, bytes });
      }
    } catch (thrown) {
      this.#files = this.#files.filter((file) => !file.path.startsWith(`${path}/`));
      this.#refuse(path, 'file', thrown instanceof WalletError ? thrown.code : 'file.unreadable');
    }
  }

  async #readZipFile(path: string): Promise<Bytes> {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      if (size > Math.min(ARCHIVE_LIMITS.archiveBytes, this.#room)) throw new WalletError('file.too-large');
      this.#room -= size;
      return await readFrom(file, size);
    } finally {
      await file.close();
    }
  }
}

/**
 * Reads files one by one, then zips that were named, then folders. Files of a folder or zip that cannot be ours are passed over. Nothing is
 * thrown: what cannot be read is among the refused of its group.
 */
export async function readPaths(paths: readonly string[]): Promise<readonly ReadGroup[]> {
  const reader = new Reader();
  const folders = new Set<string>();
  for (const path of paths)
    if (
      await stat(path).then(
        (info) => info.isDirectory(),
        () => false,
      )
    )
      folders.add(path);
  await reader.named(paths.filter((path) => !folders.has(path)));
  for (const folder of folders) await reader.folder(folder);
  return reader.groups;
}
