/** The virtual identifier of a request (KCAC.TS.SIVID): R comes encrypted, the number is the one that the office registered. */
import { constants, createPrivateKey, privateDecrypt } from 'node:crypto';
import * as der from '../../../lib/asn1/writer.ts';
import { copy, equal, type Bytes } from '../../../lib/bytes/bytes.ts';
import { DUMMY_NUMBER, readEncryptedVid, readVidAndRandom } from '../../../lib/cmp/encrypted-vid.ts';
import { CMP_OID } from '../../../lib/cmp/oids.ts';
import type { CertificateRequest } from '../../../lib/cmp/certificate-request.ts';
import { virtualId } from '../../../lib/npki/identity.ts';
import type { CaContext } from '../context.ts';
import { Refusal } from './refusal.ts';

const RANDOM_BYTES = 20;

/** RSAES-PKCS1-v1_5; a wrong padding gives octets that nobody can foretell, which then do not read. */
function decrypt({ keys }: CaContext, encrypted: Bytes): Bytes {
  const key = createPrivateKey({ key: Buffer.from(keys.recipient.keys.privateKeyInfo), format: 'der', type: 'pkcs8' });
  return copy(privateDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, encrypted));
}

async function openVid(ca: CaContext, request: CertificateRequest, idNumber: string): Promise<Bytes | null> {
  const value = request.registration.get(CMP_OID.encryptedVid);
  if (value === undefined) return null;
  const { recipient, encrypted } = readEncryptedVid(value);
  const { issuer, serialDer } = ca.keys.recipient.certificate;
  if (!equal(recipient, der.sequence(issuer.der, serialDer))) throw new Refusal('badRequest');
  const { vid, random } = readVidAndRandom(decrypt(ca, encrypted));
  if (random.length < RANDOM_BYTES) throw new Refusal('badRequest');
  const own = await virtualId('SHA-256', idNumber, random);
  if (equal(vid, own) || equal(vid, await virtualId('SHA-256', DUMMY_NUMBER, random))) return own;
  throw new Refusal('badRequest', '식별번호가 등록된 번호와 다릅니다.');
}

/**
 * The identifier for subjectAltName; null where the request brings none and none is wanted.
 * @throws `Refusal` where it is wanted and absent, does not open, or is of another number than the registered or the dummy one
 */
export async function requestedVid(ca: CaContext, request: CertificateRequest, idNumber: string, wanted: boolean): Promise<Bytes | null> {
  const vid = await openVid(ca, request, idNumber).catch((thrown: unknown) => {
    throw thrown instanceof Refusal ? thrown : new Refusal('badRequest');
  });
  if (vid === null && wanted) throw new Refusal('badRequest', '신원확인값(R)이 요청에 없습니다.');
  return vid;
}
