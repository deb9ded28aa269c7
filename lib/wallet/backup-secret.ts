/** What a backup file needs of the wallet layer: reading it from a picked file, its owner's secret, its certificates. */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { errorCode, WalletError } from '../errors.ts';
import { readCertificate } from '../npki/certificate.ts';
import { openPlainKey } from '../npki/plain-key.ts';
import { proveKey } from '../npki/prove.ts';
import { BACKUP_MAX } from '../vault/backup-lines.ts';
import type { CertificateReader } from '../vault/carried.ts';
import { recoverySlot, type VaultHead } from '../vault/head.ts';
import type { PasswordKdf } from '../vault/kdf.ts';
import { passwordBytes } from '../vault/password.ts';
import { readBackup, type BackupFile } from '../vault/read-backup.ts';
import { readRecoveryCode } from '../vault/recovery-code.ts';
import { openWithPassword, openWithRecoveryCode, WRONG_SECRET, type OpenSlot } from '../vault/unlock.ts';

async function octetsOf(file: Blob): Promise<Bytes> {
  if (file.size > BACKUP_MAX) throw new WalletError('backup.too-large');
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    throw new WalletError('file.unreadable', { cause });
  }
}

/** Its size is looked at before it is read. Throws as `readBackup`, and `file.unreadable`. */
export async function readBackupFile(file: Blob): Promise<BackupFile> {
  return readBackup(await octetsOf(file));
}

/** The keys by the code, or null where the text is none or another one. */
async function openWithTypedCode(head: VaultHead, typed: string): Promise<OpenSlot | null> {
  if (!recoverySlot(head)) return null;
  const code = await readRecoveryCode(typed).catch(() => null);
  if (!code) return null;
  try {
    return await openWithRecoveryCode(head, code);
  } catch (thrown) {
    if (WRONG_SECRET.has(errorCode(thrown))) return null;
    throw thrown;
  }
}

/** Opens a head with what its owner typed: the password or the recovery code of that day. */
export async function openWithTyped(head: VaultHead, typed: string, kdf: PasswordKdf): Promise<OpenSlot> {
  return (await openWithTypedCode(head, typed)) ?? openWithPassword(head, passwordBytes(typed), kdf);
}

export const CERTIFICATE_READER: CertificateReader = {
  spkiOf: (certificate) => readCertificate(certificate).spki,
  endOf: (certificate) => Math.floor(readCertificate(certificate).notAfter / 1000),
  async prove(certificate, privateKeyInfo, role) {
    const key = openPlainKey(privateKeyInfo);
    try {
      await proveKey(readCertificate(certificate), key, role);
    } finally {
      wipe(key.privateKeyInfo);
    }
  },
};
