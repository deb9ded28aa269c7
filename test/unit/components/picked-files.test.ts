import { describe, expect, it } from 'vitest';
import { FILES_MAX, fromDrop, fromEntries, fromInput, likelyFiles } from '../../../components/import/picked-files.ts';

const file = (name: string): File => new File(['x'], name);

/** A file of a drop, in the shape of the File and Directory Entries API. */
function fileEntry(path: string, hand?: FileSystemFileEntry['file']): FileSystemFileEntry {
  const name = path.split('/').at(-1) ?? '';
  return {
    isFile: true,
    isDirectory: false,
    name,
    fullPath: `/${path}`,
    file: hand ?? ((give: (file: File) => void) => give(file(name))),
  } as unknown as FileSystemFileEntry;
}

/** A folder of a drop, which gives its entries in parts as browsers do. */
function folderEntry(path: string, entries: readonly FileSystemEntry[], part = 2): FileSystemDirectoryEntry {
  const createReader = (): unknown => {
    let at = 0;
    return { readEntries: (give: (entries: readonly FileSystemEntry[]) => void) => give(entries.slice(at, (at += part))) };
  };
  return { isFile: false, isDirectory: true, name: path, fullPath: `/${path}`, createReader } as unknown as FileSystemDirectoryEntry;
}

describe('dropped things', () => {
  it('are read to the bottom, with the folders in their paths', async () => {
    const user = folderEntry(
      'NPKI/yessign',
      ['a', 'b', 'c', 'd', 'e'].map((name) => fileEntry(`NPKI/yessign/${name}.der`)),
    );
    const dropped = [folderEntry('NPKI', [user, fileEntry('NPKI/x.pfx')]), fileEntry('y.p12')];
    expect((await fromEntries(dropped)).files.map(({ path }) => path).sort()).toEqual([
      'NPKI/x.pfx',
      'NPKI/yessign/a.der',
      'NPKI/yessign/b.der',
      'NPKI/yessign/c.der',
      'NPKI/yessign/d.der',
      'NPKI/yessign/e.der',
      'y.p12',
    ]);
  });

  it('that go on for ever are left after one more than is allowed', async () => {
    const endless = folderEntry(
      'big',
      Array.from({ length: 2 * FILES_MAX }, (_, at) => fileEntry(`big/${at}.der`)),
      1_000,
    );
    const again: FileSystemDirectoryEntry = folderEntry('loop', [endless, endless]);
    expect((await fromEntries([again, endless])).files.length).toBe(FILES_MAX + 1);
  });

  it('are narrowed to those called like certificates where they are many, to the last of them', async () => {
    const photos = folderEntry(
      'photos',
      Array.from({ length: FILES_MAX + 10 }, (_, at) => fileEntry(`photos/${at}.jpg`)),
      1_000,
    );
    const { files, narrowed } = await fromEntries([
      fileEntry('notes.txt'),
      photos,
      folderEntry('NPKI', [fileEntry('NPKI/a.pfx'), fileEntry('NPKI/b.txt')]),
    ]);
    expect(files.map(({ path }) => path)).toEqual(['NPKI/a.pfx']);
    expect(narrowed).toBe(true);
  });

  it('that the system does not hand out count as empty, and hold up nothing', async () => {
    const refuse = (_: unknown, fail?: (why: DOMException) => void): void => fail?.(new DOMException('gone', 'NotFoundError'));
    const gone = fileEntry('gone.pfx', refuse);
    const shut = { isFile: false, isDirectory: true, createReader: () => ({ readEntries: refuse }) } as unknown as FileSystemDirectoryEntry;
    const { files } = await fromEntries([gone, shut, fileEntry('here.pfx')]);
    expect(files.map((one) => [one.path, one.file.size])).toEqual([
      ['gone.pfx', 0],
      ['here.pfx', 1],
    ]);
  });

  it('are left where the person stops', async () => {
    const stop = new AbortController();
    const more = folderEntry('more', [fileEntry('more/a.pfx')]);
    const last = fileEntry('last.pfx', (give) => {
      stop.abort();
      give(file('last.pfx'));
    });
    expect((await fromEntries([last, more], stop.signal)).files.map(({ path }) => path)).toEqual(['last.pfx']);
  });

  it('may be nothing', async () => {
    expect(await fromEntries([])).toEqual({ files: [], narrowed: false });
  });
});

describe('a drop', () => {
  const item = (entry: FileSystemEntry | null, alone: File | null): DataTransferItem =>
    ({ kind: 'file', webkitGetAsEntry: () => entry, getAsFile: () => alone }) as unknown as DataTransferItem;

  it('gives folders and files, also those without an entry, and no texts', async () => {
    const text = { kind: 'string' } as DataTransferItem;
    const gather = fromDrop([item(folderEntry('NPKI', [fileEntry('NPKI/a.der')]), null), text, item(null, file('b.pfx')), item(null, null)]);
    const { files } = await gather(new AbortController().signal);
    expect(files.map(({ path }) => path)).toEqual(['NPKI/a.der', 'b.pfx']);
  });
});

describe('picked files', () => {
  it('have the folders where the browser tells them, else their names', () => {
    const inFolder = Object.defineProperty(file('signCert.der'), 'webkitRelativePath', { value: 'NPKI/KICA/signCert.der' });
    expect(fromInput([inFolder, file('a.pfx')]).files.map(({ path }) => path)).toEqual(['NPKI/KICA/signCert.der', 'a.pfx']);
  });

  it('are all taken where they are few', () => {
    const { files, narrowed } = fromInput([file('readme.txt'), file('signCert.der')]);
    expect(files.map(({ path }) => path)).toEqual(['readme.txt', 'signCert.der']);
    expect(narrowed).toBe(false);
  });

  it('are chosen by name where they are many', () => {
    const names = ['signCert.der', 'SIGNPRI.KEY', 'a.pfx', 'b.p12', 'c.pem', 'CaPubs', 'd.crt', 'e.zip', 'f.p7b', 'signcert'];
    const many = [...names, ...Array.from({ length: FILES_MAX }, (_, at) => `photo-${at}.jpg`)].map((path) => ({ path, file: new Blob() }));
    const { files, narrowed } = likelyFiles(many);
    expect(files.map(({ path }) => path)).toEqual(names);
    expect(narrowed).toBe(true);
  });
});
