/**
 * Spoils certificate files and vault records and gives them to every reader, for as long as you like:
 *
 *     npm run fuzz -- [--seconds 60] [--seed 1] [--runs N] [TARGET...]
 *
 * A finding is kept in .output/fuzz/ with the seed that makes it again. Ends with 1 where something was found.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fuzz, type Finding } from '../test/fuzz/run.ts';
import { TARGETS } from '../test/fuzz/targets.ts';

const FOLDER = join(import.meta.dirname, '..', '.output', 'fuzz');

function keep({ target, seed, why, bytes }: Finding): void {
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, `${target.replaceAll(/\W+/g, '-')}-${seed}.bin`);
  writeFileSync(file, bytes);
  console.log(`  ${why}\n    ${file}\n    again: npm run fuzz -- --seed ${seed} --runs 1 '${target}'`);
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' }, runs: { type: 'string' } },
  });
  const chosen = TARGETS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  if (chosen.length === 0) {
    console.error(`targets: ${TARGETS.map(({ name }) => `'${name}'`).join(' ')}`);
    return 2;
  }
  const runs = values.runs === undefined ? Infinity : Number(values.runs);
  let found = 0;
  for (const target of chosen) {
    const end = Date.now() + (Number(values.seconds) * 1000) / chosen.length;
    const report = await fuzz(target, Number(values.seed), (done) => done < runs && (Date.now() < end || runs !== Infinity));
    const megabytes = (report.grownBytes / 2 ** 20).toFixed(1);
    console.log(`${target.name}: ${report.runs} runs, ${report.refused} refused, slowest ${report.worstMs.toFixed(0)} ms, +${megabytes} MiB`);
    report.findings.forEach(keep);
    found += report.findings.length;
  }
  console.log(found === 0 ? 'Nothing found.' : `${found} found.`);
  return found === 0 ? 0 : 1;
}

process.exitCode = await main();
