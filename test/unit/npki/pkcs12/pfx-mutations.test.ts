import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as write from '../../../../lib/asn1/writer.ts';
import { concat, type Bytes } from '../../../../lib/bytes/bytes.ts';
import { errorCode, WalletError } from '../../../../lib/errors.ts';
import { readCertificate } from '../../../../lib/npki/certificate.ts';
import { OID } from '../../../../lib/npki/oids.ts';
import { openPfx, readPfx } from '../../../../lib/npki/pkcs12/open-pfx.ts';
import { PfxBounds } from '../../../../lib/npki/pkcs12/pfx-bounds.ts';
import { collectBags, noBags } from '../../../../lib/npki/pkcs12/read-bags.ts';
import { readContainer } from '../../../../lib/npki/pkcs12/read-container.ts';
import { writePfx } from '../../../../lib/npki/pkcs12/write-pfx.ts';
import { readFixture } from '../../../support/npki-fixtures.ts';
import * as shape from '../../../support/pfx-shapes.ts';

const { PFX_PASSWORD } = shape;
const PLAIN = readFixture('yessign-test', 'plain-privatekeyinfo-with-R.der');
const CERTIFICATE = readFixture('yessign-test', 'signCert.der');

/** Files of one round, without a MAC where changes are to get through to what is inside. */
const SHROUDED = shape.shroudedBag(shape.pbe(OID.pkcs12TripleDes), shape.withTripleDes(PLAIN));
const CONTENTS = write.sequence(shape.nestedBag(shape.certificateBag(CERTIFICATE)), SHROUDED);
const ENCRYPTED = shape.encryptedSafe(shape.pbe(OID.pkcs12TripleDes), shape.withTripleDes(CONTENTS));
const IDENTITY = { name: '홍길동', sign: { certificate: readCertificate(CERTIFICATE), privateKeyInfo: PLAIN }, km: null, chain: [] };
const random = (length: number): Bytes => new Uint8Array(length).fill(7);

const FILES: readonly (readonly [string, Bytes])[] = [
  ['DER without a MAC', shape.pfxFile([shape.dataSafe(CONTENTS)], { mac: null })],
  ['BER without a MAC', shape.pfxFile([shape.dataSafe(CONTENTS)], { mac: null, ber: true })],
  ['encrypted contents without a MAC', shape.pfxFile([ENCRYPTED], { mac: null })],
  ['BER with a MAC', shape.pfxFile([ENCRYPTED, shape.dataSafe(CONTENTS)], { ber: true })],
  ['a file of ours, legacy', await writePfx([IDENTITY], PFX_PASSWORD, { form: 'legacy', random, iterations: { bags: 1, mac: 1 } })],
  ['a file of ours, modern', await writePfx([IDENTITY], PFX_PASSWORD, { form: 'modern', random, iterations: { bags: 1, mac: 1 } })],
];

type Change = readonly ['set' | 'insert' | 'drop' | 'cut' | 'double', number, number];

/** Most changes are near the front and near the back, where the structure is. */
function changes(length: number): fc.Arbitrary<readonly Change[]> {
  const at = fc.oneof(
    fc.nat({ max: length - 1 }),
    fc.nat({ max: 120 }),
    fc.nat({ max: 160 }).map((back) => Math.max(0, length - 1 - back)),
  );
  const value = fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(0, 1, 0x7f, 0x80, 0x84, 0xff, 0x30, 0x24, 0x04, 0xa0));
  const kind = fc.constantFrom('set' as const, 'set' as const, 'insert' as const, 'drop' as const, 'cut' as const, 'double' as const);
  return fc.array(fc.tuple(kind, at, value), { minLength: 1, maxLength: 4 });
}

function changed(bytes: Bytes, list: readonly Change[]): Bytes {
  let result = bytes.slice();
  for (const [kind, wanted, value] of list) {
    const at = Math.min(wanted, result.length);
    const count = 1 + (value & 63);
    if (kind === 'set' && at < result.length) result[at] = value;
    else if (kind === 'insert') result = concat(result.subarray(0, at), Uint8Array.of(value), result.subarray(at));
    else if (kind === 'drop') result = concat(result.subarray(0, at), result.subarray(at + count));
    else if (kind === 'double') result = concat(result.subarray(0, at + count), result.subarray(at));
    else if (kind === 'cut') result = result.slice(0, at);
  }
  return result;
}

/** Counts that stay within the limits and would only be slow. */
function isSlow(file: Bytes): boolean {
  try {
    const bounds = new PfxBounds();
    const { plain, sealed, mac } = readContainer(file, bounds);
    const bags = noBags();
    for (const contents of plain) collectBags(contents, bags, bounds);
    const derivations = [...sealed, ...bags.sealedKeys].map(({ encryption }) => encryption.iterations);
    return Math.max(mac?.iterations ?? 0, ...derivations) > 1000;
  } catch {
    return false;
  }
}

describe('mutated PKCS#12 files are opened, or refused with a code of ours', () => {
  it.each(FILES)('%s', async (_, original) => {
    expect((await openPfx(original, PFX_PASSWORD)).keys.map(({ privateKeyInfo }) => privateKeyInfo)).toContainEqual(PLAIN);
    const codes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(changes(original.length), async (list) => {
        const file = changed(original, list);
        fc.pre(!isSlow(file));
        try {
          readPfx(file);
          codes.add((await openPfx(file, PFX_PASSWORD)).keys.length > 0 ? 'opened' : 'empty');
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(WalletError);
          expect(errorCode(thrown)).toMatch(/^(file\.(unreadable|unsupported|hostile|too-large)|password\.wrong)$/);
          codes.add(errorCode(thrown));
        }
      }),
      { seed: 41, numRuns: 1_700 },
    );
    expect([...codes]).toEqual(expect.arrayContaining(['file.unreadable', 'password.wrong']));
  });

  it('with any octets behind a true beginning', async () => {
    const start = shape.pfxFile([], { mac: null }).subarray(0, 5);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (rest) => {
        await expect(openPfx(concat(start, rest), PFX_PASSWORD)).rejects.toBeInstanceOf(WalletError);
      }),
      { seed: 42, numRuns: 2_000 },
    );
  });
});

describe('one octet changed under a MAC', () => {
  it('never opens to another key or certificate', async () => {
    const original = FILES[4]![1];
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: original.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const file = original.slice();
        file[at] = (file[at] ?? 0) ^ flip;
        fc.pre(!isSlow(file));
        const opened = await openPfx(file, PFX_PASSWORD).catch((thrown: unknown) => errorCode(thrown));
        if (typeof opened === 'string') return;
        expect(opened.keys.map(({ privateKeyInfo }) => privateKeyInfo)).toEqual([PLAIN]);
        expect(opened.certificates.map(({ der }) => der)).toEqual([CERTIFICATE]);
      }),
      { seed: 43, numRuns: 1_500 },
    );
  });
});
