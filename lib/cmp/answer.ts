/**
 * Whether an answer is believed, in the order of RFC 9810 5.1.1 and 5.1.3. Until the last check has passed nothing in it means
 * anything: an answer that fails one of them is as good as none, and an error without protection is noise.
 */
import { equal, type Bytes } from '../bytes/bytes.ts';
import { errorCode } from '../errors.ts';
import { isSignedFor } from './authority.ts';
import type { Credential } from './credential.ts';
import type { Partner } from './directory/partner.ts';
import { CMP_LIMITS } from './limits.ts';
import { isMacOf, readMacAlgorithm } from './mac.ts';
import { readMessage, type Message } from './message.ts';

/** What came back over HTTP: its media type as told, and its octets. */
export interface HttpAnswer {
  readonly type: string;
  readonly bytes: Bytes;
}

/** The media type of a message (RFC 9811 3.3). */
export const MEDIA_TYPE = 'application/pkixcmp';

/** Why an answer is as good as none, in the order of the checks; `none` where nothing came. */
export const DISBELIEFS = ['none', 'type', 'size', 'form', 'version', 'transaction', 'nonce', 'protection', 'sender-nonce'] as const;
export type Disbelief = (typeof DISBELIEFS)[number];

/** What the next answer must be like. */
export interface Expected {
  readonly partner: Partner;
  readonly credential: Credential;
  readonly transactionId: Bytes;
  /** senderNonce of our last message. */
  readonly nonce: Bytes;
  /** Milliseconds since 1970 UTC. */
  readonly at: number;
}

export type Judged = { readonly message: Message; readonly nonce: Bytes } | { readonly disbelief: Disbelief };

async function hasGoodMac(message: Message, { partner, credential }: Expected): Promise<boolean> {
  const { header, protection, protectedPart } = message;
  if (credential.kind !== 'code' || header.protection === null || protection === null) return false;
  const algorithm = readMacAlgorithm(header.protection);
  if (algorithm?.way !== partner.adapter.mac) return false;
  return isMacOf(algorithm, credential.secret, protectedPart, protection);
}

/** Answers come protected as the request was. An error may be signed in any case: it explains a wrong code, too. */
async function isProtected(message: Message, expected: Expected): Promise<boolean> {
  const { partner, credential, at } = expected;
  if (message.protection === null || message.header.protection === null) return false;
  try {
    if (await hasGoodMac(message, expected)) return true;
  } catch {
    return false; // parameters beyond the bounds: nothing was derived
  }
  const maySign = credential.kind === 'certificate' || message.body.type === 'error' || partner.adapter.signedAnswers;
  return maySign && (await isSignedFor(partner, message, at));
}

function isMediaType(type: string): boolean {
  return type.split(';', 1)[0]?.trim().toLowerCase() === MEDIA_TYPE;
}

function read(bytes: Bytes): Message | Disbelief {
  try {
    return readMessage(bytes, CMP_LIMITS.answerBytes);
  } catch (thrown) {
    return errorCode(thrown) === 'request.too-large' ? 'size' : 'form';
  }
}

function headerFault({ header }: Message, { transactionId, nonce }: Expected): Disbelief | null {
  if (header.version !== 2 && header.version !== 3) return 'version';
  if (header.transactionId === null || !equal(header.transactionId, transactionId)) return 'transaction';
  if (header.recipientNonce === null || !equal(header.recipientNonce, nonce)) return 'nonce';
  return null;
}

/** Judges an answer; null stands for none. */
export async function judgeAnswer(answer: HttpAnswer | null, expected: Expected): Promise<Judged> {
  if (answer === null) return { disbelief: 'none' };
  if (!isMediaType(answer.type)) return { disbelief: 'type' };
  const message = read(answer.bytes);
  if (typeof message === 'string') return { disbelief: message };
  const fault = headerFault(message, expected);
  if (fault !== null) return { disbelief: fault };
  if (!(await isProtected(message, expected))) return { disbelief: 'protection' };
  const nonce = message.header.senderNonce;
  if (nonce === null || nonce.length < CMP_LIMITS.nonceBytes || nonce.length > CMP_LIMITS.nonceMost) return { disbelief: 'sender-nonce' };
  return { message, nonce };
}
