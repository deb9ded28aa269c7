import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../lib/bytes/hex.ts';
import { findIdentities, type FoundIdentity } from '../../../lib/npki/folder.ts';
import { openIdentity, openKm, openSign } from '../../../lib/npki/open-identity.ts';
import { writePrivateKey } from '../../../lib/npki/write-private-key.ts';
import { onlyIdentities } from '../../support/found.ts';
import { codeOf, filesBelow, fixture, identityFile, MANIFEST } from '../../support/npki-fixtures.ts';

const HONG = fixture('personal-bank-sha1seed');
const all = onlyIdentities([...findIdentities(filesBelow('npki', 'NPKI')), ...findIdentities(filesBelow('npki', 'NPKI-renewed'))]);
const bad = onlyIdentities(findIdentities(filesBelow('npki', 'bad')));

function foundOf(serialHex: string): FoundIdentity {
  const found = all.find(({ sign }) => sign?.certificate.serialHex === serialHex);
  if (!found) throw new Error(serialHex);
  return found;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('opening an identity', () => {
  it.each(MANIFEST.identities)('$id opens with its password, both pairs', async (identity) => {
    const { sign, km, kmProblem } = await openIdentity(foundOf(identity.serialHex), identity.password);
    expect(sign && sha256(sign.key.privateKeyInfo)).toBe(identity.privateKeyInfoSha256);
    expect(sign?.key.random ? toHex(sign.key.random) : null).toBe(identity.rHex ?? null);
    expect(km ? sha256(km.key.privateKeyInfo) : undefined).toBe(identity.km?.privateKeyInfoSha256);
    expect(kmProblem).toBeNull();
  });

  it('does not open with a wrong password', async () => {
    expect(await codeOf(() => openIdentity(foundOf(HONG.serialHex), HONG.wrongPassword))).toBe('password.wrong');
  });

  it('tells a key of another certificate', async () => {
    const mismatch = bad.find(({ path }) => path === 'mismatch')!;
    expect(await codeOf(() => openIdentity(mismatch, MANIFEST.badFilesPassword))).toBe('file.pair-mismatch');
    const bitflip = bad.find(({ path }) => path === 'bitflip')!;
    expect(await codeOf(() => openIdentity(bitflip, MANIFEST.badFilesPassword))).toBe('password.wrong');
  });

  it('is not possible where something was refused', async () => {
    const refused = bad.find(({ path }) => path === 'truncated')!;
    expect(await codeOf(() => openIdentity(refused, MANIFEST.badFilesPassword))).toBe('file.pair-missing');
  });
});

describe('a km pair with a password of its own', () => {
  async function withOtherKmPassword(): Promise<FoundIdentity> {
    const { km } = await openIdentity(foundOf(HONG.serialHex), HONG.password);
    const keyFile = await writePrivateKey(km!.key.privateKeyInfo, 'Other!2026pw', { random: () => fromHex('0001020304050607'), iterations: 4 });
    const folder = { 'signCert.der': identityFile(HONG, 'signCert.der'), 'signPri.key': identityFile(HONG, 'signPri.key') };
    const files = { ...folder, 'kmCert.der': identityFile(HONG, 'kmCert.der'), 'kmPri.key': keyFile };
    const [found] = onlyIdentities(findIdentities(Object.entries(files).map(([path, bytes]) => ({ path, bytes }))));
    return found!;
  }

  it('does not hold up the sign pair, and opens by itself', async () => {
    const found = await withOtherKmPassword();
    const { sign, km, kmProblem } = await openIdentity(found, HONG.password);
    expect(sign).not.toBeNull();
    expect(km).toBeNull();
    expect(kmProblem).toBe('password.wrong');
    expect((await openKm(found, 'Other!2026pw')).certificate.serialHex).toBe(HONG.km?.serialHex);
  });

  it('does not stand in for the sign pair', async () => {
    expect(await codeOf(async () => openIdentity(await withOtherKmPassword(), 'Other!2026pw'))).toBe('password.wrong');
  });

  it('is told from a damaged one', async () => {
    const found = await withOtherKmPassword();
    const swapped = { ...found, km: { certificate: found.sign!.certificate, keyFile: found.km!.keyFile, plain: false } };
    const { sign, kmProblem } = await openIdentity({ ...swapped, sign: found.sign }, HONG.password);
    expect([sign !== null, kmProblem]).toEqual([true, 'password.wrong']);
    expect(await codeOf(() => openKm(swapped, 'Other!2026pw'))).toBe('file.pair-mismatch');
  });

  it('opens where it is all there is', async () => {
    const only = { ...(await withOtherKmPassword()), sign: null };
    expect((await openIdentity(only, 'Other!2026pw')).km?.key.random).toBeNull();
    expect(await codeOf(() => openIdentity(only, HONG.password))).toBe('password.wrong');
    expect(await codeOf(() => openSign(only, HONG.password))).toBe('file.pair-missing');
  });
});
