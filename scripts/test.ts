/**
 * `npm test`: types, lint, units, interop, then the real extension in Chromium and Firefox. Every step runs even where an
 * earlier one failed; the last line sums up, and the exit code tells.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CHROMIUM, CHROMIUM_KOREAN, ensurePeers, FIREFOX, FONTS, KEYTOOL, OPENSSL } from './peers.ts';

const ROOT = join(import.meta.dirname, '..');
const REPORTS = join(ROOT, '.output', 'reports');

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

const total: Tally = { passed: 0, failed: 0, skipped: 0 };

function run(command: string, args: readonly string[], environment: Record<string, string> = {}): boolean {
  console.log(`\n> ${command} ${args.join(' ')}`);
  return spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...environment } }).status === 0;
}

function count(name: string, tally: Partial<Tally>): void {
  total.passed += tally.passed ?? 0;
  total.failed += tally.failed ?? 0;
  total.skipped += tally.skipped ?? 0;
  console.log(`${name}: ${tally.passed ?? 0} passed, ${tally.failed ?? 0} failed, ${tally.skipped ?? 0} skipped`);
}

/** A step that either holds or does not. */
function check(name: string, command: string, args: readonly string[]): boolean {
  const held = run(command, args);
  count(name, held ? { passed: 1 } : { failed: 1 });
  return held;
}

/** A step whose runner writes a report; one that wrote none, or that ran nothing, has failed. */
function suite(name: string, command: string, args: readonly string[], report: string, read: (report: unknown) => Tally): void {
  const held = run(command, args, { DOJANG_REPORT: report });
  if (!existsSync(report)) {
    count(name, { failed: 1 });
    return;
  }
  const tally = read(JSON.parse(readFileSync(report, 'utf8')));
  if (!held && tally.failed === 0) tally.failed = 1;
  if (tally.passed + tally.failed === 0) tally.failed = 1;
  count(name, tally);
}

function vitestTally(report: unknown): Tally {
  const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites, success } = report as Record<string, number> & { success: boolean };
  const failed = numFailedTests ?? 0;
  return { passed: numPassedTests ?? 0, failed: failed === 0 && !success ? (numFailedTestSuites ?? 1) : failed, skipped: numPendingTests ?? 0 };
}

interface PlaywrightSuite {
  readonly file: string;
  readonly suites?: PlaywrightSuite[];
  readonly specs?: { readonly title: string; readonly tests: { readonly status: string }[] }[];
}

function unsteady(suites: readonly PlaywrightSuite[]): string[] {
  return suites.flatMap(({ file, suites: inner = [], specs = [] }) => [
    ...specs.filter(({ tests }) => tests.some(({ status }) => status === 'flaky')).map(({ title }) => `${file}, ${title}`),
    ...unsteady(inner),
  ]);
}

function playwrightTally(report: unknown): Tally {
  const { stats, suites } = report as { stats: Record<'expected' | 'unexpected' | 'flaky' | 'skipped', number>; suites: PlaywrightSuite[] };
  for (const title of unsteady(suites)) console.log(`passed the second time only: ${title}`);
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
}

ensurePeers([CHROMIUM, CHROMIUM_KOREAN, FIREFOX, FONTS, KEYTOOL, OPENSSL]);
rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(REPORTS, { recursive: true });

check('prepare', 'wxt', ['prepare']);
check('types', 'tsc', ['--noEmit']);
check('svelte', 'svelte-check', ['--tsconfig', './tsconfig.json', '--fail-on-warnings']);
check('lint', 'eslint', ['.', '--max-warnings', '0']);
check('format', 'prettier', ['--check', '--log-level', 'warn', '.']);
check('unused', 'knip', []);
const unitReport = join(REPORTS, 'unit.json');
suite('unit and interop', 'vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${unitReport}`], unitReport, vitestTally);
const built = check('build', 'npm', ['run', '--silent', 'build:all']);
if (built) {
  const rulesReport = join(REPORTS, 'rules.json');
  suite(
    'rules',
    'vitest',
    ['run', '--config', 'vitest.rules.config.ts', '--reporter=default', '--reporter=json', `--outputFile.json=${rulesReport}`],
    rulesReport,
    vitestTally,
  );
  suite('e2e', 'playwright', ['test'], join(REPORTS, 'e2e.json'), playwrightTally);
}

console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exitCode = total.failed === 0 ? 0 : 1;
