import { describe, expect, it } from 'vitest';
import { writeZip } from '../../../lib/archive/write-zip.ts';
import { copy, type Bytes } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import type { PickedFile } from '../../../lib/wallet/api.ts';
import type { Progress } from '../../../lib/wallet/model.ts';
import { findInFiles } from '../../../lib/wallet/files-bench.ts';
import { IMPORT_LIMITS, readFiles, type ReadFiles } from '../../../lib/wallet/read-files.ts';
import { codeOf, filesBelow, fixture, identityFile } from '../../support/npki-fixtures.ts';
import { quietly } from './profile.ts';
import { NOW } from './support.ts';

const CERTIFICATE = identityFile(fixture('vid-sha1'), 'signCert.der');
const MIB = 1024 * 1024;

/** A file of any size that gives the same first octets, and counts what is read of it. */
class Claimed extends Blob {
  readonly #size: number;
  readonly #first: Bytes;
  wholes = 0;

  constructor(size: number, first: Bytes = CERTIFICATE) {
    super();
    this.#size = size;
    this.#first = first;
  }

  override get size(): number {
    return this.#size;
  }

  override slice(start = 0, end = 0): Blob {
    return new Blob([this.#first.slice(start, end)]);
  }

  override arrayBuffer(): Promise<ArrayBuffer> {
    this.wholes++;
    return Promise.resolve(copy(this.#first).buffer);
  }
}

const file = (path: string, bytes: Bytes): PickedFile => ({ path, file: new Blob([bytes]) });
const read = (...picked: PickedFile[]): Promise<ReadFiles> => readFiles(picked, quietly());
const zipOf = (...paths: string[]): Bytes =>
  writeZip(
    paths.map((path) => ({ path, bytes: CERTIFICATE })),
    { time: NOW },
  );

describe('reading a pick', () => {
  it('takes files in their order, from folders and by themselves', async () => {
    const { files, refused } = await read(file('NPKI/b/signCert.der', CERTIFICATE), file('a.der', CERTIFICATE), file('NPKI/c/CaPubs', CERTIFICATE));
    expect(files.map(({ path }) => path)).toEqual(['NPKI/b/signCert.der', 'a.der', 'NPKI/c/CaPubs']);
    expect(files.every(({ bytes }) => bytes.length === CERTIFICATE.length)).toBe(true);
    expect(refused).toEqual([]);
  });

  it.each([
    ['a picture', 'photos/a.jpg', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)],
    ['a document that is an archive inside', 'papers/a.docx', zipOf('word/signCert.der')],
    ['what macOS puts beside a file on a stick', 'NPKI/._signCert.der', Uint8Array.of(0, 5, 0x16, 7)],
  ])('passes over %s in a folder, and reads no more than its first octets', async (_, path, first) => {
    const other = new Claimed(100_000, first);
    expect(await read({ path, file: other })).toEqual({ files: [], refused: [] });
    expect(other.wholes).toBe(0);
  });

  it('takes the same picture where it was picked by itself, so that it gets an answer', async () => {
    expect((await read(file('a.jpg', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)))).files).toHaveLength(1);
  });

  it.each([
    ['NPKI/signCert.der', 2 * 1024 * MIB, CERTIFICATE],
    ['signCert.der', 2 * 1024 * MIB, CERTIFICATE],
    ['a.jpg', MIB + 1, Uint8Array.of(0xff, 0xd8)],
    ['stick.zip', 20 * MIB + 1, zipOf('a.der')],
    ['NPKI/own.pfx', MIB + 1, Uint8Array.of(0x30, 0x80)],
  ])('refuses %s of %i octets without reading it (F15)', async (path, size, first) => {
    const large = new Claimed(size, first);
    expect(await read({ path, file: large }, file('b.der', CERTIFICATE))).toMatchObject({
      files: [{ path: 'b.der' }],
      refused: [{ path, code: 'file.too-large' }],
    });
    expect(large.wholes).toBe(0);
  });

  it.each([
    ['a long diary', 'papers/diary.txt', utf8('2026-11-23 --- '.repeat(10))],
    ['a large archive', 'papers/photos.zip', zipOf('a.der')],
  ])('passes over %s in a folder, which nobody asked about', async (_, path, first) => {
    const large = new Claimed(21 * MIB, first);
    expect(await read({ path, file: large })).toEqual({ files: [], refused: [] });
    expect(large.wholes).toBe(0);
  });

  it('takes an archive that is larger than any certificate', async () => {
    expect((await read({ path: 'stick.zip', file: new Claimed(20 * MIB, zipOf('a.der')) })).files).toHaveLength(1);
  });

  it('reads 64 MiB in all, and refuses alone what goes beyond', async () => {
    const many = Array.from({ length: 70 }, (_, at) => ({ path: `${at}.der`, file: new Claimed(MIB) }));
    const { files, refused } = await readFiles(many, quietly());
    expect([files.length, refused.length]).toEqual([64, 6]);
    expect(many.filter(({ file }) => file.wholes > 0)).toHaveLength(64);
    expect(refused.every(({ code }) => code === 'file.too-large')).toBe(true);
  });

  it('counts a file that the system does not hand out as empty', async () => {
    const gone = Object.assign(new Claimed(100), {
      slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotFoundError')) }),
      arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotFoundError')),
    });
    const { files } = await read({ path: 'stick/signCert.der', file: gone }, { path: 'folder', file: gone });
    expect(files).toEqual([
      { path: 'stick/signCert.der', bytes: new Uint8Array() },
      { path: 'folder', bytes: new Uint8Array() },
    ]);
    expect((await findInFiles(files)).map(({ path, refusal }) => [path, refusal?.code])).toEqual([
      ['stick', 'file.unreadable'],
      ['folder', 'file.unreadable'],
    ]);
  });

  it('refuses more files than anybody has, before it looks at one', async () => {
    const many = Array.from({ length: IMPORT_LIMITS.files + 1 }, () => ({ path: 'a', file: new Claimed(1) }));
    expect(await codeOf(() => readFiles(many, quietly()))).toBe('file.hostile');
  });

  it('tells how far it is, and stops when it is told to', async () => {
    const stop = new AbortController();
    const steps: Progress[] = [];
    const many = Array.from({ length: 100 }, (_, at) => file(`${at}.der`, CERTIFICATE));
    const reading = readFiles(many, {
      signal: stop.signal,
      onProgress: (progress) => {
        steps.push(progress);
        if (progress.done === 48) stop.abort();
      },
    });
    expect(await codeOf(() => reading)).toBe('user.cancelled');
    expect(steps.map(({ done, total }) => [done, total])).toEqual([
      [16, 100],
      [32, 100],
      [48, 100],
    ]);
  });
});

describe('an archive', () => {
  const pathsAndCodes = async (...files: { path: string; bytes: Bytes }[]): Promise<unknown[]> =>
    (await findInFiles(files)).map(({ path, refusal }) => [path, refusal?.code ?? null]);
  const tree = (from: string): Bytes => writeZip(filesBelow('npki', from), { time: NOW });

  it('is a folder of its own name', async () => {
    expect(await pathsAndCodes({ path: 'stick.zip', bytes: tree('NPKI-renewed') })).toEqual([
      [`stick.zip/${fixture('renewal-new').folder.slice('NPKI-renewed/'.length)}`, null],
    ]);
  });

  it('with the files of one identity and no folder is that identity', async () => {
    const bytes = writeZip(filesBelow('npki', fixture('vid-sha1').folder), { time: NOW });
    expect(await pathsAndCodes({ path: 'disk/one.zip', bytes })).toEqual([['disk/one.zip', null]]);
  });

  it('in an archive stays closed', async () => {
    const bytes = writeZip([{ path: 'inner.zip', bytes: tree('NPKI-renewed') }], { time: NOW });
    expect(await pathsAndCodes({ path: 'outer.zip', bytes })).toEqual([['outer.zip', 'file.nothing-found']]);
  });

  it('without anything of ours says so where it was picked, and is passed over in a folder', async () => {
    const bytes = writeZip([{ path: 'a.jpg', bytes: Uint8Array.of(0xff, 0xd8, 0xff, 0xe0) }], { time: NOW });
    expect(await pathsAndCodes({ path: 'a.zip', bytes }, { path: 'photos/b.zip', bytes })).toEqual([['a.zip', 'file.nothing-found']]);
  });

  it('that is damaged is refused alone', async () => {
    const bytes = tree('NPKI-renewed');
    const [good, ...refused] = await pathsAndCodes({ path: 'torn.zip', bytes: bytes.slice(0, 5_000) }, { path: 'good.zip', bytes });
    expect(good).toEqual([expect.stringMatching(/^good\.zip\//), null]);
    expect(refused).toEqual([['torn.zip', expect.stringMatching(/^file\./)]]);
  });

  it('counts with the others: the one that goes beyond 5,000 files is refused alone', async () => {
    const bytes = writeZip(
      Array.from({ length: 3_000 }, (_, at) => ({ path: `${at}/x.key`, bytes: new Uint8Array(1) })),
      { time: NOW },
    );
    const found = await pathsAndCodes({ path: 'one.zip', bytes }, { path: 'two.zip', bytes });
    expect(found.slice(-2)).toEqual([
      ['two.zip', 'file.hostile'],
      ['one.zip', 'file.nothing-found'],
    ]);
  });

  it('whose names are hostile harms nobody', async () => {
    const bytes = writeZip(
      filesBelow('npki', fixture('vid-sha1').folder).map((one) => ({ ...one, path: `__proto__/${one.path}` })),
      { time: NOW },
    );
    expect(await pathsAndCodes({ path: '__proto__.zip', bytes })).toEqual([['__proto__.zip/__proto__', null]]);
  });
});
