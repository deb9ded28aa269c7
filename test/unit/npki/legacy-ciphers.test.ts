import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../lib/bytes/hex.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { aes192CbcDecrypt, aes192Cipher } from '../../../lib/npki/legacy/aes192.ts';
import { cbcDecryptBlocks, cbcEncrypt, cbcEncryptBlocks, type BlockCipher } from '../../../lib/npki/legacy/cbc.ts';
import { rc2CbcDecrypt, rc2CbcEncrypt, rc2Cipher } from '../../../lib/npki/legacy/rc2.ts';
import { rc4 } from '../../../lib/npki/legacy/rc4.ts';
import { seedCbcDecrypt, seedCbcEncrypt, seedCipher } from '../../../lib/npki/legacy/seed.ts';
import { tripleDesCbcDecrypt, tripleDesCbcEncrypt, tripleDesCipher } from '../../../lib/npki/legacy/triple-des.ts';
import { readJson } from '../../support/npki-fixtures.ts';

interface SeedVector {
  readonly mode: 'ECB' | 'CBC-nopad' | 'CBC-pkcs7';
  readonly source: string;
  readonly key: string;
  readonly iv?: string;
  readonly plain: string;
  readonly cipher: string;
}

const SEED_VECTORS = readJson('seed-vectors', 'seed-vectors.json') as readonly SeedVector[];

function block(cipher: BlockCipher, direction: 'encryptBlock' | 'decryptBlock', hex: string): string {
  const data = fromHex(hex);
  cipher[direction](data, 0);
  return toHex(data);
}

describe('SEED-128', () => {
  it('has 279 published vectors to meet', () => {
    expect(SEED_VECTORS.length).toBe(279);
  });

  it('meets every vector of one block (RFC 4269 appendix B, KISA), both ways', () => {
    const wrong = SEED_VECTORS.filter(({ mode }) => mode === 'ECB').filter(({ key, plain, cipher }) => {
      const seed = seedCipher(fromHex(key));
      return block(seed, 'encryptBlock', plain) !== cipher || block(seed, 'decryptBlock', cipher) !== plain;
    });
    expect(wrong).toEqual([]);
  });

  it.each(SEED_VECTORS.filter(({ mode }) => mode === 'CBC-nopad'))(
    'meets the CBC vectors of RFC 4196: $cipher',
    ({ key, iv = '', plain, cipher }) => {
      expect(toHex(cbcEncryptBlocks(seedCipher(fromHex(key)), fromHex(iv), fromHex(plain)))).toBe(cipher);
      expect(toHex(cbcDecryptBlocks(seedCipher(fromHex(key)), fromHex(iv), fromHex(cipher)))).toBe(plain);
    },
  );

  it.each(SEED_VECTORS.filter(({ mode }) => mode === 'CBC-pkcs7'))('meets a padded vector: $cipher', ({ key, iv = '', plain, cipher }) => {
    expect(toHex(seedCbcEncrypt(fromHex(key), fromHex(iv), fromHex(plain)))).toBe(cipher);
    expect(seedCbcDecrypt(fromHex(key), fromHex(iv), fromHex(cipher))).toEqual(fromHex(plain));
  });

  it('leaves nothing of its round keys', () => {
    const seed = seedCipher(new Uint8Array(16).fill(1));
    const before = block(seed, 'encryptBlock', '00'.repeat(16));
    seed.wipe();
    expect(block(seed, 'encryptBlock', '00'.repeat(16))).not.toBe(before);
  });
});

describe('padding', () => {
  const key = new Uint8Array(16).fill(7);
  const iv = new Uint8Array(16);

  it('is added and taken off for any length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (plain) => {
        expect(seedCbcDecrypt(key, iv, seedCbcEncrypt(key, iv, plain))).toEqual(plain);
      }),
      { seed: 7 },
    );
  });

  it('is checked in all of its octets', () => {
    const seed = seedCipher(key);
    for (let pad = 1; pad <= 16; pad++) {
      for (let wrong = 0; wrong < pad; wrong++) {
        const block = new Uint8Array(16).fill(0xaa, 0, 16 - pad).fill(pad, 16 - pad);
        expect(seedCbcDecrypt(key, iv, cbcEncryptBlocks(seed, iv, block))?.length).toBe(16 - pad);
        block[15 - wrong] = (block[15 - wrong] ?? 0) ^ 0x20;
        expect(seedCbcDecrypt(key, iv, cbcEncryptBlocks(seed, iv, block))).toBeNull();
      }
    }
  });

  it.each([0, 17, 255])('of %i is none', (last) => {
    const block = new Uint8Array(16).fill(last);
    expect(seedCbcDecrypt(key, iv, cbcEncryptBlocks(seedCipher(key), iv, block))).toBeNull();
  });

  it('is missing where there is nothing', () => {
    expect(seedCbcDecrypt(key, iv, new Uint8Array(0))).toBeNull();
  });

  it('works on whole blocks and IVs of one block only', () => {
    expect(() => seedCbcDecrypt(key, iv, new Uint8Array(15))).toThrow(RangeError);
    expect(() => seedCbcDecrypt(key, new Uint8Array(8), new Uint8Array(16))).toThrow(RangeError);
    expect(() => seedCbcDecrypt(new Uint8Array(15), iv, new Uint8Array(16))).toThrow(RangeError);
  });
});

describe('triple DES', () => {
  it('meets the vector of NIST SP 800-67 appendix B', () => {
    const cipher = tripleDesCipher(fromHex('0123456789abcdef23456789abcdef01456789abcdef0123'));
    const plain = utf8('The qufck brown fox jump');
    const expected = 'a826fd8ce53b855fcce21c8112256fe668d5c05dd9b6b900';
    for (let at = 0; at < plain.length; at += 8) cipher.encryptBlock(plain, at);
    expect(toHex(plain)).toBe(expected);
    for (let at = 0; at < plain.length; at += 8) cipher.decryptBlock(plain, at);
    expect(plain).toEqual(utf8('The qufck brown fox jump'));
  });

  it('agrees with an independent implementation, CBC and padding included', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 24, maxLength: 24 }),
        fc.uint8Array({ minLength: 8, maxLength: 8 }),
        fc.uint8Array({ maxLength: 80 }),
        (key, iv, plain) => {
          const other = createCipheriv('des-ede3-cbc', key, iv);
          const expected = Uint8Array.from(Buffer.concat([other.update(plain), other.final()]));
          expect(tripleDesCbcEncrypt(key, iv, plain)).toEqual(expected);
          expect(tripleDesCbcDecrypt(key, iv, expected)).toEqual(plain);
        },
      ),
      { seed: 8 },
    );
  });
});

describe('RC2', () => {
  it.each([
    ['0000000000000000', 63, '0000000000000000', 'ebb773f993278eff'],
    ['ffffffffffffffff', 64, 'ffffffffffffffff', '278b27e42e2f0d49'],
    ['3000000000000000', 64, '1000000000000001', '30649edf9be7d2c2'],
    ['88', 64, '0000000000000000', '61a8a244adacccf0'],
    ['88bca90e90875a', 64, '0000000000000000', '6ccf4308974c267f'],
    ['88bca90e90875a7f0f79c384627bafb2', 64, '0000000000000000', '1a807d272bbe5db1'],
    ['88bca90e90875a7f0f79c384627bafb2', 128, '0000000000000000', '2269552ab0f85ca6'],
    ['88bca90e90875a7f0f79c384627bafb216f80a6f85920584c42fceb0be255daf1e', 129, '0000000000000000', '5b78d3a43dfff1f1'],
  ])('meets RFC 2268 5: key %s, %i bits of it', (key, bits, plain, cipher) => {
    expect(block(rc2Cipher(fromHex(key), bits), 'encryptBlock', plain)).toBe(cipher);
    expect(block(rc2Cipher(fromHex(key), bits), 'decryptBlock', cipher)).toBe(plain);
  });

  it('takes back what it made, of any length and under any key', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 128 }),
        fc.uint8Array({ minLength: 8, maxLength: 8 }),
        fc.uint8Array({ maxLength: 80 }),
        (key, iv, plain) => {
          expect(rc2CbcDecrypt(key, iv, rc2CbcEncrypt(key, iv, plain))).toEqual(plain);
        },
      ),
      { seed: 13 },
    );
  });

  it.each([0, 129])('has no keys of %i octets', (length) => {
    expect(() => rc2Cipher(new Uint8Array(length))).toThrow(RangeError);
  });
});

describe('RC4', () => {
  it.each([
    ['0102030405', 'b2396305f03dc027ccc3524a0a1118a8', '6982944f18fc82d589c403a47a0d0919', 'ff25b58995996707e51fbdf08b34d875'],
    ['0102030405060708090a0b0c0d0e0f10', '9ac7cc9a609d1ef7b2932899cde41b97', '5248c4959014126a6e8a84f11d1a9e1c', 'a36a4c301ae8ac13610ccbc12256cacc'],
  ])('meets RFC 6229 2: key %s, at octets 0, 16 and 4096', (key, first, second, late) => {
    const stream = toHex(rc4(fromHex(key), new Uint8Array(4112)));
    expect([stream.slice(0, 32), stream.slice(32, 64), stream.slice(-32)]).toEqual([first, second, late]);
  });

  it('is its own reverse', () => {
    const key = fromHex('0102030405');
    expect(rc4(key, rc4(key, utf8('도장')))).toEqual(utf8('도장'));
  });
});

describe('AES-192', () => {
  it('meets the vector of FIPS 197 appendix C.2', () => {
    const cipher = aes192Cipher(fromHex('000102030405060708090a0b0c0d0e0f1011121314151617'));
    expect(block(cipher, 'encryptBlock', '00112233445566778899aabbccddeeff')).toBe('dda97ca4864cdfe06eaf70a0ec0d7191');
    expect(block(cipher, 'decryptBlock', 'dda97ca4864cdfe06eaf70a0ec0d7191')).toBe('00112233445566778899aabbccddeeff');
  });

  it('agrees with WebCrypto of this platform, which has it where Chromium has not', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 24, maxLength: 24 }),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        fc.uint8Array({ maxLength: 80 }),
        async (key, iv, plain) => {
          const imported = await crypto.subtle.importKey('raw', key, 'AES-CBC', false, ['encrypt']);
          const expected = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, imported, plain));
          expect(cbcEncrypt(aes192Cipher(key), iv, plain)).toEqual(expected);
          expect(aes192CbcDecrypt(key, iv, expected)).toEqual(plain);
        },
      ),
      { seed: 9 },
    );
  });
});
