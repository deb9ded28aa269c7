/** What copies of one certificate have, open or closed: which of them counts, and what it would add to the wallet's record. */
import type { OpenItem } from '../vault/item.ts';
import { CHAIN_MAX } from '../vault/limits.ts';
import type { Row } from './candidates.ts';
import type { RecordPart } from './model.ts';
import { carriesRandom } from './rows.ts';
import { fittingChain } from './seal-rows.ts';

export interface Contents {
  readonly hasRandom: boolean;
  readonly hasKm: boolean;
  /** Authorities above, as many as a record has room for. */
  readonly chainLength: number;
}

function contentsOf({ sign, km }: Row): Contents {
  return { hasRandom: sign?.hasRandom === true, hasKm: km !== null, chainLength: sign ? fittingChain({ sign, km }).length : 0 };
}

/** What it has if every password for it is found. */
function mayContain(row: Row): Contents {
  const { sign, km, sealed, hasKm, kmBroken } = row;
  const opens = sealed !== null;
  const chain = sealed?.kind === 'identity' ? sealed.chain.length : 0;
  return {
    hasRandom: sign ? sign.hasRandom : opens,
    hasKm: km !== null || (opens && hasKm && !kmBroken),
    chainLength: sign ? contentsOf(row).chainLength : Math.min(chain, CHAIN_MAX),
  };
}

/** R before the km pair before a longer chain. What the wallet has already makes no difference. */
function rank({ hasRandom, hasKm, chainLength }: Contents, held: Contents | undefined): number {
  const chain = Math.max(chainLength, held?.chainLength ?? 0);
  return 1 + (hasRandom || held?.hasRandom ? 4 : 0) + (hasKm || held?.hasKm ? 2 : 0) + chain / (CHAIN_MAX + 1);
}

/** What is open counts. @param held what the wallet has of the same certificate */
export function worth(row: Row, held?: Contents): number {
  return row.sign ? rank(contentsOf(row), held) : 0;
}

/** What it is worth if every password for it is found. */
export function promise(row: Row, held?: Contents): number {
  return rank(mayContain(row), held);
}

export function contentsOfItem(item: OpenItem): Contents {
  return { hasRandom: carriesRandom(item), hasKm: item.kmCertificate !== null, chainLength: item.chain.length };
}

/** What it has, or may have while it is closed, that the wallet's record lacks. */
export function partsFor(row: Row, held: Contents): readonly RecordPart[] {
  return partsBeyond(mayContain(row), held);
}

export function partsBeyond({ hasRandom, hasKm, chainLength }: Contents, held: Contents): readonly RecordPart[] {
  const parts: RecordPart[] = [];
  if (hasRandom && !held.hasRandom) parts.push('random');
  if (hasKm && !held.hasKm) parts.push('km');
  if (chainLength > held.chainLength) parts.push('chain');
  return parts;
}
