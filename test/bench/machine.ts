/** What the numbers were measured on. */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, type as osType, release } from 'node:os';

export interface Machine {
  readonly cpus: number;
  readonly model: string;
  readonly load: number;
  readonly node: string;
  readonly browser: string | null;
  readonly os: string;
  readonly commit: string;
}

function git(...args: string[]): string {
  try {
    return execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}

/** `+` behind the commit: files were changed since. */
function commit(): string {
  const id = git('rev-parse', '--short', 'HEAD');
  if (id === '') return 'unknown';
  return git('status', '--porcelain') === '' ? id : `${id}+`;
}

export function readMachine(browser: string | null): Machine {
  const all = cpus();
  return {
    cpus: all.length,
    model: all[0]?.model.trim() ?? 'unknown',
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    node: process.versions.node,
    browser,
    os: `${osType()} ${release()}`,
    commit: commit(),
  };
}

export function machineLine({ cpus: count, model, browser, node, load, commit: id }: Machine, rounds: number): string {
  return `machine  ${count} vCPU ${model}, ${browser === null ? '' : `${browser}, `}Node ${node} · load ${load} · commit ${id} · ${rounds} rounds`;
}
