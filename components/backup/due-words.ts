/** The one sentence that says why a backup is due. */
import type { TextKey, TextParams } from '../../lib/i18n/texts.ts';
import type { BackupStatus } from '../../lib/wallet/keeping-api.ts';

export function dueSentence(t: (key: TextKey, params?: TextParams) => string, { days, changes }: Pick<BackupStatus, 'days' | 'changes'>): string {
  if (days === null) return t('backup_due_none');
  return changes > 0 ? t('backup_due_changes', { n: changes }) : t('backup_due_days', { n: days });
}
