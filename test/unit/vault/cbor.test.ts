import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex } from '../../../lib/bytes/hex.ts';
import { errorCode } from '../../../lib/errors.ts';
import { readAttestationObject, readAuthenticatorData } from '../../../lib/vault/authenticator-data.ts';
import { readCborItem, readCborMap, type Cbor } from '../../../lib/vault/cbor.ts';
import { readCoseKey } from '../../../lib/vault/cose-key.ts';
import { ecdsaPair } from '../../../lib/vault/ecdsa-signature.ts';
import { cbor } from './authenticator.ts';

const read = (hex: string): Cbor => {
  const { value, size } = readCborItem(fromHex(hex));
  expect(size).toBe(hex.length / 2);
  return value;
};

function codeOf(act: () => unknown): string {
  try {
    act();
    return 'read';
  } catch (thrown) {
    return errorCode(thrown);
  }
}

describe('CBOR', () => {
  test.each<[string, Cbor]>([
    // RFC 8949, appendix A.
    ['00', 0],
    ['17', 23],
    ['1818', 24],
    ['18ff', 255],
    ['190100', 256],
    ['1903e8', 1_000],
    ['1a000f4240', 1_000_000],
    ['1b000000e8d4a51000', 1_000_000_000_000],
    ['20', -1],
    ['3903e7', -1_000],
    ['f4', false],
    ['f5', true],
    ['f6', null],
    ['40', new Uint8Array(0)],
    ['4401020304', new Uint8Array([1, 2, 3, 4])],
    ['60', ''],
    ['6449455446', 'IETF'],
    ['63e6b0b4', '水'],
    ['80', []],
    ['8301820203820405', [1, [2, 3], [4, 5]]],
    ['a0', new Map()],
    [
      'a201020304',
      new Map([
        [1, 2],
        [3, 4],
      ]),
    ],
    ['826161a161626163', ['a', new Map([['b', 'c']])]],
  ])('%s is read', (hex, value) => {
    expect(read(hex)).toEqual(value);
  });

  test.each([
    ['nothing', ''],
    ['a length that is cut', '19'],
    ['a text longer than what is there', '6449455'.padEnd(8, '0')],
    ['octets of 2^53 - 1', '5b001fffffffffffff'],
    ['a number above 2^53', '1bffffffffffffffff'],
    ['24 in two octets too many', '190018'],
    ['23 in one octet too many', '1817'],
    ['an indefinite length', '9f0102ff'],
    ['indefinite octets', '5f42010243030405ff'],
    ['a tag', 'c074323031332d30332d32315432303a30343a30305a'],
    ['a float', 'fb3ff199999999999a'],
    ['undefined', 'f7'],
    ['a key twice', 'a201020103'],
    ['a list as key', 'a1800'.padEnd(6, '0')],
    ['bad UTF-8', '61ff'],
    ['five lists in one another', '818181818180'],
    ['a list of 2^32 - 1', '9affffffff'],
    ['a map of 65', `b841${'00'.repeat(10)}`],
  ])('%s is refused', (_, hex) => {
    expect(codeOf(() => readCborItem(fromHex(hex)))).toBe('vault.damaged');
  });

  test('a map with something after it is refused', () => {
    expect(codeOf(() => readCborMap(fromHex('a000')))).toBe('vault.damaged');
    expect(codeOf(() => readCborMap(fromHex('80')))).toBe('vault.damaged');
  });

  test('any octets are read or are damage, in bounded time, and what is read is its own shortest form', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
        const code = codeOf(() => {
          const { value, size } = readCborItem(octets);
          expect(cbor(value)).toEqual(new Uint8Array(octets.subarray(0, size)));
        });
        expect(['read', 'vault.damaged']).toContain(code);
        for (const reader of [readAttestationObject, readAuthenticatorData, readCoseKey]) {
          expect(['read', 'vault.damaged']).toContain(codeOf(() => reader(new Uint8Array(octets))));
        }
      }),
      { seed: 20261125, numRuns: 2_000 },
    );
  });
});

describe('the two numbers of an ECDSA signature', () => {
  const word = (octet: string): string => octet.repeat(32);
  test.each([
    ['of full length', `30440220${word('11')}0220${word('22')}`, word('11') + word('22')],
    ['with a sign octet', `3046022100${word('ff')}022100${word('80')}`, word('ff') + word('80')],
    ['short', '30060201050201 7f'.replace(' ', ''), `${'00'.repeat(31)}05${'00'.repeat(31)}7f`],
  ])('%s', (_, der, pair) => {
    expect(Buffer.from(ecdsaPair(fromHex(der)) ?? []).toString('hex')).toBe(pair);
  });

  test.each([
    ['nothing', ''],
    ['no sequence', '3106020105020105'],
    ['a length too long', '3007020105020105'],
    ['a length too short', '3005020105020105'],
    ['something after it', '300602010502010500'],
    ['one number', '3003020105'],
    ['a negative number', '3006020185020105'],
    ['a zero octet too many', '300702020005020105'],
    ['an empty number', '300502000201 05'.replace(' ', '')],
    ['33 octets', `30470221${'01'.repeat(33)}0222${'00'.repeat(34)}`],
  ])('%s is none', (_, der) => {
    expect(ecdsaPair(fromHex(der))).toBe(null);
  });
});
