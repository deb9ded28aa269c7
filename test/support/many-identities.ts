/**
 * A tax office's folder: hundreds of invented clients, each with sign and km pair. A few key pairs serve them all in turn,
 * since making a key takes longer than everything else; certificates, salts and R differ.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { authorityKeyId, identifyData, keyIdentifier, keyUsage, policies, subjectKeyId } from '../../demo/extensions.ts';
import { koreanMidnight, makeIssuing, makeKeyPair, makeRoot, type Authority, type KeyPair } from '../../demo/issue.ts';
import { writeCertificate, writeName } from '../../demo/x509.ts';
import * as der from '../../lib/asn1/writer.ts';
import type { Bytes } from '../../lib/bytes/bytes.ts';
import { OID } from '../../lib/npki/oids.ts';
import { withRandom } from '../../lib/npki/private-key-info.ts';
import { writePrivateKey } from '../../lib/npki/write-private-key.ts';

const DAY = 86_400_000;
const KEYS = 8;
const BANK_POLICY = '1.2.410.200005.1.1.4';
const NOTICE = ['시험용 인증서', 'http://demo.dojang.invalid/cps.html'] as const;

export interface ManyOptions {
  readonly count: number;
  /** Certificate passwords, given out in turn. */
  readonly passwords: readonly string[];
  /** Today, milliseconds since 1970. */
  readonly now: number;
}

export interface OneOfMany {
  readonly folder: string;
  readonly holder: string;
  /** End of its certificate, milliseconds since 1970. */
  readonly notAfter: number;
  readonly files: ReadonlyMap<string, Bytes>;
}

const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

/** 고객001 …, and one in 25 홍길동013 … */
const nameOf = (at: number): string => `${at % 25 === 12 ? '홍길동' : '고객'}${String(at + 1).padStart(3, '0')}`;

/** Some ended in the days before now, the others end all through the year. */
const endOf = (at: number, now: number): number => koreanMidnight(now) + (((at * 7) % 365) - 4) * DAY;

async function certificateFor(at: number, keys: KeyPair, issuing: Authority, now: number, km: boolean): Promise<Bytes> {
  const { certificate: issuer } = issuing;
  const start = koreanMidnight(now) - 30 * DAY;
  const subject = writeName([
    [OID.country, 'KR'],
    [OID.organization, 'DojangDemo'],
    [OID.organizationalUnit, 'personal4IB'],
    [OID.commonName, `${nameOf(at)}()0099041202610${String(at).padStart(9, '0')}`],
  ]);
  const ownKey = await keyIdentifier(keys.spki);
  return writeCertificate({
    serial: Uint8Array.of(1, at >> 8, at & 0xff, km ? 2 : 1),
    issuer: issuer.subject.der,
    subject,
    notBefore: start,
    notAfter: endOf(at, now),
    spki: keys.spki,
    extensions: [
      ...(issuer.subjectKeyId === null ? [] : [authorityKeyId(issuer.subjectKeyId, issuer.issuer.der, issuer.serial)]),
      subjectKeyId(ownKey),
      km ? keyUsage('keyEncipherment') : keyUsage('digitalSignature', 'nonRepudiation'),
      policies(BANK_POLICY, ...NOTICE),
      ...(km ? [] : [identifyData(nameOf(at), random(32))]),
    ],
    sign: issuing.keys.sign,
  });
}

export async function makeMany({ count, passwords, now }: ManyOptions): Promise<readonly OneOfMany[]> {
  const issuing = await makeIssuing(koreanMidnight(now), await makeRoot(koreanMidnight(now)));
  const keys = await Promise.all(Array.from({ length: 2 * KEYS }, makeKeyPair));
  const made: OneOfMany[] = [];
  for (let at = 0; at < count; at++) {
    const [sign, km] = [keys[2 * (at % KEYS)], keys[2 * (at % KEYS) + 1]];
    const password = passwords[at % passwords.length];
    if (!sign || !km || password === undefined) throw new RangeError('keys and passwords');
    const seal = (privateKeyInfo: Bytes): Promise<Bytes> => writePrivateKey(privateKeyInfo, password, { random });
    const files = new Map([
      ['signCert.der', await certificateFor(at, sign, issuing, now, false)],
      ['signPri.key', await seal(withRandom(sign.privateKeyInfo, random(20)))],
      ['kmCert.der', await certificateFor(at, km, issuing, now, true)],
      ['kmPri.key', await seal(km.privateKeyInfo)],
      ['CaPubs', der.sequence(issuing.certificate.der)],
    ]);
    made.push({
      folder: `NPKI/DojangDemo/USER/cn=${nameOf(at)}()0099,ou=personal4IB,o=DojangDemo,c=KR`,
      holder: nameOf(at),
      notAfter: endOf(at, now),
      files,
    });
  }
  return made;
}

/** Writes them below `root` and gives the folder to pick. */
export function writeMany(root: string, many: readonly OneOfMany[]): string {
  for (const { folder, files } of many) {
    mkdirSync(join(root, folder), { recursive: true });
    for (const [name, bytes] of files) writeFileSync(join(root, folder, name), bytes);
  }
  return join(root, 'NPKI');
}
