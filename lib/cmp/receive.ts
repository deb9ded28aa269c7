/** What an answer to a request, or to a poll, makes of a course. */
import type { DerNode } from '../asn1/reader.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { errorCode } from '../errors.ts';
import { judgeAnswer, type Disbelief, type HttpAnswer } from './answer.ts';
import type { BodyType } from './body-types.ts';
import { readCertificateResponses, type CertificateResponse } from './certificate-response.ts';
import { checkIssued } from './check-certificate.ts';
import { writeAcceptance, writeFault, writeRejection, type Context, type Delivered } from './confirm.ts';
import type { Act, Asked, Course, IssuedCertificate, Received, Sent, Waiting } from './course.ts';
import { confirmed, failed } from './endings.ts';
import { readErrorMessage } from './error-message.ts';
import { readMessageTime } from './info.ts';
import type { Message } from './message.ts';
import { CMP_OID } from './oids.ts';
import { readPollAnswer, WHOLE_MESSAGE } from './polling.ts';
import { notAsAsked, refusalOf, type Refusal } from './refusal.ts';
import { readRevocationAnswer } from './revocation.ts';
import type { StatusInfo } from './status.ts';

/** Where a step has led. */
export type Report =
  /** To the state of the course. */
  | { readonly kind: 'moved' }
  /** Nowhere: nothing came that can be believed, so that nothing is known. */
  | { readonly kind: 'no-answer'; readonly disbelief: Disbelief }
  /** Nowhere: the authority does not know either, or has seen the request before. */
  | { readonly kind: 'unclear'; readonly refusal: Refusal }
  /** Nowhere: only the state of the new certificate can tell. */
  | { readonly kind: 'ask-status'; readonly refusal: Refusal | null };

export interface Step {
  readonly course: Course;
  readonly report: Report;
  /** A last word for the authority, whose answer does not matter. */
  readonly reply: Bytes | null;
}

/** A believed answer to a course. */
interface Reception {
  readonly course: Sent | Waiting;
  readonly context: Context;
  readonly message: Message;
  /** senderNonce of the answer. */
  readonly nonce: Bytes;
  readonly at: number;
}

const ANSWERS: Readonly<Record<Act, BodyType>> = {
  issue: 'ip',
  reissue: 'ip',
  complete: 'cp',
  renew: 'kup',
  revoke: 'rp',
  hold: 'rp',
  release: 'rp',
};

const FIRST_POLL = 1000;
const NEXT_TRY = 60_000;
const CLOCKS_AGREE = 5 * 60_000;
const LONGEST_POLL = 24 * 3_600_000;

function moved(course: Course, reply: Bytes | null = null): Step {
  return { course, report: { kind: 'moved' }, reply };
}

/** Nothing is known that was not before; what waits asks again in a minute. */
function stay(course: Sent | Waiting, at: number, report: Report): Step {
  return { course: course.state === 'WAITING' ? { ...course, checkAt: at + NEXT_TRY } : course, report, reply: null };
}

/** The authority is who it should be, but does not keep to the protocol: it is told so, and nothing of it is taken. */
async function fault({ course, context, nonce }: Reception, flaw: string): Promise<Step> {
  const reply = await writeFault(course, context, nonce);
  return moved(failed(course, notAsAsked(flaw)), reply);
}

function wait({ course, nonce, at }: Reception, waitingFor: readonly number[], delay: number): Step {
  const { act, caId, credential, transactionId, asked, revocations } = course;
  const since = course.state === 'WAITING' ? course.since : at;
  const running = { act, caId, credential, transactionId, nonce: course.nonce, asked, revocations };
  return moved({ ...running, state: 'WAITING', answerNonce: nonce, waitingFor, poll: null, since, checkAt: at + delay });
}

/** Octets that the authority had seen it would answer as it did then: these never arrived, and are too old now. The clocks agree. */
function neverArrived({ course, context }: Reception, { word, clockAhead }: Refusal): boolean {
  const resent = course.state === 'SENT' && course.resends > 0;
  return resent && context.partner.adapter.resend && word === 'clock' && clockAhead !== null && Math.abs(clockAhead) < CLOCKS_AGREE;
}

function refuse(reception: Reception, info: StatusInfo): Step {
  const { course, message, at } = reception;
  const { messageTime } = message.header;
  const refusal = refusalOf(info, messageTime === null ? null : messageTime - at, course.credential.kind);
  const resent = course.state === 'WAITING' || course.resends > 0;
  if (refusal.word === 'unclear' || (refusal.word === 'in-use' && resent)) return stay(course, at, { kind: 'unclear', refusal });
  if (neverArrived(reception, refusal)) return moved(failed(course, notAsAsked('not-arrived')));
  if (course.act === 'revoke' && refusal.word === 'revoked') return moved(confirmed(course, []));
  return moved(failed(course, refusal));
}

/** The set of certReqIds is ours, each once. */
function answersAll(responses: readonly CertificateResponse[], asked: readonly Asked[]): boolean {
  const ids = new Set(responses.map(({ requestId }) => requestId));
  return ids.size === responses.length && responses.length === asked.length && asked.every(({ requestId }) => ids.has(requestId));
}

const isGranted = ({ status: { status } }: CertificateResponse): boolean => status === 'accepted' || status === 'grantedWithMods';
const isRefused = ({ status: { status } }: CertificateResponse): boolean => status === 'rejection' || status === 'keyUpdateWarning';

/** Until when the authority waits for our confirmation, where it says so in a way that can be read. */
function confirmBefore({ header }: Message): number | null {
  const value = header.info.find(({ type }) => type === CMP_OID.confirmWaitTime)?.value ?? null;
  try {
    return value === null ? null : readMessageTime(value);
  } catch {
    return null;
  }
}

/** All certificates, checked, or the first flaw in one of them. */
async function checkAll(reception: Reception, delivered: readonly Delivered[]): Promise<IssuedCertificate[] | string> {
  const { course, context, at } = reception;
  const { partner } = context;
  const issued: IssuedCertificate[] = [];
  for (const asked of course.asked) {
    const certificate = delivered.find(({ requestId }) => requestId === asked.requestId)?.certificate;
    if (certificate === undefined) return 'certificate-missing';
    const options = { act: course.act, authority: partner, vidWanted: partner.adapter.vid !== 'no', at };
    const checked = await checkIssued(certificate, asked, options);
    if (typeof checked === 'string') return `certificate-${checked}`;
    const { requestId, use, spki } = asked;
    issued.push({ requestId, use, spki, certificate: checked.certificate.der, warnings: checked.warnings });
  }
  return issued;
}

async function take(reception: Reception, delivered: readonly Delivered[]): Promise<Step> {
  const { course, context, nonce, message, at } = reception;
  const certificates = await checkAll(reception, delivered);
  if (typeof certificates === 'string') {
    const reply = await writeRejection(course, context, nonce, delivered);
    return moved(failed(course, notAsAsked(certificates)), reply);
  }
  const { bytes: confirmation, nonce: ours } = await writeAcceptance(course, context, nonce, delivered);
  const { act, caId, credential, transactionId, asked, revocations } = course;
  const running = { act, caId, credential, transactionId, nonce: ours, asked, revocations };
  const received: Received = {
    ...running,
    state: 'RECEIVED',
    certificates,
    confirmation,
    confirmBefore: confirmBefore(message),
    receivedAt: at,
  };
  return moved(received);
}

async function onCertificates(reception: Reception, content: DerNode): Promise<Step> {
  const { course, context, nonce } = reception;
  const { responses } = readCertificateResponses(content);
  if (!answersAll(responses, course.asked)) return fault(reception, 'request-ids');
  if (responses.every(({ status }) => status.status === 'waiting')) {
    return wait(
      reception,
      responses.map(({ requestId }) => requestId),
      FIRST_POLL,
    );
  }
  const granted = responses.filter(isGranted);
  const delivered = granted.flatMap(({ requestId, certificate }) => (certificate === null ? [] : [{ requestId, certificate }]));
  if (granted.length === responses.length) {
    return delivered.length === granted.length ? take(reception, delivered) : fault(reception, 'certificate-missing');
  }
  const refused = responses.find(isRefused);
  if (refused === undefined) return fault(reception, 'status');
  // All or nothing: what was granted beside a refusal is not taken.
  const reply = delivered.length === 0 ? null : await writeRejection(course, context, nonce, delivered);
  return { ...refuse(reception, refused.status), reply };
}

async function onRevocations(reception: Reception, content: DerNode): Promise<Step> {
  const statuses = readRevocationAnswer(content);
  if (statuses.length !== reception.course.revocations) return fault(reception, 'revocations');
  if (statuses.some(({ status }) => status === 'waiting')) return wait(reception, [WHOLE_MESSAGE], FIRST_POLL);
  // What is revoked already was to be revoked; it can be neither held nor released.
  const isDone = ({ failures }: StatusInfo): boolean => reception.course.act === 'revoke' && failures.includes('certRevoked');
  const refused = statuses.find((info) => info.status === 'rejection' && !isDone(info));
  return refused === undefined ? moved(confirmed(reception.course, [])) : refuse(reception, refused);
}

async function onPollAnswer(reception: Reception, content: DerNode): Promise<Step> {
  const { course } = reception;
  const answers = readPollAnswer(content);
  if (course.state !== 'WAITING') return fault(reception, 'body');
  const known = answers.every(({ requestId }) => requestId === WHOLE_MESSAGE || course.waitingFor.includes(requestId));
  if (!known) return fault(reception, 'request-ids');
  const seconds = Math.max(...answers.map(({ checkAfter }) => checkAfter));
  return wait(reception, course.waitingFor, Math.min(LONGEST_POLL, Math.max(FIRST_POLL, seconds * 1000)));
}

async function onBelieved(reception: Reception): Promise<Step> {
  const { course, message } = reception;
  const { type, content } = message.body;
  if (type === 'error') {
    const info = readErrorMessage(content);
    return info.status === 'waiting' ? wait(reception, [WHOLE_MESSAGE], FIRST_POLL) : refuse(reception, info);
  }
  if (type === 'pollRep') return onPollAnswer(reception, content);
  if (type !== ANSWERS[course.act]) return fault(reception, 'body');
  return type === 'rp' ? onRevocations(reception, content) : onCertificates(reception, content);
}

/**
 * The step that an answer makes; null stands for none. What comes out as RECEIVED is saved before it is confirmed.
 *
 * @throws `vault.locked` where a word of ours must be signed and the key is not at hand
 */
export async function receive(course: Sent | Waiting, answer: HttpAnswer | null, context: Context): Promise<Step> {
  const { partner, ports } = context;
  const at = ports.clock();
  const { credential, transactionId, nonce } = course;
  const judged = await judgeAnswer(answer, { partner, credential, transactionId, nonce, at });
  if ('disbelief' in judged) return stay(course, at, { kind: 'no-answer', disbelief: judged.disbelief });
  const reception = { course, context, at, ...judged };
  try {
    return await onBelieved(reception);
  } catch (thrown) {
    if (errorCode(thrown) !== 'request.malformed') throw thrown;
    return fault(reception, 'form');
  }
}
