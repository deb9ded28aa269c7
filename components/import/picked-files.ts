/** Files as the browser's pickers and drops give them. */
import type { PickedFile } from '../../lib/wallet/api.ts';

/** More than this is not somebody's certificates. */
export const FILES_MAX = 5_000;

const LIKELY = /\.(der|key|pfx|p12|pem|cer|crt)$|capubs$/i;

/** The files of an input element, with their folders where it picked a folder. */
export function fromInput(files: Iterable<File>): readonly PickedFile[] {
  return [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

function readFile(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });
}

/** A directory reader gives its entries in parts and says that it is done by an empty one. */
async function readDirectory(entry: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = entry.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (part.length === 0 || entries.length > FILES_MAX) return entries;
    entries.push(...part);
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

/** Everything below what was dropped; entries must be taken from the drop before anything is awaited. */
export async function fromEntries(dropped: readonly FileSystemEntry[]): Promise<readonly PickedFile[]> {
  const picked: PickedFile[] = [];
  const waiting = [...dropped];
  for (let entry = waiting.shift(); entry && picked.length <= FILES_MAX; entry = waiting.shift()) {
    if (isDirectory(entry)) waiting.push(...(await readDirectory(entry)));
    else if (isFile(entry)) picked.push({ path: entry.fullPath.replace(/^\//, ''), file: await readFile(entry) });
  }
  return picked;
}

/** Where a big folder was chosen, only what can be a certificate by its name. */
export function likelyFiles(files: readonly PickedFile[]): readonly PickedFile[] {
  return files.length <= FILES_MAX ? files : files.filter(({ path }) => LIKELY.test(path));
}
