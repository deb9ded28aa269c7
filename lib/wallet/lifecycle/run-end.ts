/** What the end of a run leaves beside the journal: an entry in the history, and the state of a certificate that it changed. */
import type { Act, Course } from '../../cmp/course.ts';
import type { HistoryRow, OwnAct } from '../history-api.ts';
import type { NoteAct } from '../own-history.ts';
import type { RevocationWord } from '../revocation-api.ts';
import { hasEnded, type Errand } from './errand.ts';

export interface RunEndPorts {
  readonly note: NoteAct;
  /** Keeps to what state the authority changed a record's certificate. Never throws. */
  readonly noteState: (id: string, state: RevocationWord['state']) => Promise<void>;
}

const OWN_ACT_OF = {
  issue: 'issue',
  reissue: 'issue',
  complete: 'issue',
  renew: 'renew',
  revoke: 'revoke',
  hold: 'hold',
  release: 'release',
} as const satisfies Record<Act, OwnAct>;
/** What the certificate is that such an act was about. */
const STATE_AFTER: Partial<Record<Act, RevocationWord['state']>> = { revoke: 'revoked', hold: 'on-hold', release: 'good' };

function resultOf(course: Course): HistoryRow['result'] {
  if (course.state === 'CONFIRMED') return 'done';
  // Given up since no answer came.
  if (course.state !== 'FAILED') return 'user.timeout';
  return course.refusal.flaw === 'not-sent' ? 'user.cancelled' : 'ca.refused';
}

/** Call it once the end is kept. Does nothing for a run that goes on. Never throws. */
export async function noteEnd({ course, item, old }: Errand, { note, noteState }: RunEndPorts): Promise<void> {
  if (!hasEnded({ course })) return;
  const isDone = course.state === 'CONFIRMED';
  const about = old ?? (isDone ? item : null);
  note(OWN_ACT_OF[course.act], about === null ? [] : [about], resultOf(course));
  const state = isDone ? STATE_AFTER[course.act] : undefined;
  if (state !== undefined && old !== null) await noteState(old, state);
}
