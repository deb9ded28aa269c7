/** What the end of a run leaves beside the journal: an entry in the history, and that a certificate is revoked. */
import type { Act, Course } from '../../cmp/course.ts';
import type { HistoryRow, OwnAct } from '../history-api.ts';
import type { NoteAct } from '../own-history.ts';
import { hasEnded, type Errand } from './errand.ts';

export interface RunEndPorts {
  readonly note: NoteAct;
  /** Keeps that the authority took the revocation of a record's certificate. Never throws. */
  readonly noteRevoked: (id: string) => Promise<void>;
}

const OWN_ACT_OF = { issue: 'issue', reissue: 'issue', complete: 'issue', renew: 'renew', revoke: 'revoke' } as const satisfies Record<Act, OwnAct>;

function resultOf(course: Course): HistoryRow['result'] {
  if (course.state === 'CONFIRMED') return 'done';
  // Given up since no answer came.
  if (course.state !== 'FAILED') return 'user.timeout';
  return course.refusal.flaw === 'not-sent' ? 'user.cancelled' : 'ca.refused';
}

/** Call it once the end is kept. Does nothing for a run that goes on. Never throws. */
export async function noteEnd({ course, item, old }: Errand, { note, noteRevoked }: RunEndPorts): Promise<void> {
  if (!hasEnded({ course })) return;
  const isDone = course.state === 'CONFIRMED';
  const about = old ?? (isDone ? item : null);
  note(OWN_ACT_OF[course.act], about === null ? [] : [about], resultOf(course));
  if (isDone && course.act === 'revoke' && old !== null) await noteRevoked(old);
}
