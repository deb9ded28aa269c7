/** What lies in this wallet's own area of the sync storage, beside what the wallet holds now. Writes nothing. */
import type { HeadItem, VaultHead } from './head.ts';
import type { PrivateSettings } from './settings-text.ts';
import { isComplete, readAreas } from './sync-pieces.ts';
import { headDigest } from './write-head.ts';

/** Whoever writes our area does so alone among our contexts. It is taken before `WRITE_LOCK`, never within. */
export const SYNC_LOCK = 'djw1-sync';

/** What this wallet remembers of its own writing; it stands in the settings. */
export type SyncState = Pick<PrivateSettings['sync'], 'last' | 'pending' | 'at'>;

/**
 * `none`: no whole copy. `current`: the chosen records as they are, under the slots of today. `behind`: other records.
 * `former`: other slots, so that it opens with secrets that the wallet gave up. `foreign`: neither what we wrote last nor
 * what we were about to write, or of a later version.
 */
export type SyncStanding = 'none' | 'current' | 'behind' | 'former' | 'foreign';

export interface OwnCopy {
  readonly standing: SyncStanding;
  /** The newest whole head that lies there, whoever wrote it; null where none does that this version reads. */
  readonly head: VaultHead | null;
  /** Its digest, empty for none. */
  readonly digest: string;
}

export interface OwnCopyRequest {
  readonly head: VaultHead;
  /** Ids of the items that are to be in the copy. */
  readonly chosen: readonly string[];
  readonly state: SyncState;
}

/** The entries of a head that can be in a sync copy: certificates that are not deleted. */
export function syncable({ items }: Pick<VaultHead, 'items'>, chosen: readonly string[]): readonly HeadItem[] {
  const wanted = new Set(chosen);
  return items.filter(({ k, id, del }) => k === 'I' && del === undefined && wanted.has(id));
}

function sameTexts(one: readonly string[], other: readonly string[]): boolean {
  const known = new Set(one);
  return one.length === other.length && other.every((text) => known.has(text));
}

function compare(there: VaultHead, { head, chosen }: OwnCopyRequest): SyncStanding {
  const slots = ({ slots }: VaultHead): readonly string[] => slots.map(({ text }) => text);
  if (!sameTexts(slots(there), slots(head))) return 'former';
  const sums = (items: readonly HeadItem[]): readonly string[] => items.map(({ sum }) => sum);
  return sameTexts(sums(there.items), sums(syncable(head, chosen))) ? 'current' : 'behind';
}

export async function ownCopy(stored: ReadonlyMap<string, unknown>, request: OwnCopyRequest): Promise<OwnCopy> {
  const { vid } = request.head;
  const { last, pending } = request.state;
  const area = (await readAreas(stored)).find(({ w }) => vid.startsWith(w));
  if (area?.later) return { standing: 'foreign', head: null, digest: '' };
  const found = area?.heads.filter((head) => isComplete(head, area)) ?? [];
  const digests = await Promise.all(found.map(({ text }) => headDigest(text)));
  const [head = null] = found;
  const [digest = ''] = digests;
  const ours = found.every((one, nth) => one.vid === vid && [last, pending].includes(digests[nth] ?? ''));
  return { standing: head === null ? 'none' : ours ? compare(head, request) : 'foreign', head, digest };
}
