/**
 * The index of ends in the head, made from the certificates themselves. A deleted certificate has no place in it; one that
 * is muted, or replaced by a newer one, loses it.
 */
import type { Bytes } from '../bytes/bytes.ts';
import type { HeadItem, VaultHead } from '../vault/head.ts';
import { saveNext } from '../vault/next-head.ts';
import { WRITE_LOCK, type VaultStore } from '../vault/store.ts';
import type { CertificateRow } from './model.ts';
import type { Clock, WithLock } from './ports.ts';

type IndexedRow = Pick<CertificateRow, 'id' | 'notAfter' | 'muted' | 'remindAt' | 'replacedBy'>;

function secondsOf(time: number): number {
  return Math.floor(time / 1000);
}

function timesOf({ notAfter, muted, replacedBy, remindAt }: IndexedRow): Pick<HeadItem, 'na' | 'rem'> {
  if (muted || replacedBy !== null) return {};
  return { na: secondsOf(notAfter), ...(remindAt === null ? {} : { rem: secondsOf(remindAt) }) };
}

/** The entries of a head as the certificates say; those of which there is no row stay as they are. */
function indexed(items: readonly HeadItem[], rows: readonly IndexedRow[]): readonly HeadItem[] {
  const wanted = new Map(rows.map((row) => [row.id, timesOf(row)]));
  return items.map((item) => {
    const times = wanted.get(item.id);
    if (!times || item.del !== undefined) return item;
    const { na, rem, ...rest } = item;
    return na === times.na && rem === times.rem ? item : { ...rest, ...times };
  });
}

/** Whether a head tells another end of some certificate than the certificate itself. A missing one is no lie. */
export function tellsOtherEnds(items: readonly HeadItem[], rows: readonly Pick<CertificateRow, 'id' | 'notAfter'>[]): boolean {
  const ends = new Map(rows.map(({ id, notAfter }) => [id, secondsOf(notAfter)]));
  return items.some(({ id, na }) => na !== undefined && ends.has(id) && ends.get(id) !== na);
}

/** Whether the index told the same ends as the head that is proven. */
export function sameEnds(told: readonly HeadItem[], proven: readonly HeadItem[]): boolean {
  const ends = new Map(told.map(({ id, na }) => [id, na]));
  return proven.every(({ id, na }) => ends.get(id) === na);
}

export interface IndexPorts {
  readonly store: VaultStore;
  readonly withLock: WithLock;
  readonly clock: Clock;
  /** Version of the extension. */
  readonly app: string;
}

export interface IndexToKeep {
  readonly head: VaultHead;
  readonly listKey: Bytes;
  /** Made from this head's records. */
  readonly rows: readonly IndexedRow[];
  /** Gives the newest proven head, under `WRITE_LOCK`. */
  readonly settle: () => Promise<VaultHead>;
}

/**
 * Makes the index agree with the certificates, in a save of its own where it does not. Gives the newest head. Whatever holds
 * it up holds nobody up: it is tried again after the next save or opening.
 */
export async function keepIndex({ store, withLock, clock, app }: IndexPorts, { head, listKey, rows, settle }: IndexToKeep): Promise<VaultHead> {
  const items = indexed(head.items, rows);
  if (items.every((item, nth) => item === head.items[nth])) return head;
  try {
    return await withLock(WRITE_LOCK, async () => {
      // Another window that saved meanwhile looks after the index itself.
      if ((await settle()).sum !== head.sum) return head;
      return saveNext({ store, head, listKey, now: clock(), app }, { items, records: [] });
    });
  } catch {
    return head;
  }
}
