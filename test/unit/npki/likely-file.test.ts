import { describe, expect, it } from 'vitest';
import { writeZip } from '../../../lib/archive/write-zip.ts';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { mayBeOurs } from '../../../lib/npki/likely-file.ts';
import { filesBelow, readFixture } from '../../support/npki-fixtures.ts';

const first = (bytes: Bytes): Bytes => bytes.subarray(0, 64);
const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0x10);

describe('a file that may be ours', () => {
  it('is every certificate, key and container of the fixtures, under any name', () => {
    const ours = ['NPKI', 'NPKI-renewed', 'pfx', 'pem'].flatMap((folder) => filesBelow('npki', folder));
    expect(ours.length).toBeGreaterThan(100);
    expect(ours.filter(({ bytes }) => !mayBeOurs(first(bytes), 'a/x.bin')).map(({ path }) => path)).toEqual([]);
  });

  it.each<[string, string, Bytes]>([
    ['a damaged file that is called like one of ours', 'a/signCert.der', JPEG],
    ['in any letter case', 'a/KMPRI.KEY', JPEG],
    ['a chain', 'a/CaPubs', JPEG],
    ['an empty file', 'a/signPri.key', new Uint8Array()],
    ['a file with an ending of ours', 'a/hong.PFX', JPEG],
    ['a zip', 'a/x', writeZip([], { time: 0 })],
    ['base64 without tags', 'a/x.txt', utf8(Buffer.from(readFixture('yessign-test', 'signCert.der')).toString('base64'))],
    ['a text with a tag', 'a/x.txt', utf8('-----BEGIN CERTIFICATE-----\n')],
    ['a text with a mark and a tag', 'a/x.txt', utf8('\ufeff-----BEGIN CERTIFICATE-----\n')],
    ['UTF-16', 'a/x.txt', Uint8Array.of(0xff, 0xfe, 0x2d, 0)],
    ['UTF-16 of the other order', 'a/x.txt', Uint8Array.of(0xfe, 0xff, 0, 0x2d)],
    ['PKCS#12 in BER', 'a/x', Uint8Array.of(0x30, 0x80, 2, 1, 3)],
  ])('is %s', (_, path, bytes) => {
    expect(mayBeOurs(bytes, path)).toBe(true);
  });

  it.each<[string, string, Bytes]>([
    ['a picture', 'a/holiday.jpg', JPEG],
    ['a note', 'a/note.txt', utf8('hello there, this is a note of some length')],
    ['an empty file', 'a/empty', new Uint8Array()],
    ['a file of Windows', 'a/Thumbs.db', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0)],
    ['a name that only looks like ours', 'a/design.keynote', JPEG],
  ])('is not %s', (_, path, bytes) => {
    expect(mayBeOurs(bytes, path)).toBe(false);
  });
});
