/**
 * The wastebasket: deleting sets a time in the head and keeps the record octet for octet; putting back removes it. Only
 * a purge takes a record away, and never while fewer than two copies of the wallet are proven.
 */
import { WalletError } from '../errors.ts';
import type { HeadItem, VaultHead } from './head.ts';
import { openItemRecord, type OpenItem } from './item.ts';
import { importSecret } from './keys.ts';
import { checkBase, saveNext, type SaveBase } from './next-head.ts';
import { nextItems } from './save.ts';
import { clockJumped, dueForPurge, secondsOf } from './wastebasket-time.ts';

export interface WastebasketRequest extends SaveBase {
  readonly ids: readonly string[];
}

/** The entries of these certificate items. @throws `certificate.not-found` where one is not there, or not in that state */
function entriesOf({ head, ids }: WastebasketRequest, deleted: boolean): readonly HeadItem[] {
  const known = new Map(head.items.filter(({ k }) => k === 'I').map((item) => [item.id, item]));
  return [...new Set(ids)].map((id) => {
    const entry = known.get(id);
    if (!entry || (entry.del !== undefined) !== deleted) throw new WalletError('certificate.not-found');
    return entry;
  });
}

function replaced(items: readonly HeadItem[], entries: readonly HeadItem[]): readonly HeadItem[] {
  const by = new Map(entries.map((entry) => [entry.id, entry]));
  return items.map((item) => by.get(item.id) ?? item);
}

/**
 * Moves items to the wastebasket; call it under `WRITE_LOCK`. Returns the new head.
 * @throws `certificate.not-found`, and as `checkBase` and `saveNext`
 */
export async function moveToWastebasket(request: WastebasketRequest): Promise<VaultHead> {
  await checkBase(request);
  const { head, now } = request;
  const entries = entriesOf(request, false).map(({ id, k, g, sum }) => ({ id, k, g, sum, del: secondsOf(now) }));
  return saveNext(request, { items: replaced(head.items, entries), records: [] });
}

export interface PutBackRequest extends WastebasketRequest {
  /** End of an item's signing certificate, seconds since 1970, or null: the head of a deleted item does not say it. */
  readonly endOf: (item: OpenItem) => number | null;
}

/**
 * Puts items back; call it under `WRITE_LOCK`. A record that does not open any more stays where it is. Returns the new head.
 * @throws `certificate.not-found`, `vault.damaged`, `vault.changed`, and as `checkBase` and `saveNext`
 */
export async function putBack(request: PutBackRequest): Promise<VaultHead> {
  await checkBase(request);
  const { store, head, listKey, endOf } = request;
  const deleted = entriesOf(request, true);
  const [secret, texts] = await Promise.all([importSecret(listKey), store.records(deleted)]);
  const entries: HeadItem[] = [];
  for (const [nth, entry] of deleted.entries()) {
    const { id, k, g, sum } = entry;
    const end = endOf(await openItemRecord(secret, head.vid, entry, texts[nth] ?? null));
    entries.push({ id, k, g, sum, ...(end === null ? {} : { na: end }) });
  }
  return saveNext(request, { items: replaced(head.items, entries), records: [] });
}

export interface PurgeRequest extends WastebasketRequest {
  /** Whether two copies of the newest state are there and proven, or a backup file was made just before. */
  readonly twoVerified: () => Promise<boolean>;
}

/**
 * Takes deleted items out of the wallet for good; call it under `WRITE_LOCK`, after the owner gave the secret. The record
 * goes from the stores with the generations that list it. Returns the new head.
 * @throws `vault.single-copy`, `certificate.not-found` (an item that is not in the wastebasket too), and as `saveNext`
 */
export async function purge(request: PurgeRequest): Promise<VaultHead> {
  await checkBase(request);
  const ids = entriesOf(request, true).map(({ id }) => id);
  if (!(await request.twoVerified())) throw new WalletError('vault.single-copy');
  return saveNext(request, { items: nextItems(request.head.items, ids, []), records: [] });
}

export interface AutomaticPurge {
  /** The newest head: another one where something was purged. */
  readonly head: VaultHead;
  /** Ids whose days are over. They are gone where nothing held it up; held by the clock, their days start again. */
  readonly due: readonly string[];
  /** Why nothing went: the clock may be wrong, or only one copy is proven. */
  readonly heldBy: 'clock' | 'single-copy' | null;
}

async function restartDays(request: SaveBase): Promise<VaultHead> {
  await checkBase(request);
  return saveNext(request, { items: request.head.items, records: [] });
}

/**
 * Purges what lay in the wastebasket for 30 days; call it under `WRITE_LOCK`, while the wallet is open.
 * @param request `seen`: when the clock was read last before (a start, a save), milliseconds since 1970; `kept`: ids that only
 *   the owner takes away
 * @throws as `saveNext`
 */
export async function purgeDue(
  request: Omit<PurgeRequest, 'ids'> & { readonly seen: number; readonly kept?: ReadonlySet<string> },
): Promise<AutomaticPurge> {
  const { head, now, seen, kept, twoVerified } = request;
  const due = dueForPurge(head.items, now).filter((id) => !kept?.has(id));
  if (due.length === 0) return { head, due, heldBy: null };
  // A save starts their days again, so that a wrong clock which stays wrong purges nothing at the next start either.
  if (clockJumped(Math.max(seen, head.ts), now)) return { head: await restartDays(request), due, heldBy: 'clock' };
  if (!(await twoVerified())) return { head, due, heldBy: 'single-copy' };
  return { head: await purge({ ...request, ids: due, twoVerified: () => Promise.resolve(true) }), due, heldBy: null };
}
