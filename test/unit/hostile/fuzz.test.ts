import { describe, expect, it } from 'vitest';
import { mutate } from '../../fuzz/mutate.ts';
import { chance } from '../../fuzz/random.ts';
import { fuzz } from '../../fuzz/run.ts';
import { TARGETS } from '../../fuzz/targets.ts';

/** The same files in every run; `npm run fuzz` looks at others. */
const SEED = 20_261_125;
const RUNS = 10_000;
const MEBIBYTE = 2 ** 20;

describe('ten thousand spoilt files of a kind are read, or refused with a code of ours: F22', () => {
  it.each(TARGETS.map((target) => [target.name, target] as const))('%s', { timeout: 120_000 }, async (_, target) => {
    const report = await fuzz(target, SEED, (runs) => runs < RUNS);
    expect(report.findings.map(({ seed, why }) => ({ seed, why }))).toEqual([]);
    expect(report.refused).toBeGreaterThan(RUNS / 10);
    expect(report.grownBytes).toBeLessThan(64 * MEBIBYTE);
  });

  it('a seed makes the same spoilt file again', () => {
    const good = Uint8Array.from({ length: 300 }, (_, at) => at % 256);
    const spoilt = (seed: number): string => Buffer.from(mutate(good, chance(seed))).toString('hex');
    expect(spoilt(7)).toBe(spoilt(7));
    expect(new Set(Array.from({ length: 50 }, (_, seed) => spoilt(seed))).size).toBeGreaterThan(45);
  });

  it('tells of a reader that throws something else', async () => {
    const seeds = (): Uint8Array<ArrayBuffer>[] => [new Uint8Array(10)];
    const broken = await fuzz({ name: 'broken', seeds, read: () => JSON.parse('{') as never }, 1, (runs) => runs < 3);
    expect(broken.findings).toHaveLength(3);
    expect(broken.findings[0]?.why).toMatch(/^SyntaxError/);
  });
});
