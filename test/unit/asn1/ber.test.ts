import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBer, readBerPrefix } from '../../../lib/asn1/ber.ts';
import { octetString, readDer } from '../../../lib/asn1/reader.ts';
import * as write from '../../../lib/asn1/writer.ts';
import { concat, type Bytes } from '../../../lib/bytes/bytes.ts';
import { fromHex, toHex } from '../../../lib/bytes/hex.ts';
import { errorCode } from '../../../lib/errors.ts';
import { readFixture } from '../../support/npki-fixtures.ts';
import { toBer } from '../../support/pfx-shapes.ts';

function asDer(hex: string): string {
  try {
    return toHex(readBer(fromHex(hex.replaceAll(' ', ''))).raw);
  } catch (thrown) {
    return errorCode(thrown);
  }
}

function codeOf(bytes: Bytes): string {
  try {
    readBer(bytes);
    return 'none';
  } catch (thrown) {
    return errorCode(thrown);
  }
}

describe('BER becomes DER', () => {
  it.each([
    ['DER as it is', '30 03 020105', '3003020105'],
    ['an indefinite length', '30 80 020105 0000', '3003020105'],
    ['one within another', '30 80 30 80 020105 0000 0500 0000', '30073003020105' + '0500'],
    ['an indefinite length in a definite one', '30 07 30 80 020105 0000', '30053003020105'],
    ['a length that is not minimal', '30 81 03 020105', '3003020105'],
    ['a length of four octets', '04 84 00000001 aa', '0401aa'],
    ['octets in pieces', '24 80 0402aabb 0400 0401cc 0000', '0403aabbcc'],
    ['pieces of definite length', '24 07 0402aabb 0401cc', '0403aabbcc'],
    ['pieces of pieces', '24 80 24 80 0401aa 0401bb 0000 0401cc 0000', '0403aabbcc'],
    ['no pieces', '24 80 0000', '0400'],
    ['octets that look like an end', '30 80 0402 0000 0000', '300404020000'],
    ['an EXPLICIT tag', 'a0 80 0401aa 0000', 'a0030401aa'],
  ])('%s', (_, ber, expected) => {
    expect(asDer(ber)).toBe(expected);
  });

  it('keeps every DER file octet for octet', () => {
    for (const file of [
      readFixture('yessign-test', 'hkd.pfx'),
      readFixture('yessign-test', 'signCert.der'),
      readFixture('yessign-test', 'signPri.key'),
    ])
      expect(readBer(file).raw).toEqual(file);
  });

  it('gives one tree whatever way it was written', () => {
    const tree = fc.letrec<{ node: Bytes }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        fc.uint8Array({ maxLength: 300 }).map((octets) => write.octetString(octets)),
        fc.nat().map((value) => write.integer(value)),
        fc.array(tie('node'), { maxLength: 4 }).map((parts) => write.sequence(...parts)),
        fc.array(tie('node'), { maxLength: 3 }).map((parts) => write.context(3, ...parts)),
      ),
    })).node;
    fc.assert(
      fc.property(tree, (expected) => {
        expect(readBer(toBer(expected)).raw).toEqual(expected);
      }),
      { seed: 31, numRuns: 300 },
    );
  });

  it('says how much it took, and refuses more where it must be all', () => {
    const ber = fromHex('30800201050000ffff');
    expect(readBerPrefix(ber).length).toBe(7);
    expect(codeOf(ber)).toBe('file.unreadable');
  });

  it('shares no memory with what it read, so that it can be wiped', () => {
    const source = fromHex('3003020105');
    readBer(source).raw.fill(0);
    expect(toHex(source)).toBe('3003020105');
  });
});

describe('what is no BER, or asks too much', () => {
  it.each([
    ['nothing', ''],
    ['half a header', '30'],
    ['a missing end', '30 80 020105'],
    ['half an end', '30 80 020105 00'],
    ['an end that nobody asked for', '30 02 0000'],
    ['an end of its own', '00 00'],
    ['a primitive of indefinite length', '04 80 0000'],
    ['a length past the end', '30 05 020105'],
    ['a length past the end of what is around', '30 05 04 09 0102030405060708 09'],
    ['an end inside a definite element that is too short', '30 04 30 80 0500 0000'],
    ['a length of 2^31', '04 84 80000000 00'],
    ['a length of 2^64 - 1', '04 88 ffffffffffffffff 00'],
    ['a length in 126 octets', '04 fe' + '00'.repeat(126)],
    ['a high tag number', '1f 81 01 00'],
    ['numbers as pieces of octets', '24 80 020105 0000'],
  ])('%s', (_, hex) => {
    expect(asDer(hex)).toBe('file.unreadable');
  });

  it.each([31, 32])('reads elements in %i others', (depth) => {
    expect(codeOf(fromHex('3080'.repeat(depth) + '0000'.repeat(depth)))).toBe('none');
  });

  it.each([33, 100, 2_500, 100_000])('refuses %i levels, definite or not, without exhausting the stack', (depth) => {
    expect(codeOf(fromHex('3080'.repeat(depth) + '0000'.repeat(depth)))).toBe('file.hostile');
    expect(codeOf(fromHex('2480'.repeat(depth) + '0000'.repeat(depth)))).toBe('file.hostile');
    expect(codeOf(fromHex('3080'.repeat(depth)))).toMatch(/^file\./);
  });

  it('refuses a depth of definite lengths', () => {
    let bytes: Bytes = new Uint8Array(0);
    for (let i = 0; i < 40; i++) bytes = write.sequence(bytes);
    expect(codeOf(bytes)).toBe('file.hostile');
  });

  it('refuses two million NULLs', () => {
    const nulls = new Uint8Array(4_000_000).map((_, i) => (i % 2 === 0 ? 5 : 0));
    expect(codeOf(concat(Uint8Array.of(0x30, 0x80), nulls, Uint8Array.of(0, 0)))).toBe('file.hostile');
    expect(codeOf(write.sequence(nulls))).toBe('file.hostile');
  });

  it('is left to PKCS#12: the strict reader takes none of it', () => {
    for (const hex of ['30800201050000', '308103020105', '24800401aa0000']) expect(() => readDer(fromHex(hex))).toThrow();
    expect(() => octetString(readDer(fromHex('24070402aabb0401cc')))).toThrow();
  });
});
