/** When the owner is reminded to make a backup. */
import type { VaultHead } from './head.ts';
import type { PrivateSettings } from './settings-text.ts';

export interface BackupDue {
  readonly due: boolean;
  /** Certificates of the wallet that came, changed or went to the wastebasket since the last backup. */
  readonly changes: number;
  /** Days since the last backup, or null where there is none. A clock set back counts as none passed. */
  readonly days: number | null;
}

const DAY_MS = 86_400_000;
const DAYS = { change: 30, week: 7, month: 30 } as const;

function changesSince({ items }: Pick<VaultHead, 'items'>, { at, gen }: PrivateSettings['backup']): number {
  return items.filter(({ k, g, del }) => k === 'I' && (g > gen || (del !== undefined && del * 1000 > at))).length;
}

/**
 * Whether a backup is due by the owner's rule: `change` after every change and after 30 days, `week` and `month` after 7
 * and 30 days where anything changed since, `off` never. A wallet without certificates needs none.
 * @param now milliseconds since 1970
 */
export function backupDue(head: Pick<VaultHead, 'items'>, backup: PrivateSettings['backup'], now: number): BackupDue {
  const { rule, at, gen } = backup;
  const never = gen === 0;
  const changes = changesSince(head, never ? { ...backup, at: 0 } : backup);
  const days = never ? null : Math.max(0, Math.floor((now - at) / DAY_MS));
  const empty = !head.items.some(({ k }) => k === 'I');
  if (rule === 'off' || empty) return { due: false, changes, days };
  if (days === null) return { due: true, changes, days };
  const old = days >= DAYS[rule];
  return { due: rule === 'change' ? changes > 0 || old : changes > 0 && old, changes, days };
}

/** The settings after a backup was made of the generation `gen`, at `now` (milliseconds since 1970). */
export function afterBackup(settings: PrivateSettings, gen: number, now: number): PrivateSettings {
  return { ...settings, backup: { ...settings.backup, at: now, gen } };
}
