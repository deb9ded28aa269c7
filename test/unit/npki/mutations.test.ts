import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, type Bytes } from '../../../lib/bytes/bytes.ts';
import { fromHex } from '../../../lib/bytes/hex.ts';
import { WalletError } from '../../../lib/errors.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { certificateFacts } from '../../../lib/npki/facts.ts';
import { findIdentities } from '../../../lib/npki/folder.ts';
import { nameText } from '../../../lib/npki/name.ts';
import { openPrivateKey } from '../../../lib/npki/private-key.ts';
import { readPrivateKeyInfo } from '../../../lib/npki/private-key-info.ts';
import { writePrivateKey } from '../../../lib/npki/write-private-key.ts';
import { onlyIdentities } from '../../support/found.ts';
import { fixture, identityFile, readFixture } from '../../support/npki-fixtures.ts';

const CERTIFICATE = readFixture('yessign-test', 'signCert.der');
const PLAIN = readFixture('yessign-test', 'plain-privatekeyinfo-with-R.der');
const CA_PUBS = identityFile(fixture('personal-bank-sha1seed'), 'CaPubs');
/** Few rounds, so that thousands of tries stay short. */
const KEY = await writePrivateKey(PLAIN, 'pw', { random: () => fromHex('0102030405060708'), iterations: 1 });

type Mutation =
  | { readonly kind: 'set' | 'insert'; readonly at: number; readonly octet: number }
  | { readonly kind: 'cut' | 'drop'; readonly at: number; readonly count: number };

/** Most changes are near the front, where the structure of a key file is. */
function mutations(length: number): fc.Arbitrary<readonly Mutation[]> {
  const at = fc.oneof(fc.nat({ max: length - 1 }), fc.nat({ max: 80 }));
  const octet = fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(0, 1, 0x7f, 0x80, 0x81, 0x84, 0xff, 0x30, 0x31, 0x02, 0x04));
  const mutation = fc.oneof(
    fc.record({ kind: fc.constantFrom('set' as const, 'insert' as const), at, octet }),
    fc.record({ kind: fc.constantFrom('cut' as const, 'drop' as const), at, count: fc.integer({ min: 1, max: 64 }) }),
  );
  return fc.array(mutation, { minLength: 1, maxLength: 4 });
}

function mutate(bytes: Bytes, changes: readonly Mutation[]): Bytes {
  let result = bytes.slice();
  for (const change of changes) {
    const at = Math.min(change.at, result.length);
    if (change.kind === 'set' && at < result.length) result[at] = change.octet;
    else if (change.kind === 'insert') result = concat(result.subarray(0, at), Uint8Array.of(change.octet), result.subarray(at));
    else if (change.kind === 'cut') result = result.slice(0, at);
    else if (change.kind === 'drop') result = concat(result.subarray(0, at), result.subarray(at + change.count));
  }
  return result;
}

/** Whatever is thrown is ours, and is none of the codes that would blame us. */
function expectOurs(thrown: unknown): void {
  expect(thrown).toBeInstanceOf(WalletError);
  expect((thrown as WalletError).code).toMatch(/^(file|password)\./);
}

describe('mutated files are read, or refused with a code of ours', () => {
  it('certificates', () => {
    fc.assert(
      fc.property(mutations(CERTIFICATE.length), (changes) => {
        try {
          const certificate = readCertificate(mutate(CERTIFICATE, changes));
          expect(certificateFacts(certificate, '').holder.length).toBeLessThanOrEqual(100);
          expect(nameText(certificate.subject).length).toBeGreaterThan(0);
        } catch (thrown) {
          expectOurs(thrown);
        }
      }),
      { seed: 20, numRuns: 6_000 },
    );
  });

  it('key files', async () => {
    await fc.assert(
      fc.asyncProperty(mutations(KEY.length), async (changes) => {
        const file = mutate(KEY, changes);
        // What remains of the count may be large and still allowed; those would only be slow.
        fc.pre(!hasManyRounds(file));
        try {
          expect((await openPrivateKey(file, 'pw')).modulus.length).toBeGreaterThan(0);
        } catch (thrown) {
          expectOurs(thrown);
        }
      }),
      { seed: 21, numRuns: 6_000 },
    );
  });

  it('keys in the clear', () => {
    fc.assert(
      fc.property(mutations(PLAIN.length), (changes) => {
        try {
          expect(readPrivateKeyInfo(mutate(PLAIN, changes)).modulus.length).toBeGreaterThan(0);
        } catch (thrown) {
          expectOurs(thrown);
        }
      }),
      { seed: 22, numRuns: 6_000 },
    );
  });

  it('whole folders, which never throw', () => {
    fc.assert(
      fc.property(mutations(CERTIFICATE.length), mutations(KEY.length), mutations(CA_PUBS.length), (first, second, third) => {
        const files = [
          { path: 'a/signCert.der', bytes: mutate(CERTIFICATE, first) },
          { path: 'a/signPri.key', bytes: mutate(KEY, second) },
          { path: 'a/CaPubs', bytes: mutate(CA_PUBS, third) },
        ];
        const found = onlyIdentities(findIdentities(files));
        expect(found.length).toBeGreaterThanOrEqual(1);
        for (const { refusal } of found) expect(refusal?.code ?? 'file.').toMatch(/^file\./);
      }),
      { seed: 23, numRuns: 3_000 },
    );
  });

  it('any octets under any name', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ path: fc.string({ maxLength: 30 }), bytes: fc.uint8Array({ maxLength: 60 }) }), { maxLength: 5 }), (files) => {
        expect(onlyIdentities(findIdentities(files)).every(({ refusal }) => refusal !== null)).toBe(true);
      }),
      { seed: 24, numRuns: 2_000 },
    );
  });
});

/** The count of rounds sits at a fixed place unless the front changed; the pattern `02 03` or `02 04` there means many. */
function hasManyRounds(file: Bytes): boolean {
  const front = Buffer.from(file.subarray(0, 60));
  return [3, 4].some((length) => front.includes(Buffer.of(0x02, length)));
}
