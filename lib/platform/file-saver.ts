/** Puts files where the person wants them: into a folder of theirs, or through the browser's downloads. */
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { FileSaver } from '../wallet/api.ts';
import type { ExportedFile } from '../wallet/model.ts';
import { checkPaths } from './file-names.ts';
import { writeIntoFolder, type FolderOrder } from './folder-writer.ts';

/** Chromium's folder picker, which other browsers do not have. */
export type PickFolder = (options: { id: string; mode: 'readwrite' }) => Promise<FileSystemDirectoryHandle>;

/** Programs of banks look for this one at the top of a disk, so it must not lie within another of its name. */
const TREE = /^npki$/i;
/** Long after the browser has taken the octets of a download. */
const REVOKE_MS = 60_000;

/** The path as seen from a picked folder that is itself named `NPKI`. */
function fromWithin(folder: string, path: string): string {
  const [first = '', ...rest] = path.split('/');
  return TREE.test(folder) && TREE.test(first) && rest.length > 0 ? rest.join('/') : path;
}

async function pick(pickFolder: PickFolder): Promise<FileSystemDirectoryHandle> {
  try {
    return await pickFolder({ id: 'npki', mode: 'readwrite' });
  } catch (thrown) {
    const closed = thrown instanceof DOMException && thrown.name === 'AbortError';
    throw new WalletError(closed ? 'user.cancelled' : 'file.unwritable', { cause: thrown });
  }
}

function browserFolderPicker(): PickFolder | null {
  const given: unknown = Reflect.get(globalThis, 'showDirectoryPicker');
  return typeof given === 'function' ? (given.bind(globalThis) as PickFolder) : null;
}

export class BrowserFileSaver implements FileSaver {
  readonly #pickFolder: PickFolder | null;
  /** Where the last try found other files, so that replacing them asks for no folder again. */
  #found: FileSystemDirectoryHandle | null = null;

  constructor(pickFolder: PickFolder | null = browserFolderPicker()) {
    this.#pickFolder = pickFolder;
  }

  get canUseFolder(): boolean {
    return this.#pickFolder !== null;
  }

  async toFolder(files: readonly ExportedFile[], order: FolderOrder = {}): Promise<{ readonly folder: string }> {
    if (this.#pickFolder === null) throw new WalletError('file.unwritable');
    const root = (order.replace ? this.#found : null) ?? (await pick(this.#pickFolder));
    this.#found = root;
    const within = files.map(({ path, bytes }) => ({ path: fromWithin(root.name, path), bytes }));
    await writeIntoFolder(root, within, order);
    this.#found = null;
    return { folder: root.name };
  }

  download(name: string, bytes: Bytes): void {
    checkPaths([name]);
    if (name.includes('/')) throw new WalletError('file.unwritable', { detail: name });
    const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), REVOKE_MS);
  }
}
