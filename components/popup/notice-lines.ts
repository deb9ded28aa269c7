/** The lines of the popup that lead to something the owner should do, the gravest first. */
import type { TextKey, TextParams } from '../../lib/i18n/texts.ts';
import type { OpenGuide } from '../../lib/wallet/renewal-api.ts';
import type { BackupStatus } from '../../lib/wallet/keeping-api.ts';
import { dueSentence } from '../backup/due-words.ts';

export interface NoticeLine {
  readonly key: 'missing' | 'other-keys' | 'rolled-back' | 'one-copy' | 'renewal' | 'backup' | 'code';
  readonly text: string;
  /** What following it does. */
  readonly action: string;
  /** Of the manager page. */
  readonly path: string;
}

export interface Noticed {
  /** Certificates that no copy holds. */
  readonly lost: number;
  readonly news: string | null;
  /** Renewals of which something is left to do. */
  readonly guides: readonly OpenGuide[];
  /** Null where it is not known. */
  readonly backup: Pick<BackupStatus, 'due' | 'days' | 'changes'> | null;
  /** Whether there is a recovery code; null where it is not known. */
  readonly hasCode: boolean | null;
}

type Words = (key: TextKey, params?: TextParams) => string;

/** Short, for there is little room: why one is needed at all stands in the manager page. */
function backupSentence(t: Words, backup: Pick<BackupStatus, 'days' | 'changes'>): string {
  return backup.days === null ? t('backup_none') : dueSentence(t, backup);
}

/** What is left of renewals: of one, which leads there, or how many there are. */
function guideLine(t: Words, [guide, ...others]: readonly OpenGuide[]): readonly NoticeLine[] {
  if (!guide) return [];
  const { id, places, done } = guide;
  const line = { key: 'renewal', action: t('renewal'), path: `#/renew/${id}` } as const;
  if (others.length > 0) return [{ ...line, text: t('notice_guides', { n: others.length + 1 }) }];
  return [{ ...line, text: done < places ? t('notice_places', { n: done, m: places }) : t('notice_tidy') }];
}

/** Trouble of the stores before unfinished renewals, those before a due backup, and that before a recovery code that was never made. */
export function noticeLines(t: Words, { lost, news, guides, backup, hasCode }: Noticed): readonly NoticeLine[] {
  const lines: NoticeLine[] = [];
  if (lost > 0) lines.push({ key: 'missing', text: t('popup_missing', { n: lost }), action: t('notice_restore'), path: '#/restore' });
  if (news === 'other-keys') lines.push({ key: 'other-keys', text: t('popup_other_keys'), action: t('popup_look'), path: '#/' });
  if (news === 'rolled-back') lines.push({ key: 'rolled-back', text: t('popup_rolled_back'), action: t('popup_look'), path: '#/' });
  if (news === 'one-copy') lines.push({ key: 'one-copy', text: t('popup_one_copy'), action: t('popup_look'), path: '#/' });
  lines.push(...guideLine(t, guides));
  if (backup?.due) lines.push({ key: 'backup', text: backupSentence(t, backup), action: t('backup_now'), path: '#/backup' });
  if (hasCode === false) lines.push({ key: 'code', text: t('notice_recovery_code'), action: t('code_make'), path: '#/security' });
  return lines;
}
