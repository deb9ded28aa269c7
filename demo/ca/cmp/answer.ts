/** Answers one CMP message (RFC 9810): who sent it, whether it came before, and what its body asks for. */
import * as der from '../../../lib/asn1/writer.ts';
import { equal, type Bytes } from '../../../lib/bytes/bytes.ts';
import { toHex } from '../../../lib/bytes/hex.ts';
import { readInfos, writeInfo } from '../../../lib/cmp/info.ts';
import { CMP_LIMITS } from '../../../lib/cmp/limits.ts';
import { readMessage, type Message } from '../../../lib/cmp/message.ts';
import { CMP_OID } from '../../../lib/cmp/oids.ts';
import { readPollRequest, writePollAnswer } from '../../../lib/cmp/polling.ts';
import { errorCode } from '../../../lib/errors.ts';
import type { CaContext } from '../context.ts';
import { inTransaction } from '../database.ts';
import type { Transaction } from '../transactions.ts';
import { readApplication } from './applications.ts';
import { authenticate, type Caller } from './caller.ts';
import { confirm, withdraw } from './confirm.ts';
import { CHECK_AFTER, grant, postpone } from './grant.ts';
import { Refusal } from './refusal.ts';
import { writeRefusal, writeReply } from './reply.ts';
import { revoke } from './revoke.ts';

/** Octets of a request. */
export const REQUEST_LIMIT = 200 * 1024;

const CLOCK_TOLERANCE_MS = 10 * 60_000;

function checkHeader({ clock }: CaContext, { header }: Message): void {
  const { version, transactionId, senderNonce, messageTime } = header;
  if (version !== 2 && version !== 3) throw new Refusal('unsupportedVersion');
  if (transactionId === null || transactionId.length > CMP_LIMITS.nonceMost) throw new Refusal('badDataFormat');
  if (senderNonce === null || senderNonce.length < CMP_LIMITS.nonceBytes || senderNonce.length > CMP_LIMITS.nonceMost)
    throw new Refusal('badSenderNonce');
  if (messageTime !== null && Math.abs(messageTime - clock()) > CLOCK_TOLERANCE_MS) throw new Refusal('badTime', '컴퓨터의 시계가 맞지 않습니다.');
}

/** The stored answer to octets that came before; who sends them again is not judged again, since a renewed signer has fallen by then. */
function repeated(transaction: Transaction | null, { der: octets }: Message): Bytes | null {
  if (transaction === null) return null;
  const { confirmation, confirmationAnswer, request, answer, kind, state } = transaction;
  if (confirmation !== null && equal(confirmation, octets)) return confirmationAnswer;
  const isOver = kind !== 'rr' && (state === 'confirmed' || state === 'withdrawn');
  return !isOver && equal(request, octets) ? answer : null;
}

function isOwn(caller: Caller, { registration, signer }: Transaction): boolean {
  return caller.kind === 'reference' ? caller.registration.id === registration : caller.signer.serial === signer;
}

/** The transaction that a certConf, pollReq or error goes on with. @throws `Refusal` */
function goingOn(caller: Caller, transaction: Transaction | null, { header }: Message): Transaction {
  if (transaction === null || !isOwn(caller, transaction)) throw new Refusal('badRequest');
  if (transaction.state !== 'confirmed' && toHex(header.recipientNonce ?? new Uint8Array()) !== transaction.nonce)
    throw new Refusal('badRecipientNonce');
  return transaction;
}

async function poll(ca: CaContext, caller: Caller, message: Message, transaction: Transaction): Promise<Bytes> {
  const asked = readPollRequest(message.body.content);
  const known = transaction.requests.map(({ requestId }) => requestId);
  if (transaction.state !== 'waiting' || asked.some((id) => !known.includes(id))) throw new Refusal('badRequest');
  if (transaction.waits <= 1) {
    // The number is taken by this very transaction; its application is judged as on the first day.
    const first = caller.kind === 'reference' ? { ...caller, registration: { ...caller.registration, state: 'open' as const } } : caller;
    const application = await readApplication(ca, first, readMessage(transaction.application, REQUEST_LIMIT));
    return grant(ca, caller, message, application, transaction);
  }
  const content = writePollAnswer(known.map((requestId) => ({ requestId, checkAfter: CHECK_AFTER })));
  const { der: answer, nonce } = await writeReply(ca, message, caller, { type: 'pollRep', content });
  ca.transactions.save({ ...transaction, request: message.der, answer, nonce: toHex(nonce), waits: transaction.waits - 1 });
  return answer;
}

/** genm: of all that can be asked, the certificate for encrypting to the authority is known here. */
async function inform(ca: CaContext, caller: Caller, message: Message): Promise<Bytes> {
  const asked = readInfos(message.body.content);
  if (!asked.some(({ type }) => type === CMP_OID.caProtEncCert)) throw new Refusal('addInfoNotAvailable');
  const content = der.sequence(writeInfo(CMP_OID.caProtEncCert, ca.keys.recipient.certificate.der));
  return (await writeReply(ca, message, caller, { type: 'genp', content })).der;
}

/** The applicant gives up. */
async function giveUp(ca: CaContext, caller: Caller, message: Message, transaction: Transaction): Promise<Bytes> {
  if (transaction.state === 'pending' || transaction.state === 'waiting') inTransaction(ca.database, () => withdraw(ca, transaction));
  return (await writeReply(ca, message, caller, { type: 'pkiConf', content: der.nullValue() })).der;
}

async function dispatch(ca: CaContext, caller: Caller, message: Message, transaction: Transaction | null): Promise<Bytes> {
  switch (message.body.type) {
    case 'certConf':
      return confirm(ca, caller, message, goingOn(caller, transaction, message));
    case 'pollReq':
      return poll(ca, caller, message, goingOn(caller, transaction, message));
    case 'error':
      return giveUp(ca, caller, message, goingOn(caller, transaction, message));
    case 'genm':
      return inform(ca, caller, message);
    case 'ir':
    case 'cr':
    case 'kur': {
      if (transaction !== null) throw new Refusal('transactionIdInUse');
      const application = await readApplication(ca, caller, message);
      return application.waits > 0 ? postpone(ca, caller, message, application) : grant(ca, caller, message, application, null);
    }
    case 'rr':
      if (transaction !== null) throw new Refusal('transactionIdInUse');
      return revoke(ca, caller, message);
    default:
      throw new Refusal('badRequest');
  }
}

/** What a refusal is for whatever was thrown; our own errors name what did not read. */
function refusalOf(thrown: unknown): Refusal {
  if (thrown instanceof Refusal) return thrown;
  const code = errorCode(thrown);
  if (code === 'request.malformed' || code.startsWith('file.')) return new Refusal('badDataFormat');
  throw thrown;
}

/**
 * @param octets one PKIMessage
 * @returns one PKIMessage, an error among them; it is committed before it is returned
 * @throws `request.malformed`, `request.too-large` where it is none
 */
export async function answerCmp(ca: CaContext, octets: Bytes): Promise<Bytes> {
  const message = readMessage(octets, REQUEST_LIMIT);
  const transaction = ca.transactions.find(toHex(message.header.transactionId ?? new Uint8Array()));
  const before = repeated(transaction, message);
  if (before !== null) return before;
  let caller: Caller | null = null;
  try {
    checkHeader(ca, message);
    caller = await authenticate(ca, message);
    return await dispatch(ca, caller, message, transaction);
  } catch (thrown) {
    return writeRefusal(ca, message, caller, refusalOf(thrown));
  }
}
