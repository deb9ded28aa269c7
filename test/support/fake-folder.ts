/** A folder as Chromium's pickers hand it out, in memory: the same errors by name, files that change when they are closed. */

type Bytes = Uint8Array<ArrayBuffer>;

function fail(name: string): never {
  throw new DOMException(`${name} of the fake folder`, name);
}

/** Names that Chromium itself refuses. */
function checkName(name: string): void {
  if (name === '' || name === '.' || name === '..' || /[/\\]/.test(name)) throw new TypeError('Name is not allowed.');
}

export interface Faults {
  /** Throws as a full or removed stick does, where it names the write. */
  readonly onWrite?: (path: string) => void;
  /** What the medium keeps of what was written. */
  readonly keep?: (path: string, bytes: Bytes) => Bytes;
}

/** A file handle that looks its file up each time, as those of a real folder do. */
class FakeFile {
  readonly kind = 'file';
  readonly #folder: FakeFolder;
  readonly name: string;

  constructor(folder: FakeFolder, name: string) {
    this.#folder = folder;
    this.name = name;
  }

  getFile(): Promise<File> {
    const entry = this.#folder.held.get(this.name);
    if (!(entry instanceof Uint8Array)) return Promise.reject(new DOMException('gone', 'NotFoundError'));
    return Promise.resolve(new File([entry], this.name));
  }

  createWritable(): Promise<unknown> {
    const folder = this.#folder;
    const { name } = this;
    const path = `${folder.path}/${name}`;
    let written: Bytes = new Uint8Array(0);
    return Promise.resolve({
      write(bytes: Bytes) {
        folder.faults.onWrite?.(path);
        written = Uint8Array.from(bytes);
        return Promise.resolve();
      },
      close() {
        folder.held.set(name, folder.faults.keep?.(path, written) ?? written);
        return Promise.resolve();
      },
      abort: () => Promise.resolve(),
    });
  }
}

export class FakeFolder {
  readonly kind = 'directory';
  readonly name: string;
  readonly path: string;
  readonly faults: Faults;
  readonly held = new Map<string, Bytes | FakeFolder>();

  constructor(name: string, faults: Faults = {}, parent = '') {
    this.name = name;
    this.faults = faults;
    this.path = `${parent}/${name}`;
  }

  async getDirectoryHandle(name: string, { create = false } = {}): Promise<FakeFolder> {
    await Promise.resolve();
    checkName(name);
    const there = this.held.get(name);
    if (there instanceof Uint8Array) fail('TypeMismatchError');
    if (there) return there;
    if (!create) fail('NotFoundError');
    const made = new FakeFolder(name, this.faults, this.path);
    this.held.set(name, made);
    return made;
  }

  async getFileHandle(name: string, { create = false } = {}): Promise<FakeFile> {
    await Promise.resolve();
    checkName(name);
    const there = this.held.get(name);
    if (there instanceof FakeFolder) fail('TypeMismatchError');
    if (!there && !create) fail('NotFoundError');
    if (!there) this.held.set(name, new Uint8Array(0));
    return new FakeFile(this, name);
  }

  async removeEntry(name: string): Promise<void> {
    await Promise.resolve();
    const there = this.held.get(name);
    if (!there) fail('NotFoundError');
    if (there instanceof FakeFolder && there.held.size > 0) fail('InvalidModificationError');
    this.held.delete(name);
  }

  async *entries(): AsyncGenerator<[string, FakeFile | FakeFolder]> {
    await Promise.resolve();
    for (const [name, entry] of [...this.held]) yield [name, entry instanceof FakeFolder ? entry : new FakeFile(this, name)];
  }

  /** The handle as the code under test knows it. */
  get handle(): FileSystemDirectoryHandle {
    return this as unknown as FileSystemDirectoryHandle;
  }

  /** Puts a file at a path below. */
  put(path: string, text: string): this {
    const [first = '', ...rest] = path.split('/');
    if (rest.length === 0) {
      this.held.set(first, new TextEncoder().encode(text));
      return this;
    }
    const folder = this.held.get(first);
    const below = folder instanceof FakeFolder ? folder : new FakeFolder(first, this.faults, this.path);
    this.held.set(first, below);
    below.put(rest.join('/'), text);
    return this;
  }

  /** All that lies in it, by path; an empty folder ends with a slash. */
  list(): Record<string, string> {
    const found: Record<string, string> = {};
    for (const [name, entry] of this.held) {
      if (entry instanceof Uint8Array) found[name] = new TextDecoder().decode(entry);
      else if (entry.held.size === 0) found[`${name}/`] = '';
      else for (const [below, text] of Object.entries(entry.list())) found[`${name}/${below}`] = text;
    }
    return found;
  }
}
