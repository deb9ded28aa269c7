/** The ends of a course. Number and code are overwritten; request and confirmation do not go along. */
import type { Confirmed, Failed, IssuedCertificate, RunningCourse, Sent, Unknown } from './course.ts';
import { wipeCredential } from './credential.ts';
import type { Adapter } from './directory/entry.ts';
import type { Refusal } from './refusal.ts';

const HOUR = 3_600_000;

/** Everything was done. */
export function confirmed(course: RunningCourse, certificates: readonly IssuedCertificate[]): Confirmed {
  wipeCredential(course.credential);
  return { state: 'CONFIRMED', act: course.act, caId: course.caId, certificates };
}

/** Nothing was issued, or what was is rejected. */
export function failed(course: RunningCourse, refusal: Refusal): Failed {
  wipeCredential(course.credential);
  return { state: 'FAILED', act: course.act, caId: course.caId, refusal };
}

/** No answer is hoped for any more. The keys are the caller's to keep until `keepUntil`. */
export function giveUp(course: Sent, { confirmGraceHours }: Pick<Adapter, 'confirmGraceHours'>): Unknown {
  wipeCredential(course.credential);
  return { state: 'UNKNOWN', act: course.act, caId: course.caId, keepUntil: course.sentAt + confirmGraceHours * HOUR };
}
