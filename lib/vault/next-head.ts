/**
 * The one way from a head to the next, whatever changes: items, settings, slots, the version of the format. The next
 * head is made in memory, opened again from its text, committed against the head it was made from, and read back.
 * Whatever fails, the store holds the old state or the new one.
 */
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { commitChange } from './commit.ts';
import { readHead, verifyHead, type HeadItem, type VaultHead } from './head.ts';
import { GENERATION_MAX, ITEMS_MAX, VERSION } from './limits.ts';
import { readMarker, writeMarker } from './marker.ts';
import type { StoredRecord, VaultStore } from './store.ts';
import { settleDeletionTimes } from './wastebasket-time.ts';
import { headDigest, writeHead } from './write-head.ts';

/** What every save needs. */
export interface SaveBase {
  readonly store: VaultStore;
  /** The head that was shown to whoever decided on this change. */
  readonly head: VaultHead;
  readonly listKey: Bytes;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Version of the extension. */
  readonly app: string;
}

/** A record that was sealed for the next generation, and what the head says of it. */
export interface SealedRecord {
  readonly entry: HeadItem;
  readonly record: StoredRecord;
}

export interface NextState {
  /** Everything the next head lists. */
  readonly items: readonly HeadItem[];
  /** The records among them that are written by this save. */
  readonly records: readonly StoredRecord[];
  /** Slot records; those of the head before where nothing is said. */
  readonly slots?: readonly string[];
  /** The list key of the next head where it is another. */
  readonly listKey?: Bytes;
  /** Version of the format; that of the head before where nothing is said. */
  readonly version?: number;
  /** Opens the new records from their text and compares. What it throws is a fault of ours, and nothing is written then. */
  readonly check?: (head: VaultHead) => Promise<void>;
}

async function readCreated(store: VaultStore, now: number): Promise<number> {
  try {
    return (await readMarker(await store.marker())).created;
  } catch {
    return now; // A hint that was lost is made anew.
  }
}

/** Two generations stay: the new one and the one it followed. Leftovers do no harm and go with a later save. */
async function pruneQuietly(store: VaultStore, before: VaultHead, after: VaultHead): Promise<void> {
  try {
    await store.prune({ gens: [after.gen, before.gen], records: [...after.items, ...before.items] });
  } catch {
    // The save stands.
  }
}

async function checkWritten(text: string, version: number, listKey: Bytes, check: NextState['check']): Promise<VaultHead> {
  try {
    const head = await readHead(text, version);
    await verifyHead(head, listKey);
    await check?.(head);
    return head;
  } catch (cause) {
    throw new WalletError('internal', { detail: 'self-check', cause });
  }
}

/**
 * Whether something may be written after this head. A head of a part, or of a later version, is never followed.
 * @throws `vault.changed` where the list key did not make it, `vault.newer-version`, `vault.damaged`, `vault.full`
 */
export async function checkBase({ head, listKey }: SaveBase, version = VERSION): Promise<void> {
  if (head.version > version) throw new WalletError('vault.newer-version');
  if (head.sub) throw new WalletError('vault.damaged', { detail: 'head of a part' });
  await verifyHead(head, listKey);
  if (head.gen === GENERATION_MAX) throw new WalletError('vault.full', { detail: 'generations' });
}

/**
 * Saves the next state; call it under `WRITE_LOCK`, after `checkBase`. Returns the new head.
 * @throws `vault.conflict` where another window saved since the head was read; `vault.full`, `vault.read-only`,
 *   `vault.unavailable`
 */
export async function saveNext(base: SaveBase, next: NextState): Promise<VaultHead> {
  const { store, head, now, app } = base;
  const { items, records, slots = head.slots.map((slot) => slot.text), listKey = base.listKey, version = head.version } = next;
  if (items.length > ITEMS_MAX) throw new WalletError('vault.full', { detail: 'items' });
  const gen = head.gen + 1;
  const prev = await headDigest(head.text);
  const settled = settleDeletionTimes(items, head.ts, now);
  const text = await writeHead({ version, vid: head.vid, gen, app, ts: now, prev, slots, items: settled }, listKey);
  const written = await checkWritten(text, version, listKey, next.check);
  const marker = await writeMarker({ vid: head.vid, gen, created: await readCreated(store, now) });
  await commitChange(store, { base: head.sum, gen, records, head: text, marker });
  await pruneQuietly(store, head, written);
  return written;
}
