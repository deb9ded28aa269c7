/**
 * How times are compared. All cases of a group run in every round, in an order that rotates by one, so that drift of the
 * machine hits all alike; what is judged is the median of the per-round ratios to a base that ran in the same round.
 */
import { quantile } from './statistics.ts';

/** One thing that is timed. */
export interface Case {
  /** Where it differs from that of the comparison. */
  readonly id?: string;
  readonly name: string;
  /** Most that the ratio to the base may be. */
  readonly goal?: number;
  /** Worth a change later. */
  readonly reach?: number;
  /** Makes the output once and compares it with a judge that is not ours. @throws where it is wrong */
  readonly prove: () => unknown;
  /** Warms up. */
  readonly prepare?: () => Promise<void>;
  /** One sample: microseconds for one run. */
  readonly sample: () => Promise<number>;
}

/** Cases that are divided by the same base. */
export interface Comparison {
  /** `K1`. */
  readonly id: string;
  readonly base: Case;
  readonly cases: readonly Case[];
  /** Rounds where the default is too few, as for cold starts. */
  readonly rounds?: number;
}

/** A file that ships. */
export interface Size {
  readonly name: string;
  readonly bytes: number;
  readonly gzipBytes: number;
}

export interface OpenGroup {
  readonly comparisons: readonly Comparison[];
  readonly sizes?: readonly Size[];
  /** What is not compared, each by name with the reason. */
  readonly skipped?: readonly string[];
  readonly close?: () => unknown;
}

export interface Group {
  readonly id: string;
  readonly open: () => Promise<OpenGroup>;
}

export type Verdict = 'held' | 'missed' | 'noisy' | 'wrong' | 'informs';

/** Times in microseconds. */
export interface Line {
  readonly id: string;
  readonly name: string;
  readonly medianUs: number;
  readonly p10Us: number;
  readonly p90Us: number;
  readonly ratio: number;
  readonly ratioP10: number;
  readonly ratioP90: number;
  readonly isBase: boolean;
  readonly goal: number | null;
  readonly reach: number | null;
  readonly verdict: Verdict;
  readonly note: string | null;
}

export interface GroupResult {
  readonly id: string;
  readonly lines: readonly Line[];
  readonly skipped: readonly string[];
  readonly sizes: readonly Size[];
}

/** p90 ÷ p10 above which a ratio is not judged. */
const NOISY = 1.5;
const WARM_MS = 150;
const SAMPLE_MS = 20;

type Run = () => unknown;

async function repeat(run: Run, times: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < times; i++) {
    const result = run();
    if (result instanceof Promise) await result;
  }
  return performance.now() - start;
}

/** Warms up for at least 150 ms; returns how many runs make a sample of at least 20 ms. */
async function calibrate(run: Run): Promise<number> {
  let times = 1;
  let spent = 0;
  for (;;) {
    const took = await repeat(run, times);
    spent += took;
    if (took >= SAMPLE_MS && spent >= WARM_MS) return times;
    if (took < SAMPLE_MS) times = Math.ceil(times * Math.min(10, Math.max(1.2, (1.1 * SAMPLE_MS) / Math.max(took, 0.01))));
  }
}

export interface WarmCase extends Omit<Case, 'sample' | 'prepare'> {
  readonly run: Run;
}

/** A case that is warmed up and repeated until a sample is long enough for the clock. */
export function warm({ run, ...rest }: WarmCase): Case {
  let times = 1;
  return {
    ...rest,
    prepare: async () => {
      times = await calibrate(run);
    },
    sample: async () => ((await repeat(run, times)) * 1000) / times,
  };
}

interface Entry {
  readonly comparison: Comparison;
  readonly one: Case;
  readonly rounds: number;
  readonly samples: number[];
  wrong: string | null;
}

function entriesOf({ comparisons }: OpenGroup, rounds: number): Entry[] {
  return comparisons.flatMap((comparison) => {
    const { base, cases } = comparison;
    return [base, ...cases].map((one) => ({ comparison, one, rounds: Math.max(rounds, comparison.rounds ?? 0), samples: [], wrong: null }));
  });
}

async function prove(entry: Entry): Promise<void> {
  try {
    await entry.one.prove();
  } catch (thrown) {
    entry.wrong = thrown instanceof Error ? thrown.message : String(thrown);
  }
}

function verdictOf({ one, wrong }: Entry, ratio: number, low: number, high: number): Verdict {
  if (wrong !== null) return 'wrong';
  if (one.goal === undefined) return 'informs';
  if (high / low > NOISY) return 'noisy';
  return ratio <= one.goal ? 'held' : 'missed';
}

function lineOf(entry: Entry, base: readonly number[]): Line {
  const { comparison, one, samples, wrong } = entry;
  const ratios = samples.map((sample, round) => sample / (base[round] ?? NaN));
  const [p10, ratio, p90] = [quantile(ratios, 0.1), quantile(ratios, 0.5), quantile(ratios, 0.9)];
  return {
    id: one.id ?? comparison.id,
    name: one.name,
    medianUs: quantile(samples, 0.5),
    p10Us: quantile(samples, 0.1),
    p90Us: quantile(samples, 0.9),
    ratio,
    ratioP10: p10,
    ratioP90: p90,
    isBase: one === comparison.base,
    goal: one.goal ?? null,
    reach: one.reach ?? null,
    verdict: verdictOf(entry, ratio, p10, p90),
    note: wrong,
  };
}

/** Proves every case, then times those that are right. A wrong output fails the bench, whatever its time. */
export async function runGroup(group: Group, rounds: number): Promise<GroupResult> {
  const opened = await group.open();
  try {
    const entries = entriesOf(opened, rounds);
    for (const entry of entries) await prove(entry);
    const right = entries.filter(({ wrong }) => wrong === null);
    for (const { one } of right) await one.prepare?.();
    for (let round = 0; right.some((entry) => round < entry.rounds); round++) {
      for (let i = 0; i < right.length; i++) {
        const entry = right[(i + round) % right.length];
        if (entry !== undefined && round < entry.rounds) entry.samples.push(await entry.one.sample());
      }
    }
    const baseOf = (entry: Entry): readonly number[] => entries.find(({ one }) => one === entry.comparison.base)?.samples ?? [];
    return { id: group.id, lines: entries.map((entry) => lineOf(entry, baseOf(entry))), skipped: opened.skipped ?? [], sizes: opened.sizes ?? [] };
  } finally {
    await opened.close?.();
  }
}
