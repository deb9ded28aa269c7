import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { fromHex, toHex } from '../../../lib/bytes/hex.ts';
import { readContainer, writeContainer, type ItemContent } from '../../../lib/vault/container.ts';
import { codeOf } from './support.ts';

const bytes = (...octets: number[]): Bytes => new Uint8Array(octets);
const FULL: ItemContent = {
  meta: { a: 1 },
  signCertificate: bytes(2),
  kmCertificate: bytes(3, 3),
  chain: [bytes(4), bytes()],
  sealedSignKey: bytes(5),
  sealedKmKey: bytes(6),
};
const FULL_HEX = '01 0100000007 7b2261223a317d 0200000001 02 0300000002 0303 0400000001 04 0400000000 0500000001 05 0600000001 06'.replaceAll(
  ' ',
  '',
);
const META = '010100000007' + '7b2261223a317d';

const read = (hex: string): Promise<ItemContent> => new Promise((resolve) => resolve(readContainer(fromHex(hex.replaceAll(' ', '')))));

describe('an item container', () => {
  test('has its version, then parts with tag and length', () => {
    expect(toHex(writeContainer(FULL))).toBe(FULL_HEX);
  });

  test('reads back', async () => {
    expect(await read(FULL_HEX)).toEqual(FULL);
  });

  test('needs the meta part alone', async () => {
    const bare = { meta: { a: 1 }, signCertificate: null, kmCertificate: null, chain: [], sealedSignKey: null, sealedKmKey: null };
    expect(await read(META)).toEqual(bare);
  });

  test('holds four chain certificates', async () => {
    expect((await read(META + '0400000000'.repeat(4))).chain).toHaveLength(4);
  });

  test.each([
    ['nothing', ''],
    ['version 2', '02' + META.slice(2)],
    ['no meta', '01 0200000001 02'],
    ['the version alone', '01'],
    ['a part cut in its header', `${META} 020000`],
    ['a part cut in its value', `${META} 0200000002 02`],
    ['a length of 2^32-1', `${META} 02ffffffff 02`],
    ['an octet after the last part', `${META} 00`],
    ['tag 0', `${META} 0000000000`],
    ['tag 7', `${META} 0700000000`],
    ['parts out of order', `${META} 0300000000 0200000000`],
    ['the signing certificate twice', `${META} 0200000000 0200000000`],
    ['the meta twice', META + META.slice(2)],
    ['a key twice', `${META} 0500000000 0500000000`],
    ['five chain certificates', META + '0400000000'.repeat(5)],
    ['meta that is no JSON', '01 0100000001 7b'],
    ['meta that is a list', '01 0100000002 5b5d'],
    ['meta that is null', '01 0100000004 6e756c6c'],
    ['meta that is a text', '01 0100000002 2222'],
    ['meta in invalid UTF-8', '01 0100000002 ff7d'],
  ])('refuses %s', async (_, hex) => {
    expect(await codeOf(read(hex))).toBe('vault.damaged');
  });

  test('survives any octets with our code alone, and gives back whatever it took', () => {
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc.tuple(fc.uint8Array({ maxLength: 20 }), fc.nat(60)).map(([noise, at]) => {
        const octets = fromHex(FULL_HEX);
        octets.set(noise.subarray(0, Math.max(0, octets.length - at)), Math.min(at, octets.length));
        return octets;
      }),
    );
    fc.assert(
      fc.property(hostile, (octets) => {
        try {
          const content = readContainer(new Uint8Array(octets));
          expect(readContainer(writeContainer(content))).toEqual(content);
        } catch (thrown) {
          expect(thrown).toMatchObject({ name: 'WalletError', code: 'vault.damaged' });
        }
      }),
      { seed: 11, numRuns: 2_000 },
    );
  });

  test('a __proto__ in the meta stays an own key', () => {
    const { meta } = readContainer(writeContainer({ ...FULL, meta: JSON.parse('{"__proto__":{"polluted":1}}') as object }));
    expect(Object.keys(meta)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
