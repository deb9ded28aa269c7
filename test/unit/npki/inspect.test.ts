import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FIXTURES, MANIFEST } from '../../support/npki-fixtures.ts';

const ROOT = join(FIXTURES, '..', '..');
const SCRIPT = join(ROOT, 'scripts', 'inspect.ts');
const scratch = mkdtempSync(join(tmpdir(), 'dojang-inspect-'));

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

interface Line {
  readonly path: string;
  readonly error: string | null;
  readonly [field: string]: unknown;
}

function inspect(paths: readonly string[], input: string | null = ''): { status: number | null; lines: Line[]; stdout: string; stderr: string } {
  const run = spawnSync(process.execPath, [SCRIPT, ...paths], {
    cwd: FIXTURES,
    encoding: 'utf8',
    ...(input === null ? { stdio: ['ignore', 'pipe', 'pipe'] as const } : { input }),
  });
  const lines = run.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
  return { status: run.status, lines, stdout: run.stdout, stderr: run.stderr };
}

const PASSWORDS = [...new Set(MANIFEST.identities.map(({ password }) => password)), 'WTuA8Ev0lWXVFSiI!'].join('\n');

describe('inspect', () => {
  it('opens every identity of the fixtures and says what it found', () => {
    const { status, lines, stderr } = inspect(['npki/NPKI', 'npki/NPKI-renewed'], PASSWORDS);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const expected = MANIFEST.identities.map((identity) => ({
      path: `npki/${identity.folder}`,
      kind: 'npki',
      holder: identity.realName,
      issuer: identity.issuerO,
      serial: identity.serialHex,
      notBefore: identity.notBefore,
      notAfter: identity.notAfter,
      policy: identity.policyOid,
      keyMatches: true,
      random: Boolean(identity.rHex),
      km: identity.km !== undefined,
      error: null,
    }));
    const byPath = (a: { path: string }, b: { path: string }): number => (a.path < b.path ? -1 : 1);
    expect([...lines].sort(byPath)).toEqual(expected.sort(byPath));
  });

  it('opens the genuine identity from two files named one by one', () => {
    const { status, lines } = inspect(['yessign-test/signCert.der', 'yessign-test/signPri.key'], `wrong\r\n${PASSWORDS}\r\n`);
    expect(status).toBe(0);
    expect(lines).toEqual([
      expect.objectContaining({ path: 'yessign-test', holder: 'HKD', serial: '459c75', keyMatches: true, random: true, km: false }),
    ]);
  });

  it('refuses each of the bad folders once, with its own code', () => {
    const { status, lines } = inspect(['npki/bad'], MANIFEST.badFilesPassword);
    expect(status).toBe(1);
    expect(lines.map(({ path, error, keyMatches }) => [path, error, keyMatches])).toEqual([
      ['npki/bad/bitflip', 'password.wrong', null],
      ['npki/bad/empty', 'file.unreadable', null],
      ['npki/bad/huge-iterations', 'file.hostile', null],
      ['npki/bad/mismatch', 'file.pair-mismatch', false],
      ['npki/bad/not-der', 'file.unreadable', null],
      ['npki/bad/truncated', 'file.unreadable', null],
      ['npki/bad/unknown-algorithm', 'file.unsupported', null],
      ['npki/bad/zero-iterations', 'file.hostile', null],
    ]);
    expect(lines.find(({ error }) => error === 'file.unsupported')?.['detail']).toBe('1.2.410.200004.1.99');
  });

  it.each([
    ['empty' as const, ''],
    ['closed' as const, null],
  ])('opens nothing and refuses nothing where standard input is %s', (_, input) => {
    const { status, lines } = inspect(['npki/NPKI/KICA'], input);
    expect(status).toBe(0);
    expect(lines).toEqual([expect.objectContaining({ holder: '박정보', keyMatches: null, random: null, km: true, error: null })]);
  });

  it('says that no password fits, and prints none of them', () => {
    const { status, lines, stdout } = inspect(['npki/NPKI/KICA'], 'first-wrong\nsecond-wrong\n');
    expect(status).toBe(1);
    expect(lines).toEqual([expect.objectContaining({ keyMatches: null, error: 'password.wrong' })]);
    expect(stdout).not.toMatch(/first-wrong|second-wrong/);
  });

  it.each([
    ['a file of another kind', ['npki/README.md'], 'file', 'file.unsupported'],
    ['DER of another kind', ['npki/ca/yessign.crl'], 'file', 'file.unsupported'],
    ['a lone certificate', ['yessign-test/signCert.der'], 'file', 'file.pair-missing'],
    ['a path that is not there', ['npki/nowhere'], 'file', 'file.unreadable'],
    ['a folder with nothing of ours', ['seed-vectors'], 'folder', 'file.nothing-found'],
  ])('answers %s', (_, paths, kind, error) => {
    const { status, lines } = inspect(paths, PASSWORDS);
    expect(status).toBe(1);
    expect(lines).toEqual([expect.objectContaining({ kind, error, keyMatches: null })]);
  });

  it('says how it is used', () => {
    const { status, stdout, stderr } = inspect([]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('PATH');
    expect(inspect(['--all']).status).toBe(2);
  });

  it('goes eight folders deep, follows no links, and reads no more than it needs of a large file', () => {
    const tree = join(scratch, 'tree');
    const deep = (levels: number): string => join(tree, ...Array.from({ length: levels }, (_, i) => `d${i}`));
    mkdirSync(deep(12), { recursive: true });
    const pair = join(FIXTURES, 'npki', MANIFEST.identities[5]!.folder);
    cpSync(pair, deep(8), { recursive: true });
    cpSync(pair, join(deep(12), 'below'), { recursive: true });
    symlinkSync(tree, join(tree, 'round'));
    writeFileSync(join(tree, 'signCert.der'), new Uint8Array(3 * 1024 * 1024));
    const { lines } = inspect([tree]);
    expect(lines.map(({ path, error }) => [path, error]).sort()).toEqual([
      [tree, 'file.too-large'],
      [deep(8), null],
      [deep(9), 'file.hostile'],
    ]);
  });

  it('does not go through more than 5,000 files', () => {
    const many = join(scratch, 'many');
    mkdirSync(many);
    for (let i = 0; i <= 5000; i++) writeFileSync(join(many, String(i)), '');
    expect(inspect([many]).lines).toEqual([expect.objectContaining({ path: many, kind: 'folder', error: 'file.hostile' })]);
  });
});
