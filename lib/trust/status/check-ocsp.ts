/** Whether an OCSP answer is believed, and what it says (RFC 6960 3.2 and 4.2.2, RFC 9654). */
import { equal, type Bytes } from '../../bytes/bytes.ts';
import { WalletError } from '../../errors.ts';
import { OID } from '../../npki/oids.ts';
import { STATUS_LIMITS } from './limits.ts';
import type { CertId } from './ocsp-request.ts';
import { readOcspAnswer, type BasicAnswer, type OcspAnswer, type SingleAnswer } from './read-ocsp.ts';
import { isAnsweredFor, type AnsweringAuthority } from './responder.ts';
import { unknown, type CertificateState, type UnknownReason } from './state.ts';

export interface OcspQuestion {
  readonly certId: CertId;
  readonly nonce: Bytes;
  readonly authority: AnsweringAuthority;
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
}

/** Why times do not hold, or null. Without an end, or where others may have got the same answer, a day is the most. */
export function checkTimes(thisUpdate: number, nextUpdate: number | null, reused: boolean, now: number): UnknownReason | null {
  if (thisUpdate > now + STATUS_LIMITS.skewMs) return 'future';
  if (nextUpdate !== null && (nextUpdate < now || nextUpdate < thisUpdate)) return 'stale';
  return (reused || nextUpdate === null) && now - thisUpdate > STATUS_LIMITS.ageMs ? 'stale' : null;
}

function isAbout({ hash, nameHash, keyHash, serial }: SingleAnswer, certId: CertId): boolean {
  return hash === OID.sha1 && equal(nameHash, certId.nameHash) && equal(keyHash, certId.keyHash) && equal(serial, certId.serial);
}

/** The one that speaks of the certificate. Two are as little as none: they might disagree. */
function onlyAnswer({ answers }: BasicAnswer, certId: CertId): SingleAnswer | null {
  const [found, ...others] = answers.filter((single) => isAbout(single, certId));
  return found === undefined || others.length > 0 ? null : found;
}

function judge(answer: BasicAnswer, single: SingleAnswer, now: number): CertificateState {
  if (answer.hasCritical || single.hasCritical) return unknown('critical');
  if (answer.producedAt > now + STATUS_LIMITS.skewMs) return unknown('future');
  const reused = answer.nonce === null;
  const { status, thisUpdate, nextUpdate } = single;
  const why = checkTimes(thisUpdate, nextUpdate, reused, now);
  if (why !== null) return unknown(why);
  if (status === 'unknown') return unknown('not-known');
  return status === 'good' ? { state: 'good', thisUpdate, nextUpdate, reused } : { state: 'revoked', ...status, thisUpdate, nextUpdate };
}

function readQuietly(bytes: Bytes): OcspAnswer | null {
  try {
    return readOcspAnswer(bytes);
  } catch (thrown) {
    if (thrown instanceof WalletError) return null;
    throw thrown;
  }
}

/**
 * What time the responder's clock showed, milliseconds since 1970; null where the answer proves none. Only one that repeats the
 * nonce of this very question was made just now, and a clock of ours that is wrong must not decide who may sign it.
 */
export async function timeOfAnswer(bytes: Bytes, { nonce, authority }: OcspQuestion): Promise<number | null> {
  const answer = readQuietly(bytes);
  if (answer === null || typeof answer === 'string' || answer.nonce === null || !equal(answer.nonce, nonce)) return null;
  return (await isAnsweredFor(authority, answer, answer.producedAt)) ? answer.producedAt : null;
}

/** What an answer's octets say of the certificate that was asked about. Whatever fails makes it unknown. */
export async function checkOcspAnswer(bytes: Bytes, { certId, nonce, authority, now }: OcspQuestion): Promise<CertificateState> {
  const answer = readQuietly(bytes);
  if (answer === null) return unknown('malformed');
  if (typeof answer === 'string') return unknown(answer);
  if (!(await isAnsweredFor(authority, answer, now))) return unknown('untrusted');
  if (answer.nonce !== null && !equal(answer.nonce, nonce)) return unknown('nonce');
  const single = onlyAnswer(answer, certId);
  return single === null ? unknown('other-certificate') : judge(answer, single, now);
}
