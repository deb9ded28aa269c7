/**
 * Writing a backup file from the open wallet: the records as the stores have them, octet for octet, under a head that
 * is proven anew. It needs the list key alone and opens with the secrets of that day.
 */
import { toBase64Url } from '../bytes/base64.ts';
import { equal, wipe, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { errorCode, WalletError, type ErrorCode } from '../errors.ts';
import { BACKUP_MAX, summaryOf, writeBackupEnd, writeBackupStart } from './backup-lines.ts';
import { passwordSlot, verifyHead, type HeadItem, type VaultHead } from './head.ts';
import { WRITTEN_COST, type PasswordKdf } from './kdf.ts';
import { importSecret } from './keys.ts';
import { ID_SIZE, SALT_SIZE, VERSION } from './limits.ts';
import { openRecord } from './open-record.ts';
import { readBackup } from './read-backup.ts';
import { sealSlot } from './seal-slot.ts';
import type { VaultStore } from './store.ts';
import { openSlot, type OpenSlot } from './unlock.ts';
import { writeHead } from './write-head.ts';

export interface BackupRequest {
  readonly store: VaultStore;
  readonly head: VaultHead;
  readonly listKey: Bytes;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Version of the extension. */
  readonly app: string;
  /** Gives a page its turn between batches. */
  readonly pause?: () => Promise<void>;
}

export interface WrittenBackup {
  /** The file. */
  readonly octets: Bytes;
  /** Certificate items in it, those of the wastebasket too. */
  readonly count: number;
  /** Records that could not be taken, because they are missing or do not open. */
  readonly left: readonly { readonly id: string; readonly k: HeadItem['k']; readonly code: ErrorCode }[];
}

interface Taken {
  readonly entries: readonly HeadItem[];
  readonly lines: readonly string[];
  readonly left: WrittenBackup['left'];
}

const BATCH = 16;
/** Journal entries whose outcome stands in no item: another computer could not go on with them. */
const UNFINISHED: ReadonlySet<string> = new Set(['PREPARED', 'SENT', 'WAITING', 'RECEIVED', 'UNKNOWN']);

function isCarried({ k, st = '' }: HeadItem): boolean {
  return k !== 'J' || !UNFINISHED.has(st);
}

/** Reads every record and opens it, so that what the file holds is known to be good. */
async function takeRecords({ store, head, listKey, pause }: BackupRequest): Promise<Taken> {
  const secret = await importSecret(listKey);
  const wanted = head.items.filter(isCarried);
  const entries: HeadItem[] = [];
  const lines: string[] = [];
  const left: WrittenBackup['left'][number][] = [];
  for (let at = 0; at < wanted.length; at += BATCH) {
    if (at > 0) await pause?.();
    const batch = wanted.slice(at, at + BATCH);
    const texts = await store.records(batch);
    for (const [nth, entry] of batch.entries()) {
      const text = texts[nth] ?? null;
      try {
        wipe(await openRecord(secret, head.vid, entry, text));
        entries.push(entry);
        lines.push(text ?? '');
      } catch (thrown) {
        left.push({ id: entry.id, k: entry.k, code: errorCode(thrown) });
      }
    }
  }
  return { entries, lines, left };
}

/** Reads the file as a restore would. A difference would be a fault of ours, and no file is given out then. */
async function checkWritten(octets: Bytes, listKey: Bytes): Promise<void> {
  try {
    const { head, state } = await readBackup(octets);
    if (!head || state !== 'complete') throw new WalletError('vault.damaged');
    await verifyHead(head, listKey);
  } catch (cause) {
    throw new WalletError('internal', { detail: 'self-check', cause });
  }
}

async function writeFile(request: BackupRequest, slots: readonly string[]): Promise<WrittenBackup> {
  const { head, listKey, now, app } = request;
  if (head.version > VERSION) throw new WalletError('vault.newer-version');
  await verifyHead(head, listKey);
  const { vid, gen, prev, version } = head;
  const { entries, lines, left } = await takeRecords(request);
  const start = await writeBackupStart({ vid, gen, ts: now, app, n: lines.length });
  const headLine = await writeHead({ version, vid, gen, app, ts: now, prev, slots, items: entries }, listKey);
  const before = [start, headLine, ...lines];
  const end = await writeBackupEnd(await summaryOf(before));
  const octets = utf8([...before, end].map((line) => `${line}\n`).join(''));
  if (octets.length > BACKUP_MAX) throw new WalletError('backup.too-large');
  await checkWritten(octets, listKey);
  return { octets, count: entries.filter(({ k }) => k === 'I').length, left };
}

/**
 * The backup file of the open wallet. A record that does not open is left out and named, so that one bad record does not
 * keep the others from being saved.
 * @throws `vault.changed` where the head is not ours, `vault.newer-version`, `vault.unavailable`, `backup.too-large`
 */
export function writeBackup(request: BackupRequest): Promise<WrittenBackup> {
  return writeFile(
    request,
    request.head.slots.map(({ text }) => text),
  );
}

export interface OtherPasswordRequest extends Omit<BackupRequest, 'listKey'> {
  /** Both keys, from the secret that was just given; the caller wipes them. */
  readonly keys: OpenSlot;
  /** The file's own password, from `newPassword`; consumed. */
  readonly password: Bytes;
  readonly kdf: PasswordKdf;
  readonly random: (length: number) => Bytes;
}

/**
 * The same file under a password of its own: it opens with that one alone, passkeys and recovery code are not in it.
 * @throws as `writeBackup`, and what the KDF throws
 */
export async function writeBackupWithPassword(request: OtherPasswordRequest): Promise<WrittenBackup> {
  const { head, keys, password, kdf, random } = request;
  let derived: Bytes | null = null;
  try {
    await verifyHead(head, keys.listKey);
    const params = { ...WRITTEN_COST, salt: random(SALT_SIZE) };
    derived = await kdf(params, password);
    const slot = await sealSlot({ vid: head.vid, sid: toBase64Url(random(ID_SIZE)) }, params, derived, keys, random);
    const written = await writeFile({ ...request, listKey: keys.listKey }, [slot]);
    await checkOpens(written.octets, derived, keys);
    return written;
  } finally {
    wipe(derived, password);
  }
}

async function checkOpens(octets: Bytes, derived: Bytes, keys: OpenSlot): Promise<void> {
  const { head } = await readBackup(octets);
  if (!head) throw new WalletError('internal', { detail: 'self-check' });
  const opened = await openSlot(passwordSlot(head), head.vid, derived);
  const same = equal(opened.listKey, keys.listKey) && equal(opened.signingKey, keys.signingKey);
  wipe(opened.listKey, opened.signingKey);
  if (!same) throw new WalletError('internal', { detail: 'self-check' });
}
