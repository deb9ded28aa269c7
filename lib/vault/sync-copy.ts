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
import type { VaultStore } from './store.ts';
import { areaPrefix, isComplete, ITEM_QUOTA, ITEMS_QUOTA, octetsOf, readAreas, TOTAL_QUOTA, writePieces } from './sync-pieces.ts';
import { ownCopy, syncable, type SyncState } from './sync-standing.ts';
import { headDigest, writeHead } from './write-head.ts';

/** The browser's sync storage. Every method throws `sync.unavailable` where it does not answer or takes nothing more. */
export interface SyncArea {
  /** Everything that lies there, ours or not; at most some 100 KB. */
  all(): Promise<ReadonlyMap<string, unknown>>;
  /** Everything at once or nothing. */
  set(entries: ReadonlyMap<string, string>): Promise<void>;
  remove(names: readonly string[]): Promise<void>;
}

interface SyncContent {
  readonly area: SyncArea;
  readonly store: VaultStore;
  readonly head: VaultHead;
  readonly listKey: Bytes;
  /** Ids of the items to be in the copy. Deleted and unknown ones are left out. */
  readonly chosen: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Version of the extension. */
  readonly app: string;
}

export interface SyncRequest extends SyncContent {
  readonly state: SyncState;
  /** Writes down what is about to be written, before it is: so a copy left by a crash is known again as our own. */
  readonly remember: (state: SyncState) => Promise<void>;
  /** The owner asked for it now: the pause between two writings does not count. */
  readonly asked?: boolean;
  /** The owner's word that a copy in our area that we did not write may go. One of a later version stays all the same. */
  readonly replace?: boolean;
}

export type SyncOutcome =
  | { readonly state: 'written'; readonly octets: number }
  /** Too soon after the last one; `wait` in milliseconds. */
  | { readonly state: 'later'; readonly wait: number };

const PAUSE_MS = 5 * 60_000;

async function takeRecords({ store, head, listKey }: SyncContent, entries: readonly HeadItem[]): Promise<readonly string[]> {
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

async function writeSubHead({ head, listKey, now, app }: SyncContent, entries: readonly HeadItem[], prev: string): Promise<VaultHead> {
  const { version, vid, gen } = head;
  const slots = head.slots.map(({ text }) => text);
  return readHead(await writeHead({ version, vid, gen, app, ts: now, prev, slots, items: entries, sub: true }, listKey));
}

/** Everything a copy of now would be, by name. @throws `vault.damaged`, `vault.changed`, `vault.newer-version` */
async function makePieces(content: SyncContent, prev: string): Promise<{ sub: VaultHead; pieces: ReadonlyMap<string, string> }> {
  const { head, listKey, chosen } = content;
  if (head.version > VERSION) throw new WalletError('vault.newer-version');
  await verifyHead(head, listKey);
  const entries = syncable(head, chosen);
  const records = await takeRecords(content, entries);
  const sub = await writeSubHead(content, entries, prev);
  return { sub, pieces: writePieces(sub, records) };
}

/**
 * The digest of the head in our own area, or empty where there is none that is whole.
 * @throws `sync.foreign` where another computer or a later version wrote it
 */
async function ownDigest(stored: ReadonlyMap<string, unknown>, request: SyncRequest): Promise<string> {
  const { standing, head, digest } = await ownCopy(stored, request);
  if (standing === 'foreign' && !(request.replace && head)) throw new WalletError('sync.foreign');
  return digest;
}

function total(entries: Iterable<readonly [string, unknown]>): number {
  let octets = 0;
  for (const [name, value] of entries) octets += octetsOf(name, value);
  return octets;
}

interface Room {
  /** Names of our area that are not in the new copy. */
  readonly old: readonly string[];
  /** Whether there is room for the new copy, and for old and new side by side. */
  readonly fits: boolean;
  readonly together: boolean;
  /** Octets of our area afterwards, and of everything else that lies there. */
  readonly octets: number;
  readonly others: number;
}

function measure(stored: ReadonlyMap<string, unknown>, pieces: ReadonlyMap<string, string>, vid: string): Room {
  const prefix = areaPrefix(vid);
  const old = [...stored].filter(([name]) => name.startsWith(prefix) && !pieces.has(name));
  const foreign = [...stored].filter(([name]) => !name.startsWith(prefix));
  const octets = total(pieces);
  const others = total(foreign);
  const within = (sum: number, count: number): boolean => sum <= TOTAL_QUOTA && count <= ITEMS_QUOTA;
  const each = [...pieces].every(([name, value]) => octetsOf(name, value) <= ITEM_QUOTA);
  const fits = each && within(others + octets, foreign.length + pieces.size);
  const together = fits && within(others + octets + total(old), foreign.length + pieces.size + old.length);
  return { old: old.map(([name]) => name), fits, together, octets, others };
}

/** What a choice takes of the sync storage, in octets. */
export interface SyncRoom {
  readonly octets: number;
  /** What others take: other wallets, and whatever else lies there. */
  readonly others: number;
  readonly fits: boolean;
}

/** As long as a digest: the room is measured before there is one. */
const ANY_DIGEST = 'A'.repeat(43);

/** How much room a copy of the chosen items takes. Writes nothing. @throws as `writeSyncCopy` */
export async function measureSyncCopy(content: SyncContent): Promise<SyncRoom> {
  const { pieces } = await makePieces(content, ANY_DIGEST);
  const { octets, others, fits } = measure(await content.area.all(), pieces, content.head.vid);
  return { octets, others, fits };
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
  const { area, head, state, remember, now, asked = false } = request;
  const since = now - state.at;
  if (!asked && since >= 0 && since < PAUSE_MS) return { state: 'later', wait: PAUSE_MS - since };
  const stored = await area.all();
  const prev = await ownDigest(stored, request);
  const { sub, pieces } = await makePieces(request, prev);
  const room = measure(stored, pieces, head.vid);
  if (!room.fits) throw new WalletError('sync.full');
  await remember({ last: prev === '' ? state.last : prev, pending: await headDigest(sub.text), at: now });
  await replacePieces(area, pieces, room);
  return { state: 'written', octets: room.octets };
}

/** What lies in a wallet's area, whoever wrote it, whole or not. */
async function namesOf(area: SyncArea, vid: string): Promise<readonly string[]> {
  return [...(await area.all()).keys()].filter((name) => name.startsWith(areaPrefix(vid)));
}

/** @throws `sync.unavailable` */
export async function hasSyncCopy(area: SyncArea, vid: string): Promise<boolean> {
  return (await namesOf(area, vid)).length > 0;
}

/** Empties this wallet's own area, when the owner turns the copy off or erases the wallet. @throws `sync.unavailable` */
export async function removeSyncCopy(area: SyncArea, vid: string): Promise<void> {
  const names = await namesOf(area, vid);
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
