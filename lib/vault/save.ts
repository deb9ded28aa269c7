/**
 * Saving items: the changed records and the next head are made in memory, opened again from their own text, committed
 * against the head they were made from, and read back. Whatever fails, the store holds the old state or the new one.
 */
import { equal, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { commitChange } from './commit.ts';
import { writeContainer, type ItemContent } from './container.ts';
import { readHead, verifyHead, type HeadItem, type VaultHead } from './head.ts';
import { openItemRecord } from './item.ts';
import { importSecret } from './keys.ts';
import { GENERATION_MAX, ITEMS_MAX } from './limits.ts';
import { readMarker, writeMarker } from './marker.ts';
import { sealItem } from './seal-item.ts';
import type { StoredRecord, VaultStore } from './store.ts';
import { headDigest, writeHead } from './write-head.ts';

export interface NewItem extends ItemContent {
  /** 16 octets, base64url. The id of an item that is there replaces it. */
  readonly id: string;
  /** End of the signing certificate, seconds since 1970; null where there is none. */
  readonly na: number | null;
}

export interface SaveRequest {
  readonly store: VaultStore;
  /** The head that was shown to whoever decided on this change. */
  readonly head: VaultHead;
  readonly listKey: Bytes;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Version of the extension. */
  readonly app: string;
  readonly random: (length: number) => Bytes;
  readonly put: readonly NewItem[];
  /** Ids of items to remove. */
  readonly remove: readonly string[];
  /** Gives a page its turn between batches; without it a save runs through. */
  readonly pause?: () => Promise<void>;
}

interface SealedItem {
  readonly item: NewItem;
  readonly entry: HeadItem;
  readonly record: StoredRecord;
}

/** Records that are sealed or checked between two turns of a page; some milliseconds. */
const BATCH = 16;

function checkRequest({ head, put, remove }: SaveRequest): void {
  if (head.gen === GENERATION_MAX) throw new WalletError('vault.full', { detail: 'generations' });
  const known = new Set(head.items.filter((item) => item.k === 'I').map((item) => item.id));
  for (const id of remove) if (!known.has(id)) throw new WalletError('certificate.not-found');
  const touched = [...remove, ...put.map((item) => item.id)];
  if (new Set(touched).size !== touched.length) throw new WalletError('internal', { detail: 'an item twice in one save' });
  const added = put.filter((item) => !known.has(item.id)).length;
  if (head.items.length - remove.length + added > ITEMS_MAX) throw new WalletError('vault.full', { detail: 'items' });
}

async function sealItems(secret: CryptoKey, { head, put, random, pause }: SaveRequest): Promise<readonly SealedItem[]> {
  const g = head.gen + 1;
  const sealOne = async (item: NewItem): Promise<SealedItem> => {
    const text = await sealItem(secret, { vid: head.vid, id: item.id, g }, item, random);
    const sum = text.slice(text.lastIndexOf('.') + 1);
    return { item, entry: { id: item.id, k: 'I', g, sum, ...(item.na === null ? {} : { na: item.na }) }, record: { id: item.id, g, text } };
  };
  const sealed: SealedItem[] = [];
  for (let at = 0; at < put.length; at += BATCH) {
    if (at > 0) await pause?.();
    sealed.push(...(await Promise.all(put.slice(at, at + BATCH).map(sealOne))));
  }
  return sealed;
}

function nextItems({ head, remove }: SaveRequest, sealed: readonly SealedItem[]): readonly HeadItem[] {
  const entries = new Map(head.items.map((item) => [item.id, item]));
  for (const id of remove) entries.delete(id);
  for (const { entry } of sealed) entries.set(entry.id, entry);
  return [...entries.values()];
}

/** Opens what is about to be written from its text. A difference would be a fault of ours, and nothing is written then. */
async function checkWritten(text: string, secret: CryptoKey, { listKey, pause }: SaveRequest, sealed: readonly SealedItem[]): Promise<VaultHead> {
  try {
    const head = await readHead(text);
    await verifyHead(head, listKey);
    for (const [nth, { item, entry, record }] of sealed.entries()) {
      if (nth % BATCH === BATCH - 1) await pause?.();
      const opened = await openItemRecord(secret, head.vid, entry, record.text);
      if (!equal(writeContainer(opened), writeContainer(item))) throw new WalletError('vault.damaged');
    }
    return head;
  } catch (cause) {
    throw new WalletError('internal', { detail: 'self-check', cause });
  }
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

/**
 * Adds, replaces and removes items in one save; call it under `WRITE_LOCK`. Returns the new head.
 * @throws `vault.conflict` where another window saved since `head` was read; `vault.changed`, `vault.full`,
 *   `vault.read-only`, `vault.unavailable`, `certificate.not-found`, `file.too-large`
 */
export async function saveItems(request: SaveRequest): Promise<VaultHead> {
  const { store, head, listKey, now, app } = request;
  await verifyHead(head, listKey);
  checkRequest(request);
  const secret = await importSecret(listKey);
  const sealed = await sealItems(secret, request);
  const gen = head.gen + 1;
  const next = {
    vid: head.vid,
    gen,
    app,
    ts: now,
    prev: await headDigest(head.text),
    slots: head.slots.map((slot) => slot.text),
    items: nextItems(request, sealed),
  };
  const text = await writeHead(next, listKey);
  const written = await checkWritten(text, secret, request, sealed);
  const marker = await writeMarker({ vid: head.vid, gen, created: await readCreated(store, now) });
  await commitChange(store, { base: head.sum, gen, records: sealed.map(({ record }) => record), head: text, marker });
  await pruneQuietly(store, head, written);
  return written;
}
