/** A run with an authority as the journal has it: the course, and what the wallet means to do with its outcome. */
import type { Course } from '../../cmp/course.ts';
import { wipeCredential } from '../../cmp/credential.ts';
import type { JournalKey } from '../../vault/journal.ts';

export interface Errand {
  /** Id of the journal entry, base64url. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Record of the new certificate, which is there from SAVED on; null for a revocation. */
  readonly item: string | null;
  /** Record of the certificate that is renewed or revoked; null where there is none. */
  readonly old: string | null;
  readonly course: Course;
  /** New private keys that are in no item yet, sealed for the item above. */
  readonly keys: readonly JournalKey[];
}

const ENDS: readonly Course['state'][] = ['CONFIRMED', 'FAILED', 'UNKNOWN'];

/** Whether nothing more will be said to the authority. */
export function hasEnded({ course }: Pick<Errand, 'course'>): boolean {
  return ENDS.includes(course.state);
}

/** Overwrites number and code, where it still has them. */
export function wipeErrand({ course }: Pick<Errand, 'course'>): void {
  if ('credential' in course) wipeCredential(course.credential);
}
