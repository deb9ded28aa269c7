import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeZip } from '../../../lib/archive/write-zip.ts';
import { contextTag } from '../../../lib/asn1/tags.ts';
import * as der from '../../../lib/asn1/writer.ts';
import { OID } from '../../../lib/npki/oids.ts';
import { FIXTURES, filesBelow, fixture, identityFile, MANIFEST, readFixture } from '../../support/npki-fixtures.ts';

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
      form: 'npki',
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
      expect.objectContaining({ path: 'yessign-test/signCert.der', holder: 'HKD', serial: '459c75', keyMatches: true, random: true, km: false }),
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

  it('names links that are called like files of ours', () => {
    const links = join(scratch, 'links');
    mkdirSync(links);
    symlinkSync(join(FIXTURES, 'yessign-test', 'hkd.pfx'), join(links, 'hkd.pfx'));
    expect(inspect([links]).lines).toEqual([expect.objectContaining({ path: join(links, 'hkd.pfx'), error: 'file.unsupported', detail: 'hkd.pfx' })]);
  });

  it('tries an empty line as an empty password, takes off a mark of UTF-8, and wants no more than a hundred', () => {
    expect(inspect(['npki/NPKI/KICA'], '\n').lines).toEqual([expect.objectContaining({ error: 'password.wrong' })]);
    const { password } = fixture('kica-personal');
    expect(inspect(['npki/NPKI/KICA'], `\ufeff${password}\n`).status).toBe(0);
    expect(inspect(['npki/NPKI/KICA'], 'wrong\n'.repeat(101))).toMatchObject({ status: 2, lines: [] });
  });

  it('lists one file of several keys once for each identity in it', () => {
    const pfx = 'npki/pfx/personal-bank-sha1seed.3des-signandkm.pfx';
    const hong = { path: pfx, kind: 'npki', form: 'pfx', holder: '홍길동', serial: '36c80002', error: null };
    expect(inspect([pfx], PASSWORDS).lines).toEqual([expect.objectContaining({ ...hong, keyMatches: true, random: true, km: true })]);
    expect(inspect([pfx]).lines).toEqual([expect.objectContaining({ ...hong, keyMatches: null, random: null, km: null })]);
    const { status, lines } = inspect([pfx], 'wrong');
    expect([status, lines]).toEqual([1, [expect.objectContaining({ kind: 'npki', form: 'pfx', error: 'password.wrong', keyMatches: null })]]);
  });

  it('opens every PKCS#12 file and the texts of the fixtures', () => {
    const { status, lines } = inspect(['npki/pfx', 'yessign-test/hkd.pfx', 'npki/pem'], PASSWORDS);
    expect(status).toBe(0);
    expect(lines.filter(({ form }) => form === 'pfx').length).toBe(32);
    expect(lines.filter(({ form }) => form === 'pem')).toEqual([
      expect.objectContaining({ path: 'npki/pem', holder: '홍길동', keyMatches: true, random: true, km: false }),
    ]);
    expect(lines.map(({ keyMatches }) => keyMatches)).toEqual(Array.from({ length: 33 }, () => true));
    expect(lines.find(({ path }) => path === 'yessign-test/hkd.pfx')).toMatchObject({ holder: 'HKD', serial: '459c75', random: true });
  });

  it('opens keys that are not encrypted without any password', () => {
    const loose = join(scratch, 'plain');
    mkdirSync(loose);
    const pem = (label: string, bytes: Uint8Array): string =>
      `-----BEGIN ${label}-----\n${Buffer.from(bytes).toString('base64')}\n-----END ${label}-----\n`;
    const key = readFixture('yessign-test', 'plain-privatekeyinfo-with-R.der');
    writeFileSync(join(loose, 'both.pem'), pem('PRIVATE KEY', key) + pem('CERTIFICATE', readFixture('yessign-test', 'signCert.der')));
    expect(inspect([loose]).lines).toEqual([expect.objectContaining({ form: 'pem', holder: 'HKD', keyMatches: true, random: true, km: false })]);
  });

  it('looks into zips that were named and zips of a folder', () => {
    const folder = join(scratch, 'zips');
    mkdirSync(folder);
    const zip = join(folder, '인증서.zip');
    const files = filesBelow('npki', 'NPKI', 'KICA').map(({ path, bytes }) => ({ path: `NPKI/KICA/${path}`, bytes }));
    writeFileSync(zip, writeZip([...files, { path: 'inner.zip', bytes: writeZip(files, { time: 0 }) }], { time: 0 }));
    const inside = `${zip}/NPKI/KICA/USER/cn=박정보,ou=개인,ou=licensedCA,o=KICA,c=KR`;
    for (const path of [zip, folder])
      expect(inspect([path], PASSWORDS).lines).toEqual([expect.objectContaining({ path: inside, form: 'npki', holder: '박정보', keyMatches: true })]);
  });

  it.each([
    ['that is damaged', Buffer.from('PK\x03\x04 and no more', 'latin1'), 'file.unreadable'],
    ['with nothing of ours', writeZip([{ path: 'notes.txt', bytes: new Uint8Array(9) }], { time: 0 }), 'file.nothing-found'],
    [
      'that leads elsewhere',
      Buffer.from(writeZip([{ path: 'up/signCert.der', bytes: new Uint8Array(9) }], { time: 0 })).fill('..', 30, 32),
      'file.hostile',
    ],
    ['above 20 MiB', Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), Buffer.alloc(21 * 1024 * 1024)]), 'file.too-large'],
  ])('names a zip %s', (_, bytes, error) => {
    const path = join(scratch, 'bad.zip');
    // Both names of an entry say the same.
    const both = error === 'file.hostile' ? Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('up/', '../'), 'latin1') : bytes;
    writeFileSync(path, both);
    const { status, lines } = inspect([path]);
    expect([status, lines]).toEqual([1, [expect.objectContaining({ path, kind: 'file', error, detail: 'bad.zip' })]]);
  });

  it('reads certificates that came in a message without signature', () => {
    const folder = join(scratch, 'p7b');
    mkdirSync(folder);
    const certificate = identityFile(fixture('kica-personal'), 'signCert.der');
    const signed = [der.integer(1), der.setOf(), der.sequence(der.objectIdentifier(OID.data)), der.element(contextTag(0), certificate), der.setOf()];
    const message = der.sequence(der.objectIdentifier(OID.signedData), der.context(0, der.sequence(...signed)));
    writeFileSync(join(folder, 'signCert.p7b'), message);
    writeFileSync(join(folder, 'signPri.key'), identityFile(fixture('kica-personal'), 'signPri.key'));
    expect(inspect([folder], PASSWORDS).lines).toEqual([expect.objectContaining({ form: 'npki', holder: '박정보', keyMatches: true })]);
  });
});
