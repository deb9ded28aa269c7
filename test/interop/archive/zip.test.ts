import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { writeZip } from '../../../lib/archive/write-zip.ts';
import { copy } from '../../../lib/bytes/bytes.ts';

const PATH = 'NPKI/yessign/USER/cn=홍길동()0020,ou=WOORI,o=yessign,c=kr/signCert.der';
const CONTENT = Uint8Array.from({ length: 1500 }, (_, at) => (at * 7) % 251);
const ZIP = writeZip([{ path: PATH, bytes: CONTENT }], { time: Date.parse('2026-11-25T03:04:06Z') });
const hasPython = spawnSync('python3', ['--version']).status === 0;

describe('a zip of ours is unpacked by programs that were not written here', () => {
  it('fflate', () => {
    expect(Object.keys(unzipSync(ZIP))).toEqual([PATH]);
    expect(copy(unzipSync(ZIP)[PATH] ?? new Uint8Array())).toEqual(CONTENT);
  });

  it.skipIf(!hasPython)(`Python’s zipfile${hasPython ? '' : ' (skipped: python3 is missing)'}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'dojang-zip-'));
    try {
      writeFileSync(join(folder, 'a.zip'), ZIP);
      const script = 'import zipfile; z=zipfile.ZipFile("a.zip"); assert z.testzip() is None; print(z.infolist()[0].date_time); z.extractall("out")';
      const run = spawnSync('python3', ['-c', script], { cwd: folder, encoding: 'utf8' });
      expect(run.stderr).toBe('');
      expect(run.stdout.trim()).toBe('(2026, 11, 25, 12, 4, 6)');
      expect(copy(readFileSync(join(folder, 'out', PATH)))).toEqual(CONTENT);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
