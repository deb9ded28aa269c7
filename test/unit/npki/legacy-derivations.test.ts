import { createHash, pbkdf2Sync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../lib/bytes/hex.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { pbkdf1Sha1 } from '../../../lib/npki/legacy/pbkdf1.ts';
import { PKCS12_PURPOSE, pkcs12Derive, pkcs12Password } from '../../../lib/npki/legacy/pkcs12-kdf.ts';
import { sha1 } from '../../../lib/npki/legacy/sha1.ts';
import { pbkdf2Sha224, sha224 } from '../../../lib/npki/legacy/sha224.ts';
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

describe('SHA-1 and SHA-224', () => {
  it.each([
    ['', 'da39a3ee5e6b4b0d3255bfef95601890afd80709', 'd14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f'],
    ['abc', 'a9993e364706816aba3e25717850c26c9cd0d89d', '23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '84983e441c3bd26ebaae4aa1f95129e5e54670f1',
      '75388b16512776cc5dba5da1fd890150b0c6455cb4f58b1952522525',
    ],
  ])('meet the FIPS 180 examples: %j', (message, first, second) => {
    expect(toHex(sha1(utf8(message)))).toBe(first);
    expect(toHex(sha224(utf8(message)))).toBe(second);
  });

  it('agree with Node around the block lengths', () => {
    for (let length = 0; length < 200; length++) {
      const message = new Uint8Array(length).map((_, i) => i * 31);
      expect(toHex(sha1(message))).toBe(createHash('sha1').update(message).digest('hex'));
      expect(toHex(sha224(message))).toBe(createHash('sha224').update(message).digest('hex'));
    }
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

describe('PBKDF2', () => {
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
    expect(toHex(pkcs12Derive(purpose, pkcs12Password(password), fromHex(salt), iterations, length))).toBe(expected);
  });
});
