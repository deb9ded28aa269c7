import { performance } from 'node:perf_hooks';
import type { Bytes } from '../../lib/bytes/bytes.ts';
import { WalletError } from '../../lib/errors.ts';
import { mutate } from './mutate.ts';
import { chance } from './random.ts';
import type { Target } from './targets.ts';

/** A spoilt file that made a reader misbehave. */
export interface Finding {
  readonly target: string;
  readonly seed: number;
  readonly why: string;
  readonly bytes: Bytes;
}

export interface Report {
  readonly runs: number;
  readonly refused: number;
  readonly worstMs: number;
  /** Most octets that array buffers grew by while one target ran. */
  readonly grownBytes: number;
  readonly findings: readonly Finding[];
}

/** What the import worker's guard allows one file; a reader that needs longer would be ended there. */
const HANG_MS = 3_000;
const CODES = /^(?:(?:file|password|vault|certificate)\.|request\.(?:malformed|too-large|recipient)$|verify\.signature$)/;

async function refusal(target: Target, bytes: Bytes): Promise<unknown> {
  try {
    await target.read(bytes);
    return null;
  } catch (thrown) {
    return thrown ?? new Error('nothing was thrown');
  }
}

function misbehaviour(thrown: unknown, took: number): string | null {
  if (took > HANG_MS) return `took ${Math.round(took)} ms`;
  if (thrown === null) return null;
  if (thrown instanceof WalletError) return CODES.test(thrown.code) ? null : `code ${thrown.code} (${thrown.detail ?? ''})`;
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : typeof thrown;
}

/**
 * Spoils the target's good files and reads them until `goesOn` says no.
 *
 * @param seed of the first run; run n has `seed + n`, so that a finding is made again with its own seed and one run
 */
export async function fuzz(target: Target, seed: number, goesOn: (runs: number) => boolean): Promise<Report> {
  const seeds = await target.seeds();
  const findings: Finding[] = [];
  let runs = 0;
  let refused = 0;
  let worstMs = 0;
  let grownBytes = 0;
  const before = process.memoryUsage().arrayBuffers;
  for (; goesOn(runs); runs++) {
    const luck = chance(seed + runs);
    const bytes = mutate(luck.pick(seeds), luck);
    const start = performance.now();
    const thrown = await refusal(target, bytes);
    const took = performance.now() - start;
    worstMs = Math.max(worstMs, took);
    if (thrown !== null) refused++;
    if (runs % 100 === 0) grownBytes = Math.max(grownBytes, process.memoryUsage().arrayBuffers - before);
    const why = misbehaviour(thrown, took);
    if (why !== null && findings.length < 20) findings.push({ target: target.name, seed: seed + runs, why, bytes });
  }
  return { runs, refused, worstMs, grownBytes, findings };
}
