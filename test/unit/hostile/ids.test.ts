import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..', '..');
/** The hostile suites of the vault: storage and crashes, secrets and locks, updates. */
const SUITES = { D: 29, E: 20, G: 8 } as const;
const IDS = Object.entries(SUITES).flatMap(([suite, count]) => Array.from({ length: count }, (_, nth) => `${suite}${nth + 1}`));

const ID = '[DEG][0-9]{1,2}';
/** Ids stand in front of a title, or in brackets in it. */
const IN_FRONT = new RegExp(`^(${ID}(?:(?:, | and )${ID})*):? \\S`);
const IN_BRACKETS = new RegExp(`[([](${ID}(?:, ${ID})*)[)\\]]`);

function idsIn(title: string): readonly string[] {
  const [, found = ''] = IN_FRONT.exec(title) ?? IN_BRACKETS.exec(title) ?? [];
  return found.match(/[DEG]\d+/g) ?? [];
}

function tested(): ReadonlySet<string> {
  const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' }).filter((path) => /\.(test|spec)\.ts$/.test(path));
  const texts = files.flatMap((path) => readFileSync(join(ROOT, 'test', path), 'utf8').match(/(['"`])(?:(?!\1).)+\1/g) ?? []);
  return new Set(texts.flatMap((text) => idsIn(text.slice(1, -1))));
}

/** Rows of the table that says what is not tried yet, and why. */
function excused(): ReadonlyMap<string, string> {
  const [, section = ''] = readFileSync(join(ROOT, 'docs', 'THREAT-MODEL.md'), 'utf8').split('\n## Not tried yet\n');
  const [table = ''] = section.split('\n## ');
  return new Map([...table.matchAll(new RegExp(`^\\| (${ID}) \\| (.+) \\|$`, 'gm'))].map(([, id = '', why = '']) => [id, why.trim()]));
}

describe('the hostile suites of the vault', () => {
  it('know an id in a title from other words', () => {
    expect(['D91: all of it', 'D92 a mirror', 'E93, E94: codes', 'the test (D95)', 'D1', 'a D3 b', 'E209: x'].map(idsIn)).toEqual([
      ['D91'],
      ['D92'],
      ['E93', 'E94'],
      ['D95'],
      [],
      [],
      [],
    ]);
  });

  it('have a test for every id, or a reason in docs/THREAT-MODEL.md why there is none yet', () => {
    const [found, reasons] = [tested(), excused()];
    expect(IDS.filter((id) => !found.has(id) && !reasons.has(id))).toEqual([]);
    expect([...reasons.keys()].filter((id) => found.has(id))).toEqual([]);
    expect([...reasons].filter(([id, why]) => !IDS.includes(id) || why.length < 20)).toEqual([]);
  });
});
