/** Going on from an older state: the recovery screen's last resort, after the owner saw its date and what it lacks. */
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { Copies } from './copies.ts';
import type { CopyReading } from './copy-reading.ts';
import { gather } from './copy-records.ts';
import { readHead, verifyHead, type VaultHead } from './head.ts';
import { GENERATION_MAX } from './limits.ts';
import { writeMarker } from './marker.ts';
import { createdOf, rewrite } from './repair.ts';
import type { StoredRecord } from './store.ts';
import { headDigest, writeHead } from './write-head.ts';

export interface RecoverRequest {
  readonly copies: Copies;
  /** The head that the owner chose and opened. */
  readonly head: VaultHead;
  readonly listKey: Bytes;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Version of the extension. */
  readonly app: string;
  /** Records from elsewhere (a backup file); those the head lists are taken. */
  readonly known?: readonly StoredRecord[];
  readonly pause?: (tries: number) => Promise<void>;
}

export interface Recovered {
  readonly head: VaultHead;
  /** Ids of listed records that are nowhere; their entries stay, for a backup file to fill. */
  readonly missing: readonly string[];
}

/** More saves than an owner makes; a generation further ahead is a forgery that would use up the numbers. */
const AHEAD_MAX = 1_000_000;

/** A generation above everything the primary copy had, so that a place that is dead now does not look newer when it is back. */
function generationAbove({ heads, marker }: CopyReading, head: VaultHead): number {
  const seen = heads.flatMap((found) => (found.state === 'good' ? [found.head.gen] : []));
  const credible = [...seen, marker?.gen ?? 0].filter((gen) => gen < head.gen + AHEAD_MAX);
  const gen = Math.max(head.gen, ...credible) + heads.length + 1;
  if (gen > GENERATION_MAX) throw new WalletError('vault.full', { detail: 'generations' });
  return gen;
}

/**
 * Makes the chosen state the newest in both copies; call it under `WRITE_LOCK`. Later states go, so the raw export is
 * offered before. @throws `vault.changed`, `vault.newer-version`, `vault.full`, `vault.read-only` where neither copy takes it
 */
export async function recoverFrom(request: RecoverRequest): Promise<Recovered> {
  const { copies, head, listKey, now, app, known, pause } = request;
  await verifyHead(head, listKey);
  const readings = await copies.readings();
  if (readings.primary.code === 'vault.newer-version' || readings.primary.heads.some(({ state }) => state === 'newer')) {
    throw new WalletError('vault.newer-version');
  }
  const gen = generationAbove(readings.primary, head);
  const { version, vid, items } = head;
  const slots = head.slots.map((slot) => slot.text);
  const text = await writeHead({ version, vid, gen, app, ts: now, prev: await headDigest(head.text), slots, items }, listKey);
  const next = await readHead(text);
  const marker = await writeMarker({ vid, gen, created: createdOf(readings, head) });
  const gathered = await gather([copies.primary, copies.mirror], next, marker, known);
  const first = await rewrite(copies, 'primary', gathered, false, pause);
  const second = await rewrite(copies, 'mirror', gathered, false, pause);
  // A broken database is thrown away only after the mirror holds everything.
  if (!first && second) await rewrite(copies, 'primary', gathered, true, pause);
  if (!first && !second) throw new WalletError(copies.health().primary.code ?? 'vault.read-only', { detail: 'neither copy' });
  return { head: next, missing: gathered.missing };
}
