/** Who sent a message: the holder of a reference number and its code, or of a certificate of ours and its key. */
import { equal, type Bytes } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { isMacOf, readMacAlgorithm, type MacAlgorithm } from '../../../lib/cmp/mac.ts';
import type { Message } from '../../../lib/cmp/message.ts';
import { readCertificate, type Certificate } from '../../../lib/npki/certificate.ts';
import { isSignedBy, SIGNATURE_HASHES } from '../../../lib/trust/rsa-signature.ts';
import type { Registered } from '../certificates.ts';
import type { CaContext } from '../context.ts';
import type { Registration } from '../registrations.ts';
import { Refusal } from './refusal.ts';

export type Caller =
  | { readonly kind: 'reference'; readonly registration: Registration; readonly algorithm: MacAlgorithm }
  | { readonly kind: 'certificate'; readonly signer: Registered };

function referenceOf({ header }: Message): string {
  return String.fromCharCode(...(header.senderKeyId ?? []).slice(0, 64));
}

/** An unknown number and a wrong code are told by nothing apart, not even by the time they take. */
async function byReference(ca: CaContext, message: Message, algorithm: MacAlgorithm, mac: Bytes): Promise<Caller> {
  const registration = ca.registrations.find(referenceOf(message));
  const holds = await isMacOf(algorithm, utf8(registration?.code ?? ''), message.protectedPart, mac);
  if (registration === null || !holds) throw new Refusal('badMessageCheck', '참조번호 또는 인가코드가 맞지 않습니다.');
  return { kind: 'reference', registration, algorithm };
}

function readQuietly(der: Bytes | undefined): Certificate | null {
  try {
    return der === undefined ? null : readCertificate(der);
  } catch {
    return null;
  }
}

/** The first certificate that came along must be one of ours that may sign (RFC 9810 5.1.3.3). */
async function byCertificate(ca: CaContext, message: Message, signature: Bytes): Promise<Caller> {
  const hash = SIGNATURE_HASHES.get(message.header.protection?.id ?? '');
  const shown = readQuietly(message.extraCerts[0]);
  const signer = shown === null ? null : ca.certificates.find(shown.serialHex);
  if (hash === undefined) throw new Refusal('badAlg');
  if (signer === null || shown === null || !equal(signer.certificate.der, shown.der) || signer.kind !== 'sign') throw new Refusal('signerNotTrusted');
  if (!(await isSignedBy(signer.certificate, hash, signature, message.protectedPart))) throw new Refusal('badMessageCheck');
  if (signer.state === 'pending') throw new Refusal('notAuthorized');
  if (signer.state === 'revoked') throw new Refusal('certRevoked', '이미 폐기된 인증서입니다.');
  if (signer.certificate.notAfter < ca.clock()) throw new Refusal('notAuthorized', '만료된 인증서입니다. 새로 발급받아야 합니다.');
  return { kind: 'certificate', signer };
}

/** @throws `Refusal`, and `request.malformed` for parameters of a MAC that are out of bounds */
export async function authenticate(ca: CaContext, message: Message): Promise<Caller> {
  const { protection, header } = message;
  if (protection === null || header.protection === null) throw new Refusal('badMessageCheck');
  const algorithm = readMacAlgorithm(header.protection);
  return algorithm === null ? byCertificate(ca, message, protection) : byReference(ca, message, algorithm, protection);
}
