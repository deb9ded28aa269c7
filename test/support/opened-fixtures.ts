/** Identities of the fixtures with their keys, as a wallet that imported them holds them. */
import { readCertificate, type Certificate } from '../../lib/npki/certificate.ts';
import { issuerChain } from '../../lib/npki/chain.ts';
import type { ExportIdentity, ExportPair } from '../../lib/npki/export-files.ts';
import { openPrivateKey } from '../../lib/npki/private-key.ts';
import { identityFile, MANIFEST, readFixture, type FixtureIdentity } from './npki-fixtures.ts';

const AUTHORITIES = ['root.der', 'root3072.der', 'yessign.der', 'yessign3072.der', 'KICA.der'].map((name) =>
  readCertificate(readFixture('npki', 'ca', name)),
);

export interface NamedIdentity extends ExportIdentity {
  readonly id: string;
  readonly sign: ExportPair;
  readonly holder: string;
  /** Null where the key carries none. */
  readonly rHex: string | null;
}

async function pairOf(identity: FixtureIdentity, slot: 'sign' | 'km'): Promise<ExportPair> {
  const { privateKeyInfo } = await openPrivateKey(identityFile(identity, `${slot}Pri.key`), identity.password);
  return { certificate: readCertificate(identityFile(identity, `${slot}Cert.der`)), privateKeyInfo };
}

function chainOf(certificate: Certificate): readonly Certificate[] {
  return issuerChain(certificate, AUTHORITIES);
}

export async function openFixture(identity: FixtureIdentity): Promise<NamedIdentity> {
  const sign = await pairOf(identity, 'sign');
  const km = identity.km ? await pairOf(identity, 'km') : null;
  return { id: identity.id, holder: identity.realName, rHex: identity.rHex ?? null, sign, km, chain: chainOf(sign.certificate) };
}

/** The 22 invented identities and the genuine test identity of yessign, which has no authorities here. */
export async function openFixtures(): Promise<readonly NamedIdentity[]> {
  const genuine = readCertificate(readFixture('yessign-test', 'signCert.der'));
  const privateKeyInfo = readFixture('yessign-test', 'plain-privatekeyinfo-with-R.der');
  const yessign = { id: 'yessign-test', holder: 'HKD', rHex: '7858b4328390805129f01c97fe6ca4a520cbd479' };
  return [
    ...(await Promise.all(MANIFEST.identities.map(openFixture))),
    { ...yessign, sign: { certificate: genuine, privateKeyInfo }, km: null, chain: [] },
  ];
}
