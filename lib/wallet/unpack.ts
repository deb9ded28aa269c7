/** Archives among picked files: their files join the pick under `<archive>/<path inside>`. Archives in them stay closed. */
import { looksLikeZip, readZip } from '../archive/read-zip.ts';
import { errorCode, WalletError } from '../errors.ts';
import { mayBeOurs } from '../npki/likely-file.ts';
import type { Refused } from './ports.ts';
import { cameWithFolder, FIRST_OCTETS, IMPORT_LIMITS, type ReadFile } from './read-files.ts';

export interface Unpacked {
  readonly files: readonly ReadFile[];
  /** Paths of the archives that were unpacked. */
  readonly archives: readonly string[];
  readonly refused: readonly (Refused & { readonly path: string })[];
}

function isWanted({ path, bytes }: ReadFile): boolean {
  return !looksLikeZip(bytes) && mayBeOurs(bytes.subarray(0, FIRST_OCTETS), path);
}

async function filesIn(archive: ReadFile, room: { files: number; bytes: number }): Promise<readonly ReadFile[]> {
  const inside = await readZip(archive.bytes);
  const files = inside.map(({ path, bytes }) => ({ path: `${archive.path}/${path}`, bytes })).filter(isWanted);
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
  if (files.length > room.files) throw new WalletError('file.hostile', { detail: `${files.length} files` });
  if (bytes > room.bytes) throw new WalletError('file.too-large');
  room.files -= files.length;
  room.bytes -= bytes;
  return files;
}

/** Unpacks every archive of the pick in its place. What is wrong with one refuses it alone. */
export async function unpack(picked: readonly ReadFile[]): Promise<Unpacked> {
  const room = { files: IMPORT_LIMITS.files - picked.length, bytes: IMPORT_LIMITS.totalBytes };
  const files: ReadFile[] = [];
  const archives: string[] = [];
  const refused: (Refused & { path: string })[] = [];
  for (const file of picked) {
    if (!looksLikeZip(file.bytes)) {
      files.push(file);
      continue;
    }
    try {
      files.push(...(await filesIn(file, room)));
      archives.push(file.path);
    } catch (thrown) {
      const detail = thrown instanceof WalletError ? (thrown.detail ?? null) : null;
      refused.push({ path: file.path, code: errorCode(thrown), detail });
    }
  }
  return { files, archives, refused };
}

/** Archives picked by themselves in which nothing of ours was found. */
export function emptyArchives({ archives }: Unpacked, found: readonly { readonly path: string }[]): readonly (Refused & { readonly path: string })[] {
  return archives
    .filter((archive) => !cameWithFolder(archive) && !found.some(({ path }) => path === archive || path.startsWith(`${archive}/`)))
    .map((path) => ({ path, code: 'file.nothing-found', detail: null }));
}
