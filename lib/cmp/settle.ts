/** What the answer to a confirmation makes of a course, and what the state of the new certificate does where that is unclear. */
import { errorCode } from '../errors.ts';
import { judgeAnswer, type HttpAnswer } from './answer.ts';
import type { Context } from './confirm.ts';
import { readConfirmed } from './confirmation.ts';
import type { Received, Saved } from './course.ts';
import type { Adapter } from './directory/entry.ts';
import { confirmed, failed } from './endings.ts';
import { readErrorMessage } from './error-message.ts';
import type { Message } from './message.ts';
import type { Step } from './receive.ts';
import { notAsAsked, refusalOf } from './refusal.ts';

const MINUTE = 60_000;
const RETRIES = [1, 5, 30].map((minutes) => minutes * MINUTE);
const HOUR = 60 * MINUTE;

/** RECEIVED as it is written together with certificates and keys. */
export function toSaved(received: Received): Saved {
  return { ...received, state: 'SAVED', tries: 0 };
}

/** Milliseconds to wait before the confirmation is sent again. */
export function retryDelay({ tries }: Saved): number {
  return RETRIES[Math.max(0, tries - 1)] ?? 30 * MINUTE;
}

function onBelieved(course: Saved, { body, header }: Message, at: number): Step {
  if (body.type === 'pkiConf') {
    readConfirmed(body.content);
    return { course: confirmed(course, course.certificates), report: { kind: 'moved' }, reply: null };
  }
  const tried = { ...course, tries: course.tries + 1 };
  if (body.type !== 'error') return { course: tried, report: { kind: 'ask-status', refusal: null }, reply: null };
  const refusal = refusalOf(readErrorMessage(body.content), header.messageTime === null ? null : header.messageTime - at, course.credential.kind);
  if (refusal.word === 'confirmed') return { course: confirmed(course, course.certificates), report: { kind: 'moved' }, reply: null };
  // Even "revoked" says nothing of the new certificate: after a renewal it may mean the old one, whose key signed this.
  return { course: tried, report: { kind: 'ask-status', refusal }, reply: null };
}

/** The step that an answer to the confirmation makes; null stands for none. */
export async function settle(course: Saved, answer: HttpAnswer | null, { partner, ports }: Context): Promise<Step> {
  const at = ports.clock();
  const { credential, transactionId, nonce } = course;
  const judged = await judgeAnswer(answer, { partner, credential, transactionId, nonce, at });
  const tried = { ...course, tries: course.tries + 1 };
  if ('disbelief' in judged) return { course: tried, report: { kind: 'no-answer', disbelief: judged.disbelief }, reply: null };
  try {
    return onBelieved(course, judged.message, at);
  } catch (thrown) {
    if (errorCode(thrown) !== 'request.malformed') throw thrown;
    return { course: tried, report: { kind: 'ask-status', refusal: null }, reply: null };
  }
}

/** The state of a certificate as its authority publishes it. */
export type CertificateState = 'good' | 'held' | 'revoked' | 'unknown';

/**
 * What the state of the new certificate says of a course whose confirmation got no clear answer. One that is not confirmed yet may
 * be called good, so that word counts only once the authority waits no more.
 */
export function settleByState(course: Saved, state: CertificateState, at: number, { confirmGraceHours }: Pick<Adapter, 'confirmGraceHours'>): Step {
  const stay: Step = { course, report: { kind: 'ask-status', refusal: null }, reply: null };
  const waitsNoMore = at > (course.confirmBefore ?? course.receivedAt + confirmGraceHours * HOUR);
  if (state === 'good' && waitsNoMore) return { ...stay, course: confirmed(course, course.certificates), report: { kind: 'moved' } };
  if (state === 'revoked') return { ...stay, course: failed(course, { ...notAsAsked('withdrawn'), word: 'revoked' }), report: { kind: 'moved' } };
  return stay;
}
