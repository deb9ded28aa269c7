import { describe, expect, it } from 'vitest';
import * as write from '../../../lib/asn1/writer.ts';
import { toHex } from '../../../lib/bytes/hex.ts';
import { codeOf } from '../../support/npki-fixtures.ts';

describe('the DER writer', () => {
  it.each([
    [0, '0400'],
    [127, '047f'],
    [128, '048180'],
    [255, '0481ff'],
    [256, '04820100'],
    [65_536, '0483010000'],
  ])('writes a length of %i in the fewest octets', (length, header) => {
    expect(toHex(write.octetString(new Uint8Array(length)).subarray(0, header.length / 2))).toBe(header);
  });

  it.each([
    [Uint8Array.of(), '020100'],
    [Uint8Array.of(0, 0), '020100'],
    [Uint8Array.of(0x7f), '02017f'],
    [Uint8Array.of(0x80), '02020080'],
    [Uint8Array.of(0, 0, 0x80, 1), '0203008001'],
  ])('writes the magnitude %o as a positive INTEGER', (magnitude, hex) => {
    expect(toHex(write.integer(magnitude))).toBe(hex);
  });

  it('puts the elements of a SET OF in order', () => {
    const parts = [write.integer(300), write.octetString(Uint8Array.of(1)), write.integer(5), write.integer(4)];
    expect(toHex(write.setOf(...parts))).toBe('310d' + '020104' + '020105' + '0202012c' + '040101');
  });

  it('writes strings, bits and tags', () => {
    expect(toHex(write.utf8String('홍'))).toBe('0c03ed998d');
    expect(toHex(write.printableString('kr'))).toBe('13026b72');
    expect(toHex(write.bitString(Uint8Array.of(0xc0), 6))).toBe('030206c0');
    expect(toHex(write.context(0, write.nullValue()))).toBe('a0020500');
    expect(toHex(write.boolean(true))).toBe('0101ff');
  });

  it.each([-1, 1.5, 2 ** 53, Number.NaN])('does not write %d as an INTEGER', async (value) => {
    expect(await codeOf(() => write.integer(value))).toBe('internal');
  });

  it.each(['', '1', '3.1', '1.-2', '1.2.x', '1.2.340282366920938463463374607431768211456'])(
    'does not write %j as an object identifier',
    async (dotted) => {
      expect(await codeOf(() => write.objectIdentifier(dotted))).toBe('internal');
    },
  );
});
