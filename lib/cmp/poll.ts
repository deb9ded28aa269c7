/** Asking again for what was not ready (RFC 9810 5.3.22). */
import type { Bytes } from '../bytes/bytes.ts';
import type { Context } from './confirm.ts';
import type { Waiting } from './course.ts';
import { writeOutgoing } from './outgoing.ts';
import { writePollRequest } from './polling.ts';

const LONGEST_WAIT = 7 * 86_400_000;

/** When to ask next by itself, in milliseconds since 1970 UTC; null after a week, when only the owner goes on. */
export function nextPoll({ checkAt, since }: Waiting): number | null {
  return checkAt - since > LONGEST_WAIT ? null : checkAt;
}

/**
 * The poll, and the course with it: kept before the poll goes out. One whose answer was lost is the same octets again, where the
 * authority answers those the same way: to it, another one names a nonce that is past. It has no time in it and does not go stale.
 *
 * @throws `vault.locked`
 */
export async function writePoll(course: Waiting, { partner, ports, sign }: Context): Promise<{ readonly course: Waiting; readonly bytes: Bytes }> {
  const { credential, transactionId, answerNonce, waitingFor, poll } = course;
  if (poll !== null && partner.adapter.resend) return { course, bytes: poll };
  const message = { partner, credential, sign, transactionId, recipientNonce: answerNonce, messageTime: null };
  const { bytes, nonce } = await writeOutgoing({ ...message, type: 'pollReq', body: writePollRequest(waitingFor) }, ports.random);
  return { course: { ...course, nonce, poll: bytes }, bytes };
}
