/** One invented person's certificate that ends in twenty days, and the renewed one, each in a folder as banks write it. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authorityKeyId, identifyData, keyIdentifier, keyUsage, policies, subjectKeyId } from '../../demo/extensions.ts';
import { koreanMidnight, makeIssuing, makeKeyPair, makeRoot, NOTICE, type Authority, type KeyPair } from '../../demo/issue.ts';
import { DEMO_PASSWORD } from '../../demo/people.ts';
import { writeCertificate, writeName } from '../../demo/x509.ts';
import * as der from '../../lib/asn1/writer.ts';
import type { Bytes } from '../../lib/bytes/bytes.ts';
import { OID } from '../../lib/npki/oids.ts';
import { withRandom } from '../../lib/npki/private-key-info.ts';
import { writePrivateKey } from '../../lib/npki/write-private-key.ts';

const DAY = 86_400_000;
const BANK_POLICY = '1.2.410.200005.1.1.4';
/** Its unit says that Woori Bank registered it. */
const SUBJECT = writeName([
  [OID.country, 'KR'],
  [OID.organization, 'DojangDemo'],
  [OID.organizationalUnit, 'WOORI'],
  [OID.organizationalUnit, 'personal4IB'],
  [OID.commonName, '홍길동()0020041202512010000001'],
]);

export interface RenewedPair {
  /** Holds the folders of both. */
  readonly folder: string;
  readonly old: string;
  readonly renewed: string;
  /** End of the first, milliseconds since 1970. */
  readonly oldEnd: number;
}

interface Dates {
  readonly notBefore: number;
  readonly notAfter: number;
}

const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

async function certificateFor(serial: number, keys: KeyPair, issuing: Authority, dates: Dates, km: boolean): Promise<Bytes> {
  const { certificate: issuer } = issuing;
  return writeCertificate({
    ...dates,
    serial: Uint8Array.of(0x20, 0x26, serial),
    issuer: issuer.subject.der,
    subject: SUBJECT,
    spki: keys.spki,
    extensions: [
      ...(issuer.subjectKeyId === null ? [] : [authorityKeyId(issuer.subjectKeyId, issuer.issuer.der, issuer.serial)]),
      subjectKeyId(await keyIdentifier(keys.spki)),
      km ? keyUsage('keyEncipherment') : keyUsage('digitalSignature', 'nonRepudiation'),
      policies(BANK_POLICY, ...NOTICE),
      ...(km ? [] : [identifyData('홍길동', random(32))]),
    ],
    sign: issuing.keys.sign,
  });
}

async function writeIdentity(folder: string, serial: number, issuing: Authority, dates: Dates): Promise<void> {
  const [sign, km] = await Promise.all([makeKeyPair(), makeKeyPair()]);
  const seal = (privateKeyInfo: Bytes): Promise<Bytes> => writePrivateKey(privateKeyInfo, DEMO_PASSWORD, { random });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'signCert.der'), await certificateFor(serial, sign, issuing, dates, false));
  writeFileSync(join(folder, 'signPri.key'), await seal(withRandom(sign.privateKeyInfo, random(20))));
  writeFileSync(join(folder, 'kmCert.der'), await certificateFor(serial + 1, km, issuing, dates, true));
  writeFileSync(join(folder, 'kmPri.key'), await seal(km.privateKeyInfo));
  writeFileSync(join(folder, 'CaPubs'), der.sequence(issuing.certificate.der));
}

/** Their password is `DEMO_PASSWORD`. @param now milliseconds since 1970 */
export async function makeRenewedPair(now: number): Promise<RenewedPair> {
  const today = koreanMidnight(now);
  const issuing = await makeIssuing(today, await makeRoot(today));
  const folder = mkdtempSync(join(tmpdir(), 'dojang-renewed-'));
  const [old, renewed] = [join(folder, 'old'), join(folder, 'renewed')];
  const oldEnd = today + 21 * DAY - 1000;
  await writeIdentity(old, 1, issuing, { notBefore: oldEnd - 365 * DAY, notAfter: oldEnd });
  await writeIdentity(renewed, 3, issuing, { notBefore: today, notAfter: oldEnd + 365 * DAY });
  return { folder, old, renewed, oldEnd };
}
