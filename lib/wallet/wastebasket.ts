/** Deleting certificates, putting them back, and what takes them away for good. */
import { wipe } from '../bytes/bytes.ts';
import { readCertificate } from '../npki/certificate.ts';
import { backupDue } from '../vault/backup-due.ts';
import type { VaultHead } from '../vault/head.ts';
import type { OpenItem } from '../vault/item.ts';
import type { SaveBase } from '../vault/next-head.ts';
import { openSettings } from '../vault/settings-record.ts';
import { openBatches } from '../vault/vault.ts';
import { moveToWastebasket, purge, purgeDue, putBack } from '../vault/wastebasket.ts';
import { dueForPurge, KEPT_SECONDS } from '../vault/wastebasket-time.ts';
import type { WastebasketApi } from './keeping-api.ts';
import type { DeletedRow } from './keeping-api.ts';
import { changeOpen, onNewest, type NewestPorts } from './newest.ts';
import { rowOf } from './rows.ts';

/** A backup file made so shortly before (milliseconds) counts as the second copy. */
const JUST_BEFORE_MS = 3_600_000;

/** Seconds since 1970. */
function endOf({ signCertificate }: OpenItem): number | null {
  return signCertificate ? Math.floor(readCertificate(signCertificate).notAfter / 1000) : null;
}

async function deletedRows(item: OpenItem): Promise<readonly DeletedRow[]> {
  const { deleted } = item;
  if (deleted === null || item.signCertificate === null) return [];
  try {
    return [{ ...(await rowOf(item)), deletedAt: deleted * 1000, goneAt: (deleted + KEPT_SECONDS) * 1000 }];
  } catch {
    return []; // A damaged record costs its own row only, as in the lists.
  }
}

/** Whether a backup file that holds everything was made just before. */
async function justBackedUp({ store, head, listKey, now }: SaveBase): Promise<boolean> {
  try {
    const { backup } = await openSettings(store, head, listKey);
    const { changes } = backupDue(head, backup, now);
    return backup.gen > 0 && changes === 0 && now >= backup.at && now - backup.at <= JUST_BEFORE_MS;
  } catch {
    return false;
  }
}

export class Wastebasket implements WastebasketApi {
  readonly #ports: NewestPorts;

  constructor(ports: NewestPorts) {
    this.#ports = ports;
  }

  async rows(): Promise<readonly DeletedRow[]> {
    const { store, door } = this.#ports;
    const { head, listKey } = await door.requireOpen();
    try {
      const rows: DeletedRow[] = [];
      for await (const { items } of openBatches(store, head, listKey)) rows.push(...(await Promise.all(items.map(deletedRows))).flat());
      return rows.sort((a, b) => a.goneAt - b.goneAt);
    } finally {
      wipe(listKey);
    }
  }

  move(ids: readonly string[]): Promise<void> {
    return changeOpen(this.#ports, (base) => moveToWastebasket({ ...base, ids }));
  }

  putBack(ids: readonly string[]): Promise<void> {
    return changeOpen(this.#ports, (base) => putBack({ ...base, ids, endOf }));
  }

  async purge(ids: readonly string[], walletPassword: string): Promise<void> {
    const { store, door } = this.#ports;
    const { slot } = await door.openSlot(walletPassword);
    try {
      const twoVerified = async (base: SaveBase): Promise<boolean> => (await store.twoVerified()) || justBackedUp(base);
      const act = (base: SaveBase): Promise<VaultHead> => purge({ ...base, ids, twoVerified: () => twoVerified(base) });
      await door.enter(await onNewest(this.#ports, slot.listKey, act), slot.listKey);
    } finally {
      wipe(slot.listKey, slot.signingKey);
    }
  }

  /**
   * Takes away what lay there for its 30 days, after the wallet was opened. The time of the last save is when the clock
   * was seen last: it can only make the days longer. Whatever holds it up holds nobody else up.
   */
  async purgeDue(): Promise<void> {
    const { store, door, clock } = this.#ports;
    const head = await door.head().catch(() => null);
    if (!head || dueForPurge(head.items, clock()).length === 0) return;
    const twoVerified = (): Promise<boolean> => store.twoVerified();
    await changeOpen(this.#ports, async (base) => (await purgeDue({ ...base, seen: base.head.ts, twoVerified })).head).catch(() => undefined);
  }
}
