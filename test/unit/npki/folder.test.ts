import { describe, expect, it } from 'vitest';
import * as write from '../../../lib/asn1/writer.ts';
import { concat, type Bytes } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { certificateFingerprint, readCertificate } from '../../../lib/npki/certificate.ts';
import { readFileName } from '../../../lib/npki/file-name.ts';
import { findIdentities, type FoundIdentity } from '../../../lib/npki/folder.ts';
import { nameText } from '../../../lib/npki/name.ts';
import type { PathAndBytes } from '../../../lib/npki/picked-file.ts';
import { onlyIdentities } from '../../support/found.ts';
import { codeOf, filesBelow, fixture, identityFile, MANIFEST, readFixture } from '../../support/npki-fixtures.ts';

const HONG = fixture('personal-bank-sha1seed');
const PARK = fixture('kica-personal');
const signCert = identityFile(HONG, 'signCert.der');
const signPri = identityFile(HONG, 'signPri.key');
const kmCert = identityFile(HONG, 'kmCert.der');
const kmPri = identityFile(HONG, 'kmPri.key');
const caPubs = identityFile(HONG, 'CaPubs');
const parkCert = identityFile(PARK, 'signCert.der');
const parkPri = identityFile(PARK, 'signPri.key');

const files = (entries: Readonly<Record<string, Bytes>>): PathAndBytes[] => Object.entries(entries).map(([path, bytes]) => ({ path, bytes }));

/** What was found, in a form that a table can hold. */
function summary({ path, refusal, certificate, sign, km, chain }: FoundIdentity): object {
  return {
    path,
    serial: certificate?.serialHex ?? null,
    ...(refusal ? { refusal: `${refusal.code} ${refusal.detail}` } : { sign: sign !== null, km: km !== null, chain: chain.length }),
  };
}

const find = (entries: Readonly<Record<string, Bytes>>): object[] => onlyIdentities(findIdentities(files(entries))).map(summary);

const whole = { serial: HONG.serialHex, sign: true, km: true, chain: 0 };
const alone = { serial: HONG.serialHex, sign: true, km: false, chain: 0 };

describe('the fixtures', () => {
  const found = onlyIdentities([...findIdentities(filesBelow('npki', 'NPKI')), ...findIdentities(filesBelow('npki', 'NPKI-renewed'))]);

  it('hold 22 identities and nothing that is refused', async () => {
    expect(found.filter(({ refusal }) => refusal !== null)).toEqual([]);
    const fingerprints = await Promise.all(found.flatMap(({ sign }) => (sign ? [certificateFingerprint(sign.certificate)] : [])));
    expect(fingerprints.sort()).toEqual(MANIFEST.identities.map(({ certSha256 }) => certSha256).sort());
  });

  it.each(MANIFEST.identities)('$id has the pairs that its maker gave it', async (identity) => {
    const one = found.find(({ sign }) => sign?.certificate.serialHex === identity.serialHex);
    expect(one?.km?.certificate.serialHex).toBe(identity.km?.serialHex);
    expect(one && identity.folder.endsWith(one.path)).toBe(true);
    if (identity.km) expect(one?.km && (await certificateFingerprint(one.km.certificate))).toBe(identity.km.certSha256);
  });

  it('has the chain of CaPubs in order, from the issuer upwards', () => {
    const chain = found.find(({ sign }) => sign?.certificate.serialHex === HONG.serialHex)?.chain ?? [];
    expect(chain.map(({ subject }) => nameText(subject).split(',')[0])).toEqual([
      'CN=yessignCA-Fixture Class 9',
      nameText(readCertificate(readFixture('npki', 'ca', 'root.der')).subject).split(',')[0],
    ]);
  });
});

describe('the bad folders', () => {
  it.each([
    ['truncated', 'file.unreadable signPri.key'],
    ['empty', 'file.unreadable signCert.der'],
    ['not-der', 'file.unreadable signCert.der'],
    ['huge-iterations', 'file.hostile signPri.key'],
    ['zero-iterations', 'file.hostile signPri.key'],
    ['unknown-algorithm', 'file.unsupported 1.2.410.200004.1.99'],
  ])('%s is refused once, without a password: %s', (name, refusal) => {
    const found = onlyIdentities(findIdentities(filesBelow('npki', 'bad'))).map(summary);
    expect(found).toContainEqual(expect.objectContaining({ path: name, refusal }));
    expect(found.length).toBe(8);
  });

  it.each(['bitflip', 'mismatch'])('%s looks sound until it is opened', (name) => {
    expect(onlyIdentities(findIdentities(filesBelow('npki', 'bad'))).map(summary)).toContainEqual(
      expect.objectContaining({ path: name, sign: true }),
    );
  });
});

describe('files that belong together', () => {
  it.each<[string, Readonly<Record<string, Bytes>>, object[]]>([
    [
      'the usual folder',
      { 'a/signCert.der': signCert, 'a/signPri.key': signPri, 'a/kmCert.der': kmCert, 'a/kmPri.key': kmPri, 'a/CaPubs': caPubs },
      [{ path: 'a', ...whole, chain: 2 }],
    ],
    [
      'any letter case',
      { 'A/SIGNCERT.DER': signCert, 'A/SignPri.Key': signPri, 'A/KMcert.der': kmCert, 'A/kmpri.KEY': kmPri, 'A/capubs': caPubs },
      [{ path: 'A', ...whole, chain: 2 }],
    ],
    ['backslashes', { 'C:\\NPKI\\a\\signCert.der': signCert, 'C:\\NPKI\\a\\signPri.key': signPri }, [{ path: 'C:\\NPKI\\a', ...alone }]],
    [
      'loose files',
      { 'signCert.der': signCert, 'signPri.key': signPri, 'kmCert.der': kmCert, 'kmPri.key': kmPri },
      [{ path: 'signCert.der', ...whole }],
    ],
    ['one pair under two other names', { 'my.cer': signCert, 'other.key': signPri }, [{ path: 'my.cer', ...alone }]],
    ['contents under exchanged names', { 'a/signCert.der': signPri, 'a/signPri.key': signCert }, [{ path: 'a', ...alone }]],
    ['no endings', { 'a/signCert': signCert, 'a/signPri': signPri }, [{ path: 'a', ...alone }]],
    ['copies that a browser numbered', { 'signCert(1).der': signCert, 'signPri(1).key': signPri }, [{ path: 'signCert(1).der', ...alone }]],
    ['stale octets behind the key', { 'a/signCert.der': signCert, 'a/signPri.key': concat(signPri, new Uint8Array(46)) }, [{ path: 'a', ...alone }]],
    ['the same file twice', { 'signCert.der': signCert, 'signCert.cer': signCert, 'signPri.key': signPri }, [{ path: 'signCert.der', ...alone }]],
    [
      'two people in one folder',
      { 'a/hong.signCert.der': signCert, 'a/park.signCert.der': parkCert, 'a/park.signPri.key': parkPri, 'a/hong.signPri.key': signPri },
      [
        { path: 'a/hong.signCert.der', ...alone },
        { path: 'a/park.signCert.der', serial: PARK.serialHex, sign: true, km: false, chain: 0 },
      ],
    ],
    [
      'two people with plain names',
      { 'hong.der': signCert, 'hong.key': signPri, 'park_cert.der': parkCert, 'park_key.key': parkPri },
      [
        { path: 'hong.der', ...alone },
        { path: 'park_cert.der', serial: PARK.serialHex, sign: true, km: false, chain: 0 },
      ],
    ],
    [
      'two folders of the same names',
      { 'a/signCert.der': signCert, 'a/signPri.key': signPri, 'b/signCert.der': parkCert, 'b/signPri.key': parkPri },
      [
        { path: 'a', ...alone },
        { path: 'b', serial: PARK.serialHex, sign: true, km: false, chain: 0 },
      ],
    ],
    [
      'a km pair without names',
      { 'a.der': kmCert, 'a.key': kmPri },
      [{ path: 'a.der', serial: HONG.km?.serialHex, sign: false, km: true, chain: 0 }],
    ],
  ])('%s', (_, entries, expected) => {
    expect(find(entries)).toEqual(expected);
  });

  it('under composed and decomposed Hangul', () => {
    const names = { ['홍.signCert.der'.normalize('NFD')]: signCert, '홍.signPri.key': signPri };
    expect(find(names)).toEqual([{ path: '홍.signCert.der'.normalize('NFD'), ...alone }]);
  });

  it('are those of one folder, not of another whose name is composed otherwise', () => {
    const [composed, decomposed] = ['cn=홍길동()0020'.normalize('NFC'), 'cn=홍길동()0020'.normalize('NFD')];
    const entries = {
      [`${composed}/signCert.der`]: signCert,
      [`${decomposed}/signCert.der`]: parkCert,
      [`${decomposed}/signPri.key`]: parkPri,
      [`${composed}/signPri.key`]: signPri,
    };
    expect(find(entries)).toEqual([
      { path: composed, ...alone },
      { path: decomposed, serial: PARK.serialHex, sign: true, km: false, chain: 0 },
    ]);
  });

  it('are not of two people: a km pair of another name stays by itself', () => {
    const parkKm = { 'a/kmCert.der': identityFile(PARK, 'kmCert.der'), 'a/kmPri.key': identityFile(PARK, 'kmPri.key') };
    expect(find({ 'a/signCert.der': signCert, 'a/signPri.key': signPri, ...parkKm })).toEqual([
      { path: 'a', ...alone },
      { path: 'a/kmCert.der', serial: PARK.km?.serialHex, sign: false, km: true, chain: 0 },
    ]);
  });
});

describe('missing halves', () => {
  it.each<[string, Readonly<Record<string, Bytes>>, object[]]>([
    ['a certificate alone', { 'a/signCert.der': signCert }, [{ path: 'a', serial: HONG.serialHex, refusal: 'file.pair-missing signPri.key' }]],
    ['a key alone', { 'a/signPri.key': signPri }, [{ path: 'a', serial: null, refusal: 'file.pair-missing signCert.der' }]],
    ['a loose certificate', { 'hong.cer': signCert }, [{ path: 'hong.cer', serial: HONG.serialHex, refusal: 'file.pair-missing hong.key' }]],
    ['a loose key', { 'hong.signPri.key': signPri }, [{ path: 'hong.signPri.key', serial: null, refusal: 'file.pair-missing hong.signCert.der' }]],
    [
      'a km key missing, which holds up nothing',
      { 'a/signCert.der': signCert, 'a/signPri.key': signPri, 'a/kmCert.der': kmCert },
      [
        { path: 'a', ...alone },
        { path: 'a/kmCert.der', serial: HONG.km?.serialHex, refusal: 'file.pair-missing kmPri.key' },
      ],
    ],
    [
      'the sign key missing beside a whole km pair',
      { 'a/signCert.der': signCert, 'a/kmCert.der': kmCert, 'a/kmPri.key': kmPri },
      [
        { path: 'a/kmCert.der', serial: HONG.km?.serialHex, sign: false, km: true, chain: 0 },
        { path: 'a', serial: HONG.serialHex, refusal: 'file.pair-missing signPri.key' },
      ],
    ],
    [
      'a sign certificate and a km key, which are no pair',
      { 'a/signCert.der': signCert, 'a/kmPri.key': kmPri },
      [
        { path: 'a', serial: HONG.serialHex, refusal: 'file.pair-missing signPri.key' },
        { path: 'a/kmPri.key', serial: null, refusal: 'file.pair-missing kmCert.der' },
      ],
    ],
    [
      'twins that differ in letter case only',
      { 'a/signCert.der': signCert, 'a/signPri.key': signPri, 'a/SIGNCERT.DER': parkCert },
      [
        { path: 'a/signCert.der', ...alone },
        { path: 'a/SIGNCERT.DER', serial: PARK.serialHex, refusal: 'file.pair-missing signPri.key' },
      ],
    ],
    [
      'an authority alone',
      { 'root.der': readFixture('npki', 'ca', 'root.der') },
      [expect.objectContaining({ refusal: 'file.pair-missing root.key' })],
    ],
    ['CaPubs alone', { CaPubs: caPubs }, [expect.objectContaining({ refusal: 'file.pair-missing signCert.der' })]],
  ])('%s', (_, entries, expected) => {
    expect(find(entries)).toEqual(expected);
  });
});

describe('files that are refused alone', () => {
  const pair = { 'a/signCert.der': signCert, 'a/signPri.key': signPri };

  it.each<[string, string, Bytes, string]>([
    ['a damaged km key', 'a/kmPri.key', kmPri.subarray(0, 100), 'file.unreadable kmPri.key'],
    ['a damaged CaPubs', 'a/CaPubs', caPubs.subarray(0, 100), 'file.unreadable CaPubs'],
    ['a CaPubs with octets behind it', 'a/CaPubs', concat(caPubs, Uint8Array.of(0)), 'file.unreadable CaPubs'],
    ['a CaPubs of 17 certificates', 'a/CaPubs', write.sequence(...Array.from({ length: 17 }, () => signCert)), 'file.hostile CaPubs'],
    ['a CaPubs of more than 1 MiB', 'a/CaPubs', new Uint8Array(1024 * 1024 + 1), 'file.too-large CaPubs'],
    [
      'a km certificate of more than 64 KiB',
      'a/kmCert.der',
      write.sequence(write.sequence(write.context(0, write.integer(2))), write.sequence(), write.bitString(new Uint8Array(70_000))),
      'file.too-large kmCert.der',
    ],
    ['a nested bomb', 'a/kmCert.der', bomb(), 'file.hostile kmCert.der'],
    ['a loose picture', 'holiday.jpg', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), 'file.unsupported holiday.jpg'],
    ['an empty loose file', 'empty.bin', new Uint8Array(0), 'file.unreadable empty.bin'],
    ['a loose file that is cut', 'hong.der', kmCert.subarray(0, 500), 'file.unreadable hong.der'],
    ['a loose DER file of another kind', 'list.crl', readFixture('npki', 'ca', 'yessign.crl'), 'file.unsupported list.crl'],
    [
      'a key of an unknown algorithm under any name',
      'a/x.bin',
      readFixture('npki', 'bad', 'unknown-algorithm', 'signPri.key'),
      'file.unsupported 1.2.410.200004.1.99',
    ],
  ])('%s', (_, path, bytes, refusal) => {
    const found = find({ ...pair, [path]: bytes });
    expect(found).toContainEqual(expect.objectContaining({ sign: true, serial: HONG.serialHex }));
    expect(found).toContainEqual(expect.objectContaining({ path, refusal }));
    expect(found.length).toBe(2);
  });

  it('are passed over in a folder where they are nothing of ours', () => {
    const others = { 'a/Thumbs.db': utf8('thumbs'), 'a/note.txt': utf8('0\x80'), 'a/cms.der': readFixture('npki', 'ca', 'yessign.crl') };
    expect(find({ ...pair, ...others })).toEqual([{ path: 'a', ...alone }]);
    expect(find(others)).toEqual([]);
    expect(findIdentities(files(others), { everyFile: true }).length).toBe(3);
  });

  it('are pairs whose key this wallet does not take, before any password', () => {
    const ec = readFixture('ca-certs', 'SignGATE-ECDSA-CA.der');
    expect(find({ 'a/signCert.der': ec, 'a/signPri.key': signPri })).toEqual([
      expect.objectContaining({ refusal: 'file.unsupported 1.2.840.10045.2.1' }),
    ]);
  });

  it('are none where there are no files', () => {
    expect(findIdentities([])).toEqual([]);
  });

  it('are all where there are more than 5,000', async () => {
    const many = Array.from({ length: 5001 }, (_, i) => ({ path: `a/${i}`, bytes: new Uint8Array(0) }));
    expect(await codeOf(() => findIdentities(many))).toBe('file.hostile');
    expect(findIdentities(many.slice(1))).toEqual([]);
  });

  function bomb(): Bytes {
    let inner: Bytes = new Uint8Array(0);
    for (let i = 0; i < 200; i++) inner = write.sequence(inner);
    return inner;
  }
});

describe('names that try something', () => {
  it.each(['../../signCert.der', '/etc/signCert.der', '__proto__/signCert.der', 'constructor/signCert.der', 'a\0b/signCert.der', '//signCert.der'])(
    '%j is a name like any other',
    (path) => {
      const key = path.replace('signCert.der', 'signPri.key');
      expect(find({ [path]: signCert, [key]: signPri })).toEqual([expect.objectContaining({ sign: true })]);
    },
  );

  it.each([
    ['a/b/SignCert.DER', { folder: 'a/b', slot: 'sign', half: 'certificate', base: '|' }],
    ['kmPri.key', { folder: '', slot: 'km', half: 'key', base: '|' }],
    ['hong.signPri(2).key', { slot: 'sign', half: 'key', base: 'hong.|(2)' }],
    ['hkmoon.der', { slot: null, half: null, base: 'hkmoon' }],
    ['design.key', { slot: null, half: null, base: 'design' }],
    ['my_cert.cer', { slot: null, half: null, base: 'my' }],
    ['CaPubs', { slot: null, isChain: true }],
    ['capubs.der', { slot: null, isChain: true }],
    ['CaPubsOld', { slot: null, isChain: false }],
    ['', { folder: '', slot: null, base: '' }],
  ])('%j is read', (path, expected) => {
    expect(readFileName(path)).toMatchObject(expected);
  });
});
