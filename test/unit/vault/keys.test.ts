import { hkdfSync } from 'node:crypto';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../../../lib/bytes/hex.ts';
import { deriveBytes, deriveCipher, importSecret, lp } from '../../../lib/vault/keys.ts';

// RFC 5869, appendix A.
const VECTORS = [
  {
    name: 'A.1 basic',
    ikm: '0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b',
    salt: '000102030405060708090a0b0c',
    info: 'f0f1f2f3f4f5f6f7f8f9',
    okm: '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
  },
  {
    name: 'A.2 longer inputs and outputs',
    ikm: '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f',
    salt: '606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf',
    info: 'b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff',
    okm: 'b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87',
  },
  {
    name: 'A.3 no salt, no info',
    ikm: '0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b',
    salt: '',
    info: '',
    okm: '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
  },
];

describe('E3: HKDF-SHA-256', () => {
  test.each(VECTORS)('gives the vector $name of RFC 5869', async ({ ikm, salt, info, okm }) => {
    const secret = await importSecret(fromHex(ikm));
    expect(toHex(await deriveBytes(secret, fromHex(salt), fromHex(info), okm.length / 2))).toBe(okm);
  });

  test.each(VECTORS)('is the same in WebCrypto, Node and @noble/hashes: $name', async ({ ikm, salt, info, okm }) => {
    const length = okm.length / 2;
    const ours = await deriveBytes(await importSecret(fromHex(ikm)), fromHex(salt), fromHex(info), length);
    expect(toHex(new Uint8Array(hkdfSync('sha256', fromHex(ikm), fromHex(salt), fromHex(info), length)))).toBe(toHex(ours));
    expect(toHex(hkdf(sha256, fromHex(ikm), fromHex(salt), fromHex(info), length))).toBe(toHex(ours));
  });

  test('a derived cipher never shows its octets', async () => {
    const key = await deriveCipher(await importSecret(new Uint8Array(32)), new Uint8Array(32), lp('x'));
    expect(key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
  });
});

describe('lp joins fields with their lengths', () => {
  test.each([
    ['nothing', [], ''],
    ['a text', ['djw1/head'], '0009646a77312f68656164'],
    ['a number as decimal text', [12], '00023132'],
    ['raw octets', [new Uint8Array([1, 2])], '00020102'],
    ['an empty field', ['', 'a'], '0000000161'],
    ['Hangul as UTF-8', ['가'], '0003eab080'],
    ['256 octets', [new Uint8Array(256)], `0100${'00'.repeat(256)}`],
  ] as const)('%s', (_, fields, hex) => {
    expect(toHex(lp(...fields))).toBe(hex);
  });

  test('so that a boundary cannot move', () => {
    expect(toHex(lp('ab', 'c'))).not.toBe(toHex(lp('a', 'bc')));
  });

  test('a field that does not fit its length is refused', () => {
    expect(() => lp(new Uint8Array(65_536))).toThrow('internal');
  });
});
