import { createCipheriv, createHash, pbkdf2Sync, randomBytes } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import * as write from '../../../lib/asn1/writer.ts';
import { concat, type Bytes } from '../../../lib/bytes/bytes.ts';
import { fromHex, toHex } from '../../../lib/bytes/hex.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { encodeWindows949 } from '../../../lib/bytes/windows-949.ts';
import { readEncryptedKey } from '../../../lib/npki/encryption.ts';
import { seedCbcEncrypt } from '../../../lib/npki/legacy/seed.ts';
import { OID } from '../../../lib/npki/oids.ts';
import { openPrivateKey } from '../../../lib/npki/private-key.ts';
import { writePrivateKey } from '../../../lib/npki/write-private-key.ts';
import { codeOf, fixture, identityFile, MANIFEST, readFixture } from '../../support/npki-fixtures.ts';

const GENUINE_PASSWORD = 'WTuA8Ev0lWXVFSiI!';
const GENUINE_KEY = readFixture('yessign-test', 'signPri.key');
const GENUINE_PLAIN = readFixture('yessign-test', 'plain-privatekeyinfo-with-R.der');
const SALT = fromHex('0102030405060708');

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A key file around an algorithm identifier. */
function keyFile(oid: string, parameters: Bytes, encrypted: Bytes = new Uint8Array(1264)): Bytes {
  return write.sequence(write.sequence(write.objectIdentifier(oid), parameters), write.octetString(encrypted));
}

function pbe(salt: Bytes, iterations: Bytes, encrypted?: Bytes): Bytes {
  return keyFile(OID.pbeWithSha1AndSeedCbc, write.sequence(write.octetString(salt), iterations), encrypted);
}

interface Pbes2 {
  readonly salt?: Bytes;
  readonly iterations?: number;
  readonly keyLength?: number;
  readonly prf?: string;
  readonly cipher?: string;
  readonly iv?: Bytes;
  readonly kdf?: string;
  readonly encrypted?: Bytes;
}

function pbes2({
  salt = SALT,
  iterations = 1,
  keyLength,
  prf,
  cipher = OID.seedCbc,
  iv = new Uint8Array(16),
  kdf = OID.pbkdf2,
  encrypted,
}: Pbes2): Bytes {
  const derivation = write.sequence(
    write.octetString(salt),
    write.integer(iterations),
    ...(keyLength === undefined ? [] : [write.integer(keyLength)]),
    ...(prf === undefined ? [] : [write.sequence(write.objectIdentifier(prf), write.nullValue())]),
  );
  const parameters = write.sequence(
    write.sequence(write.objectIdentifier(kdf), derivation),
    write.sequence(write.objectIdentifier(cipher), write.octetString(iv)),
  );
  return keyFile(OID.pbes2, parameters, encrypted);
}

describe('the genuine test identity of yessign', () => {
  it('opens byte for byte, R included', async () => {
    const opened = await openPrivateKey(GENUINE_KEY, GENUINE_PASSWORD);
    expect(opened.privateKeyInfo).toEqual(GENUINE_PLAIN);
    expect(toHex(opened.random ?? new Uint8Array(0))).toBe('7858b4328390805129f01c97fe6ca4a520cbd479');
    expect(opened.modulus.length).toBe(256);
    expect(toHex(opened.exponent)).toBe('010001');
  });

  it('is written again byte for byte with the same salt', async () => {
    const random = (): Bytes => fromHex('c8ea2fa25023c285');
    expect(await writePrivateKey(GENUINE_PLAIN, GENUINE_PASSWORD, { random })).toEqual(GENUINE_KEY);
  });

  it('has a second key file whose ciphertext is random, and which no password opens', async () => {
    const file = readFixture('yessign-test', 'pbes2-header-only.key');
    expect(readEncryptedKey(file).encryption).toMatchObject({ scheme: 'pbes2', prf: 'SHA-1', iterations: 1024, cipher: { name: 'SEED' } });
    expect(await codeOf(() => openPrivateKey(file, GENUINE_PASSWORD))).toBe('password.wrong');
  });
});

describe('the keys of the fixtures', () => {
  it.each(MANIFEST.identities)('$id opens: $encryption, $iterations rounds', async (identity) => {
    const file = identityFile(identity, 'signPri.key');
    const opened = await openPrivateKey(file, identity.password);
    expect(sha256(opened.privateKeyInfo)).toBe(identity.privateKeyInfoSha256);
    expect(toHex(opened.modulus)).toBe(identity.modulusHex);
    expect(opened.random && toHex(opened.random)).toBe(identity.rHex ?? null);
    expect(readEncryptedKey(file).encryption.iterations).toBe(identity.iterations);
  });

  it.each(MANIFEST.identities.filter(({ km }) => km))('the km key of $id opens and has no R', async (identity) => {
    const opened = await openPrivateKey(identityFile(identity, 'kmPri.key'), identity.password);
    expect(sha256(opened.privateKeyInfo)).toBe(identity.km?.privateKeyInfoSha256);
    expect(opened.random).toBeNull();
  });

  it.each(MANIFEST.identities)('$id does not open with a wrong password', async (identity) => {
    expect(await codeOf(() => openPrivateKey(identityFile(identity, 'signPri.key'), identity.wrongPassword))).toBe('password.wrong');
    expect(await codeOf(() => openPrivateKey(identityFile(identity, 'signPri.key'), ''))).toBe('password.wrong');
  });

  const unlucky = MANIFEST.identities.filter(({ wrongPasswordWithValidPadding }) => wrongPasswordWithValidPadding !== undefined);

  it.each(unlucky)('$id does not open with a wrong password whose padding happens to be right', async (identity) => {
    const wrong = identity.wrongPasswordWithValidPadding ?? '';
    expect(await codeOf(() => openPrivateKey(identityFile(identity, 'signPri.key'), wrong))).toBe('password.wrong');
  });

  it('has such passwords to try', () => {
    expect(unlucky.length).toBeGreaterThan(10);
  });
});

describe('octets behind the key', () => {
  it('are ignored and not kept', async () => {
    const file = identityFile(fixture('trailing-bytes'), 'signPri.key');
    expect(file.length).toBe(1346);
    const { encrypted } = readEncryptedKey(file);
    expect(encrypted.buffer.byteLength).toBe(1300);
    expect(await codeOf(() => openPrivateKey(file, fixture('trailing-bytes').password))).toBe('none');
  });
});

describe('the bad files', () => {
  it.each([
    ['bitflip', 'password.wrong'],
    ['truncated', 'file.unreadable'],
    ['empty', 'file.unreadable'],
    ['not-der', 'file.unreadable'],
    ['huge-iterations', 'file.hostile'],
    ['zero-iterations', 'file.hostile'],
    ['unknown-algorithm', 'file.unsupported'],
    ['mismatch', 'none'],
  ])('%s: %s', async (name, code) => {
    expect(await codeOf(() => openPrivateKey(readFixture('npki', 'bad', name, 'signPri.key'), MANIFEST.badFilesPassword))).toBe(code);
  });

  it('covers all of them', () => {
    expect(Object.keys(MANIFEST.bad).length).toBe(8);
  });
});

describe('bounds before any derivation', () => {
  it.each<[string, Bytes, string]>([
    ['0 rounds', pbe(SALT, write.integer(0)), 'file.hostile'],
    ['1,000,001 rounds', pbe(SALT, write.integer(1_000_001)), 'file.hostile'],
    ['2^31 − 1 rounds', pbe(SALT, write.integer(2_147_483_647)), 'file.hostile'],
    ['2^64 rounds', pbe(SALT, write.integer(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0))), 'file.hostile'],
    ['−1 rounds', pbe(SALT, fromHex('0201ff')), 'file.hostile'],
    ['rounds with needless zeros', pbe(SALT, fromHex('02030007d0')), 'file.unreadable'],
    ['rounds in a BOOLEAN', pbe(SALT, write.boolean(true)), 'file.unreadable'],
    ['no salt', pbe(new Uint8Array(0), write.integer(1)), 'file.hostile'],
    ['a salt of 65 octets', pbe(new Uint8Array(65), write.integer(1)), 'file.hostile'],
    ['no ciphertext', pbe(SALT, write.integer(1), new Uint8Array(0)), 'file.unreadable'],
    ['a ciphertext that is no number of blocks', pbe(SALT, write.integer(1), new Uint8Array(1263)), 'file.unreadable'],
    ['PBES2 with 0 rounds', pbes2({ iterations: 0 }), 'file.hostile'],
    ['PBES2 with 2^31 − 1 rounds', pbes2({ iterations: 2_147_483_647 }), 'file.hostile'],
    ['an IV of 8 octets for SEED', pbes2({ iv: new Uint8Array(8) }), 'file.unreadable'],
    ['an IV of 16 octets for triple DES', pbes2({ cipher: OID.desEde3Cbc }), 'file.unreadable'],
    ['a key length of 32 for SEED', pbes2({ keyLength: 32 }), 'file.unsupported'],
    ['a key length of 16 for AES-256', pbes2({ keyLength: 16, cipher: OID.aes256Cbc }), 'file.unsupported'],
    ['RC2', pbes2({ cipher: '1.2.840.113549.3.2' }), 'file.unsupported'],
    ['scrypt', pbes2({ kdf: '1.3.6.1.4.1.11591.4.11' }), 'file.unsupported'],
    ['an unknown PRF', pbes2({ prf: '1.2.840.113549.2.12' }), 'file.unsupported'],
    ['the scheme of government keys', keyFile('1.2.410.200004.1.4.2', write.sequence(write.octetString(SALT), write.integer(1))), 'file.unsupported'],
    ['PKCS#5 with MD5 and DES', keyFile('1.2.840.113549.1.5.3', write.sequence(write.octetString(SALT), write.integer(1))), 'file.unsupported'],
    ['64 KiB and one octet', new Uint8Array(64 * 1024 + 1), 'file.too-large'],
    ['a certificate', readFixture('yessign-test', 'signCert.der'), 'file.unsupported'],
    ['a key in the clear', GENUINE_PLAIN, 'file.unsupported'],
  ])('%s', async (_, file, code) => {
    expect(await codeOf(() => readEncryptedKey(file))).toBe(code);
    const derive = vi.spyOn(crypto.subtle, 'deriveBits');
    const started = vi.spyOn(crypto.subtle, 'importKey');
    expect(await codeOf(() => openPrivateKey(file, 'any'))).toBe(code);
    expect(derive).not.toHaveBeenCalled();
    expect(started).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it.each([
    [keyFile('1.2.410.200004.1.4.2', write.sequence()), '1.2.410.200004.1.4.2'],
    [pbes2({ cipher: '1.2.410.200046.1.1.2' }), '1.2.410.200046.1.1.2'],
    [readFixture('npki', 'bad', 'unknown-algorithm', 'signPri.key'), '1.2.410.200004.1.99'],
  ])('names the algorithm that is not known', (file, oid) => {
    expect(() => readEncryptedKey(file)).toThrow(expect.objectContaining({ code: 'file.unsupported', detail: oid }));
  });
});

describe('PBES2', () => {
  const HASHES = {
    [OID.hmacWithSha1]: 'sha1',
    [OID.hmacWithSha224]: 'sha224',
    [OID.hmacWithSha256]: 'sha256',
    [OID.hmacWithSha384]: 'sha384',
    [OID.hmacWithSha512]: 'sha512',
  };
  const CIPHERS = [
    [OID.seedCbc, 'SEED', 16, 16],
    [OID.aes128Cbc, 'aes-128-cbc', 16, 16],
    [OID.aes192Cbc, 'aes-192-cbc', 24, 16],
    [OID.aes256Cbc, 'aes-256-cbc', 32, 16],
    [OID.desEde3Cbc, 'des-ede3-cbc', 24, 8],
  ] as const;

  function encrypt(name: string, key: Buffer, iv: Bytes): Bytes {
    if (name === 'SEED') return seedCbcEncrypt(key, iv, GENUINE_PLAIN);
    const cipher = createCipheriv(name, key, iv);
    return Uint8Array.from(Buffer.concat([cipher.update(GENUINE_PLAIN), cipher.final()]));
  }

  const cases = Object.entries(HASHES).flatMap(([prf, hash]) =>
    CIPHERS.map(([cipher, name, length, block]) => ({ prf, hash, cipher, name, length, block })),
  );

  it.each(cases)('opens $name with HMAC-$hash, the key length written or not', async ({ prf, hash, cipher, name, length, block }) => {
    const iv = Uint8Array.from(randomBytes(block));
    const encrypted = encrypt(name, pbkdf2Sync(GENUINE_PASSWORD, SALT, 100, length, hash), iv);
    for (const keyLength of [length, undefined]) {
      const file = pbes2({ iterations: 100, prf, cipher, iv, encrypted, ...(keyLength === undefined ? {} : { keyLength }) });
      expect((await openPrivateKey(file, GENUINE_PASSWORD)).privateKeyInfo).toEqual(GENUINE_PLAIN);
      expect(await codeOf(() => openPrivateKey(file, 'wrong'))).toBe('password.wrong');
    }
  });
});

describe('passwords outside ASCII', () => {
  const password = '도장찍기!2026';

  it('are tried as UTF-8', async () => {
    const file = await writePrivateKey(GENUINE_PLAIN, password, { random: () => SALT, iterations: 3 });
    expect((await openPrivateKey(file, password)).privateKeyInfo).toEqual(GENUINE_PLAIN);
  });

  it('are then tried as windows-949, as Korean Windows programs took them', async () => {
    const secret = encodeWindows949(password) ?? new Uint8Array(0);
    const key = createHash('sha1').update(secret).update(SALT).digest();
    const iv = createHash('sha1').update(key.subarray(16)).digest().subarray(0, 16);
    const file = pbe(SALT, write.integer(1), seedCbcEncrypt(key.subarray(0, 16), iv, GENUINE_PLAIN));
    expect((await openPrivateKey(file, password)).privateKeyInfo).toEqual(GENUINE_PLAIN);
    expect(await codeOf(() => openPrivateKey(file, '도장찍기!2025'))).toBe('password.wrong');
    expect(await codeOf(() => openPrivateKey(file, 'é'))).toBe('password.wrong');
  });

  it('are not trimmed or folded', async () => {
    const file = await writePrivateKey(GENUINE_PLAIN, ' Pass word ', { random: () => SALT, iterations: 1 });
    expect(await codeOf(() => openPrivateKey(file, ' Pass word '))).toBe('none');
    for (const other of ['Pass word', ' pass word ', ' Pass word']) expect(await codeOf(() => openPrivateKey(file, other))).toBe('password.wrong');
  });
});

describe('what a right password uncovers', () => {
  const RSA = write.sequence(write.objectIdentifier(OID.rsaEncryption), write.nullValue());
  const numbers = (count: number): Bytes => write.sequence(write.integer(0), ...Array.from({ length: count }, () => write.integer(5)));
  const seal = (plain: Bytes): Promise<Bytes> => writePrivateKey(plain, 'pw', { random: () => SALT, iterations: 1 });

  it.each<[string, Bytes, string]>([
    ['a key of two primes', write.sequence(write.integer(0), RSA, write.octetString(numbers(8))), 'none'],
    [
      'an EC key',
      write.sequence(write.integer(0), write.sequence(write.objectIdentifier('1.2.840.10045.2.1')), write.octetString(numbers(8))),
      'file.unsupported',
    ],
    ['version 1', write.sequence(write.integer(1), RSA, write.octetString(numbers(8))), 'file.unsupported'],
    ['a key of three numbers', write.sequence(write.integer(0), RSA, write.octetString(numbers(3))), 'file.unreadable'],
    [
      'a key without parameters',
      write.sequence(write.integer(0), write.sequence(write.objectIdentifier(OID.rsaEncryption)), write.octetString(numbers(8))),
      'none',
    ],
    ['octets behind the key', concat(write.sequence(write.integer(0), RSA, write.octetString(numbers(8))), Uint8Array.of(0)), 'password.wrong'],
    ['text', utf8('not a key at all'), 'password.wrong'],
    ['nothing', new Uint8Array(0), 'password.wrong'],
  ])('%s: %s', async (_, plain, code) => {
    const file = await seal(plain);
    expect(await codeOf(() => openPrivateKey(file, 'pw'))).toBe(code);
  });
});

describe('the writer', () => {
  it.each([0, -1, 1_000_001, 1.5])('does not write %d rounds', async (iterations) => {
    expect(await codeOf(() => writePrivateKey(GENUINE_PLAIN, 'pw', { random: () => SALT, iterations }))).toBe('internal');
  });

  const counting = (length: number): Bytes => Uint8Array.from({ length }, (_, i) => i + 1);
  const hex = (from: number): string => toHex(counting(from));

  it.each([
    ['seed', 2048, `301a06082a831a8c9a44010f300e0408${hex(8)}02020800`],
    ['pbes2-seed', 2048, `304806092a864886f70d01050d303b301b06092a864886f70d01050c300e0408${hex(8)}02020800301c06082a831a8c9a4401040410${hex(16)}`],
    [
      'pbes2-aes',
      600_000,
      `306006092a864886f70d01050d3053303206092a864886f70d01050c30250410${hex(16)}0203` +
        `0927c0300c06082a864886f70d02090500301d060960864801650304012a0410${hex(16)}`,
    ],
    ['pkcs12-3des', 2048, `301c060a2a864886f70d010c0103300e0408${hex(8)}02020800`],
  ] as const)('writes %s with %i rounds under the header that other programs know, and reads it', async (form, iterations, header) => {
    const file = await writePrivateKey(GENUINE_PLAIN, GENUINE_PASSWORD, { form, random: counting });
    expect(toHex(file.subarray(4, 4 + header.length / 2))).toBe(header);
    expect(readEncryptedKey(file).encryption.iterations).toBe(iterations);
    expect((await openPrivateKey(file, GENUINE_PASSWORD)).privateKeyInfo).toEqual(GENUINE_PLAIN);
    expect(await codeOf(() => openPrivateKey(file, `${GENUINE_PASSWORD}x`))).toBe('password.wrong');
  });

  it.each(['seed', 'pbes2-seed', 'pbes2-aes', 'pkcs12-3des'] as const)('asks for a salt of its own each time: %s', async (form) => {
    let next = 0;
    const random = (length: number): Bytes => new Uint8Array(length).fill(++next);
    const write = (): Promise<Bytes> => writePrivateKey(GENUINE_PLAIN, 'pw', { form, random, iterations: 1 });
    expect(readEncryptedKey(await write()).encryption.salt).not.toEqual(readEncryptedKey(await write()).encryption.salt);
  });
});
