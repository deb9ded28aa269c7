/** Copies that lie in the sync storage, whoever wrote them: listed without opening any, and opened with their own secret. */
import { errorCode, WalletError, type ErrorCode } from '../errors.ts';
import type { VaultHead } from '../vault/head.ts';
import { findSyncCopies, type SyncArea } from '../vault/sync-copy.ts';
import type { BackupPorts } from './backup.ts';
import type { RestoreSession } from './keeping-api.ts';
import { openToRestore } from './restore.ts';
import type { FoundCopy } from './sync-api.ts';

export interface SyncPorts extends BackupPorts {
  readonly syncArea: SyncArea;
}

/** What is said of a backup file, in the words for a copy. */
const OF_COPIES: ReadonlyMap<ErrorCode, ErrorCode> = new Map([
  ['backup.secret', 'sync.secret'],
  ['backup.damaged', 'sync.damaged'],
]);

/** Newest first, those without certificates left out. @throws `sync.unavailable` */
export async function foundCopies(area: SyncArea, wanted: (head: VaultHead) => boolean): Promise<readonly FoundCopy[]> {
  const found = (await findSyncCopies(area)).filter(({ head, count }) => count > 0 && wanted(head));
  return found.map(({ head, ts, count }) => ({ key: head.sum, writtenAt: ts, count })).sort((a, b) => b.writtenAt - a.writtenAt);
}

/** Throws as `SyncApi.open`. */
export async function openFound(ports: SyncPorts, key: string, secret: string): Promise<RestoreSession> {
  const carried = (await findSyncCopies(ports.syncArea)).find(({ head }) => head.sum === key);
  if (!carried) throw new WalletError('sync.damaged', { detail: 'gone' });
  try {
    return await openToRestore(ports, { carried, state: 'complete' }, secret, (typed) => ports.door.openAlike(typed));
  } catch (thrown) {
    const code = OF_COPIES.get(errorCode(thrown));
    throw code ? new WalletError(code, { cause: thrown }) : thrown;
  }
}
