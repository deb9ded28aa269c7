import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as write from '../../../../lib/asn1/writer.ts';
import { concat, type Bytes } from '../../../../lib/bytes/bytes.ts';
import { toHex } from '../../../../lib/bytes/hex.ts';
import { utf8 } from '../../../../lib/bytes/text.ts';
import { encodeWindows949 } from '../../../../lib/bytes/windows-949.ts';
import { pkcs12Password } from '../../../../lib/npki/legacy/pkcs12-kdf.ts';
import { seedCbcEncrypt } from '../../../../lib/npki/legacy/seed.ts';
import { OID } from '../../../../lib/npki/oids.ts';
import { looksLikePfx, openPfx, readPfx } from '../../../../lib/npki/pkcs12/open-pfx.ts';
import { writePrivateKey } from '../../../../lib/npki/write-private-key.ts';
import { codeOf, fixture, FIXTURES, identityFile, readFixture } from '../../../support/npki-fixtures.ts';
import * as shape from '../../../support/pfx-shapes.ts';

const { PFX_PASSWORD, PFX_SALT } = shape;
const PLAIN = readFixture('yessign-test', 'plain-privatekeyinfo-with-R.der');
const CERTIFICATE = readFixture('yessign-test', 'signCert.der');
const CERTIFICATE_SAFE = write.sequence(shape.certificateBag(CERTIFICATE));
const SHROUDED = shape.shroudedBag(shape.pbe(OID.pkcs12TripleDes), shape.withTripleDes(PLAIN));

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function keysOf(file: Bytes, password = PFX_PASSWORD): Promise<Bytes[]> {
  return (await openPfx(file, password)).keys.map(({ privateKeyInfo }) => privateKeyInfo);
}

describe('the PKCS#12 files of the fixtures', () => {
  /** Certificates inside, and of those the ones that anyone can read. */
  const KINDS: Readonly<Record<string, { certificates: number; visible: number; keys: number }>> = {
    '3des-plaincerts.pfx': { certificates: 1, visible: 1, keys: 1 },
    '3des-rc2certs.p12': { certificates: 2, visible: 0, keys: 1 },
    '3des-3descerts-chain.pfx': { certificates: 3, visible: 0, keys: 1 },
    '3des-signandkm.pfx': { certificates: 4, visible: 4, keys: 2 },
    'aes256.p12': { certificates: 2, visible: 2, keys: 1 },
    'seed-pbes1.pfx': { certificates: 1, visible: 1, keys: 1 },
    'seed-pbes2.pfx': { certificates: 1, visible: 1, keys: 1 },
  };
  const names = readdirSync(join(FIXTURES, 'npki', 'pfx')).sort();

  it('are 31, of seven kinds', () => {
    expect(names.length).toBe(31);
    expect(new Set(names.map((name) => name.slice(name.indexOf('.') + 1)))).toEqual(new Set(Object.keys(KINDS)));
  });

  it.each(names)('%s opens with key, R and certificates as its maker says', async (name) => {
    const file = readFixture('npki', 'pfx', name);
    const identity = fixture(name.slice(0, name.indexOf('.')));
    const kind = KINDS[name.slice(name.indexOf('.') + 1)];
    const { certificates, keys } = await openPfx(file, identity.password);
    const [key] = keys;
    expect(sha256(key?.privateKeyInfo ?? new Uint8Array(0))).toBe(identity.privateKeyInfoSha256);
    expect(toHex(key?.modulus ?? new Uint8Array(0))).toBe(identity.modulusHex);
    expect(key?.random ? toHex(key.random) : null).toBe(identity.rHex ?? null);
    expect(certificates.map(({ der }) => sha256(der))).toContain(identity.certSha256);
    expect({ certificates: certificates.length, visible: readPfx(file).certificates.length, keys: keys.length }).toEqual(kind);
    expect(looksLikePfx(file)).toBe(true);
    expect(await codeOf(() => openPfx(file, identity.wrongPassword))).toBe('password.wrong');
  });

  it('hold the km pair where there is one', async () => {
    const identity = fixture('personal-bank-sha1seed');
    const { certificates, keys } = await openPfx(readFixture('npki', 'pfx', 'personal-bank-sha1seed.3des-signandkm.pfx'), identity.password);
    expect(keys.map(({ privateKeyInfo }) => sha256(privateKeyInfo))).toContain(identity.km?.privateKeyInfoSha256);
    expect(certificates.map(({ der }) => sha256(der))).toContain(identity.km?.certSha256);
  });

  it('hold the test identity of yessign, made by its own tool', async () => {
    const { certificates, keys } = await openPfx(readFixture('yessign-test', 'hkd.pfx'), 'WTuA8Ev0lWXVFSiI!');
    expect(keys.map(({ privateKeyInfo }) => privateKeyInfo)).toEqual([PLAIN]);
    expect(certificates.map(({ der }) => der)).toEqual([CERTIFICATE]);
    expect(toHex(keys[0]?.random ?? new Uint8Array(0))).toBe('7858b4328390805129f01c97fe6ca4a520cbd479');
  });
});

describe('where keys and certificates may lie', () => {
  const whole = write.sequence(shape.certificateBag(CERTIFICATE), SHROUDED);
  const encrypted = (safeContents: Bytes): Bytes => shape.encryptedSafe(shape.pbe(OID.pkcs12TripleDes), shape.withTripleDes(safeContents));

  it.each<[string, Bytes[]]>([
    ['all in one', [shape.dataSafe(whole)]],
    ['apart', [shape.dataSafe(CERTIFICATE_SAFE), shape.dataSafe(write.sequence(SHROUDED))]],
    ['keys first', [shape.dataSafe(write.sequence(SHROUDED)), shape.dataSafe(CERTIFICATE_SAFE)]],
    ['all encrypted', [encrypted(whole)]],
    ['a key in the clear within encrypted contents', [encrypted(write.sequence(shape.keyBag(PLAIN), shape.certificateBag(CERTIFICATE)))]],
    ['a key in the clear for anyone', [shape.dataSafe(write.sequence(shape.keyBag(PLAIN))), shape.dataSafe(CERTIFICATE_SAFE)]],
    ['bags within bags', [shape.dataSafe(write.sequence(shape.nestedBag(shape.nestedBag(SHROUDED), shape.certificateBag(CERTIFICATE))))]],
    ['a certificate twice', [shape.dataSafe(whole), encrypted(CERTIFICATE_SAFE)]],
    [
      'beside bags of kinds that are not known',
      [shape.dataSafe(write.sequence(shape.bag('1.2.840.113549.1.12.10.1.5', write.nullValue()))), encrypted(whole)],
    ],
    [
      'beside an SDSI certificate',
      [shape.dataSafe(write.sequence(shape.certificateBag(CERTIFICATE, '1.2.840.113549.1.9.22.2'), SHROUDED, shape.certificateBag(CERTIFICATE)))],
    ],
    [
      'beside a certificate that nobody can read',
      [shape.dataSafe(write.sequence(shape.certificateBag(utf8('version 1')), SHROUDED, shape.certificateBag(CERTIFICATE)))],
    ],
  ])('%s', async (_, safes) => {
    for (const ber of [false, true]) {
      for (const mac of [{}, null]) {
        const file = shape.pfxFile(safes, { mac, ber });
        const { certificates, keys } = await openPfx(file, PFX_PASSWORD);
        expect(keys.map(({ privateKeyInfo }) => privateKeyInfo)).toEqual([PLAIN]);
        expect(certificates.map(({ der }) => der)).toEqual([CERTIFICATE]);
        expect(looksLikePfx(file)).toBe(true);
      }
    }
  });

  it('in BER at every level, the SafeContents and the key in the clear included', async () => {
    const safeContents = shape.toBer(write.sequence(shape.keyBag(PLAIN), shape.certificateBag(CERTIFICATE)));
    const { keys, certificates } = await openPfx(shape.pfxFile([shape.dataSafe(safeContents)], { ber: true }), PFX_PASSWORD);
    expect(keys[0]?.privateKeyInfo).toEqual(PLAIN);
    expect(toHex(keys[0]?.random ?? new Uint8Array(0))).toBe('7858b4328390805129f01c97fe6ca4a520cbd479');
    expect(certificates.length).toBe(1);
  });

  it('leaves out a key that is not RSA, unless there is no other', async () => {
    const ec = write.sequence(write.integer(0), write.sequence(write.objectIdentifier(OID.ecPublicKey)), write.octetString(PFX_SALT));
    const both = shape.pfxFile([shape.dataSafe(write.sequence(shape.keyBag(ec), SHROUDED))]);
    expect(await keysOf(both)).toEqual([PLAIN]);
    const alone = shape.pfxFile([shape.dataSafe(write.sequence(shape.keyBag(ec)))]);
    await expect(openPfx(alone, PFX_PASSWORD)).rejects.toMatchObject({ code: 'file.unsupported', detail: OID.ecPublicKey });
  });

  it('opens a file without keys to its certificates', async () => {
    expect(await openPfx(shape.pfxFile([shape.dataSafe(CERTIFICATE_SAFE)]), PFX_PASSWORD)).toMatchObject({ keys: [], certificates: [{}] });
  });

  it('does not look at octets behind the file', async () => {
    expect(await keysOf(concat(shape.pfxFile([shape.dataSafe(whole)]), utf8('stale')))).toEqual([PLAIN]);
  });
});

describe('the MAC', () => {
  const safes = [shape.dataSafe(write.sequence(SHROUDED))];

  it.each(['SHA-1', 'SHA-224', 'SHA-256', 'SHA-384', 'SHA-512'] as const)('may be of %s', async (hash) => {
    const file = shape.pfxFile(safes, { mac: { hash, iterations: 3 } });
    expect(await keysOf(file)).toEqual([PLAIN]);
    expect(await codeOf(() => openPfx(file, `${PFX_PASSWORD}x`))).toBe('password.wrong');
  });

  it('has one round where none is written', async () => {
    expect(await keysOf(shape.pfxFile(safes, { mac: { withoutCount: true } }))).toEqual([PLAIN]);
  });

  it('is checked before any key: another password in the bags does not matter then', async () => {
    const file = shape.pfxFile(safes, { mac: { secret: pkcs12Password('Other!2026pw') } });
    expect(await codeOf(() => openPfx(file, PFX_PASSWORD))).toBe('password.wrong');
  });

  it('fails where one octet of what it protects was changed', async () => {
    const file = shape.pfxFile([shape.dataSafe(write.sequence(SHROUDED)), shape.dataSafe(CERTIFICATE_SAFE)]);
    const at = Buffer.from(file).indexOf(Buffer.from(CERTIFICATE)) + 300;
    file[at] = (file[at] ?? 0) ^ 1;
    expect(await codeOf(() => openPfx(file, PFX_PASSWORD))).toBe('password.wrong');
  });

  it('may be missing: then the key tells a wrong password', async () => {
    const file = shape.pfxFile(safes, { mac: null });
    expect(await keysOf(file)).toEqual([PLAIN]);
    expect(await codeOf(() => openPfx(file, 'wrong'))).toBe('password.wrong');
  });

  it('may be missing where all is encrypted: no wrong password of 600 seems right', async () => {
    const all = shape.encryptedSafe(shape.pbe(OID.pkcs12TripleDes), shape.withTripleDes(write.sequence(SHROUDED)));
    const file = shape.pfxFile([all], { mac: null });
    const codes = await Promise.all(Array.from({ length: 600 }, (_, i) => codeOf(() => openPfx(file, `wrong ${i}`))));
    expect(new Set(codes)).toEqual(new Set(['password.wrong']));
  });

  it.each([
    ['1.2.840.113549.1.5.14', 'PBMAC1 (RFC 9579)'],
    ['1.2.840.113549.2.5', 'MD5'],
    ['2.16.840.1.101.3.4.2.8', 'SHA3-256'],
  ])('is named where it is %s, %s', async (oid) => {
    await expect(openPfx(shape.pfxFile(safes, { mac: { oid } }), PFX_PASSWORD)).rejects.toMatchObject({ code: 'file.unsupported', detail: oid });
  });

  it('is damaged where its length is not that of its hash', async () => {
    expect(await codeOf(() => openPfx(shape.pfxFile(safes, { mac: { hash: 'SHA-1', oid: OID.sha256 } }), PFX_PASSWORD))).toBe('file.unreadable');
  });
});

describe('passwords', () => {
  const bagOf = (encrypted: Bytes): Bytes[] => [shape.dataSafe(write.sequence(shape.shroudedBag(shape.pbe(OID.pkcs12TripleDes), encrypted)))];

  it.each([
    ['two zero octets', pkcs12Password('')],
    ['nothing', new Uint8Array(0)],
  ])('that are empty are tried as two zero octets and as nothing: %s', async (_, secret) => {
    const file = shape.pfxFile(bagOf(shape.withTripleDes(PLAIN, secret)), { mac: { secret } });
    expect(await keysOf(file, '')).toEqual([PLAIN]);
    expect(await codeOf(() => openPfx(file, ' '))).toBe('password.wrong');
  });

  it.each(['도장찍기!2026', '𠮷野家!2026', 'é!2026 Passw0rd'])('outside ASCII are UTF-16 in PKCS#12 and UTF-8 in PBES2: %s', async (password) => {
    const secret = pkcs12Password(password);
    expect(await keysOf(shape.pfxFile(bagOf(shape.withTripleDes(PLAIN, secret)), { mac: { secret } }), password)).toEqual([PLAIN]);
    for (const form of ['pbes2-aes', 'pbes2-seed', 'seed'] as const) {
      const key = await writePrivateKey(PLAIN, password, { form, random: (length) => new Uint8Array(length), iterations: 2 });
      const file = shape.pfxFile([shape.dataSafe(write.sequence(shape.bag(OID.shroudedKeyBag, key)))], { mac: { secret } });
      expect(await keysOf(file, password)).toEqual([PLAIN]);
    }
  });

  it('are tried in the Korean code page where a bag is of the Korean schemes', async () => {
    const password = '도장찍기!2026';
    const derived = createHash('sha1')
      .update(encodeWindows949(password) ?? '')
      .update(PFX_SALT)
      .digest();
    const encrypted = seedCbcEncrypt(derived.subarray(0, 16), utf8('0123456789012345'), PLAIN);
    const safes = [shape.dataSafe(write.sequence(shape.shroudedBag(shape.pbe(OID.seedCbc), encrypted)))];
    expect(await keysOf(shape.pfxFile(safes, { mac: { secret: pkcs12Password(password) } }), password)).toEqual([PLAIN]);
  });
});

describe('what only looks alike', () => {
  it.each<[string, Bytes]>([
    ['nothing', new Uint8Array(0)],
    ['one octet', Uint8Array.of(0x30)],
    ['a certificate', CERTIFICATE],
    ['a key file', readFixture('yessign-test', 'signPri.key')],
    ['a key in the clear', PLAIN],
    ['a chain', identityFile(fixture('personal-bank-sha1seed'), 'CaPubs')],
    ['a CMS message', readFixture('yessign-test', 'pkcs7-signeddata-TEST_MSG.der')],
    ['text', utf8('-----BEGIN CERTIFICATE-----')],
  ])('%s is no PKCS#12 file', async (_, file) => {
    expect(looksLikePfx(file)).toBe(false);
    expect(await codeOf(() => readPfx(file))).toMatch(/^file\.(unreadable|unsupported|hostile)$/);
  });
});
