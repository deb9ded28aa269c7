/** The lines of the notices, each of which leads to where the owner can do something about it. */
import type { TextKey, TextParams } from '../../lib/i18n/texts.ts';
import type { BackupStatus } from '../../lib/wallet/keeping-api.ts';

import type { Ending } from '../../lib/wallet/notices-api.ts';
import type { RunStub } from '../../lib/wallet/run-notice.ts';
import type { OpenGuide } from '../../lib/wallet/renewal-api.ts';
import { dueSentence } from '../backup/due-words.ts';
import { pathTo } from './notice-path.ts';

export interface NoticeLine {
  readonly key: 'runs' | 'expired' | 'expiring' | 'missing' | 'other-keys' | 'rolled-back' | 'one-copy' | 'renewal' | 'backup' | 'code';
  readonly tone: 'bad' | 'warn';
  readonly icon: 'stop' | 'clock' | 'warn';
  readonly text: string;
  /** What following it does; null where the text says it all. */
  readonly action: string | null;
  /** Of the manager page. */
  readonly path: string;
}

export interface Noticed {
  /** Certificates that no copy holds. */
  readonly lost: number;
  readonly news: string | null;
  /** What is asked of authorities. */
  readonly runs: readonly Pick<RunStub, 'state' | 'dueAt'>[];
  /** Null where it is not known. */
  readonly ending: Ending | null;
  /** Renewals of which something is left to do. */
  readonly guides: readonly OpenGuide[];
  /** Null where it is not known. */
  readonly backup: Pick<BackupStatus, 'due' | 'days' | 'changes'> | null;
  /** Whether there is a recovery code; null where it is not known. */
  readonly hasCode: boolean | null;
}

interface Words {
  readonly t: (key: TextKey, params?: TextParams) => string;
  readonly sentenceDay: (time: number) => string;
  readonly now: () => number;
}

const CARE = { tone: 'warn', icon: 'warn' } as const;

/** Where one run stands: what its owner waits for, or may do. */
function runWords({ t, now }: Words, { state, dueAt }: Noticed['runs'][number]): string {
  if (state === 'SAVED') return t('notice_run_confirming');
  if (state !== 'WAITING') return t('notice_runs', { n: 1 });
  return t(dueAt !== null && dueAt <= now() ? 'notice_run_due' : 'notice_run_waiting');
}

/** What has ended is told by the window where it ran, and needs nothing of the owner. */
function runLines(words: Words, runs: Noticed['runs']): readonly NoticeLine[] {
  const [first, ...others] = runs.filter(({ state }) => state !== 'CONFIRMED' && state !== 'FAILED');
  if (first === undefined) return [];
  const text = others.length === 0 ? runWords(words, first) : words.t('notice_runs', { n: others.length + 1 });
  return [{ ...CARE, key: 'runs', text, action: words.t('popup_look'), path: '#/' }];
}

/** How many end and when, without a name: these stand where the wallet is locked, too. */
function endingLines({ t, sentenceDay }: Words, ending: Ending | null): readonly NoticeLine[] {
  if (!ending) return [];
  const { ids, expired, expiring, nearest } = ending;
  const lines: NoticeLine[] = [];
  if (expired > 0) {
    const text = t('notice_expired', { n: expired });
    lines.push({ key: 'expired', tone: 'bad', icon: 'stop', text, action: null, path: pathTo(ids.slice(0, expired)) });
  }
  if (nearest !== null) {
    const text = t('notice_expiring', { n: expiring, date: sentenceDay(nearest) });
    lines.push({ key: 'expiring', tone: 'warn', icon: 'clock', text, action: null, path: pathTo(ids.slice(expired)) });
  }
  return lines;
}

function troubleLines({ t }: Words, { lost, news }: Pick<Noticed, 'lost' | 'news'>): readonly NoticeLine[] {
  const lines: NoticeLine[] = [];
  const look = { ...CARE, action: t('popup_look'), path: '#/' } as const;
  if (lost > 0) lines.push({ ...CARE, key: 'missing', text: t('popup_missing', { n: lost }), action: t('notice_restore'), path: '#/restore' });
  if (news === 'other-keys') lines.push({ ...look, key: 'other-keys', text: t('popup_other_keys') });
  if (news === 'rolled-back') lines.push({ ...look, key: 'rolled-back', text: t('popup_rolled_back') });
  if (news === 'one-copy') lines.push({ ...look, key: 'one-copy', text: t('popup_one_copy') });
  return lines;
}

/** What is left of renewals: of one, which leads there, or how many there are. */
function guideLines({ t }: Words, [guide, ...others]: readonly OpenGuide[]): readonly NoticeLine[] {
  if (!guide) return [];
  const { id, places, done } = guide;
  const line = { ...CARE, key: 'renewal', action: t('renewal'), path: `#/renew/${id}` } as const;
  if (others.length > 0) return [{ ...line, text: t('notice_guides', { n: others.length + 1 }) }];
  return [{ ...line, text: done < places ? t('notice_places', { n: done, m: places }) : t('notice_tidy') }];
}

function keepingLines({ t }: Words, { backup, hasCode }: Pick<Noticed, 'backup' | 'hasCode'>): readonly NoticeLine[] {
  const lines: NoticeLine[] = [];
  if (backup?.due) {
    // Short, for there is little room: why one is needed at all stands in the manager page.
    const text = backup.days === null ? t('backup_none') : dueSentence(t, backup);
    lines.push({ ...CARE, key: 'backup', text, action: t('backup_now'), path: '#/backup' });
  }
  if (hasCode === false) lines.push({ ...CARE, key: 'code', text: t('notice_recovery_code'), action: t('code_make'), path: '#/security' });
  return lines;
}

/**
 * All there is to say, the worst first: what an authority may wait for, certificates that have ended or will, trouble of the stores,
 * what a renewal left to do, a due backup, a recovery code that was never made.
 */
export function noticeLines(words: Words, noticed: Noticed): readonly NoticeLine[] {
  return [
    ...runLines(words, noticed.runs),
    ...endingLines(words, noticed.ending),
    ...troubleLines(words, noticed),
    ...guideLines(words, noticed.guides),
    ...keepingLines(words, noticed),
  ];
}
