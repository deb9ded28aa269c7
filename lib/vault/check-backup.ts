/** The restore test: opens a backup file in memory and counts what a restore would bring back. Nothing is written. */
import { wipe } from '../bytes/bytes.ts';
import { errorCode, type ErrorCode } from '../errors.ts';
import { keysOf, openCarried, openProvenKey, type CertificateReader, type OpenedCarried, type OpenHead } from './carried.ts';
import { carriedBy, type BackupFile } from './read-backup.ts';

export interface BackupCheck {
  readonly state: BackupFile['state'];
  /** When it was made (milliseconds since 1970), from which generation, by which version; proven by the secret. */
  readonly ts: number;
  readonly gen: number;
  readonly app: string;
  /** Certificate items it lists, and how many of them open with all their private keys. */
  readonly listed: number;
  readonly opened: number;
  /** Private keys that open and belong to their certificates. */
  readonly keys: number;
  /** What does not, by record id. */
  readonly bad: readonly { readonly id: string; readonly code: ErrorCode }[];
}

async function proveKeys(
  opened: OpenedCarried,
  reader: CertificateReader,
  pause?: () => Promise<void>,
): Promise<Pick<BackupCheck, 'opened' | 'keys' | 'bad'>> {
  const bad: BackupCheck['bad'][number][] = [];
  let keys = 0;
  for (const item of opened.items) {
    await pause?.();
    try {
      for (const key of keysOf(item)) {
        wipe(await openProvenKey(opened, item.id, key, reader));
        keys++;
      }
    } catch (thrown) {
      bad.push({ id: item.id, code: errorCode(thrown) });
    }
  }
  return { opened: opened.items.length - bad.length, keys, bad };
}

/**
 * Opens everything in the file with the secret of that day, down to the private keys.
 * @throws `backup.secret`, `backup.damaged`, `backup.cut`, and what the KDF throws
 */
export async function checkBackup(file: BackupFile, open: OpenHead, reader: CertificateReader, pause?: () => Promise<void>): Promise<BackupCheck> {
  const opened = await openCarried(carriedBy(file), open, pause);
  const { ts, gen, app, items } = opened.head;
  try {
    const proven = await proveKeys(opened, reader, pause);
    const listed = items.filter(({ k }) => k === 'I').length;
    return { state: file.state, ts, gen, app, listed, ...proven, bad: [...opened.bad, ...proven.bad].map(({ id, code }) => ({ id, code })) };
  } finally {
    wipe(opened.keys.listKey, opened.keys.signingKey);
  }
}
