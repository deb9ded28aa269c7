/**
 * Which head the wallet starts from while it is locked and nothing can be proven yet. The primary copy decides; the
 * mirror, which pages may have written, only where the primary has no head that reads, and never with an older one
 * than the primary is known to have had.
 */
import { newestGood, type CopyReading } from './copy-reading.ts';
import type { VaultHead } from './head.ts';

export type Choice =
  | { readonly state: 'none' }
  | { readonly state: 'ready'; readonly head: VaultHead; readonly from: 'primary' | 'mirror' }
  /** Traces, and no head to start from without the owner's word. */
  | { readonly state: 'recovery' }
  | { readonly state: 'newer-version'; readonly text: string };

export interface Readings {
  readonly primary: CopyReading;
  readonly mirror: CopyReading;
}

/** The wallet the primary copy is of, as far as anything in it still says so. */
export function knownWallet({ heads, marker }: CopyReading): string | null {
  for (const found of heads) if (found.state === 'good') return found.head.vid;
  return marker?.vid ?? null;
}

/** The last generation the primary copy is known to have had; a head there that does not read was one more. */
function lastKnown({ heads, marker }: CopyReading): number {
  const good = heads.flatMap((found) => (found.state === 'good' ? [found.head.gen] : []));
  const older = good.length > 0 && heads[0]?.state === 'damaged' ? Math.max(...good) + 1 : 0;
  return Math.max(older, marker?.gen ?? 0);
}

function isNewer({ heads: [newest], code }: CopyReading): boolean {
  return newest?.state === 'newer' || code === 'vault.newer-version';
}

function ofMirror(primary: CopyReading, mirror: CopyReading): Choice {
  if (isNewer(mirror)) return { state: 'newer-version', text: mirror.heads[0]?.text ?? '' };
  const head = newestGood(mirror);
  const vid = knownWallet(primary);
  if (!head || (vid !== null && vid !== head.vid) || head.gen < lastKnown(primary)) return { state: 'recovery' };
  return { state: 'ready', head, from: 'mirror' };
}

/** @param first the copy that is primary in this run */
export function chooseHead({ primary, mirror }: Readings, first: 'primary' | 'mirror' = 'primary'): Choice {
  if (primary.trace === 'none' && mirror.trace === 'none') return { state: 'none' };
  if (isNewer(primary)) return { state: 'newer-version', text: primary.heads[0]?.text ?? '' };
  const head = newestGood(primary);
  if (head && first === 'primary') return { state: 'ready', head, from: 'primary' };
  const other = ofMirror(primary, mirror);
  return head && other.state !== 'ready' ? { state: 'ready', head, from: 'primary' } : other;
}

/** Whether a marker of this wallet knows a later generation than the head. */
export function isRolledBack({ primary, mirror }: Readings, head: VaultHead): boolean {
  return [primary.marker, mirror.marker].some((marker) => marker?.vid === head.vid && marker.gen > head.gen);
}
