/** Backup files of the open wallet: when one is due, making one, and the test whether one opens. */
import { wipe } from '../bytes/bytes.ts';
import { errorCode } from '../errors.ts';
import { afterBackup, backupDue } from '../vault/backup-due.ts';
import { checkBackup, type BackupCheck } from '../vault/check-backup.ts';
import type { VaultHead } from '../vault/head.ts';
import type { PasswordKdf } from '../vault/kdf.ts';
import { newPassword } from '../vault/new-password.ts';
import { backupName } from '../vault/read-backup.ts';
import { openSettings, saveSettings } from '../vault/settings-record.ts';
import { DEFAULT_SETTINGS, type BackupRule, type PrivateSettings } from '../vault/settings-text.ts';
import { writeBackup, writeBackupWithPassword, type WrittenBackup } from '../vault/write-backup.ts';
import type { BackupApi } from './keeping-api.ts';
import { CERTIFICATE_READER, openWithTyped, readBackupFile } from './backup-secret.ts';
import type { BackupStatus, MadeBackup } from './keeping-api.ts';
import { changeOpen, onNewest, type NewestPorts } from './newest.ts';
import type { NoteAct } from './own-history.ts';
import type { Random } from './ports.ts';

export interface BackupPorts extends NewestPorts {
  readonly random: Random;
  readonly kdf: PasswordKdf;
  readonly pause: () => Promise<void>;
  readonly note: NoteAct;
}

/** Named by the day on this computer's own clock. */
function nameAt(now: number): string {
  const day = new Date(now);
  return backupName(day.getFullYear(), day.getMonth() + 1, day.getDate());
}

function made({ octets, count, left }: WrittenBackup, { gen }: VaultHead, now: number): MadeBackup {
  return { name: nameAt(now), bytes: octets, gen, at: now, count, left: left.filter(({ k }) => k === 'I').length };
}

export class Backups implements BackupApi {
  readonly #ports: BackupPorts;

  constructor(ports: BackupPorts) {
    this.#ports = ports;
  }

  async status(): Promise<BackupStatus> {
    const { store, door, clock } = this.#ports;
    const { head, listKey } = await door.requireOpen();
    try {
      const { backup } = await openSettings(store, head, listKey).catch((thrown: unknown) => {
        // Settings that do not open are no reason to tell nobody of a backup.
        if (errorCode(thrown) === 'vault.damaged') return DEFAULT_SETTINGS;
        throw thrown;
      });
      const now = clock();
      const { due, changes, days } = backupDue(head, backup, now);
      const items = head.items.filter(({ k }) => k === 'I');
      const unsaved = items.filter(({ g }) => g > backup.gen).map(({ id }) => id);
      return { rule: backup.rule, at: backup.gen === 0 ? null : backup.at, days, changes, due, count: items.length, unsaved, name: nameAt(now) };
    } finally {
      wipe(listKey);
    }
  }

  setRule(rule: BackupRule): Promise<void> {
    return this.#change((settings) => ({ ...settings, backup: { ...settings.backup, rule } }));
  }

  async make(): Promise<MadeBackup> {
    const { door, pause } = this.#ports;
    const { listKey } = await door.requireOpen();
    try {
      return await onNewest(this.#ports, listKey, async (base) => made(await writeBackup({ ...base, pause }), base.head, base.now));
    } finally {
      wipe(listKey);
    }
  }

  async makeWithPassword(filePassword: string, walletPassword: string): Promise<MadeBackup> {
    const { door, kdf, random, pause } = this.#ports;
    const password = newPassword(filePassword);
    try {
      const { slot: keys } = await door.openSlot(walletPassword);
      try {
        return await onNewest(this.#ports, keys.listKey, async ({ store, head, now, app }) =>
          made(await writeBackupWithPassword({ store, head, now, app, keys, password, kdf, random, pause }), head, now),
        );
      } finally {
        wipe(keys.listKey, keys.signingKey);
      }
    } finally {
      wipe(password);
    }
  }

  async noteSaved({ gen, at }: Pick<MadeBackup, 'gen' | 'at'>): Promise<void> {
    await this.#change((settings) => (gen < settings.backup.gen ? settings : afterBackup(settings, gen, at)));
    this.#ports.note('backup');
  }

  async check(file: Blob, secret: string): Promise<BackupCheck> {
    const { kdf, pause } = this.#ports;
    return checkBackup(await readBackupFile(file), (head) => openWithTyped(head, secret, kdf), CERTIFICATE_READER, pause);
  }

  #change(change: (settings: PrivateSettings) => PrivateSettings): Promise<void> {
    const { random } = this.#ports;
    return changeOpen(this.#ports, (base) => saveSettings({ ...base, random, change }));
  }
}
