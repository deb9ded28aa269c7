/** Puts files where the person wants them: into a folder of theirs, or through the browser's downloads. */
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { FileSaver } from '../wallet/api.ts';
import type { ExportedFile } from '../wallet/model.ts';
import { checkPaths } from './file-names.ts';
import { writeFile, writeIntoFolder, type FolderOrder } from './folder-writer.ts';

/** Chromium's pickers, which other browsers do not have. */
export type PickFolder = (options: { id: string; mode: 'readwrite' }) => Promise<FileSystemDirectoryHandle>;
export type PickFile = (options: { id: string; suggestedName: string }) => Promise<FileSystemFileHandle>;

export interface Pickers {
  readonly folder: PickFolder;
  readonly file: PickFile;
}

/** Programs of banks look for this one at the top of a disk, so it must not lie within another of its name. */
const TREE = /^npki$/i;
/** Long after the browser has taken the octets of a download. */
const REVOKE_MS = 60_000;

/** The path as seen from a picked folder that is itself named `NPKI`. */
function fromWithin(folder: string, path: string): string {
  const [first = '', ...rest] = path.split('/');
  return TREE.test(folder) && TREE.test(first) && rest.length > 0 ? rest.join('/') : path;
}

/** @throws `user.cancelled` where the person closed the picker, `file.unwritable` */
async function pick<Handle>(open: () => Promise<Handle>): Promise<Handle> {
  try {
    return await open();
  } catch (thrown) {
    const closed = thrown instanceof DOMException && thrown.name === 'AbortError';
    throw new WalletError(closed ? 'user.cancelled' : 'file.unwritable', { cause: thrown });
  }
}

function browserPickers(): Pickers | null {
  const folder: unknown = Reflect.get(globalThis, 'showDirectoryPicker');
  const file: unknown = Reflect.get(globalThis, 'showSaveFilePicker');
  if (typeof folder !== 'function' || typeof file !== 'function') return null;
  return { folder: folder.bind(globalThis) as PickFolder, file: file.bind(globalThis) as PickFile };
}

export class BrowserFileSaver implements FileSaver {
  readonly #pickers: Pickers | null;
  /** Where the last try found other files, so that replacing them asks for no folder again. */
  #found: FileSystemDirectoryHandle | null = null;

  constructor(pickers: Pickers | null = browserPickers()) {
    this.#pickers = pickers;
  }

  get canUseFolder(): boolean {
    return this.#pickers !== null;
  }

  async toFolder(files: readonly ExportedFile[], order: FolderOrder = {}): Promise<{ readonly folder: string }> {
    const pickers = this.#required();
    const root = (order.replace ? this.#found : null) ?? (await pick(() => pickers.folder({ id: 'npki', mode: 'readwrite' })));
    this.#found = root;
    const within = files.map(({ path, bytes }) => ({ path: fromWithin(root.name, path), bytes }));
    await writeIntoFolder(root, within, order);
    this.#found = null;
    return { folder: root.name };
  }

  async toFile(name: string, octets: () => Promise<Bytes>): Promise<void> {
    const pickers = this.#required();
    const handle = await pick(() => pickers.file({ id: 'backup', suggestedName: name }));
    await writeFile(handle, await octets());
  }

  #required(): Pickers {
    if (this.#pickers === null) throw new WalletError('file.unwritable');
    return this.#pickers;
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
