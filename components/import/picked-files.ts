/** Files as the browser's pickers and drops give them. */
import type { PickedFile } from '../../lib/wallet/api.ts';

/** More than this is not somebody's certificates. */
export const FILES_MAX = 5_000;
/** Files and folders of a drop that are looked at, by name at least. */
const ENTRIES_MAX = 100_000;

const LIKELY = /\.(der|key|pfx|p12|pem|cer|crt|p7b|zip)$|(^|\/)(capubs|(sign|km)(cert|pri))$/i;

export interface Picked {
  readonly files: readonly PickedFile[];
  /** There were so many that only those were taken that are called like certificates. */
  readonly narrowed: boolean;
}

/** Where a big folder was chosen, only what can be a certificate by its name. */
export function likelyFiles(files: readonly PickedFile[]): Picked {
  const narrowed = files.length > FILES_MAX;
  return { files: narrowed ? files.filter(({ path }) => LIKELY.test(path)) : files, narrowed };
}

/** The files of an input element, with their folders where it picked a folder. */
export function fromInput(files: Iterable<File>): Picked {
  return likelyFiles([...files].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
}

/** A file that the system does not hand out counts as an empty one, which is refused by name later. */
function readFile(entry: FileSystemFileEntry): Promise<Blob> {
  return new Promise((resolve) => {
    entry.file(resolve, () => {
      resolve(new Blob());
    });
  });
}

/** A directory reader gives its entries in parts and says that it is done by an empty one; a folder it cannot read has none. */
async function readDirectory(entry: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = entry.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<readonly FileSystemEntry[]>((resolve) => {
      reader.readEntries(resolve, () => {
        resolve([]);
      });
    });
    if (part.length === 0 || entries.length > ENTRIES_MAX) return entries;
    entries.push(...part);
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
const pathOf = ({ fullPath }: FileSystemEntry): string => fullPath.replace(/^\//, '');

/** Everything below what was dropped, folder by folder, as far as the bounds go or until it is stopped. */
export async function fromEntries(dropped: readonly FileSystemEntry[], signal?: AbortSignal): Promise<Picked> {
  let files: PickedFile[] = [];
  let narrowed = false;
  const waiting = [...dropped];
  for (let at = 0; at < Math.min(waiting.length, ENTRIES_MAX) && files.length <= FILES_MAX; at++) {
    const entry = waiting[at];
    if (!entry || signal?.aborted) break;
    if (isDirectory(entry)) for (const inside of await readDirectory(entry)) waiting.push(inside);
    else if (isFile(entry) && (!narrowed || LIKELY.test(entry.fullPath))) files.push({ path: pathOf(entry), file: await readFile(entry) });
    if (narrowed || files.length <= FILES_MAX) continue;
    narrowed = true;
    files = files.filter(({ path }) => LIKELY.test(path));
  }
  return { files, narrowed };
}

/** What a drop brought. The browser forgets it after the event, so that this is called within. */
export function fromDrop(items: Iterable<DataTransferItem>): (signal: AbortSignal) => Promise<Picked> {
  const entries: FileSystemEntry[] = [];
  const alone: File[] = [];
  for (const item of items) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry();
    if (entry !== null) entries.push(entry);
    else alone.push(...[item.getAsFile()].filter((file) => file !== null));
  }
  return async (signal) => {
    const { files, narrowed } = await fromEntries(entries, signal);
    return { files: [...files, ...fromInput(alone).files], narrowed };
  };
}
