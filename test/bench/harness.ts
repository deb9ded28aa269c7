/**
 * How times are compared. Base and cases of a comparison run in every round, in an order that rotates by one, so that drift
 * of the machine hits all alike; what is judged is the median of the per-round ratios to the base of the same round.
 */
import { quantile } from './statistics.ts';

/** One thing that is timed. */
export interface Case {
  /** Where it differs from that of the comparison. */
  readonly id?: string;
  readonly name: string;
  /** Most that the ratio to the base may be. */
  readonly goal?: number;
  /** Most microseconds that it may take more than the base; what is judged then is the difference, not the ratio. */
  readonly goalMoreUs?: number;
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
  /** Microseconds more than the base, where those are judged. */
  readonly moreUs: number | null;
  readonly goalMoreUs: number | null;
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
  readonly samples: number[];
  wrong: string | null;
}

async function prove(entry: Entry): Promise<void> {
  try {
    await entry.one.prove();
  } catch (thrown) {
    entry.wrong = thrown instanceof Error ? thrown.message : String(thrown);
  }
}

/** The median, and p10 and p90 around it. */
function spread(values: readonly number[]): { low: number; middle: number; high: number } {
  return { low: quantile(values, 0.1), middle: quantile(values, 0.5), high: quantile(values, 0.9) };
}

type Spread = ReturnType<typeof spread>;

function verdictOf({ one, wrong }: Entry, ratio: Spread, more: Spread): Verdict {
  if (wrong !== null) return 'wrong';
  if (one.goalMoreUs !== undefined) {
    if (more.high - more.low > 2 * one.goalMoreUs) return 'noisy';
    return more.middle <= one.goalMoreUs ? 'held' : 'missed';
  }
  if (one.goal === undefined) return 'informs';
  if (ratio.high / ratio.low > NOISY) return 'noisy';
  return ratio.middle <= one.goal ? 'held' : 'missed';
}

function lineOf(entry: Entry, base: readonly number[]): Line {
  const { comparison, one, samples, wrong } = entry;
  const time = spread(samples);
  const ratio = spread(samples.map((sample, round) => sample / (base[round] ?? NaN)));
  const more = spread(samples.map((sample, round) => sample - (base[round] ?? NaN)));
  return {
    id: one.id ?? comparison.id,
    name: one.name,
    medianUs: time.middle,
    p10Us: time.low,
    p90Us: time.high,
    ratio: ratio.middle,
    ratioP10: ratio.low,
    ratioP90: ratio.high,
    moreUs: one.goalMoreUs === undefined ? null : more.middle,
    goalMoreUs: one.goalMoreUs ?? null,
    isBase: one === comparison.base,
    goal: one.goal ?? null,
    reach: one.reach ?? null,
    verdict: verdictOf(entry, ratio, more),
    note: wrong,
  };
}

/** Proves every case, then times those that are right. A wrong output fails the bench, whatever its time. */
async function compare(comparison: Comparison, least: number): Promise<Line[]> {
  const rounds = Math.max(least, comparison.rounds ?? 0);
  const entries = [comparison.base, ...comparison.cases].map((one): Entry => ({ comparison, one, samples: [], wrong: null }));
  for (const entry of entries) await prove(entry);
  const right = entries.filter(({ wrong }) => wrong === null);
  for (const { one } of right) await one.prepare?.();
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < right.length; i++) {
      const entry = right[(i + round) % right.length];
      entry?.samples.push(await entry.one.sample());
    }
  }
  return entries.map((entry) => lineOf(entry, entries[0]?.samples ?? []));
}

/** Runs the comparisons of a group one after the other, so that none pays for what another leaves behind. */
export async function runGroup(group: Group, rounds: number): Promise<GroupResult> {
  const { comparisons, skipped = [], sizes = [], close } = await group.open();
  const lines: Line[] = [];
  try {
    for (const comparison of comparisons) lines.push(...(await compare(comparison, rounds)));
  } finally {
    await close?.();
  }
  return { id: group.id, lines, skipped, sizes };
}
