import { describe, expect, it, vi } from 'vitest';
import * as write from '../../../../lib/asn1/writer.ts';
import { concat, type Bytes } from '../../../../lib/bytes/bytes.ts';
import { fromHex } from '../../../../lib/bytes/hex.ts';
import { OID } from '../../../../lib/npki/oids.ts';
import { openPfx, readPfx } from '../../../../lib/npki/pkcs12/open-pfx.ts';
import { codeOf, readFixture } from '../../../support/npki-fixtures.ts';
import * as shape from '../../../support/pfx-shapes.ts';

const { PFX_PASSWORD, PFX_SALT } = shape;
const PLAIN = readFixture('yessign-test', 'plain-privatekeyinfo-with-R.der');
const CERTIFICATE = readFixture('yessign-test', 'signCert.der');
const BLOCKS = new Uint8Array(32);

function safe(...bags: readonly Bytes[]): Bytes {
  return shape.dataSafe(write.sequence(...bags));
}

function keyUnder(algorithm: Bytes, encrypted: Bytes = BLOCKS): Bytes {
  return shape.pfxFile([safe(shape.shroudedBag(algorithm, encrypted))]);
}

function repeated<Value>(count: number, make: (i: number) => Value): Value[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

interface Pbes2Shape {
  readonly salt?: Bytes;
  readonly iterations?: Bytes;
  readonly cipher?: string;
  readonly iv?: Bytes;
  readonly prf?: string;
}

function pbes2(parts: Pbes2Shape = {}): Bytes {
  const { salt = PFX_SALT, iterations = write.integer(1), cipher = OID.aes256Cbc, iv = new Uint8Array(16), prf = OID.hmacWithSha256 } = parts;
  const derivation = write.sequence(write.octetString(salt), iterations, write.sequence(write.objectIdentifier(prf), write.nullValue()));
  const kdf = write.sequence(write.objectIdentifier(OID.pbkdf2), derivation);
  return write.sequence(
    write.objectIdentifier(OID.pbes2),
    write.sequence(kdf, write.sequence(write.objectIdentifier(cipher), write.octetString(iv))),
  );
}

/** INTEGERs that are no counts, or too large ones. */
const COUNTS: readonly (readonly [string, Bytes])[] = [
  ['0', write.integer(0)],
  ['-1', fromHex('0201ff')],
  ['1,000,001', write.integer(1_000_001)],
  ['2^31 - 1', write.integer(2 ** 31 - 1)],
  ['2^64', fromHex('0209010000000000000000')],
];

/** Refused from the structure alone, whatever the password, before anything is derived. */
async function expectRefused(file: Bytes, code: string): Promise<void> {
  const derive = vi.spyOn(crypto.subtle, 'deriveBits');
  const decrypt = vi.spyOn(crypto.subtle, 'decrypt');
  expect(await codeOf(() => readPfx(file))).toBe(code);
  expect(await codeOf(() => openPfx(file, PFX_PASSWORD))).toBe(code);
  expect(derive).not.toHaveBeenCalled();
  expect(decrypt).not.toHaveBeenCalled();
  vi.restoreAllMocks();
}

describe('counts of rounds that no file has are refused before anything is derived', () => {
  it.each(COUNTS)('of the MAC: %s', async (_, iterations) => {
    await expectRefused(shape.pfxFile([safe(shape.certificateBag(CERTIFICATE))], { mac: { iterations } }), 'file.hostile');
  });

  it.each(COUNTS)('of a key: %s', async (_, iterations) => {
    await expectRefused(keyUnder(shape.pbe(OID.pkcs12TripleDes, { iterations })), 'file.hostile');
    await expectRefused(keyUnder(shape.pbe(OID.pbeWithSha1AndSeedCbc, { iterations })), 'file.hostile');
    await expectRefused(keyUnder(pbes2({ iterations })), 'file.hostile');
  });

  it.each(COUNTS)('of encrypted contents: %s', async (_, iterations) => {
    await expectRefused(shape.pfxFile([shape.encryptedSafe(shape.pbe(OID.pkcs12Rc2Of40, { iterations }), BLOCKS)]), 'file.hostile');
  });

  it('that are too many only together: five of 900,000', async () => {
    const algorithm = shape.pbe(OID.pkcs12TripleDes, { iterations: 900_000 });
    const keys = safe(...repeated(5, () => shape.shroudedBag(algorithm, BLOCKS)));
    await expectRefused(shape.pfxFile([keys]), 'file.hostile');
    await expectRefused(shape.pfxFile(repeated(5, () => shape.encryptedSafe(algorithm, BLOCKS))), 'file.hostile');
    const mixed = [safe(...repeated(2, () => shape.shroudedBag(algorithm, BLOCKS))), ...repeated(2, () => shape.encryptedSafe(algorithm, BLOCKS))];
    await expectRefused(shape.pfxFile(mixed, { mac: { iterations: write.integer(900_000) } }), 'file.hostile');
  });

  it('that are too many for what a round costs: a slow hash in the MAC, three runs for triple DES', async () => {
    const key = (iterations: number): Bytes => safe(shape.shroudedBag(shape.pbe(OID.pkcs12TripleDes, { iterations }), BLOCKS));
    await expectRefused(shape.pfxFile([key(1)], { mac: { hash: 'SHA-512', iterations: write.integer(500_000) } }), 'file.hostile');
    await expectRefused(shape.pfxFile([key(800_000), key(800_000)]), 'file.hostile');
    expect(await codeOf(() => readPfx(shape.pfxFile([key(700_000), key(700_000)])))).toBe('none');
  });

  it('that come to light only once the contents are decrypted', async () => {
    const algorithm = pbes2({ iterations: write.integer(900_000) });
    const keys = write.sequence(...repeated(5, () => shape.shroudedBag(algorithm, BLOCKS)));
    const file = shape.pfxFile([shape.encryptedSafe(shape.pbe(OID.pkcs12TripleDes), shape.withTripleDes(keys))]);
    const derive = vi.spyOn(crypto.subtle, 'deriveBits');
    expect(await codeOf(() => openPfx(file, PFX_PASSWORD))).toBe('file.hostile');
    expect(derive).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });
});

describe('how much a file may hold', () => {
  const empty = shape.bag('1.2.840.113549.1.12.10.1.5', write.nullValue());

  it('is 1 MiB', async () => {
    await expectRefused(new Uint8Array(1024 * 1024 + 1), 'file.too-large');
    const large = shape.pfxFile([safe(shape.bag('1.2.3', write.octetString(new Uint8Array(1024 * 1024 - 200))))]);
    expect(large.length).toBeLessThanOrEqual(1024 * 1024);
    expect((await openPfx(large, PFX_PASSWORD)).keys).toEqual([]);
  });

  it('is 64 bags, wherever they lie', async () => {
    expect(await codeOf(() => openPfx(shape.pfxFile([safe(...repeated(64, () => empty))]), PFX_PASSWORD))).toBe('none');
    await expectRefused(shape.pfxFile([safe(...repeated(65, () => empty))]), 'file.hostile');
    await expectRefused(shape.pfxFile([safe(...repeated(40, () => empty)), safe(...repeated(25, () => empty))]), 'file.hostile');
    await expectRefused(shape.pfxFile([safe(...repeated(1000, () => empty))]), 'file.hostile');
    await expectRefused(shape.pfxFile([safe(shape.nestedBag(...repeated(64, () => empty)))]), 'file.hostile');
    await expectRefused(shape.pfxFile(repeated(65, () => safe())), 'file.hostile');
  });

  it('counts the bags of encrypted contents too', async () => {
    const contents = write.sequence(...repeated(65, () => empty));
    const file = shape.pfxFile([shape.encryptedSafe(shape.pbe(OID.pkcs12TripleDes), shape.withTripleDes(contents))]);
    expect(await codeOf(() => openPfx(file, PFX_PASSWORD))).toBe('file.hostile');
  });

  it.each([11, 100, 1000])('is not %i bags within each other', async (depth) => {
    let inner = empty;
    for (let i = 0; i < depth; i++) inner = shape.nestedBag(inner);
    await expectRefused(shape.pfxFile([safe(inner)]), 'file.hostile');
  });

  it('is a few of them, and encrypted keys within encrypted contents', async () => {
    let inner = shape.shroudedBag(shape.pbe(OID.pkcs12TripleDes), shape.withTripleDes(PLAIN));
    for (let i = 0; i < 5; i++) inner = shape.nestedBag(inner);
    const file = shape.pfxFile([shape.encryptedSafe(shape.pbe(OID.pkcs12TripleDes), shape.withTripleDes(write.sequence(inner)))]);
    expect((await openPfx(file, PFX_PASSWORD)).keys.map(({ privateKeyInfo }) => privateKeyInfo)).toEqual([PLAIN]);
  });

  it.each([100, 2_500, 200_000])('is no nest of %i sequences', async (depth) => {
    const opening = (header: string): Bytes => fromHex(header.repeat(depth));
    await expectRefused(concat(fromHex('3080020103'), opening('3080'), opening('0000'), fromHex('0000')), 'file.hostile');
    await expectRefused(concat(fromHex('3080020103'), opening('2480'), opening('0000'), fromHex('0000')), 'file.hostile');
  });

  it('is no object identifier of 300,000 octets and no integer of 200,000', async () => {
    const long = (tag: number, length: number): Bytes => write.element(tag, new Uint8Array(length).fill(0x7f));
    await expectRefused(shape.pfxFile([safe(write.sequence(long(0x06, 300_000), write.context(0, write.nullValue())))]), 'file.unreadable');
    await expectRefused(write.sequence(long(0x02, 200_000), safe()), 'file.hostile');
    await expectRefused(keyUnder(shape.pbe(OID.pkcs12TripleDes, { iterations: long(0x02, 200_000) })), 'file.hostile');
  });
});

describe('parameters', () => {
  it.each([0, 65, 500_000])('with a salt of %i octets are refused', async (length) => {
    const salt = new Uint8Array(length);
    await expectRefused(keyUnder(shape.pbe(OID.pkcs12TripleDes, { salt })), 'file.hostile');
    await expectRefused(keyUnder(pbes2({ salt })), 'file.hostile');
    await expectRefused(shape.pfxFile([safe()], { mac: { salt } }), 'file.hostile');
  });

  it.each([1, 8, 20, 64])('with a salt of %i octets are read', async (length) => {
    const file = shape.pfxFile([safe()], { mac: { salt: new Uint8Array(length).fill(3) } });
    expect(await codeOf(() => openPfx(file, PFX_PASSWORD))).toBe('none');
  });

  it.each([0, 8, 15, 17])('with an IV of %i octets for AES are damaged', async (length) => {
    await expectRefused(keyUnder(pbes2({ iv: new Uint8Array(length) })), 'file.unreadable');
  });

  it.each([0, 1, 15, 17])('with %i octets for whole blocks are damaged', async (length) => {
    await expectRefused(keyUnder(pbes2(), new Uint8Array(length)), 'file.unreadable');
  });

  it.each<[string, Bytes, string]>([
    ['MD5 and DES (PKCS#5)', shape.pbe('1.2.840.113549.1.5.3'), '1.2.840.113549.1.5.3'],
    ['SHA-1 and DES (PKCS#5)', shape.pbe('1.2.840.113549.1.5.10'), '1.2.840.113549.1.5.10'],
    ['HAS-160 and SEED', shape.pbe('1.2.410.200004.1.11'), '1.2.410.200004.1.11'],
    ['the scheme of government keys', shape.pbe('1.2.410.200004.1.4.2'), '1.2.410.200004.1.4.2'],
    ['a scheme after the six of PKCS#12', shape.pbe('1.2.840.113549.1.12.1.7'), '1.2.840.113549.1.12.1.7'],
    ['PBES2 with ARIA', pbes2({ cipher: '1.2.410.200046.1.1.12' }), '1.2.410.200046.1.1.12'],
    ['PBES2 with AES-256-GCM', pbes2({ cipher: '2.16.840.1.101.3.4.1.46' }), '2.16.840.1.101.3.4.1.46'],
    ['PBES2 with an unknown PRF', pbes2({ prf: '1.2.840.113549.2.12' }), '1.2.840.113549.2.12'],
  ])('of %s are named', async (_, algorithm, detail) => {
    for (const file of [keyUnder(algorithm), shape.pfxFile([shape.encryptedSafe(algorithm, BLOCKS)])]) {
      await expectRefused(file, 'file.unsupported');
      await expect(openPfx(file, PFX_PASSWORD)).rejects.toMatchObject({ code: 'file.unsupported', detail });
    }
  });
});

describe('kinds of PKCS#12 that nobody here uses are named', () => {
  it('integrity by a signature', async () => {
    const file = write.sequence(write.integer(3), shape.content('1.2.840.113549.1.7.2', write.sequence()));
    await expectRefused(file, 'file.unsupported');
    await expect(openPfx(file, '')).rejects.toMatchObject({ detail: '1.2.840.113549.1.7.2' });
  });

  it('privacy by a public key', async () => {
    const file = shape.pfxFile([shape.content('1.2.840.113549.1.7.3', write.sequence())]);
    await expectRefused(file, 'file.unsupported');
    await expect(openPfx(file, '')).rejects.toMatchObject({ detail: '1.2.840.113549.1.7.3' });
  });

  it.each([0, 1, 2, 4])('version %i', async (version) => {
    await expectRefused(write.sequence(write.integer(version), safe()), 'file.unsupported');
  });
});

describe('structure', () => {
  const authSafe = shape.dataSafe(write.sequence());

  it.each<[string, Bytes]>([
    ['no contents', write.sequence(write.integer(3))],
    ['a field too many', write.sequence(write.integer(3), authSafe, shape.macData(write.sequence()), write.nullValue())],
    ['a MAC that is none', write.sequence(write.integer(3), authSafe, write.nullValue())],
    ['contents that are no octets', write.sequence(write.integer(3), shape.content(OID.data, write.sequence()))],
    ['no sequence of contents', write.sequence(write.integer(3), shape.dataSafe(write.nullValue()))],
    ['octets behind the contents', write.sequence(write.integer(3), shape.dataSafe(concat(write.sequence(), write.nullValue())))],
    ['bags that are none', shape.pfxFile([shape.dataSafe(write.sequence(write.nullValue()))])],
    ['a bag without a value', shape.pfxFile([safe(write.sequence(write.objectIdentifier(OID.keyBag)))])],
    [
      'encrypted contents of another type',
      shape.pfxFile([shape.content(OID.encryptedData, write.sequence(write.integer(0), write.sequence(write.objectIdentifier('1.2.3'))))]),
    ],
    [
      'encrypted contents that are missing',
      shape.pfxFile([shape.content(OID.encryptedData, write.sequence(write.integer(0), write.sequence(write.objectIdentifier(OID.data), pbes2())))]),
    ],
    ['a cut', shape.pfxFile([safe(shape.certificateBag(CERTIFICATE))]).subarray(0, 500)],
  ])('is damaged: %s', async (_, file) => {
    await expectRefused(file, 'file.unreadable');
  });

  it('is no key where a shrouded bag holds something else', async () => {
    await expectRefused(shape.pfxFile([safe(shape.bag(OID.shroudedKeyBag, write.sequence()))]), 'file.unsupported');
  });
});
