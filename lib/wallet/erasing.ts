/** Erasing the wallet, and, with a word of its own from the owner, what lies of it in the browser's sync storage. */
import type { Copies } from '../vault/copies.ts';
import { WRITE_LOCK } from '../vault/store.ts';
import { hasSyncCopy, removeSyncCopy, type SyncArea } from '../vault/sync-copy.ts';
import { SYNC_LOCK } from '../vault/sync-standing.ts';
import { knownWallet } from '../vault/which-head.ts';
import type { BlockedSites } from './blocked-sites.ts';
import type { Erasure, SyncLeft } from './keeping-api.ts';
import { FRESH_MEMORY, NOTICES_LOCK, writeNoticeMemory } from './notice-memory.ts';
import { HISTORY_LOCK, type PendingHistory } from './pending-history.ts';
import type { TextStore, WithLock } from './ports.ts';
import { NO_NOTES, writeRevocationNotes } from './revocation-notes.ts';

export interface ErasePorts {
  readonly store: Copies;
  readonly withLock: WithLock;
  readonly syncArea: SyncArea;
  /** Asks the background to lock, which ends waiting requests too. */
  readonly lock: () => Promise<void>;
  readonly pending: PendingHistory;
  readonly blocked: BlockedSites;
  /** What authorities said of certificates. */
  readonly revocationNotes: TextStore;
  /** What was told of ends, by the ids of their records. */
  readonly noticeStore: TextStore;
}

/** The wallet that the copies are of; the mirror is asked only where nothing in the primary says so. */
async function walletHere(store: Copies): Promise<string | null> {
  const { primary, mirror } = await store.readings();
  return knownWallet(primary) ?? knownWallet(mirror);
}

/** As `RecoveryApi.syncLeft`. */
export async function syncLeft({ store, syncArea }: Pick<ErasePorts, 'store' | 'syncArea'>): Promise<SyncLeft> {
  try {
    const vid = await walletHere(store);
    return vid !== null && (await hasSyncCopy(syncArea, vid)) ? 'some' : 'none';
  } catch {
    return 'unknown';
  }
}

/**
 * Erases both copies. The sync copy goes first: where it cannot, nothing is erased, since afterwards nobody knows whose it was.
 * @param check what must hold under the lock of the saves, or else it throws
 * @throws as `check`; `sync.unavailable`, `vault.read-only`
 */
export async function eraseWallet(
  { store, withLock, syncArea, lock, pending, blocked, revocationNotes, noticeStore }: ErasePorts,
  { syncCopy }: Erasure,
  check: () => Promise<unknown>,
): Promise<void> {
  await withLock(SYNC_LOCK, () =>
    withLock(WRITE_LOCK, async () => {
      await check();
      const vid = syncCopy ? await walletHere(store) : null;
      if (vid !== null) await removeSyncCopy(syncArea, vid);
      await store.erase();
    }),
  );
  await lock();
  // What was done with the wallet that was is no history of the next one; what the background still writes of it comes first.
  await withLock(HISTORY_LOCK, async () => {
    await pending.remove(await pending.list());
    await blocked.clear().catch(() => undefined);
    await revocationNotes.write(writeRevocationNotes(NO_NOTES)).catch(() => undefined);
  });
  await withLock(NOTICES_LOCK, () => noticeStore.write(writeNoticeMemory(FRESH_MEMORY))).catch(() => undefined);
}
