/** Our word on what came: confirmation or rejection of certificates (RFC 9810 5.3.18), or an error (5.3.21). */
import type { Bytes } from '../bytes/bytes.ts';
import { readCertificate } from '../npki/certificate.ts';
import { SIGNATURE_HASHES, type SignatureHash } from '../trust/rsa-signature.ts';
import { writeConfirmations, type ConfirmationFields } from './confirmation.ts';
import type { RunningCourse } from './course.ts';
import type { Partner } from './directory/partner.ts';
import { writeErrorMessage } from './error-message.ts';
import { writeOutgoing, type Ports, type Written } from './outgoing.ts';
import type { Signer } from './possession.ts';

/** What every step of a run is given. */
export interface Context {
  readonly partner: Partner;
  readonly ports: Ports;
  /** The key of a certificate credential, or null where it is not at hand. */
  readonly sign: Signer | null;
}

/** Certificates to be spoken of, as DER with their certReqId. */
export interface Delivered {
  readonly requestId: number;
  readonly certificate: Bytes;
}

/** The hash in a certificate's signature algorithm; SHA-256 for those that we reject for theirs. */
function hashOf(certificate: Bytes): SignatureHash {
  try {
    return SIGNATURE_HASHES.get(readCertificate(certificate).signatureAlgorithm) ?? 'SHA-256';
  } catch {
    return 'SHA-256';
  }
}

async function confirmations(delivered: readonly Delivered[], status?: ConfirmationFields['status']): Promise<Bytes> {
  const fields = delivered.map(async ({ requestId, certificate }) => {
    const hash = new Uint8Array(await crypto.subtle.digest(hashOf(certificate), certificate));
    return { requestId, hash, ...(status === undefined ? {} : { status }) };
  });
  return writeConfirmations(await Promise.all(fields));
}

function outgoing({ credential, transactionId }: RunningCourse, { partner, sign }: Context, recipientNonce: Bytes) {
  return { partner, credential, sign, transactionId, recipientNonce };
}

/** certConf that accepts all. It has no time, so that it can be sent long after it was made. */
export async function writeAcceptance(course: RunningCourse, context: Context, nonce: Bytes, delivered: readonly Delivered[]): Promise<Written> {
  const body = await confirmations(delivered);
  return writeOutgoing({ ...outgoing(course, context, nonce), type: 'certConf', body, messageTime: null }, context.ports.random);
}

/** certConf that rejects all. */
export async function writeRejection(course: RunningCourse, context: Context, nonce: Bytes, delivered: readonly Delivered[]): Promise<Bytes> {
  const body = await confirmations(delivered, { status: 'rejection', failures: ['incorrectData'] });
  const message = { ...outgoing(course, context, nonce), type: 'certConf', body, messageTime: context.ports.clock() } as const;
  return (await writeOutgoing(message, context.ports.random)).bytes;
}

/** An error, for an authority that does not keep to the protocol. */
export async function writeFault(course: RunningCourse, context: Context, nonce: Bytes): Promise<Bytes> {
  const body = writeErrorMessage({ status: 'rejection', failures: ['badRequest'] });
  const message = { ...outgoing(course, context, nonce), type: 'error', body, messageTime: context.ports.clock() } as const;
  return (await writeOutgoing(message, context.ports.random)).bytes;
}
