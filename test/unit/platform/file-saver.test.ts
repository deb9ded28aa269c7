import { afterEach, describe, expect, it, vi } from 'vitest';
import { WalletError } from '../../../lib/errors.ts';
import { isFileName } from '../../../lib/platform/file-names.ts';
import { BrowserFileSaver, type PickFile, type PickFolder } from '../../../lib/platform/file-saver.ts';
import type { ExportedFile } from '../../../lib/wallet/model.ts';
import { FakeFolder, type Faults } from '../../support/fake-folder.ts';

const USER = 'NPKI/yessign/USER/cn=홍길동()0001,ou=personal,o=yessign,c=kr';
const file = (path: string, text: string): ExportedFile => ({ path, bytes: new TextEncoder().encode(text) });
const FILES = [file(`${USER}/signCert.der`, 'certificate'), file(`${USER}/signPri.key`, 'key')];
const WRITTEN = { [`${USER}/signCert.der`]: 'certificate', [`${USER}/signPri.key`]: 'key' };

const aborted = (): Promise<never> => Promise.reject(new DOMException('The user aborted a request.', 'AbortError'));

/** A saver whose person picks these folders, one after the other. */
function saverOf(...folders: readonly FakeFolder[]): { saver: BrowserFileSaver; asked: Parameters<PickFolder>[0][] } {
  const left = [...folders];
  const asked: Parameters<PickFolder>[0][] = [];
  const saver = new BrowserFileSaver({
    folder(options) {
      asked.push(options);
      const next = left.shift();
      return next ? Promise.resolve(next.handle) : aborted();
    },
    file: aborted,
  });
  return { saver, asked };
}

async function refusalOf(act: Promise<unknown>): Promise<{ code: string; detail: string | undefined }> {
  const thrown: unknown = await act.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof WalletError)) throw new Error(`not refused: ${String(thrown)}`);
  return { code: thrown.code, detail: thrown.detail };
}

describe('saving one file where the person says', () => {
  const OCTETS = new TextEncoder().encode('backup');

  /** A saver whose person picks a file in that folder, or closes the picker. */
  function fileSaver(folder: FakeFolder | null): BrowserFileSaver {
    const file: PickFile = async ({ suggestedName }) =>
      folder ? ((await folder.getFileHandle(suggestedName, { create: true })) as unknown as FileSystemFileHandle) : aborted();
    return new BrowserFileSaver({ folder: aborted, file });
  }

  it('writes what it is given under the name that was suggested', async () => {
    const stick = new FakeFolder('USB');
    await fileSaver(stick).toFile('a.djw', () => Promise.resolve(OCTETS));
    expect(stick.list()).toEqual({ 'a.djw': 'backup' });
  });

  it('asks for no octets where the person closes the picker', async () => {
    const octets = vi.fn(() => Promise.resolve(OCTETS));
    expect(await refusalOf(fileSaver(null).toFile('a.djw', octets))).toMatchObject({ code: 'user.cancelled' });
    expect(octets).not.toHaveBeenCalled();
  });

  it.each<[string, Faults]>([
    [
      'cannot be written',
      {
        onWrite: () => {
          throw new DOMException('full', 'QuotaExceededError');
        },
      },
    ],
    ['reads back otherwise', { keep: (_, bytes) => bytes.slice(1) }],
  ])('says so where the file %s', async (_, faults) => {
    const stick = new FakeFolder('USB', faults);
    expect(await refusalOf(fileSaver(stick).toFile('a.djw', () => Promise.resolve(OCTETS)))).toEqual({ code: 'file.unwritable', detail: 'a.djw' });
  });

  it('is not offered without pickers', async () => {
    const saver = new BrowserFileSaver(null);
    expect(saver.canUseFolder).toBe(false);
    expect(await refusalOf(saver.toFile('a.djw', () => Promise.resolve(OCTETS)))).toMatchObject({ code: 'file.unwritable' });
  });
});

describe('saving into a folder', () => {
  it('writes the files below the picked folder, asked for once with leave to write', async () => {
    const stick = new FakeFolder('USB');
    const { saver, asked } = saverOf(stick);
    expect(await saver.toFolder(FILES)).toEqual({ folder: 'USB' });
    expect(stick.list()).toEqual(WRITTEN);
    expect(asked).toEqual([{ id: 'npki', mode: 'readwrite' }]);
  });

  it.each(['NPKI', 'npki'])('writes inside a picked folder that is named %s itself, not into one within it', async (name) => {
    const folder = new FakeFolder(name);
    await saverOf(folder).saver.toFolder(FILES);
    expect(Object.keys(folder.list())).toEqual(Object.keys(WRITTEN).map((path) => path.replace('NPKI/', '')));
  });

  it('writes a file that belongs to no NPKI folder as it is, also into a folder of that name', async () => {
    const folder = new FakeFolder('NPKI');
    await saverOf(folder).saver.toFolder([file('홍길동-20271024.pfx', 'pfx')]);
    expect(folder.list()).toEqual({ '홍길동-20271024.pfx': 'pfx' });
  });

  it('leaves what else lies there, and takes a file with the same octets for written', async () => {
    const stick = new FakeFolder('USB')
      .put('photo.jpg', 'sea')
      .put(`${USER}/signCert.der`, 'certificate')
      .put('NPKI/KICA/USER/x/signCert.der', 'other');
    await saverOf(stick).saver.toFolder(FILES);
    expect(stick.list()).toEqual({ 'photo.jpg': 'sea', ...WRITTEN, 'NPKI/KICA/USER/x/signCert.der': 'other' });
  });

  it('tells each file as it is done', async () => {
    const told: unknown[] = [];
    await saverOf(new FakeFolder('USB')).saver.toFolder(FILES, { onProgress: (progress) => told.push(progress) });
    expect(told).toEqual([
      { done: 1, total: 2 },
      { done: 2, total: 2 },
    ]);
  });

  it.each([
    ['of another length', 'an older key'],
    ['of the same length', 'yek'],
  ])('refuses a different file %s before anything is written', async (_, old) => {
    const stick = new FakeFolder('USB').put(`${USER}/signPri.key`, old);
    expect(await refusalOf(saverOf(stick).saver.toFolder(FILES))).toEqual({ code: 'file.exists', detail: `${USER}/signPri.key` });
    expect(stick.list()).toEqual({ [`${USER}/signPri.key`]: old });
  });

  it('replaces it on demand, in the folder where it was met, without asking for the folder again', async () => {
    const stick = new FakeFolder('USB').put(`${USER}/signPri.key`, 'an older key');
    const { saver, asked } = saverOf(stick, new FakeFolder('another'));
    await refusalOf(saver.toFolder(FILES));
    expect(await saver.toFolder(FILES, { replace: true })).toEqual({ folder: 'USB' });
    expect(stick.list()).toEqual(WRITTEN);
    expect(asked).toHaveLength(1);
  });

  it('asks for a folder again once something was saved', async () => {
    const second = new FakeFolder('second');
    const { saver } = saverOf(new FakeFolder('first'), second);
    await saver.toFolder(FILES);
    await saver.toFolder(FILES, { replace: true });
    expect(second.list()).toEqual(WRITTEN);
  });

  it('does not overwrite what is too large to be a file of a certificate', async () => {
    const film = 'x'.repeat(2 << 20);
    const stick = new FakeFolder('USB').put(`${USER}/signPri.key`, film);
    expect(await refusalOf(saverOf(stick).saver.toFolder(FILES, { replace: true }))).toMatchObject({ code: 'file.unwritable' });
    expect(stick.list()).toEqual({ [`${USER}/signPri.key`]: film });
  });

  it.each([
    ['a file stands where a folder must be', 'NPKI'],
    ['a folder stands where a file must be', `${USER}/signPri.key/x`],
  ])('gives up where %s, and writes nothing', async (_, path) => {
    const stick = new FakeFolder('USB').put(path, 'x');
    expect((await refusalOf(saverOf(stick).saver.toFolder(FILES, { replace: true }))).code).toBe('file.unwritable');
    expect(stick.list()).toEqual({ [path]: 'x' });
  });

  it('says that the person closed the picker', async () => {
    expect((await refusalOf(saverOf().saver.toFolder(FILES))).code).toBe('user.cancelled');
  });

  it.each(['SecurityError', 'NotAllowedError'])('says that the browser gave no folder: %s', async (name) => {
    const saver = new BrowserFileSaver({ folder: () => Promise.reject(new DOMException('no', name)), file: aborted });
    expect((await refusalOf(saver.toFolder(FILES))).code).toBe('file.unwritable');
  });

  it('cannot write where the browser has no such picker', async () => {
    const saver = new BrowserFileSaver(null);
    expect(saver.canUseFolder).toBe(false);
    expect((await refusalOf(saver.toFolder(FILES))).code).toBe('file.unwritable');
  });
});

describe('a km pair or authorities of an older certificate beside the new one', () => {
  const OLD = { [`${USER}/kmCert.der`]: 'older', [`${USER}/kmPri.key`]: 'older key', [`${USER}/CaPubs`]: 'older authorities' };
  const OTHERS = { [`${USER}/note.txt`]: 'mine', 'NPKI/KICA/USER/x/kmCert.der': 'of another' };

  function stickWith(files: Readonly<Record<string, string>>, faults: Faults = {}): FakeFolder {
    const stick = new FakeFolder('USB', faults);
    for (const [path, text] of Object.entries(files)) stick.put(path, text);
    return stick;
  }

  it.each(Object.keys(OLD))('%s alone is in the way, before anything is written', async (path) => {
    const stick = stickWith({ ...OTHERS, [path]: 'older' });
    expect(await refusalOf(saverOf(stick).saver.toFolder(FILES))).toEqual({ code: 'file.exists', detail: path });
    expect(stick.list()).toEqual({ ...OTHERS, [path]: 'older' });
  });

  it('is taken away on demand, and nothing else is', async () => {
    const stick = stickWith({ ...OTHERS, ...OLD, [`${USER}/signCert.der`]: 'older' });
    await saverOf(stick).saver.toFolder(FILES, { replace: true });
    expect(stick.list()).toEqual({ ...OTHERS, ...WRITTEN });
  });

  it('goes in the texts of a PEM folder too, in any letter case', async () => {
    const stick = stickWith({ 'hong/chain.pem': 'older', 'hong/KMCERT.pem': 'older' });
    await saverOf(stick).saver.toFolder([file('hong/signCert.pem', 'c'), file('hong/signPri.pem', 'k')], { replace: true });
    expect(stick.list()).toEqual({ 'hong/signCert.pem': 'c', 'hong/signPri.pem': 'k' });
  });

  it('stays where the export brings its own of the name, which is then replaced', async () => {
    const stick = stickWith(OLD);
    const all = [...FILES, ...Object.keys(OLD).map((path) => file(path, 'new'))];
    await saverOf(stick).saver.toFolder(all, { replace: true });
    expect(stick.list()).toEqual({ ...WRITTEN, ...Object.fromEntries(Object.keys(OLD).map((path) => [path, 'new'])) });
  });

  it('is put back where it cannot be taken away', async () => {
    const stick = stickWith(OLD);
    const folder = await USER.split('/').reduce<Promise<FakeFolder>>(async (at, part) => (await at).getDirectoryHandle(part), Promise.resolve(stick));
    const remove = folder.removeEntry.bind(folder);
    folder.removeEntry = (name) => (name === 'CaPubs' ? Promise.reject(new DOMException('no', 'InvalidStateError')) : remove(name));
    expect(await refusalOf(saverOf(stick).saver.toFolder(FILES, { replace: true }))).toEqual({ code: 'file.unwritable', detail: `${USER}/CaPubs` });
    expect(stick.list()).toEqual(OLD);
  });

  it('is left alone where it is too large to be one', async () => {
    const film = { [`${USER}/kmPri.key`]: 'x'.repeat(2 << 20) };
    const stick = stickWith(film);
    expect((await refusalOf(saverOf(stick).saver.toFolder(FILES, { replace: true }))).code).toBe('file.unwritable');
    expect(stick.list()).toEqual(film);
  });
});

describe('a run that fails in the middle', () => {
  const FAULTS: readonly (readonly [string, Faults])[] = [
    ['the stick is full', { onWrite: (path) => path.endsWith('signPri.key') && fail('QuotaExceededError') }],
    ['the stick is gone', { onWrite: (path) => path.endsWith('signPri.key') && fail('InvalidStateError') }],
    [
      'the medium keeps other octets',
      { keep: (path, bytes) => (path.endsWith('signPri.key') && bytes.length > 0 ? bytes.map((octet) => octet ^ 1) : bytes) },
    ],
    ['the medium keeps half of it', { keep: (path, bytes) => (path.endsWith('signPri.key') ? bytes.slice(0, bytes.length >> 1) : bytes) }],
  ];

  function fail(name: string): never {
    throw new DOMException('no', name);
  }

  it.each(FAULTS)('leaves nothing of its own behind when %s', async (_, faults) => {
    const stick = new FakeFolder('USB', faults).put('photo.jpg', 'sea');
    expect(await refusalOf(saverOf(stick).saver.toFolder(FILES))).toEqual({ code: 'file.unwritable', detail: `${USER}/signPri.key` });
    expect(stick.list()).toEqual({ 'photo.jpg': 'sea' });
  });

  it('puts back what it had replaced', async () => {
    const faults: Faults = { onWrite: (path) => path.endsWith('signPri.key') && fail('QuotaExceededError') };
    const old = { [`${USER}/signCert.der`]: 'the older certificate', [`${USER}/signPri.key`]: 'the older key' };
    const stick = new FakeFolder('USB', faults);
    for (const [path, text] of Object.entries(old)) stick.put(path, text);
    expect((await refusalOf(saverOf(stick).saver.toFolder(FILES, { replace: true }))).code).toBe('file.unwritable');
    expect(stick.list()).toEqual(old);
  });

  it.each([1, 2])('takes back what was written when the person stops after file %i', async (after) => {
    const stop = new AbortController();
    const stick = new FakeFolder('USB').put('NPKI/KICA/USER/x/signCert.der', 'other');
    const running = saverOf(stick).saver.toFolder(FILES, { signal: stop.signal, onProgress: ({ done }) => done === after && stop.abort() });
    expect((await refusalOf(running)).code).toBe('user.cancelled');
    expect(stick.list()).toEqual({ 'NPKI/KICA/USER/x/signCert.der': 'other' });
  });
});

const HOSTILE = [
  '',
  '/etc/passwd',
  '../outside',
  'a/../../outside',
  'a//b',
  'a/./b',
  String.raw`a\..\b`,
  'C:/x',
  'nul\0byte',
  'new\nline',
  'stream:x',
  'ends with dot.',
  'ends with blank ',
  'right\u202egnp.exe',
  `${'가'.repeat(86)}.pfx`,
  'a/'.repeat(9) + 'deep',
];

describe('names that are no names', () => {
  it.each(HOSTILE)('are refused with a code and before a write: %j', async (path) => {
    const stick = new FakeFolder('USB');
    expect(await refusalOf(saverOf(stick).saver.toFolder([file('good.pfx', 'x'), file(path, 'x')]))).toEqual({
      code: 'file.unwritable',
      detail: path,
    });
    expect(stick.list()).toEqual({});
  });

  it('are refused where two differ by case only, which Windows and macOS take for one', async () => {
    const stick = new FakeFolder('USB');
    const both = [file('Kim.pfx', 'one'), file('kim.pfx', 'two')];
    expect(await refusalOf(saverOf(stick).saver.toFolder(both))).toEqual({ code: 'file.unwritable', detail: 'kim.pfx' });
    expect(stick.list()).toEqual({});
  });

  it('are not those that certificates have', () => {
    for (const name of ['cn=홍길동()0001,ou=personal,o=yessign,c=kr', 'signCert.der', "(주)픽스처 & O'Neil-20271024.pfx"])
      expect(isFileName(name)).toBe(true);
  });
});

describe('downloads', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('hand the octets to the browser under their name, and let go of them later', async () => {
    vi.useFakeTimers();
    const clicked: { href: string; download: string }[] = [];
    const link = { href: '', download: '', click: () => clicked.push({ href: link.href, download: link.download }) };
    vi.stubGlobal('document', { createElement: () => link });
    const blobs: Blob[] = [];
    vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
      blobs.push(blob as Blob);
      return 'blob:one';
    });
    const revoked: string[] = [];
    vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => void revoked.push(url));
    const bytes = new TextEncoder().encode('pfx');
    new BrowserFileSaver(null).download('홍길동-20271024.pfx', bytes);
    bytes.fill(0);
    expect(clicked).toEqual([{ href: 'blob:one', download: '홍길동-20271024.pfx' }]);
    expect(await blobs[0]?.text()).toBe('pfx');
    expect(revoked).toEqual([]);
    vi.runAllTimers();
    expect(revoked).toEqual(['blob:one']);
  });

  it.each(['', 'a/b.pfx', '..', 'x\0.pfx'])('refuse a name that is none: %j', (name) => {
    expect(() => new BrowserFileSaver(null).download(name, new Uint8Array(1))).toThrow(WalletError);
  });
});
