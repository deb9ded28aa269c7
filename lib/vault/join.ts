/** Making one state of two that went on without each other, when the owner has the copies mended. */
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { Copies } from './copies.ts';
import { newestGood } from './copy-reading.ts';
import { gather } from './copy-records.ts';
import { isProven, readHead, type HeadItem, type VaultHead } from './head.ts';
import { ITEMS_MAX } from './limits.ts';
import { writeMarker } from './marker.ts';
import { createdOf, notTaken, rewrite } from './repair.ts';
import { headDigest, writeHead } from './write-head.ts';

export interface JoinRequest {
  readonly copies: Copies;
  /** Wallet id. */
  readonly vid: string;
  readonly listKey: Bytes;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Version of the extension. */
  readonly app: string;
  readonly pause?: (tries: number) => Promise<void>;
}

/** The heads of both copies that this list key made, the later one first; on a tie the primary's. */
async function provenHeads(heads: readonly (VaultHead | null)[], { vid, listKey }: JoinRequest): Promise<readonly VaultHead[]> {
  const proven: VaultHead[] = [];
  for (const head of heads) {
    if (head?.vid === vid && (await isProven(head, listKey))) proven.push(head);
  }
  return proven.sort((a, b) => b.gen - a.gen);
}

/** Everything of the later state, and what the other has that did not go into it; of one record in both the later writing. */
function joined(later: readonly HeadItem[], lost: readonly HeadItem[]): readonly HeadItem[] {
  const items = new Map(later.map((item) => [item.id, item]));
  for (const item of lost) if (item.g > (items.get(item.id)?.g ?? 0)) items.set(item.id, item);
  return [...items.values()];
}

/**
 * Saves both states as one, in both copies; call it under `WRITE_LOCK`, and `settle` afterwards. Does nothing where one
 * follows the other. @throws `vault.full`, and `vault.read-only` or the like where neither copy takes it
 */
export async function joinApart(request: JoinRequest): Promise<void> {
  const { copies, vid, listKey, now, app, pause } = request;
  const readings = await copies.readings();
  const [later, other] = await provenHeads([newestGood(readings.primary), newestGood(readings.mirror)], request);
  if (!later || !other) return;
  const lost = await notTaken(later, other);
  if (lost.length === 0) return;
  const items = joined(later.items, lost);
  if (items.length > ITEMS_MAX) throw new WalletError('vault.full', { detail: 'items' });
  const gen = later.gen + 1;
  const slots = later.slots.map((slot) => slot.text);
  const next = { version: later.version, vid, gen, app, ts: now, prev: await headDigest(later.text), slots, items };
  const head = await readHead(await writeHead(next, listKey));
  const marker = await writeMarker({ vid, gen, created: createdOf(readings, later) });
  const gathered = await gather([copies.primary, copies.mirror], head, marker);
  const first = await rewrite(copies, 'primary', gathered, false, pause);
  const second = await rewrite(copies, 'mirror', gathered, false, pause);
  if (!first && !second) throw new WalletError(copies.health().primary.code ?? 'vault.read-only', { detail: 'neither copy' });
}
