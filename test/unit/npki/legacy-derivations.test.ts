import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../lib/bytes/hex.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { passwordHash, pbkdf2Sha224, type HashName } from '../../../lib/npki/legacy/hashes.ts';
import { pbkdf1Sha1 } from '../../../lib/npki/legacy/pbkdf1.ts';
import { PKCS12_PURPOSE, pkcs12Derive, pkcs12Password } from '../../../lib/npki/legacy/pkcs12-kdf.ts';
import { sha1 } from '../../../lib/npki/legacy/sha1.ts';
import { readJson } from '../../support/npki-fixtures.ts';

interface KdfVector {
  readonly scheme: string;
  readonly password: string;
  readonly saltHex: string;
  readonly iterations: number;
  readonly dkHex?: string;
  readonly keyHex: string;
  readonly ivHex: string;
}

const [seedVector, pbes2Vector] = readJson('kdf-vectors', 'kdf-vectors.json') as readonly KdfVector[];

const HASHES: readonly (readonly [HashName, string])[] = [
  ['SHA-1', 'sha1'],
  ['SHA-224', 'sha224'],
  ['SHA-256', 'sha256'],
  ['SHA-384', 'sha384'],
  ['SHA-512', 'sha512'],
];

describe('SHA-1', () => {
  it.each([
    ['', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
    ['abc', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq', '84983e441c3bd26ebaae4aa1f95129e5e54670f1'],
  ])('meets the FIPS 180 examples: %j', (message, digest) => {
    expect(toHex(sha1(utf8(message)))).toBe(digest);
  });

  it('agrees with Node around the block lengths', () => {
    for (let length = 0; length < 200; length++) {
      const message = new Uint8Array(length).map((_, i) => i * 31);
      expect(toHex(sha1(message))).toBe(createHash('sha1').update(message).digest('hex'));
    }
  });
});

describe.each(HASHES)('hashes of hashes: %s', (name, nodeName) => {
  it('agree with Node, and so do their lengths and HMAC', () => {
    const { size, block, chain, mac } = passwordHash(name);
    expect(createHash(nodeName).digest().length).toBe(size);
    expect(block).toBe(size > 32 ? 128 : 64);
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.uint8Array({ maxLength: 200 }),
        fc.integer({ min: 1, max: 9 }),
        (message, key, iterations) => {
          let expected = createHash(nodeName).update(message).digest();
          for (let i = 1; i < iterations; i++) expected = createHash(nodeName).update(expected).digest();
          expect(toHex(chain(message, iterations))).toBe(expected.toString('hex'));
          expect(toHex(mac(key, message))).toBe(createHmac(nodeName, key).update(message).digest('hex'));
        },
      ),
      { seed: 12 },
    );
  });
});

describe('PBKDF1', () => {
  it('meets the vector of a genuine key file', () => {
    const { password, saltHex, iterations, dkHex, keyHex, ivHex } = seedVector!;
    const derived = pbkdf1Sha1(utf8(password), fromHex(saltHex), iterations);
    expect(toHex(derived)).toBe(dkHex);
    expect(toHex(derived.subarray(0, 16))).toBe(keyHex);
    expect(toHex(sha1(derived.subarray(16)).subarray(0, 16))).toBe(ivHex);
  });

  it('meets a vector of wide use', () => {
    expect(toHex(pbkdf1Sha1(utf8('password'), fromHex('78578e5a5d63cb06'), 1000).subarray(0, 16))).toBe('dc19847e05c64d2faf10ebfb4a3d2a20');
  });

  it('is the hash of the hash, as often as asked', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 150 }),
        fc.uint8Array({ maxLength: 64 }),
        fc.integer({ min: 1, max: 20 }),
        (password, salt, iterations) => {
          let expected = createHash('sha1').update(password).update(salt).digest();
          for (let i = 1; i < iterations; i++) expected = createHash('sha1').update(expected).digest();
          expect(toHex(pbkdf1Sha1(password, salt, iterations))).toBe(expected.toString('hex'));
        },
      ),
      { seed: 10 },
    );
  });
});

describe('E3: PBKDF2', () => {
  it('of WebCrypto meets the vector of a genuine header', async () => {
    const { password, saltHex, iterations, keyHex } = pbes2Vector!;
    const key = await crypto.subtle.importKey('raw', utf8(password), 'PBKDF2', false, ['deriveBits']);
    const bits = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-1', salt: fromHex(saltHex), iterations }, key, 128);
    expect(toHex(new Uint8Array(bits))).toBe(keyHex);
  });

  it('with HMAC-SHA-224 agrees with Node, long passwords and many blocks included', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 150 }),
        fc.uint8Array({ maxLength: 80 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 100 }),
        (password, salt, iterations, length) => {
          const expected = pbkdf2Sync(password, salt, iterations, length, 'sha224').toString('hex');
          expect(toHex(pbkdf2Sha224(password, salt, iterations, length))).toBe(expected);
        },
      ),
      { seed: 11 },
    );
  });
});

describe('the derivation of PKCS#12', () => {
  it('writes passwords as UTF-16 with two zero octets behind them', () => {
    expect(toHex(pkcs12Password('Aa'))).toBe('004100610000');
    expect(toHex(pkcs12Password('도장'))).toBe('b3c4c7a50000');
    expect(toHex(pkcs12Password(''))).toBe('0000');
  });

  it.each([
    ['key', PKCS12_PURPOSE.key, 'smeg', '0a58cf64530d823f', 1, 24, '8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3'],
    ['iv', PKCS12_PURPOSE.iv, 'smeg', '0a58cf64530d823f', 1, 8, '79993dfe048d3b76'],
    ['key', PKCS12_PURPOSE.key, 'queeg', '05dec959acff72f7', 1000, 24, 'ed2034e36328830ff09df1e1a07dd357185dac0d4f9eb3d4'],
    ['iv', PKCS12_PURPOSE.iv, 'queeg', '05dec959acff72f7', 1000, 8, '11dedad7758d4860'],
    ['mac', PKCS12_PURPOSE.mac, 'smeg', '3d83c0e4546ac140', 1, 20, '8d967d88f6caa9d714800ab3d48051d63f73a312'],
  ])('meets the published vectors: %s of purpose %i', (_, purpose, password, salt, iterations, length, expected) => {
    const derivation = { hash: 'SHA-1', salt: fromHex(salt), iterations } as const;
    expect(toHex(pkcs12Derive(purpose, pkcs12Password(password), derivation, length))).toBe(expected);
  });

  it.each([
    ['ge@äheim', '0102030405060708', 100, '136355ed9434516682534f46d63956db5ff06b844702c2c1f3b46321e2524a4d'],
    ['123456', 'e241f01650dbeae4', 2048, '721259f14aad70b58839f71566b433da1b8ad08f650f4d02faaa0b9b095bb51d'],
  ])('meets the vectors that other programs publish for SHA-256: %s', (password, salt, iterations, expected) => {
    const derivation = { hash: 'SHA-256', salt: fromHex(salt), iterations } as const;
    expect(toHex(pkcs12Derive(PKCS12_PURPOSE.mac, pkcs12Password(password), derivation, 32))).toBe(expected);
  });

  it('takes salts and passwords of any length, none included', () => {
    const derivation = { hash: 'SHA-512', salt: fromHex('00'), iterations: 1 } as const;
    const lengths = [0, 1, 64, 127, 128, 129, 300];
    const derived = lengths.map((length) => toHex(pkcs12Derive(PKCS12_PURPOSE.key, new Uint8Array(length), derivation, 200)));
    expect(derived.every((hex) => hex.length === 400)).toBe(true);
    // Nothing, one block, two and three: zeros are repeated up to whole blocks.
    expect(new Set(derived).size).toBe(4);
  });
});
