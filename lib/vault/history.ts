/** The history over its pages: reading all of it, adding to the newest page, taking entries out. */
import { toBase64Url } from '../bytes/base64.ts';
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { verifyHead, type HeadItem, type VaultHead } from './head.ts';
import { fitsHistoryPage, nameOfEntry, openHistoryRecord, sealHistoryPage, type HistoryEntry } from './history-page.ts';
import { importSecret } from './keys.ts';
import { ID_SIZE, ITEMS_MAX } from './limits.ts';
import { checkBase, saveNext, type SaveBase, type SealedRecord } from './next-head.ts';
import { openRecord } from './open-record.ts';
import { nextItems } from './save.ts';
import type { VaultStore } from './store.ts';

/** Pages of one wallet; the oldest goes where a new one is begun beyond it. */
export const HISTORY_PAGES_MAX = 60;
/** Entries that are tried on a page at a time. */
const CHUNK = 200;

export interface HistoryPage {
  readonly entry: HeadItem;
  /** Null for a page that does not open. */
  readonly entries: readonly HistoryEntry[] | null;
}

export interface HistoryChange extends SaveBase {
  readonly random: (length: number) => Bytes;
  /** Records of other kinds that are written in the same save. */
  readonly others?: readonly SealedRecord[];
}

/** Entries of the head for pages, the one that was written first first. */
function pageEntries({ items }: Pick<VaultHead, 'items'>): readonly HeadItem[] {
  return items.filter(({ k }) => k === 'L').sort((a, b) => a.g - b.g);
}

async function openPages(store: VaultStore, head: VaultHead, listKey: Bytes, listed: readonly HeadItem[]): Promise<readonly HistoryPage[]> {
  const secret = await importSecret(listKey);
  const texts = await store.records(listed);
  const open = async (entry: HeadItem, nth: number): Promise<HistoryPage> => {
    try {
      return { entry, entries: await openHistoryRecord(secret, head.vid, entry, texts[nth] ?? null) };
    } catch {
      return { entry, entries: null };
    }
  };
  return Promise.all(listed.map(open));
}

/** All pages of the open wallet; one that does not open costs itself only. @throws `vault.changed`, `vault.unavailable` */
export async function openHistory(store: VaultStore, head: VaultHead, listKey: Bytes): Promise<readonly HistoryPage[]> {
  await verifyHead(head, listKey);
  return openPages(store, head, listKey, pageEntries(head));
}

/** Splits entries into what one page takes each; `first` is what stands on the first already. */
function paginate(first: readonly HistoryEntry[], entries: readonly HistoryEntry[]): readonly (readonly HistoryEntry[])[] {
  const pages: HistoryEntry[][] = [[...first]];
  for (let at = 0, take = CHUNK; at < entries.length;) {
    const page = pages.at(-1) ?? [];
    const more = entries.slice(at, at + take);
    if (fitsHistoryPage([...page, ...more])) {
      page.push(...more);
      at += more.length;
    } else if (take > 1) take = Math.floor(take / 2);
    else {
      pages.push([]);
      take = CHUNK;
    }
  }
  return pages;
}

async function save(request: HistoryChange, written: readonly SealedRecord[], removed: readonly string[]): Promise<VaultHead> {
  const { head, listKey } = request;
  const secret = await importSecret(listKey);
  return saveNext(request, {
    items: nextItems(head.items, removed, written),
    records: written.map(({ record }) => record),
    check: async () => {
      for (const { entry, record } of written) wipe(await openRecord(secret, head.vid, entry, record.text));
    },
  });
}

/** Ids of the oldest pages that leave room for those that are begun. */
function pushedOut({ items }: VaultHead, pages: readonly HeadItem[], begun: number, others: readonly SealedRecord[]): readonly string[] {
  const known = new Set(items.map(({ id }) => id));
  const added = begun + others.filter(({ entry }) => !known.has(entry.id)).length;
  const tooMany = Math.max(pages.length + begun - HISTORY_PAGES_MAX, items.length + added - ITEMS_MAX, 0);
  return pages.slice(0, tooMany).map(({ id }) => id);
}

/**
 * Adds entries in one save; call it under `WRITE_LOCK`. An entry that stands on the newest page already is not written
 * again. Returns the new head, or that of before where there was nothing to write.
 * @throws as `checkBase` and `saveNext`
 */
export async function appendHistory(request: HistoryChange, entries: readonly HistoryEntry[]): Promise<VaultHead> {
  const { store, head, listKey, random, others = [] } = request;
  await checkBase(request);
  const pages = pageEntries(head);
  const [last] = await openPages(store, head, listKey, pages.slice(-1));
  const here = last?.entries ?? [];
  const known = new Set(here.map(nameOfEntry));
  const fresh = entries.filter((entry) => !known.has(nameOfEntry(entry)));
  if (fresh.length === 0 && others.length === 0) return head;
  const secret = await importSecret(listKey);
  const sealed: SealedRecord[] = [];
  for (const [nth, page] of paginate(here, fresh).entries()) {
    if (page.length === 0 || (nth === 0 && page.length === here.length)) continue;
    const id = nth === 0 && last?.entries ? last.entry.id : toBase64Url(random(ID_SIZE));
    sealed.push(await sealHistoryPage(secret, head, id, page, random));
  }
  const begun = sealed.filter(({ entry }) => !pages.some(({ id }) => id === entry.id)).length;
  const out = pushedOut(head, pages, begun, others).filter((id) => !sealed.some(({ entry }) => entry.id === id));
  return save(request, [...sealed, ...others], out);
}

/**
 * Takes out the entries that `goes` names, in one save; call it under `WRITE_LOCK`. Pages that do not open stay, unless
 * `whole` says that they go too. Returns the new head, or that of before where nothing went.
 * @throws as `checkBase` and `saveNext`
 */
export async function removeHistory(request: HistoryChange, goes: (entry: HistoryEntry) => boolean, whole = false): Promise<VaultHead> {
  const { store, head, listKey, random } = request;
  await checkBase(request);
  const secret = await importSecret(listKey);
  const sealed: SealedRecord[] = [];
  const removed: string[] = [];
  for (const { entry, entries } of await openPages(store, head, listKey, pageEntries(head))) {
    const stay = entries?.filter((one) => !goes(one)) ?? [];
    if (entries === null ? whole : stay.length === 0) removed.push(entry.id);
    else if (entries && stay.length < entries.length) sealed.push(await sealHistoryPage(secret, head, entry.id, stay, random));
  }
  return removed.length + sealed.length === 0 ? head : save(request, sealed, removed);
}
