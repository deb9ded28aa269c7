/** Files and folders that one run makes, so that all of them can go again. */
import { mkdir, open, rm, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Bytes } from '../lib/bytes/bytes.ts';
import { WalletError } from '../lib/errors.ts';

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

export class WrittenTree {
  readonly #files: string[] = [];
  readonly #folders: string[] = [];

  /** Writes a file that is not there yet, for its owner's eyes alone. @throws `file.unwritable` */
  async add(path: string, bytes: Bytes): Promise<void> {
    try {
      await this.#makeFolder(dirname(path));
      const file = await open(path, 'wx', 0o600);
      // Ours from here on, whole or not.
      this.#files.push(path);
      try {
        await file.writeFile(bytes);
      } finally {
        await file.close();
      }
    } catch (cause) {
      throw new WalletError('file.unwritable', { detail: path, cause });
    }
  }

  /** Takes everything away again. Answers the paths of what could not be. A folder that others wrote into stays without a word. */
  async undo(): Promise<readonly string[]> {
    const left: string[] = [];
    for (const path of this.#files) await rm(path, { force: true }).catch(() => left.push(path));
    for (const folder of this.#folders.toReversed()) await rmdir(folder).catch(() => undefined);
    return left;
  }

  async #makeFolder(folder: string): Promise<void> {
    const missing: string[] = [];
    for (let at = folder; !(await isThere(at)) && dirname(at) !== at; at = dirname(at)) missing.unshift(at);
    for (const at of missing) {
      await mkdir(at);
      this.#folders.push(at);
    }
  }
}
