import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { copy } from '../../../lib/bytes/bytes.ts';
import { toHex } from '../../../lib/bytes/hex.ts';
import { EXPORT_FORMS } from '../../../lib/npki/export-files.ts';
import { findIdentities } from '../../../lib/npki/folder.ts';
import { openContainer, openIdentity } from '../../../lib/npki/open-identity.ts';
import { writePrivateKey } from '../../../lib/npki/write-private-key.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { codeOf, fixture, FIXTURES, identityFile } from '../../support/npki-fixtures.ts';

const SCRIPT = join(FIXTURES, '..', '..', 'scripts', 'convert.ts');
const scratch = mkdtempSync(join(tmpdir(), 'dojang-convert-'));
const PASSWORD = 'Grape#Wind7204';
const HONG = fixture('personal-bank-sha1seed');
const HONG_PATH = `npki/${HONG.folder}`;
const INPUT = `${HONG.password}\n${PASSWORD}\n`;

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

interface Line {
  readonly path: string;
  readonly kind: string;
  readonly error: string | null;
  readonly [field: string]: unknown;
}

function convert(args: readonly string[], input = INPUT): { status: number | null; lines: Line[]; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], { cwd: FIXTURES, encoding: 'utf8', input });
  const lines = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
  return { status, lines, stdout, stderr };
}

function filesIn(folder: string): { path: string; bytes: ReturnType<typeof copy> }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ path, bytes: copy(readFileSync(path)) }));
}

let count = 0;
const fresh = (): string => join(scratch, `out-${++count}`);

describe('convert', () => {
  it.each(['pfx', ...EXPORT_FORMS])('to %s writes files that open with the new password to the same certificates, keys and R', async (form) => {
    const out = fresh();
    const { status, lines, stdout, stderr } = convert([HONG_PATH, '--to', form, '--out', out]);
    expect([status, stderr]).toEqual([0, '']);
    const files = filesIn(out);
    const [identity, ...written] = lines;
    const random = form === 'certificate' ? null : true;
    expect(identity).toEqual({ path: HONG_PATH, kind: 'identity', holder: '홍길동', random, km: true, error: null });
    expect(written.map(({ path }) => path).sort()).toEqual(files.map(({ path }) => path));
    for (const line of written) expect(line).toMatchObject({ kind: 'file', holder: '홍길동', random, km: true, error: null });
    expect(stdout).not.toContain(PASSWORD);
    const signCert = toHex(identityFile(HONG, 'signCert.der'));
    if (form === 'certificate') {
      expect(files.map(({ bytes }) => toHex(bytes))).toContain(signCert);
      return;
    }
    const [found] = findIdentities(files);
    const [entry] = found!.kind === 'container' ? await openContainer(found!, PASSWORD) : [await openIdentity(found!, PASSWORD)];
    expect(toHex(entry.sign!.certificate.der)).toBe(signCert);
    expect(toHex(entry.sign!.key.random!)).toBe(HONG.rHex);
    expect(entry.km!.certificate.serialHex).toBe(HONG.km!.serialHex);
    expect(await codeOf(() => (found!.kind === 'container' ? openContainer(found!, HONG.password) : openIdentity(found!, HONG.password)))).toBe(
      'password.wrong',
    );
  });

  it('takes PKCS#12 back to a folder of the usual names', () => {
    const out = fresh();
    const { status } = convert(['npki/pfx/personal-bank-sha1seed.3des-signandkm.pfx', '--to', 'npki', '--out', out]);
    expect(status).toBe(0);
    const folder = join(out, HONG.folder);
    expect(readdirSync(folder).sort()).toEqual(expect.arrayContaining(['kmCert.der', 'kmPri.key', 'signCert.der', 'signPri.key']));
  });

  it('keeps what is there already, and writes nothing then', () => {
    const out = fresh();
    mkdirSync(out);
    const taken = join(out, '박정보-20271024.pfx');
    writeFileSync(taken, 'mine');
    const { status, lines } = convert([HONG_PATH, 'npki/NPKI/KICA', '--to', 'pfx-legacy', '--out', out]);
    expect(status).toBe(1);
    expect(lines.filter(({ error }) => error !== null)).toEqual([expect.objectContaining({ path: taken, kind: 'file', error: 'file.exists' })]);
    expect(readdirSync(out)).toEqual(['박정보-20271024.pfx']);
    expect(readFileSync(taken, 'utf8')).toBe('mine');
  });

  it.each([
    ['short1!', 'length'],
    ['only-letters-here', 'digit'],
    ['Grape#Wind7777', 'runs'],
    ['', 'length letter digit special'],
  ])('refuses the new password %j before it opens anything: %s', (weak, rules) => {
    const out = fresh();
    const { status, lines } = convert([HONG_PATH, '--to', 'pfx', '--out', out], `${HONG.password}\n${weak}\n`);
    expect([status, lines]).toEqual([1, [expect.objectContaining({ path: out, error: 'password.weak', detail: rules })]]);
    expect(existsSync(out)).toBe(false);
  });

  it('converts what opens and tells what does not', () => {
    const out = fresh();
    const other = fixture('password-specials');
    const { status, lines } = convert([HONG_PATH, `npki/${other.folder}`, '--to', 'pfx-legacy', '--out', out]);
    expect(status).toBe(1);
    expect(lines.map(({ kind, error }) => [kind, error])).toEqual([
      ['identity', null],
      ['identity', 'password.wrong'],
      ['file', null],
    ]);
    expect(filesIn(out).length).toBe(1);
  });

  it('says that a km pair of another password was left out', async () => {
    const folder = join(scratch, 'other-km');
    mkdirSync(folder);
    const { km } = await openIdentity(onlyHong(), HONG.password);
    const random = (length: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(length));
    for (const name of ['signCert.der', 'signPri.key', 'kmCert.der'] as const) writeFileSync(join(folder, name), identityFile(HONG, name));
    writeFileSync(join(folder, 'kmPri.key'), await writePrivateKey(km!.key.privateKeyInfo, 'Other!2026pw', { random }));
    const { status, lines } = convert([folder, '--to', 'npki', '--out', fresh()]);
    expect(status).toBe(1);
    expect(lines[0]).toMatchObject({ path: folder, km: false, random: true, error: null, detail: 'km: password.wrong' });
  });

  it('writes the same identity once, however often it lies there', () => {
    const out = fresh();
    const pfx = 'npki/pfx/personal-bank-sha1seed.3des-signandkm.pfx';
    const { status, lines } = convert([HONG_PATH, pfx, '--to', 'pfx-legacy', '--out', out]);
    expect(status).toBe(0);
    expect(lines.filter(({ kind }) => kind === 'identity').map(({ path, detail }) => [path, detail])).toEqual([
      [pfx, undefined],
      [HONG_PATH, `same as ${pfx}`],
    ]);
    expect(filesIn(out).length).toBe(1);
  });

  it.each([
    ['nothing that is there', ['npki/nowhere', '--to', 'pfx'], 'file.unreadable'],
    ['a folder with nothing of ours', ['seed-vectors', '--to', 'pfx'], 'file.nothing-found'],
    ['a certificate alone', ['yessign-test/signCert.der', '--to', 'pfx'], 'file.pair-missing'],
    ['a damaged key', ['npki/bad/truncated', '--to', 'pfx'], 'file.unreadable'],
  ])('refuses %s', (_, args, error) => {
    const out = fresh();
    const { status, lines } = convert([...args, '--out', out]);
    expect([status, lines.map((line) => line.error)]).toEqual([1, [error]]);
    expect(existsSync(out)).toBe(false);
  });

  it('takes the longer chain of two copies', () => {
    const out = fresh();
    const names = ['signCert.der', 'signPri.key', 'kmCert.der', 'kmPri.key'] as const;
    const [bare, whole] = ['copy-bare', 'copy-whole'].map((name) => join(scratch, name));
    for (const folder of [bare!, whole!]) {
      mkdirSync(folder);
      for (const name of names) writeFileSync(join(folder, name), identityFile(HONG, name));
    }
    writeFileSync(join(whole!, 'CaPubs'), identityFile(HONG, 'CaPubs'));
    expect(convert([bare!, whole!, '--to', 'pem', '--out', out]).status).toBe(0);
    expect(filesIn(out).map(({ path }) => basename(path))).toContain('chain.pem');
  });

  it('leaves nothing behind where one file cannot be written', () => {
    const out = join(fresh(), 'deep');
    const words = ['"$0" "$@" | cat', process.execPath, SCRIPT, HONG_PATH, '--to', 'pfx', '--out', out];
    const run = spawnSync('bash', ['-c', `ulimit -f 1; ${words[0]!}`, ...words.slice(1)], { cwd: FIXTURES, encoding: 'utf8', input: INPUT });
    expect(run.stderr).toBe('');
    expect(run.stdout).toContain('file.unwritable');
    expect(existsSync(dirname(out))).toBe(false);
  });

  it('refuses a folder that cannot be written into', () => {
    const file = join(scratch, 'a-file');
    writeFileSync(file, '');
    const { status, lines } = convert([HONG_PATH, '--to', 'pem', '--out', file]);
    expect([status, lines.at(-1)!.error]).toEqual([1, 'file.unwritable']);
  });

  it.each([
    ['no form', [HONG_PATH, '--out', 'x']],
    ['no folder', [HONG_PATH, '--to', 'pfx']],
    ['no path', ['--to', 'pfx', '--out', 'x']],
    ['a form that is none', [HONG_PATH, '--to', 'jks', '--out', 'x']],
    ['an unknown option', [HONG_PATH, '--to', 'pfx', '--out', 'x', '--force']],
  ])('says how it is used: %s', (_, args) => {
    const { status, stdout, stderr } = convert(args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('pfx|npki|npki-pbes2|pfx-legacy|pfx-modern|pem|certificate');
  });

  it('wants both passwords, and needs none for certificates alone', () => {
    expect(convert([HONG_PATH, '--to', 'pfx', '--out', fresh()], `${HONG.password}\n`).status).toBe(2);
    expect(convert([HONG_PATH, '--to', 'pfx', '--out', fresh()], `${INPUT}more\n`).status).toBe(2);
    const out = fresh();
    expect(convert([HONG_PATH, '--to', 'certificate', '--out', out], '').status).toBe(0);
    expect(readCertificate(filesIn(out)[1]!.bytes).serialHex).toBe(HONG.serialHex);
  });
});

function onlyHong(): Parameters<typeof openIdentity>[0] {
  const names = ['signCert.der', 'signPri.key', 'kmCert.der', 'kmPri.key'] as const;
  const [found] = findIdentities(names.map((path) => ({ path, bytes: identityFile(HONG, path) })));
  if (found?.kind !== 'identity') throw new Error('no identity');
  return found;
}
