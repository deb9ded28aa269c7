import { describe, expect, it } from 'vitest';
import * as write from '../../../lib/asn1/writer.ts';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { fromHex, toHex } from '../../../lib/bytes/hex.ts';
import { OID } from '../../../lib/npki/oids.ts';
import { readPrivateKeyInfo, withRandom } from '../../../lib/npki/private-key-info.ts';
import { codeOf, readFixture } from '../../support/npki-fixtures.ts';

const WITH = readFixture('yessign-test', 'plain-privatekeyinfo-with-R.der');
const WITHOUT = readFixture('yessign-test', 'plain-privatekeyinfo-without-R.der');
const RANDOM = fromHex('7858b4328390805129f01c97fe6ca4a520cbd479');

function withAttributes(...attributes: readonly Bytes[]): Bytes {
  const tail = write.context(0, ...attributes);
  return write.element(0x30, WITHOUT.subarray(4), tail);
}

function attribute(oid: string, ...values: readonly Bytes[]): Bytes {
  return write.sequence(write.objectIdentifier(oid), write.setOf(...values));
}

describe('the random value R', () => {
  it('is read from the key, and null where the key has none', () => {
    expect(readPrivateKeyInfo(WITH).random).toEqual(RANDOM);
    expect(readPrivateKeyInfo(WITHOUT).random).toBeNull();
    expect(readPrivateKeyInfo(WITH).modulus).toEqual(readPrivateKeyInfo(WITHOUT).modulus);
  });

  it('is added as the genuine key has it', () => {
    expect(withRandom(WITHOUT, RANDOM)).toEqual(WITH);
  });

  it('is not added twice', async () => {
    expect(await codeOf(() => withRandom(WITH, RANDOM))).toBe('internal');
  });

  it.each([
    ['that begins with zeros', '00' + 'ab'.repeat(19)],
    ['that looks like an OCTET STRING', '0412' + 'cd'.repeat(18)],
    ['of zeros', '00'.repeat(20)],
    ['of 32 octets', 'ef'.repeat(32)],
  ])('%s keeps every octet', (_, hex) => {
    expect(toHex(readPrivateKeyInfo(withRandom(WITHOUT, fromHex(hex))).random ?? new Uint8Array(0))).toBe(hex);
  });

  it('is the first of its kind; other attributes are passed over', () => {
    const other = attribute('1.2.840.113549.1.9.20', write.octetString(Uint8Array.of(1)));
    const first = attribute(OID.randomNumber, write.bitString(RANDOM));
    const second = attribute(OID.randomNumber, write.bitString(new Uint8Array(20)));
    expect(readPrivateKeyInfo(withAttributes(other, first, second)).random).toEqual(RANDOM);
    expect(readPrivateKeyInfo(withAttributes(other)).random).toBeNull();
  });

  it('is refused with unused bits, and as another type', async () => {
    const odd = attribute(OID.randomNumber, write.bitString(Uint8Array.of(0xf0), 4));
    expect(await codeOf(() => readPrivateKeyInfo(withAttributes(odd)))).toBe('file.unsupported');
    const octets = attribute(OID.randomNumber, write.octetString(RANDOM));
    expect(await codeOf(() => readPrivateKeyInfo(withAttributes(octets)))).toBe('file.unreadable');
  });
});
