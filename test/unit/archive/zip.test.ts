import { zipSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../../lib/archive/crc32.ts';
import { ARCHIVE_LIMITS } from '../../../lib/archive/limits.ts';
import { looksLikeZip, readZip } from '../../../lib/archive/read-zip.ts';
import { writeZip } from '../../../lib/archive/write-zip.ts';
import { concat, copy, type Bytes } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { encodeWindows949 } from '../../../lib/bytes/windows-949.ts';
import { errorCode } from '../../../lib/errors.ts';

const TIME = Date.parse('2026-11-25T03:04:06Z');
const PATH = 'NPKI/yessign/USER/cn=홍길동()0020,ou=WOORI,o=yessign,c=kr/signCert.der';
const CONTENT = Uint8Array.from({ length: 1500 }, (_, at) => (at * 7) % 251);

const codeOf = (zip: Bytes): Promise<string> =>
  readZip(zip).then(
    (files) => files.map(({ path }) => path).join(' '),
    (thrown: unknown) => errorCode(thrown),
  );

/** One entry, with its name as octets, for names that no writer would write. */
function oneEntry(name: Bytes): Bytes {
  const placeholder = 'x'.repeat(name.length);
  const zip = writeZip([{ path: placeholder, bytes: CONTENT }], { time: TIME });
  const text = Buffer.from(zip).toString('latin1').replaceAll(placeholder, Buffer.from(name).toString('latin1'));
  return copy(Buffer.from(text, 'latin1'));
}

/** Changes a number of the first directory entry, and of its own header too. */
function withField(zip: Bytes, central: number, local: number | null, value: number, octets: 2 | 4): Bytes {
  const spoilt = copy(zip);
  const view = new DataView(spoilt.buffer);
  const at = Buffer.from(spoilt).indexOf('PK\x01\x02', 'latin1');
  const set = (place: number): void => (octets === 2 ? view.setUint16(place, value, true) : view.setUint32(place, value, true));
  set(at + central);
  if (local !== null) set(local);
  return spoilt;
}

describe('CRC-32', () => {
  it('is that of the standard’s check value', () => {
    expect(crc32(utf8('123456789'))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array())).toBe(0);
  });
});

describe('a zip', () => {
  it('comes back as it was written', async () => {
    const files = [
      { path: PATH, bytes: CONTENT },
      { path: 'empty', bytes: new Uint8Array() },
    ];
    const zip = writeZip(files, { time: TIME });
    expect(looksLikeZip(zip)).toBe(true);
    expect(await readZip(zip)).toEqual(files);
  });

  it('of any files comes back', async () => {
    const file = fc.record({ path: fc.stringMatching(/^[a-z가-힣]{1,8}(\/[a-z]{1,5}){0,2}$/), bytes: fc.uint8Array({ maxLength: 200 }).map(copy) });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(file, { selector: ({ path }) => path.toLowerCase(), maxLength: 6 }), async (files) => {
        expect(await readZip(writeZip(files, { time: TIME }))).toEqual(files.map(({ path, bytes }) => ({ path: path.normalize('NFC'), bytes })));
      }),
      { seed: 31, numRuns: 200 },
    );
  });

  it('that another program compressed is read', async () => {
    const zip = copy(zipSync({ NPKI: { 'signCert.der': CONTENT, deep: { 'a.key': new Uint8Array(5000) } } }));
    expect((await readZip(zip)).map(({ path, bytes }) => [path, bytes.length])).toEqual([
      ['NPKI/signCert.der', 1500],
      ['NPKI/deep/a.key', 5000],
    ]);
  });

  it.each([
    ['UTF-8 with the flag', utf8('인증서/a.der'), '인증서/a.der'],
    ['decomposed, as macOS writes', utf8('홍길동/a.der'.normalize('NFD')), '홍길동/a.der'],
    ['backslashes, as old Windows programs write', utf8('NPKI\\USER\\a.der'), 'NPKI/USER/a.der'],
  ])('has names in %s', async (_, name, path) => {
    expect(await codeOf(oneEntry(name))).toBe(path);
  });

  it('has names of a Korean Windows without the flag', async () => {
    const zip = oneEntry(encodeWindows949('한글') ?? new Uint8Array());
    expect(await codeOf(withField(zip, 8, 6, 0, 2))).toBe('한글');
  });

  it('leaves out what macOS adds', async () => {
    const path = (name: string): { path: string; bytes: Bytes } => ({ path: name, bytes: CONTENT });
    const zip = writeZip([path('a.der'), path('__MACOSX/._a.der'), path('x/._b.key'), path('.DS_Store')], { time: TIME });
    expect(await codeOf(zip)).toBe('a.der');
  });
});

describe('a hostile zip is refused (F12, F13)', () => {
  const good = writeZip([{ path: 'a.der', bytes: CONTENT }], { time: TIME });
  const packed = copy(zipSync({ 'a.der': CONTENT }));

  it.each<[string, () => Bytes, string]>([
    ['empty', () => new Uint8Array(), 'file.unreadable'],
    ['cut off', () => good.slice(0, -30), 'file.unreadable'],
    ['with octets behind', () => concat(good, new Uint8Array(3)), 'file.unreadable'],
    ['encrypted', () => withField(good, 8, 6, 0x0801, 2), 'file.unsupported'],
    ['packed in another way', () => withField(good, 10, 8, 14, 2), 'file.unsupported'],
    ['with another checksum', () => withField(good, 16, null, 1, 4), 'file.unreadable'],
    ['that claims less than comes out', () => withField(packed, 24, null, 10, 4), 'file.hostile'],
    ['that claims more', () => withField(packed, 24, null, 2000, 4), 'file.hostile'],
    ['whose entry lies outside', () => withField(good, 42, null, 0x7fffffff, 4), 'file.unreadable'],
    ['whose packed octets reach into the directory', () => withField(good, 20, null, 60_000, 4), 'file.unreadable'],
    ['with spoilt packed octets', () => withField(packed, 10, 8, 8, 2).map((octet, at) => (at > 40 && at < 60 ? 0xff : octet)), 'file.unreadable'],
    ['../', () => oneEntry(utf8('../a')), 'file.hostile'],
    ['a/../../b', () => oneEntry(utf8('a/../../b')), 'file.hostile'],
    ['an absolute name', () => oneEntry(utf8('/etc/a')), 'file.hostile'],
    ['a drive', () => oneEntry(utf8('C:\\a')), 'file.hostile'],
    ['a NUL in a name', () => oneEntry(Uint8Array.of(0x61, 0, 0x62)), 'file.hostile'],
    [
      'two of one name',
      () =>
        writeZip(
          ['a', 'b'].map((path) => ({ path, bytes: CONTENT })),
          { time: TIME },
        ),
      'a b',
    ],
    [
      'twins that differ in case',
      () =>
        writeZip(
          ['a', 'A'].map((path) => ({ path, bytes: CONTENT })),
          { time: TIME },
        ),
      'file.hostile',
    ],
    [
      'names that every object has',
      () =>
        writeZip(
          [
            { path: '__proto__', bytes: CONTENT },
            { path: 'constructor', bytes: CONTENT },
          ],
          { time: TIME },
        ),
      '__proto__ constructor',
    ],
  ])('%s', async (_, make, expected) => {
    expect(await codeOf(copy(make()))).toBe(expected);
  });

  it('that is a bomb: one file of a thousand times its size', async () => {
    const bomb = copy(zipSync({ a: new Uint8Array(ARCHIVE_LIMITS.fileBytes + 1) }));
    expect(await readZip(bomb)).toEqual([]);
    expect(await codeOf(withField(bomb, 24, null, 1000, 4))).toBe('file.too-large');
  });

  it('that is a bomb of many files', async () => {
    const files = Object.fromEntries(Array.from({ length: 25 }, (_, at) => [`f${at}`, new Uint8Array(ARCHIVE_LIMITS.fileBytes)]));
    expect(await codeOf(copy(zipSync(files)))).toBe('file.too-large');
  });

  it('with too many entries', async () => {
    const many = Array.from({ length: ARCHIVE_LIMITS.entries + 1 }, (_, at) => ({ path: `f${at}`, bytes: new Uint8Array() }));
    expect(await codeOf(writeZip(many, { time: TIME }))).toBe('file.hostile');
  });

  it('whose entries share their octets', async () => {
    const two = writeZip(
      ['aa', 'bb'].map((path) => ({ path, bytes: CONTENT })),
      { time: TIME },
    );
    const at = Buffer.from(two).lastIndexOf('PK\x01\x02', 'latin1');
    new DataView(two.buffer).setUint32(at + 42, 0, true);
    expect(await codeOf(two)).toBe('file.hostile');
  });

  it('does not unpack a zip in a zip', async () => {
    const [inner] = await readZip(writeZip([{ path: 'inner.zip', bytes: good }], { time: TIME }));
    expect(inner?.bytes).toEqual(good);
  });
});
