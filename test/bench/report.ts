/** What the bench prints and writes. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GroupResult, Line, Verdict } from './harness.ts';
import type { Machine } from './machine.ts';

const ROOT = join(import.meta.dirname, '..', '..');
export const REPORT = join(ROOT, '.output', 'bench', 'report.json');
/** Ratios of the last release, by `lineKey`. */
export const REFERENCE = join(import.meta.dirname, 'reference.json');

export type Reference = Readonly<Record<string, number>>;

export function lineKey(group: string, { id, name }: Line): string {
  return `${group}/${id}/${name}`;
}

export function readReference(): Reference {
  try {
    return JSON.parse(readFileSync(REFERENCE, 'utf8')) as Reference;
  } catch {
    return {};
  }
}

function number(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function duration(us: number): string {
  if (!Number.isFinite(us)) return '–';
  return us >= 1000 ? `${number(us / 1000)} ms` : `${number(us)} µs`;
}

/** The goal, and in brackets what would be worth a change later. */
function goalOf({ goal, reach, goalMoreUs }: Line): string {
  if (goalMoreUs !== null) return `+${duration(goalMoreUs)}`;
  return [goal === null ? '' : String(goal), reach === null ? '' : `(${reach})`].filter(Boolean).join(' ');
}

function noteOf({ verdict, note, moreUs }: Line): string {
  const more = moreUs === null ? '' : `${moreUs < 0 ? '−' : '+'}${duration(Math.abs(moreUs))} `;
  const told = verdict === 'informs' ? '' : verdict;
  return note === null ? more + told : `${told}: ${note}`;
}

function cells(group: string, line: Line, was: Reference): string[] {
  const ratios = line.isBase ? ['1', 'base'] : [number(line.ratio), `(${number(line.ratioP10)}..${number(line.ratioP90)})`];
  const before = was[lineKey(group, line)];
  return [
    line.id,
    line.name,
    duration(line.medianUs),
    ...ratios,
    goalOf(line),
    before === undefined || line.isBase ? '' : number(before),
    noteOf(line),
  ];
}

const HEADINGS = ['', 'case', 'median', 'ratio', '(p10..p90)', 'goal (reach)', 'was', ''];
const LEFT = new Set([0, 1, 7]);

function align(rows: readonly (readonly string[])[], left: ReadonlySet<number>): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, i: number): string => (left.has(i) ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0));
  return rows.map((row) => `  ${row.map(pad).join('  ').trimEnd()}`);
}

/** A group as an aligned table. */
export function table({ id, lines, sizes }: GroupResult, was: Reference): string {
  const timed = align([HEADINGS, ...lines.map((line) => cells(id, line, was))], LEFT);
  const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(1);
  const rows = sizes.map(({ name, bytes, gzipBytes }) => [name, kilobytes(bytes), kilobytes(gzipBytes)]);
  const sized = rows.length === 0 ? [] : align([['file', 'kB', 'kB gz'], ...rows], new Set([0]));
  return [id, ...timed, ...sized].join('\n');
}

function linesWith(groups: readonly GroupResult[], verdict: Verdict): Line[] {
  return groups.flatMap(({ lines }) => lines.filter((line) => line.verdict === verdict));
}

/** `goals: 31 held, 1 missed (D4 13.9 > 13), 2 noisy, 0 wrong, skipped: …` */
export function sums(groups: readonly GroupResult[]): string {
  const missed = linesWith(groups, 'missed').map(
    (line) => `${line.id} ${line.moreUs === null ? number(line.ratio) : `+${duration(line.moreUs)}`} > ${line.goal ?? goalOf(line)}`,
  );
  const noisy = linesWith(groups, 'noisy').map(({ id }) => id);
  const wrong = linesWith(groups, 'wrong').map(({ id, name }) => `${id} ${name}`);
  const skipped = [...new Set(groups.flatMap((group) => group.skipped))];
  const named = (names: readonly string[]): string => (names.length === 0 ? '' : ` (${names.join(', ')})`);
  const counts = [
    `${linesWith(groups, 'held').length} held`,
    `${missed.length} missed${named(missed)}`,
    `${noisy.length} noisy${named(noisy)}`,
    `${wrong.length} wrong${named(wrong)}`,
  ];
  return `goals: ${counts.join(', ')}, skipped: ${skipped.length === 0 ? 'nothing' : skipped.join(', ')}`;
}

export function writeReport(machine: Machine, rounds: number, groups: readonly GroupResult[]): void {
  const { commit, ...rest } = machine;
  const report = { schema: 1, commit, date: new Date().toISOString(), rounds, machine: rest, groups };
  mkdirSync(dirname(REPORT), { recursive: true });
  writeFileSync(REPORT, `${JSON.stringify(report, null, 2)}\n`);
}

/** Remembers these ratios as those of the release; groups that did not run keep theirs. */
export function writeReference(groups: readonly GroupResult[]): void {
  const ratios = new Map(Object.entries(readReference()));
  for (const { id, lines } of groups) {
    for (const line of lines) if (!line.isBase && line.verdict !== 'wrong') ratios.set(lineKey(id, line), Math.round(line.ratio * 1000) / 1000);
  }
  const sorted = [...ratios].sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(REFERENCE, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
}
