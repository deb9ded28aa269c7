/** Good files whose keys are derived in one round, so that thousands of tries stay short. */
import { readDer, sequence } from '../../lib/asn1/reader.ts';
import * as der from '../../lib/asn1/writer.ts';
import type { Bytes } from '../../lib/bytes/bytes.ts';
import { readCertificate } from '../../lib/npki/certificate.ts';
import type { SealForm } from '../../lib/npki/encrypt.ts';
import { writePfx } from '../../lib/npki/pkcs12/write-pfx.ts';
import { writePrivateKey } from '../../lib/npki/write-private-key.ts';
import { readFixture } from '../support/npki-fixtures.ts';
import { chance } from './random.ts';

export const FUZZ_PASSWORD = 'fuzz!Password2026';

const PLAIN = readFixture('yessign-test', 'plain-privatekeyinfo-with-R.der');
const CERTIFICATE = readFixture('yessign-test', 'signCert.der');
const luck = chance(1);
const random = (length: number): Bytes => Uint8Array.from({ length }, () => luck.below(256));

export function fewRoundsKey(form: SealForm): Promise<Bytes> {
  return writePrivateKey(PLAIN, FUZZ_PASSWORD, { form, random, iterations: 1 });
}

/** A PFX without its MAC: what is spoilt then is not refused before it is looked into. */
function withoutMac(pfx: Bytes): Bytes {
  const [version, content] = sequence(readDer(pfx));
  if (!version || !content) throw new RangeError('PFX');
  return der.sequence(version.raw, content.raw);
}

export async function fewRoundsPfx(): Promise<readonly Bytes[]> {
  const certificate = readCertificate(CERTIFICATE);
  const identity = { name: '홍길동', sign: { certificate, privateKeyInfo: PLAIN }, km: null, chain: [] };
  const write = (form: 'legacy' | 'modern'): Promise<Bytes> => writePfx([identity], FUZZ_PASSWORD, { form, random, iterations: { bags: 1, mac: 1 } });
  const files = [await write('legacy'), await write('modern')];
  return [...files, ...files.map(withoutMac)];
}
