import { describe, expect, it } from 'vitest';
import { FILES_MAX, fromEntries, fromInput, likelyFiles } from '../../../components/import/picked-files.ts';

const file = (name: string): File => new File(['x'], name);

/** A file of a drop, in the shape of the File and Directory Entries API. */
function fileEntry(path: string): FileSystemFileEntry {
  const name = path.split('/').at(-1) ?? '';
  return {
    isFile: true,
    isDirectory: false,
    name,
    fullPath: `/${path}`,
    file: (give: (file: File) => void) => give(file(name)),
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
    expect((await fromEntries(dropped)).map(({ path }) => path).sort()).toEqual([
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
    expect((await fromEntries([again, endless])).length).toBe(FILES_MAX + 1);
  });

  it('may be nothing', async () => {
    expect(await fromEntries([])).toEqual([]);
  });
});

describe('picked files', () => {
  it('have the folders where the browser tells them, else their names', () => {
    const inFolder = Object.defineProperty(file('signCert.der'), 'webkitRelativePath', { value: 'NPKI/KICA/signCert.der' });
    expect(fromInput([inFolder, file('a.pfx')]).map(({ path }) => path)).toEqual(['NPKI/KICA/signCert.der', 'a.pfx']);
  });

  it('are all taken where they are few', () => {
    const few = fromInput([file('readme.txt'), file('signCert.der')]);
    expect(likelyFiles(few)).toBe(few);
  });

  it('are chosen by name where they are many', () => {
    const names = ['signCert.der', 'SIGNPRI.KEY', 'a.pfx', 'b.p12', 'c.pem', 'CaPubs', 'd.crt'];
    const many = [...names, ...Array.from({ length: FILES_MAX }, (_, at) => `photo-${at}.jpg`)].map((path) => ({ path, file: new Blob() }));
    expect(likelyFiles(many).map(({ path }) => path)).toEqual(names);
  });
});
