/**
 * The sync copy: chosen certificates, as the stores have them, in the browser's sync storage. It is off by default, never
 * counts as a copy that a save may rely on, and nothing else waits for it. One wallet writes one area; the areas of
 * others are read and never touched.
 */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { Carried } from './carried.ts';
import { readHead, verifyHead, type HeadItem, type VaultHead } from './head.ts';
import { openRecord } from './open-record.ts';
import { importSecret } from './keys.ts';
import { VERSION } from './limits.ts';
import type { PrivateSettings } from './settings-text.ts';
import type { VaultStore } from './store.ts';
import { areaPrefix, isComplete, ITEM_QUOTA, ITEMS_QUOTA, octetsOf, readAreas, TOTAL_QUOTA, writePieces } from './sync-pieces.ts';
import { headDigest, writeHead } from './write-head.ts';

/** The browser's sync storage. Every method throws `sync.unavailable` where it does not answer or takes nothing more. */
export interface SyncArea {
  /** Everything that lies there, ours or not; at most some 100 KB. */
  all(): Promise<ReadonlyMap<string, unknown>>;
  /** Everything at once or nothing. */
  set(entries: ReadonlyMap<string, string>): Promise<void>;
  remove(names: readonly string[]): Promise<void>;
}

/** What this wallet remembers of its own writing; it stands in the settings. */
export type SyncState = Pick<PrivateSettings['sync'], 'last' | 'pending' | 'at'>;

export interface SyncRequest {
  readonly area: SyncArea;
  readonly store: VaultStore;
  readonly head: VaultHead;
  readonly listKey: Bytes;
  /** Ids of the items to be in the copy. Deleted and unknown ones are left out. */
  readonly chosen: readonly string[];
  readonly state: SyncState;
  /** Writes down what is about to be written, before it is: so a copy left by a crash is known again as our own. */
  readonly remember: (state: SyncState) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Version of the extension. */
  readonly app: string;
  /** The owner asked for it now: the pause between two writings does not count. */
  readonly asked?: boolean;
}

export type SyncOutcome =
  | { readonly state: 'written'; readonly octets: number }
  /** Too soon after the last one; `wait` in milliseconds. */
  | { readonly state: 'later'; readonly wait: number };

const PAUSE_MS = 5 * 60_000;

/** The entries of a head that can be in a sync copy. */
export function syncable({ items }: Pick<VaultHead, 'items'>, chosen: readonly string[]): readonly HeadItem[] {
  const wanted = new Set(chosen);
  return items.filter(({ k, id, del }) => k === 'I' && del === undefined && wanted.has(id));
}

async function takeRecords({ store, head, listKey }: SyncRequest, entries: readonly HeadItem[]): Promise<readonly string[]> {
  const secret = await importSecret(listKey);
  const texts = await store.records(entries);
  const taken: string[] = [];
  for (const [nth, entry] of entries.entries()) {
    const text = texts[nth] ?? null;
    wipe(await openRecord(secret, head.vid, entry, text));
    taken.push(text ?? '');
  }
  return taken;
}

async function writeSubHead({ head, listKey, now, app }: SyncRequest, entries: readonly HeadItem[], prev: string): Promise<VaultHead> {
  const { version, vid, gen } = head;
  const slots = head.slots.map(({ text }) => text);
  return readHead(await writeHead({ version, vid, gen, app, ts: now, prev, slots, items: entries, sub: true }, listKey));
}

/**
 * The digest of the head in our own area, or empty where there is none that is whole.
 * @throws `sync.foreign` where another computer or a later version wrote it: it is neither what we wrote last nor what we
 *   were about to write
 */
async function ownDigest(stored: ReadonlyMap<string, unknown>, { head, state }: SyncRequest): Promise<string> {
  const area = (await readAreas(stored)).find(({ w }) => head.vid.startsWith(w));
  if (area?.later) throw new WalletError('sync.foreign', { detail: 'later version' });
  const complete = area?.heads.filter((found) => isComplete(found, area)) ?? [];
  const known = new Set([state.last, state.pending]);
  let newest = '';
  for (const found of complete) {
    const digest = await headDigest(found.text);
    if (found.vid !== head.vid || !known.has(digest)) throw new WalletError('sync.foreign');
    if (newest === '') newest = digest;
  }
  return newest;
}

function total(entries: Iterable<readonly [string, unknown]>): number {
  let octets = 0;
  for (const [name, value] of entries) octets += octetsOf(name, value);
  return octets;
}

interface Room {
  /** Names of our area that are not in the new copy. */
  readonly old: readonly string[];
  /** Whether old and new have room side by side. */
  readonly together: boolean;
  /** Octets of our area afterwards. */
  readonly octets: number;
}

/** @throws `sync.full` */
function measure(stored: ReadonlyMap<string, unknown>, pieces: ReadonlyMap<string, string>, vid: string): Room {
  const prefix = areaPrefix(vid);
  const old = [...stored].filter(([name]) => name.startsWith(prefix) && !pieces.has(name));
  const others = [...stored].filter(([name]) => !name.startsWith(prefix));
  const octets = total(pieces);
  const fits = (sum: number, count: number): boolean => sum <= TOTAL_QUOTA && count <= ITEMS_QUOTA;
  const alone = fits(total(others) + octets, others.length + pieces.size);
  const each = [...pieces].every(([name, value]) => octetsOf(name, value) <= ITEM_QUOTA);
  if (!alone || !each) throw new WalletError('sync.full');
  const together = fits(total(others) + octets + total(old), others.length + pieces.size + old.length);
  return { old: old.map(([name]) => name), together, octets };
}

/** One writing, read back; then what is old goes. Where there is no room for both, the old goes first. */
async function replacePieces(area: SyncArea, pieces: ReadonlyMap<string, string>, { old, together }: Room): Promise<void> {
  if (!together) await area.remove(old);
  await area.set(pieces);
  const stored = await area.all();
  for (const [name, value] of pieces) if (stored.get(name) !== value) throw new WalletError('sync.unavailable', { detail: 'read-back' });
  if (together && old.length > 0) await area.remove(old);
}

/**
 * Writes the sync copy. Whatever it throws, the wallet itself is not touched, and with `sync.full` and `sync.foreign` the
 * former copy neither.
 * @throws `sync.full`, `sync.foreign`, `sync.unavailable`; `vault.damaged`, `vault.changed` where a chosen record is bad
 */
export async function writeSyncCopy(request: SyncRequest): Promise<SyncOutcome> {
  const { area, head, listKey, chosen, state, remember, now, asked = false } = request;
  const since = now - state.at;
  if (!asked && since >= 0 && since < PAUSE_MS) return { state: 'later', wait: PAUSE_MS - since };
  if (head.version > VERSION) throw new WalletError('vault.newer-version');
  await verifyHead(head, listKey);
  const entries = syncable(head, chosen);
  const records = await takeRecords(request, entries);
  const stored = await area.all();
  const prev = await ownDigest(stored, request);
  const sub = await writeSubHead(request, entries, prev);
  const pieces = writePieces(sub, records);
  const room = measure(stored, pieces, head.vid);
  await remember({ last: prev === '' ? state.last : prev, pending: await headDigest(sub.text), at: now });
  await replacePieces(area, pieces, room);
  return { state: 'written', octets: room.octets };
}

/** Removes this wallet's own area, when the owner turns the copy off or resets the wallet. */
export async function removeSyncCopy(area: SyncArea, vid: string): Promise<void> {
  const names = [...(await area.all()).keys()].filter((name) => name.startsWith(areaPrefix(vid)));
  if (names.length > 0) await area.remove(names);
}

/** A whole copy that was found, of this wallet or of another. */
export interface SyncFound extends Carried {
  /** When it was written, milliseconds since 1970; nobody proved it yet. */
  readonly ts: number;
  readonly count: number;
}

/** The newest whole copy of every area. What is not whole is not there yet. @throws `sync.unavailable` */
export async function findSyncCopies(area: SyncArea): Promise<readonly SyncFound[]> {
  const found: SyncFound[] = [];
  for (const stored of await readAreas(await area.all())) {
    const head = stored.heads.find((candidate) => isComplete(candidate, stored));
    if (head) found.push({ head, records: stored.records, ts: head.ts, count: head.items.length });
  }
  return found;
}
