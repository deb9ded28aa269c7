import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../lib/bytes/hex.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { hashContent, isIdNumber, verifyIdentity, virtualId } from '../../../lib/npki/identity.ts';
import { codeOf, identityFile, MANIFEST, readFixture, readJson } from '../../support/npki-fixtures.ts';

interface VidVector {
  readonly idn: string;
  readonly rHex: string;
  readonly hash: 'sha1' | 'sha256';
  readonly hashContentHex: string;
  readonly vidHex: string;
}

const { vectors } = readJson('vid-vector', 'vid-vector.json') as { readonly vectors: readonly VidVector[] };

describe('the virtual identifier', () => {
  it.each(vectors)('meets the vector of $idn with $hash', async ({ idn, rHex, hash, hashContentHex, vidHex }) => {
    expect(toHex(hashContent(idn, fromHex(rHex)))).toBe(hashContentHex);
    expect(toHex(await virtualId(hash === 'sha1' ? 'SHA-1' : 'SHA-256', idn, fromHex(rHex)))).toBe(vidHex);
  });

  it.each(MANIFEST.identities.filter(({ rHex }) => rHex))('of $id is proven by R and the number, and by nothing else', async (identity) => {
    const certificate = readCertificate(identityFile(identity, 'signCert.der'));
    const random = fromHex(identity.rHex ?? '');
    const verify = (idNumber: string, r = random): Promise<boolean> => verifyIdentity({ certificate, random: r, idNumber });
    expect(await verify(identity.idn)).toBe(true);
    const last = Number(identity.idn.at(-1));
    expect(await verify(identity.idn.slice(0, -1) + String((last + 1) % 10))).toBe(false);
    const other = random.slice();
    other[19] = (other[19] ?? 0) ^ 1;
    expect(await verify(identity.idn, other)).toBe(false);
  });

  it('is never proven by a certificate that has none', async () => {
    const certificate = readCertificate(readFixture('ca-certs', 'yessignCA-Class3.der'));
    expect(await verifyIdentity({ certificate, random: new Uint8Array(20), idNumber: '1234561234567' })).toBe(false);
  });

  it('cannot be computed where the hash is not known', async () => {
    const certificate = readCertificate(readFixture('yessign-test', 'signCert.der'));
    const identity = { realName: 'HKD', vid: { hash: null, value: new Uint8Array(20) } };
    const claim = { certificate: { ...certificate, identity }, random: new Uint8Array(20), idNumber: '1234561234567' };
    expect(await codeOf(() => verifyIdentity(claim))).toBe('file.unsupported');
  });

  it.each(['', '123456789', '123456789012', '123456-1234567', '12345678901234', '１２３４５６７８９０', '12345678 0', '1234567890\n'])(
    'takes digits only, ten or thirteen: not %j',
    async (idNumber) => {
      expect(isIdNumber(idNumber)).toBe(false);
      const certificate = readCertificate(readFixture('yessign-test', 'signCert.der'));
      expect(await codeOf(() => verifyIdentity({ certificate, random: new Uint8Array(20), idNumber }))).toBe('request.malformed');
    },
  );
});
