/** What comes back beside certificates: settings where none were made here, sites and history that are not here. */
import { toBase64Url } from '../bytes/base64.ts';
import type { Bytes } from '../bytes/bytes.ts';
import type { OpenedCarried } from './carried.ts';
import { fittingGuides, type Guide } from './guides-text.ts';
import { nameOfEntry, openHistoryRecord, sealHistoryPage, type HistoryEntry } from './history-page.ts';
import { importSecret } from './keys.ts';
import { ID_SIZE, ITEMS_MAX } from './limits.ts';
import type { SaveBase, SealedRecord } from './next-head.ts';
import { openSettings, sealSettings, settingsEntry } from './settings-record.ts';
import { DEFAULT_SETTINGS, SITES_MAX, type PrivateSettings, type SiteNote } from './settings-text.ts';

export interface OthersRequest extends SaveBase {
  readonly random: (length: number) => Bytes;
  readonly from: Pick<OpenedCarried, 'settings' | 'history'>;
  /** New ids of the items that are brought back, by those in the file. */
  readonly ids: ReadonlyMap<string, string>;
}

type Ids = OthersRequest['ids'];

function mergeSites(here: readonly SiteNote[], there: readonly SiteNote[], ids: Ids): readonly SiteNote[] {
  const known = new Set(here.map(({ origin }) => origin));
  const added = there.filter(({ origin }) => !known.has(origin));
  const named = (item: string | null): string | null => (item === null ? null : (ids.get(item) ?? null));
  const renamed = added.map((site) => ({ ...site, item: named(site.item), preset: named(site.preset) }));
  return [...here, ...renamed].slice(0, SITES_MAX);
}

/** Guides of certificates that come back, before those here; where there is no room for both, those here stay. */
function mergeGuides(here: readonly Guide[], there: readonly Guide[], ids: Ids): readonly Guide[] {
  const back = there.flatMap((guide) => {
    const item = ids.get(guide.item);
    return item === undefined ? [] : [{ ...guide, item }];
  });
  try {
    return fittingGuides([...back, ...here]);
  } catch {
    return here;
  }
}

/** Passkeys, the sync copy and the last backup belong to the wallet that was; only what the owner chose comes along. */
function mergeSettings(here: PrivateSettings | null, there: PrivateSettings, ids: Ids): PrivateSettings {
  const { lockMinutes, historyDays } = there;
  const base = here ?? { ...DEFAULT_SETTINGS, lockMinutes, historyDays, backup: { ...DEFAULT_SETTINGS.backup, rule: there.backup.rule } };
  return { ...base, sites: mergeSites(base.sites, there.sites, ids), guides: mergeGuides(base.guides, there.guides, ids) };
}

/** Settings here that do not open are left for the owner; they are not replaced by a restore. */
async function settingsRecord(request: OthersRequest): Promise<readonly SealedRecord[]> {
  const { store, head, listKey, from, ids, random } = request;
  if (!from.settings) return [];
  let here: PrivateSettings | null = null;
  try {
    if (settingsEntry(head)) here = await openSettings(store, head, listKey);
  } catch {
    return [];
  }
  const merged = mergeSettings(here, from.settings, ids);
  if (here && merged.sites.length === here.sites.length && merged.guides.length === here.guides.length) return [];
  return [await sealSettings(head, listKey, merged, random)];
}

/** Entries are the same where everything but the item's id is: the ids of a restored wallet are other ones. */
function nameOf(entry: HistoryEntry): string {
  return nameOfEntry({ ...entry, item: null });
}

async function namesHere({ store, head }: OthersRequest, secret: CryptoKey): Promise<ReadonlySet<string>> {
  const pages = head.items.filter(({ k }) => k === 'L');
  const texts = await store.records(pages);
  const names = new Set<string>();
  for (const [nth, page] of pages.entries()) {
    try {
      for (const entry of await openHistoryRecord(secret, head.vid, page, texts[nth] ?? null)) names.add(nameOf(entry));
    } catch {
      // A page that does not open keeps nothing from coming back.
    }
  }
  return names;
}

async function historyRecords(request: OthersRequest): Promise<readonly SealedRecord[]> {
  const { head, listKey, from, ids, random } = request;
  if (from.history.length === 0) return [];
  const secret = await importSecret(listKey);
  const known = await namesHere(request, secret);
  const sealed: SealedRecord[] = [];
  for (const page of from.history) {
    const entries = page.filter((entry) => !known.has(nameOf(entry)));
    const renamed = entries.map((entry) => ({ ...entry, item: entry.item === null ? null : (ids.get(entry.item) ?? entry.item) }));
    if (renamed.length > 0) sealed.push(await sealHistoryPage(secret, head, toBase64Url(random(ID_SIZE)), renamed, random));
  }
  return sealed;
}

/** The records to be written in the save that brings the items back. History goes where there is no room for all. */
export async function restoredOthers(request: OthersRequest): Promise<readonly SealedRecord[]> {
  const settings = await settingsRecord(request);
  const history = await historyRecords(request);
  const room = ITEMS_MAX - request.head.items.length - request.ids.size - settings.length;
  return [...settings, ...(history.length <= room ? history : [])];
}
