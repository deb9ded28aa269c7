/**
 * `npm run bench`: compares times with a base of the same run (docs/PERFORMANCE.md). No test asserts a time; this never runs
 * in `npm test`.
 *
 *   npm run bench -- [group …] [--browser] [--rounds n] [--check] [--peers] [--reference]
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { runGroup, type Group, type GroupResult } from '../test/bench/harness.ts';
import { machineLine, readMachine } from '../test/bench/machine.ts';
import { installPeers } from '../test/bench/peers.ts';
import { readReference, REPORT, sums, table, writeReference, writeReport } from '../test/bench/report.ts';
import { CHROMIUM, requirePeer } from './peers.ts';

const ROUNDS = 9;
/** With `--check` a ratio may be over its goal by this much: machines differ. */
const SLACK = 1.15;

const NODE_GROUPS: readonly Group[] = [
  { id: 'key', open: async () => (await import('../test/bench/groups/key.ts')).openKeyGroup() },
  { id: 'kdf', open: async () => (await import('../test/bench/groups/kdf.ts')).openKdfGroup() },
  { id: 'sign', open: async () => (await import('../test/bench/groups/sign.ts')).openSignGroup() },
  { id: 'verify', open: async () => (await import('../test/bench/groups/verify.ts')).openVerifyGroup() },
  { id: 'x509', open: async () => (await import('../test/bench/groups/x509.ts')).openX509Group() },
  { id: 'vault', open: async () => (await import('../test/bench/groups/vault.ts')).openVaultGroup() },
];
const BROWSER_GROUPS: readonly Group[] = [
  { id: 'chromium', open: async () => (await import('../test/bench/groups/chromium.ts')).openChromiumGroup() },
  { id: 'signin', open: async () => (await import('../test/bench/groups/signin.ts')).openSignInGroup() },
  { id: 'import', open: async () => (await import('../test/bench/groups/import.ts')).openImportGroup() },
  { id: 'screen', open: async () => (await import('../test/bench/groups/screen.ts')).openScreenGroup() },
  { id: 'size', open: async () => (await import('../test/bench/groups/size.ts')).openSizeGroup() },
];

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    browser: { type: 'boolean', default: false },
    rounds: { type: 'string', default: String(ROUNDS) },
    check: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
    reference: { type: 'boolean', default: false },
  },
});

function chosenGroups(): readonly Group[] {
  const all = [...NODE_GROUPS, ...BROWSER_GROUPS];
  const unknown = positionals.filter((id) => !all.some((group) => group.id === id));
  if (unknown.length > 0) throw new Error(`no group ${unknown.join(', ')}; there are ${all.map(({ id }) => id).join(', ')}`);
  if (positionals.length > 0) return all.filter(({ id }) => positionals.includes(id));
  return options.browser ? all : NODE_GROUPS;
}

/** `Chromium 156.0.8078.79` */
function browserVersion(): string {
  const { stdout } = spawnSync(requirePeer(CHROMIUM), ['--version'], { encoding: 'utf8' });
  return /^Chrom\S+ [\d.]+/.exec(stdout)?.[0] ?? 'Chromium';
}

function fails(results: readonly GroupResult[]): boolean {
  const lines = results.flatMap((result) => result.lines);
  const isOver = lines.some(({ verdict, ratio, goal }) => verdict === 'missed' && (goal === null || ratio > goal * SLACK));
  return lines.some(({ verdict }) => verdict === 'wrong') || (options.check && isOver);
}

async function bench(): Promise<void> {
  const rounds = Number(options.rounds);
  if (!Number.isInteger(rounds) || rounds < 3) throw new Error('--rounds takes a number of 3 or more');
  const groups = chosenGroups();
  if (options.peers) installPeers();
  const machine = readMachine(groups.some((group) => BROWSER_GROUPS.includes(group)) ? browserVersion() : null);
  console.log(machineLine(machine, rounds));
  const was = readReference();
  const results: GroupResult[] = [];
  for (const group of groups) {
    const result = await runGroup(group, rounds);
    results.push(result);
    console.log(table(result, was));
  }
  console.log(sums(results));
  writeReport(machine, rounds, results);
  if (options.reference) writeReference(results);
  console.log(`report: ${REPORT}`);
  process.exitCode = fails(results) ? 1 : 0;
}

await bench();
