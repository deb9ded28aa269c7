/** Deleting certificates, putting them back, and what takes them away for good. */
import { equal, wipe } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { backupDue } from '../vault/backup-due.ts';
import type { VaultHead } from '../vault/head.ts';
import type { OpenItem } from '../vault/item.ts';
import type { SaveBase } from '../vault/next-head.ts';
import { openSettings } from '../vault/settings-record.ts';
import { openItems } from '../vault/vault.ts';
import { moveToWastebasket, purge, purgeDue, putBack } from '../vault/wastebasket.ts';
import { dueForPurge, KEPT_SECONDS } from '../vault/wastebasket-time.ts';
import type { DeletedRow, PutBack, WastebasketApi } from './keeping-api.ts';
import { changeOpen, onNewest, type NewestPorts } from './newest.ts';
import type { NoteAct } from './own-history.ts';
import type { Random } from './ports.ts';
import { endOfItem, rowOf } from './rows.ts';
import { foldKeys, foldNotes, twinOf, type FoldRequest } from './twins.ts';

/** A backup file made so shortly before (milliseconds) counts as the second copy. */
const JUST_BEFORE_MS = 3_600_000;

/**
 * Whether it has an encryption key that no certificate of the list has: what was encrypted to it opens with nothing else, so
 * only the owner takes it away.
 */
function isOnlyOpener({ kmCertificate, sealedKmKey }: OpenItem, items: readonly OpenItem[]): boolean {
  if (!kmCertificate || !sealedKmKey) return false;
  return !items.some((other) => other.deleted === null && other.sealedKmKey && other.kmCertificate && equal(kmCertificate, other.kmCertificate));
}

async function deletedRows(item: OpenItem, items: readonly OpenItem[]): Promise<readonly DeletedRow[]> {
  const { deleted } = item;
  if (deleted === null || item.signCertificate === null) return [];
  try {
    const adds = twinOf(item, items)?.adds ?? null;
    const goneAt = isOnlyOpener(item, items) ? null : (deleted + KEPT_SECONDS) * 1000;
    return [{ ...(await rowOf(item)), deletedAt: deleted * 1000, goneAt, adds }];
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

export interface BasketPorts extends NewestPorts {
  readonly random: Random;
  /** Gives the page a turn. */
  readonly pause: () => Promise<void>;
  readonly note: NoteAct;
}

export class Wastebasket implements WastebasketApi {
  readonly #ports: BasketPorts;

  constructor(ports: BasketPorts) {
    this.#ports = ports;
  }

  async rows(): Promise<readonly DeletedRow[]> {
    const { store, door } = this.#ports;
    const { head, listKey } = await door.requireOpen();
    try {
      const { items } = await openItems(store, head, listKey);
      const rows = (await Promise.all(items.map((item) => deletedRows(item, items)))).flat();
      return rows.sort((a, b) => (a.goneAt ?? Infinity) - (b.goneAt ?? Infinity) || a.deletedAt - b.deletedAt);
    } finally {
      wipe(listKey);
    }
  }

  async move(ids: readonly string[]): Promise<void> {
    await changeOpen(this.#ports, (base) => moveToWastebasket({ ...base, ids }));
    this.#ports.note('delete', ids);
  }

  async putBack(ids: readonly string[]): Promise<PutBack> {
    let merged: readonly string[] = [];
    await changeOpen(this.#ports, async (base) => {
      const twins = await this.#twins(base, ids);
      if (twins.some(({ twin }) => twin.adds.length > 0)) throw new WalletError('vault.conflict', { detail: 'adds' });
      merged = twins.map(({ deleted }) => deleted.id);
      const alone = ids.filter((id) => !merged.includes(id));
      let head = alone.length > 0 ? await putBack({ ...base, ids: alone, endOf: endOfItem }) : base.head;
      for (const twin of twins) head = await foldNotes({ ...twin, head });
      return head;
    });
    this.#ports.note('put-back', ids);
    return { merged };
  }

  async merge(id: string, walletPassword: string): Promise<void> {
    const { door, pause, note } = this.#ports;
    const { slot, wasOpen } = await door.openSlot(walletPassword);
    try {
      const act = async (base: SaveBase): Promise<VaultHead> => {
        const [twin] = await this.#twins(base, [id]);
        if (!twin) throw new WalletError('vault.conflict', { detail: 'twin' });
        return foldKeys({ ...twin, slot, pause });
      };
      await door.enter(await onNewest(this.#ports, slot.listKey, act), { listKey: slot.listKey, wasOpen });
      note('put-back', [id]);
    } finally {
      wipe(slot.listKey, slot.signingKey);
    }
  }

  async purge(ids: readonly string[], walletPassword: string): Promise<void> {
    const { store, door, note } = this.#ports;
    const { slot, wasOpen } = await door.openSlot(walletPassword);
    try {
      const twoVerified = async (base: SaveBase): Promise<boolean> => (await store.twoVerified()) || justBackedUp(base);
      const act = (base: SaveBase): Promise<VaultHead> => purge({ ...base, ids, twoVerified: () => twoVerified(base) });
      await door.enter(await onNewest(this.#ports, slot.listKey, act), { listKey: slot.listKey, wasOpen });
      note('purge', ids);
    } finally {
      wipe(slot.listKey, slot.signingKey);
    }
  }

  /**
   * Takes away what lay there for its 30 days, after the wallet was opened, but for what only the owner takes away. The time of the last save is when the clock
   * was seen last: it can only make the days longer. Whatever holds it up holds nobody else up.
   */
  async purgeDue(): Promise<void> {
    const { store, door, clock } = this.#ports;
    const head = await door.head().catch(() => null);
    if (!head || dueForPurge(head.items, clock()).length === 0) return;
    const twoVerified = (): Promise<boolean> => store.twoVerified();
    const act = async (base: SaveBase): Promise<VaultHead> => {
      const { items } = await openItems(base.store, base.head, base.listKey);
      const kept = new Set(items.filter((item) => isOnlyOpener(item, items)).map(({ id }) => id));
      return (await purgeDue({ ...base, seen: base.head.ts, kept, twoVerified })).head;
    };
    await changeOpen(this.#ports, act).catch(() => undefined);
  }

  /** Those of the deleted records whose certificate is in the list too. */
  async #twins(base: SaveBase, ids: readonly string[]): Promise<readonly FoldRequest[]> {
    const { store, random } = this.#ports;
    const { items } = await openItems(base.store, base.head, base.listKey);
    return items.flatMap((deleted) => {
      const twin = deleted.deleted !== null && ids.includes(deleted.id) ? twinOf(deleted, items) : null;
      return twin ? [{ ...base, random, deleted, twin, twoVerified: () => store.twoVerified() }] : [];
    });
  }
}
