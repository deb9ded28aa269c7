/** Files that hold keys: how they are found, and what opening them gives. */
import { describe, expect, it } from 'vitest';
import * as write from '../../../lib/asn1/writer.ts';
import { concat, type Bytes } from '../../../lib/bytes/bytes.ts';
import { toHex } from '../../../lib/bytes/hex.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { findIdentities } from '../../../lib/npki/folder.ts';
import { openContainer, openIdentity, type OpenedEntry } from '../../../lib/npki/open-identity.ts';
import { OID } from '../../../lib/npki/oids.ts';
import { openPrivateKey } from '../../../lib/npki/private-key.ts';
import { writePfx } from '../../../lib/npki/pkcs12/write-pfx.ts';
import { openSealedContainer } from '../../../lib/wallet/files-bench.ts';
import { onlyContainer, onlyIdentities } from '../../support/found.ts';
import { codeOf, filesBelow, fixture, identityFile, MANIFEST, readFixture } from '../../support/npki-fixtures.ts';
import { openFixture } from '../../support/opened-fixtures.ts';
import { certificateBag, dataSafe, keyBag, pbe, pfxFile, PFX_PASSWORD, shroudedBag, toBer, withTripleDes } from '../../support/pfx-shapes.ts';
import { pemText } from '../../support/texts.ts';

const HONG = fixture('personal-bank-sha1seed');
const PARK = fixture('kica-personal');
const PFX_FIXTURES = MANIFEST.identities.flatMap((identity) =>
  filesBelow('npki', 'pfx')
    .filter(({ path }) => path.startsWith(`${identity.id}.`))
    .map((file) => [file.path, identity, file.bytes] as const),
);

const find = (bytes: Bytes, path = 'one.file'): ReturnType<typeof onlyContainer> => onlyContainer(findIdentities([{ path, bytes }]));

function serials(entries: readonly OpenedEntry[]): string[] {
  return entries.map(({ sign, km, problem }) => [sign?.certificate.serialHex, km?.certificate.serialHex, problem?.code].filter(Boolean).join(' '));
}

describe('PKCS#12 files', () => {
  it.each(PFX_FIXTURES)('%s is found under any name and opens to its identity', async (path, identity, bytes) => {
    const found = find(bytes, 'holiday.jpg');
    expect(found).toMatchObject({ form: 'pfx', path: 'holiday.jpg', needsPassword: true });
    const [entry, ...more] = await openContainer(found, identity.password);
    expect(more).toEqual([]);
    expect(entry!.sign!.certificate.serialHex).toBe(identity.serialHex);
    expect(entry!.sign!.key.random ? toHex(entry!.sign!.key.random) : null).toBe(identity.rHex ?? null);
    expect(entry!.km?.certificate.serialHex).toBe(path.includes('signandkm') ? identity.km?.serialHex : undefined);
    expect(await codeOf(() => openContainer(found, `${identity.password}x`))).toBe('password.wrong');
  });

  it('show the certificates that lie in the clear, holders first', () => {
    const plain = find(readFixture('npki', 'pfx', 'personal-bank-sha1seed.3des-plaincerts.pfx'));
    expect(plain.certificates.map(({ serialHex }) => serialHex)).toContain(HONG.serialHex);
    expect(find(readFixture('npki', 'pfx', 'personal-bank-sha1seed.3des-rc2certs.p12')).certificates).toEqual([]);
  });

  it('of several people open to an identity each, also in BER and with octets behind', async () => {
    const people = [await openFixture(HONG), await openFixture(PARK)];
    const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));
    const identities = people.map(({ holder, sign, km, chain }) => ({ name: holder, sign, km, chain }));
    const file = await writePfx(identities, 'Many!2026pw', { form: 'legacy', random });
    const expected = [HONG, PARK].map(({ serialHex, km }) => `${serialHex} ${km?.serialHex ?? ''}`);
    for (const bytes of [file, toBer(file), concat(file, new Uint8Array(100))]) {
      const found = find(bytes);
      expect(found.certificates.length).toBe(7);
      const entries = await openContainer(found, 'Many!2026pw');
      expect(serials(entries)).toEqual(expected);
      expect(entries.map(({ chain }) => chain.length)).toEqual(people.map(({ chain }) => chain.length));
    }
  });

  it('that protect nothing need no password; a key in the clear under a MAC is told', async () => {
    const plainKey = readFixture('yessign-test', 'plain-privatekeyinfo-with-R.der');
    const bags = write.sequence(certificateBag(readFixture('yessign-test', 'signCert.der')), keyBag(plainKey));
    const open = find(pfxFile([dataSafe(bags)], { mac: null }));
    expect(open.needsPassword).toBe(false);
    const guarded = find(pfxFile([dataSafe(bags)]));
    expect(guarded.needsPassword).toBe(true);
    expect(await codeOf(() => openContainer(guarded, 'wrong'))).toBe('password.wrong');
    for (const [found, password] of [
      [open, ''],
      [guarded, PFX_PASSWORD],
    ] as const)
      expect((await openContainer(found, password))[0]?.sign?.key.plain).toBe(true);
    const [inWallet] = await openSealedContainer({ kind: 'container', form: 'pfx', file: guarded.file }, PFX_PASSWORD);
    expect(inWallet?.plain).toBe(true);
  });

  it('whose MAC proves the password are damaged where a key does not open with it', async () => {
    const file = pfxFile([dataSafe(write.sequence(shroudedBag(pbe(OID.pkcs12TripleDes), withTripleDes(utf8('no key')))))]);
    expect(await codeOf(() => openContainer(find(file), PFX_PASSWORD))).toBe('file.unreadable');
  });

  it('lie beside the folder they were made from, and both are found', () => {
    const files = [
      { path: 'a/signCert.der', bytes: identityFile(HONG, 'signCert.der') },
      { path: 'a/signPri.key', bytes: identityFile(HONG, 'signPri.key') },
      { path: 'a/홍길동_0a1b2c3d.pfx', bytes: readFixture('npki', 'pfx', 'personal-bank-sha1seed.aes256.p12') },
    ];
    expect(findIdentities(files).map(({ kind, path }) => [kind, path])).toEqual([
      ['identity', 'a'],
      ['container', 'a/홍길동_0a1b2c3d.pfx'],
    ]);
  });

  it.each<[string, Bytes, string]>([
    ['cut', readFixture('yessign-test', 'hkd.pfx').slice(0, 900), 'file.unreadable'],
    ['empty', new Uint8Array(), 'file.unreadable'],
    ['another thing', utf8('hello'), 'file.unsupported'],
  ])('that are %s are named in a folder too, where nothing else is called so', (_, bytes, code) => {
    for (const name of ['hong.pfx', 'HONG.P12']) {
      const found = onlyIdentities(findIdentities([{ path: `a/${name}`, bytes }]));
      expect(found.map(({ refusal }) => refusal)).toEqual([{ code, detail: name }]);
    }
  });
});

describe('texts', () => {
  const pem = (...blocks: readonly (readonly [string, Bytes])[]): Bytes => utf8(blocks.map(([label, der]) => pemText(label, der)).join(''));
  const certificate = (person: typeof HONG, name: 'signCert.der' | 'kmCert.der' = 'signCert.der'): readonly [string, Bytes] => [
    'CERTIFICATE',
    identityFile(person, name),
  ];
  const key = (person: typeof HONG, name: 'signPri.key' | 'kmPri.key' = 'signPri.key'): readonly [string, Bytes] => [
    'ENCRYPTED PRIVATE KEY',
    identityFile(person, name),
  ];

  it('of one pair, in two files, are a pair like any other', async () => {
    const files = ['signCert', 'signPri'].map((name) => ({
      path: `a/${name}.pem`,
      bytes: readFixture('npki', 'pem', `personal-bank-sha1seed.${name}.pem`),
    }));
    const [found] = onlyIdentities(findIdentities(files));
    expect(found).toMatchObject({ path: 'a', form: 'pem', refusal: null });
    expect((await openIdentity(found!, HONG.password)).sign?.certificate.serialHex).toBe(HONG.serialHex);
  });

  it('of several people, in any order, open to an identity each', async () => {
    const file = pem(key(PARK), certificate(HONG), key(HONG, 'kmPri.key'), certificate(PARK), certificate(HONG, 'kmCert.der'), key(HONG));
    const found = find(file);
    expect(found).toMatchObject({ form: 'pem', needsPassword: true });
    expect(serials(await openContainer(found, HONG.password))).toEqual([PARK.serialHex, `${HONG.serialHex} ${HONG.km?.serialHex ?? ''}`]);
    expect(await codeOf(() => openContainer(found, 'wrong'))).toBe('password.wrong');
  });

  it('of keys that are not encrypted need no password', async () => {
    const { privateKeyInfo } = await openPrivateKey(identityFile(HONG, 'signPri.key'), HONG.password);
    const found = find(pem(['PRIVATE KEY', privateKeyInfo], certificate(HONG)));
    expect(found.needsPassword).toBe(false);
    const [entry] = await openContainer(found, '');
    expect(toHex(entry!.sign!.key.random!)).toBe(HONG.rHex);
  });

  it('whose certificates and keys lie in files of their own come together once opened', async () => {
    const certificates = { path: 'a/certs.pem', bytes: pem(certificate(HONG), certificate(HONG, 'kmCert.der')) };
    const keys = { path: 'a/keys.pem', bytes: pem(key(HONG, 'kmPri.key'), key(HONG)) };
    const apart = (['signPri.key', 'kmPri.key'] as const).map((name) => ({ path: `a/${name}`, bytes: identityFile(HONG, name) }));
    const loose = (['signCert.der', 'kmCert.der'] as const).map((name) => ({ path: `a/${name}`, bytes: identityFile(HONG, name) }));
    for (const files of [
      [certificates, keys],
      [certificates, ...apart],
      [keys, ...loose],
    ]) {
      const found = onlyContainer(findIdentities(files));
      expect(found).toMatchObject({ path: files.includes(certificates) ? 'a/certs.pem' : 'a/signCert.der', needsPassword: true });
      expect(serials(await openContainer(found, HONG.password))).toEqual([`${HONG.serialHex} ${HONG.km?.serialHex ?? ''}`]);
    }
  });

  it('with one block that cannot be taken keep the others, and name it', async () => {
    const [found, refused, ...more] = findIdentities(
      [{ path: 'a.pem', bytes: pem(certificate(HONG), key(HONG), ['OTHER', identityFile(HONG, 'signCert.der').slice(0, 300)]) }],
      {
        everyFile: true,
      },
    );
    expect(more).toEqual([]);
    expect(refused).toMatchObject({ path: 'a.pem', refusal: { code: 'file.unreadable', detail: 'a.pem (OTHER)' } });
    expect(found?.kind === 'container' && serials(await openContainer(found, HONG.password))).toEqual([HONG.serialHex]);
  });

  it('with a key of nobody tell so', async () => {
    expect(serials(await openContainer(find(pem(certificate(HONG), key(PARK))), HONG.password))).toEqual(['file.pair-missing', 'file.pair-missing']);
  });

  it('with keys under two passwords do not open', async () => {
    const other = fixture('password-specials');
    expect(await codeOf(() => openContainer(find(pem(certificate(HONG), key(HONG), certificate(other), key(other))), HONG.password))).toBe(
      'password.wrong',
    );
  });

  it('are not opened as something that they are not', async () => {
    expect(await codeOf(() => openContainer({ form: 'pem', file: readFixture('yessign-test', 'hkd.pfx') }, 'x'))).toBe('file.unsupported');
    expect(await codeOf(() => openContainer({ form: 'pfx', file: pem(certificate(HONG)) }, 'x'))).toBe('file.unreadable');
  });
});
