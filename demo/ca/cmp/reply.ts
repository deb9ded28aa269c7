/**
 * Writes answers: the nonces and the protection that a request calls for. A MAC is answered with a MAC of the same kind and another
 * salt, everything else by a signature of the issuing authority.
 */
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { writeErrorMessage } from '../../../lib/cmp/error-message.ts';
import { NULL_NAME } from '../../../lib/cmp/header.ts';
import { macProtector } from '../../../lib/cmp/mac.ts';
import { writeMessage, type Message, type Protector } from '../../../lib/cmp/message.ts';
import { SHA256_WITH_RSA } from '../../../lib/cmp/possession.ts';
import type { Authority } from '../../issue.ts';
import type { CaContext } from '../context.ts';
import type { AnswerBody } from './answer-body.ts';
import type { Caller } from './caller.ts';
import { faultyMac, ordinaryUser } from './message-faults.ts';
import type { Refusal } from './refusal.ts';

export interface Reply {
  readonly der: Bytes;
  /** senderNonce: what the next message of the transaction has to name. */
  readonly nonce: Bytes;
}

const NONCE_BYTES = 16;

function random(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

function signatureProtector({ keys }: Authority): Protector {
  return { algorithm: SHA256_WITH_RSA, protect: keys.sign };
}

function protectorFor(ca: CaContext, caller: Caller | null, signer: Authority): Protector {
  if (caller?.kind !== 'reference') return signatureProtector(signer);
  const { registration, algorithm } = caller;
  const options = { secret: utf8(registration.code), salt: random(NONCE_BYTES), iterations: algorithm.iterations };
  return faultyMac(ca, options) ?? macProtector(algorithm.way, options);
}

/** @param caller null where nobody was authenticated: the answer is signed, so that a wrong code can be explained */
export async function writeReply(ca: CaContext, request: Message, caller: Caller | null, body: AnswerBody): Promise<Reply> {
  const { faults, keys, clock } = ca;
  const { header } = request;
  const isUnprotected = faults.takes('unprotected') || (body.type === 'error' && faults.takes('unprotected-error'));
  const asUser = faults.takes('signed-by-user');
  const signer = asUser ? await ordinaryUser(ca) : keys.issuing;
  const nonce = random(NONCE_BYTES);
  const byMac = caller?.kind === 'reference' && !asUser;
  const senderKeyId = byMac ? header.senderKeyId : signer.certificate.subjectKeyId;
  const der = await writeMessage({
    header: {
      sender: signer.certificate.subject.der,
      recipient: header.sender ?? NULL_NAME,
      messageTime: clock(),
      ...(senderKeyId === null || isUnprotected ? {} : { senderKeyId }),
      transactionId: faults.takes('transaction-wrong') ? random(NONCE_BYTES) : (header.transactionId ?? random(NONCE_BYTES)),
      senderNonce: nonce,
      ...(header.senderNonce === null ? {} : { recipientNonce: faults.takes('nonce-wrong') ? random(NONCE_BYTES) : header.senderNonce }),
      ...(body.info === undefined ? {} : { info: body.info }),
    },
    type: body.type,
    body: body.content,
    protector: isUnprotected ? null : protectorFor(ca, asUser ? null : caller, signer),
    extraCerts: [signer.certificate.der, ...(asUser ? [keys.issuing.certificate.der] : [])],
  });
  return { der, nonce };
}

export async function writeRefusal(ca: CaContext, request: Message, caller: Caller | null, { failure, text }: Refusal): Promise<Bytes> {
  ca.journal.write(ca.clock(), 'refused', `${request.body.type} ${failure}`);
  const content = writeErrorMessage({ status: 'rejection', text, failures: [failure] });
  return (await writeReply(ca, request, caller, { type: 'error', content })).der;
}
