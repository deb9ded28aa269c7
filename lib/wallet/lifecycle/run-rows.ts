/** What screens show of a run. */
import type { Course } from '../../cmp/course.ts';
import type { Report } from '../../cmp/receive.ts';
import { mayResend } from '../../cmp/run.ts';
import type { AuthorityRow, IssueWarning, LifecycleRun } from '../lifecycle-api.ts';
import { hasEnded, type Errand } from './errand.ts';

function dueAt({ course, keys }: Errand): number | null {
  if (course.state === 'WAITING') return course.checkAt;
  if (course.state === 'SAVED') return course.confirmBefore;
  return course.state === 'UNKNOWN' && keys.length > 0 ? course.keepUntil : null;
}

function warningsOf(course: Course): readonly IssueWarning[] {
  return 'certificates' in course ? [...new Set(course.certificates.flatMap(({ warnings }) => warnings))] : [];
}

function refusalOf(course: Course): LifecycleRun['refusal'] {
  if (course.state !== 'FAILED') return null;
  const { word, flaw, text, clockAhead } = course.refusal;
  return { word, flaw, text, clockAhead };
}

function canResume(course: Course, resend: boolean): boolean {
  if (course.state === 'SENT') return mayResend(course, resend);
  return !hasEnded({ course });
}

export interface RunRowOrder {
  readonly errand: Errand;
  readonly authority: AuthorityRow | null;
  /** Whether the authority answers the same request the same way. */
  readonly resend: boolean;
  readonly report?: Report | null;
}

export function runRow({ errand, authority, resend, report = null }: RunRowOrder): LifecycleRun {
  const { id, startedAt, item, old, course } = errand;
  // It is in memory only while a run goes on.
  const state = course.state === 'RECEIVED' ? 'SENT' : course.state;
  const signs = 'credential' in course && course.credential.kind === 'certificate';
  return {
    id,
    act: course.act,
    state,
    authority,
    startedAt,
    item: state === 'SAVED' || state === 'CONFIRMED' ? item : null,
    old,
    dueAt: dueAt(errand),
    needsSecret: signs && (state === 'SENT' || state === 'WAITING'),
    canResume: canResume(course, resend),
    refusal: refusalOf(course),
    warnings: warningsOf(course),
    unanswered: report !== null && report.kind !== 'moved',
  };
}
