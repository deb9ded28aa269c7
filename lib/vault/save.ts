/** Saving certificate items: adding, replacing and removing them as one generation. */
import { equal, wipe } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { writeContainer, type ItemContent } from './container.ts';
import type { HeadItem, VaultHead } from './head.ts';
import { openItemRecord } from './item.ts';
import { importSecret } from './keys.ts';
import { ITEMS_MAX } from './limits.ts';
import { checkBase, saveNext, type SaveBase, type SealedRecord } from './next-head.ts';
import { openRecord } from './open-record.ts';
import { checksumOf } from './record.ts';
import { sealItem } from './seal-item.ts';

export interface NewItem extends ItemContent {
  /** 16 octets, base64url. The id of an item that is there replaces it. */
  readonly id: string;
  /** End of the signing certificate, seconds since 1970; null where there is none. */
  readonly na: number | null;
  /** A day to be reminded of it, seconds since 1970; only with `na`. */
  readonly rem?: number | null;
  /** Seconds since 1970 for one that goes straight to the wastebasket. */
  readonly deleted?: number | null;
}

export interface SaveRequest extends SaveBase {
  readonly random: (length: number) => Uint8Array<ArrayBuffer>;
  readonly put: readonly NewItem[];
  /** Ids of items, or of journal entries, to remove. */
  readonly remove: readonly string[];
  /** Records of other kinds that are written in the same save, each in place of the one with its id. */
  readonly others?: readonly SealedRecord[];
  /** Gives a page its turn between batches; without it a save runs through. */
  readonly pause?: () => Promise<void>;
}

interface SealedItem extends SealedRecord {
  readonly item: NewItem;
}

/** Records that are sealed or checked between two turns of a page; some milliseconds. */
const BATCH = 16;

function checkRequest({ head, put, remove, others = [] }: SaveRequest): void {
  const idsOf = (kinds: readonly HeadItem['k'][]): ReadonlySet<string> =>
    new Set(head.items.filter(({ k }) => kinds.includes(k)).map(({ id }) => id));
  const known = idsOf(['I']);
  const removable = idsOf(['I', 'J']);
  for (const id of remove) if (!removable.has(id)) throw new WalletError('certificate.not-found');
  const touched = [...remove, ...put.map((item) => item.id), ...others.map(({ entry }) => entry.id)];
  if (new Set(touched).size !== touched.length) throw new WalletError('internal', { detail: 'an item twice in one save' });
  const added = put.filter((item) => !known.has(item.id)).length;
  if (head.items.length - remove.length + added > ITEMS_MAX) throw new WalletError('vault.full', { detail: 'items' });
}

/** What the head says of a record that `gen` writes. */
export function headEntry(text: string, id: string, k: HeadItem['k'], g: number): HeadItem {
  return { id, k, g, sum: checksumOf(text) };
}

function times({ na, rem = null, deleted }: NewItem): Pick<HeadItem, 'na' | 'rem' | 'del'> {
  if (deleted !== undefined && deleted !== null) return { del: deleted };
  if (na === null) return {};
  return rem === null ? { na } : { na, rem };
}

async function sealItems(secret: CryptoKey, { head, put, random, pause }: SaveRequest): Promise<readonly SealedItem[]> {
  const g = head.gen + 1;
  const sealOne = async (item: NewItem): Promise<SealedItem> => {
    const { id } = item;
    const text = await sealItem(secret, { vid: head.vid, id, g }, item, random);
    return { item, entry: { ...headEntry(text, id, 'I', g), ...times(item) }, record: { id, g, text } };
  };
  const sealed: SealedItem[] = [];
  for (let at = 0; at < put.length; at += BATCH) {
    if (at > 0) await pause?.();
    sealed.push(...(await Promise.all(put.slice(at, at + BATCH).map(sealOne))));
  }
  return sealed;
}

/** The entries after some records were removed and others written. */
export function nextItems(items: readonly HeadItem[], remove: readonly string[], written: readonly SealedRecord[]): readonly HeadItem[] {
  const entries = new Map(items.map((item) => [item.id, item]));
  for (const id of remove) entries.delete(id);
  for (const { entry } of written) entries.set(entry.id, entry);
  return [...entries.values()];
}

/** Opens what is about to be written from its text. */
async function checkItems(secret: CryptoKey, vid: string, sealed: readonly SealedItem[], pause: SaveRequest['pause']): Promise<void> {
  for (const [nth, { item, entry, record }] of sealed.entries()) {
    if (nth % BATCH === BATCH - 1) await pause?.();
    const opened = await openItemRecord(secret, vid, entry, record.text);
    if (!equal(writeContainer(opened), writeContainer(item))) throw new WalletError('vault.damaged');
  }
}

/**
 * Adds, replaces and removes items in one save; call it under `WRITE_LOCK`. Returns the new head.
 * @throws as `checkBase` and `saveNext`; `certificate.not-found`, `file.too-large`
 */
export async function saveItems(request: SaveRequest): Promise<VaultHead> {
  const { head, listKey, remove, others = [], pause } = request;
  await checkBase(request);
  checkRequest(request);
  const secret = await importSecret(listKey);
  const sealed = await sealItems(secret, request);
  const written = [...sealed, ...others];
  return saveNext(request, {
    items: nextItems(head.items, remove, written),
    records: written.map(({ record }) => record),
    check: async () => {
      await checkItems(secret, head.vid, sealed, pause);
      for (const { entry, record } of others) wipe(await openRecord(secret, head.vid, entry, record.text));
    },
  });
}
