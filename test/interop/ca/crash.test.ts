import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAuthority } from '../../../demo/authority.ts';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { Applicant, given, outcome, pair, twoKeys } from '../../support/applicant.ts';

const CODE = 'CODE1001ABCDEFGHIJKL';
const folder = mkdtempSync(join(tmpdir(), 'dojang-crash-'));
let issuing: Bytes;
let child: ChildProcess | null = null;

beforeAll(async () => {
  ({ issuing } = await openAuthority(join(folder, 'demo')));
});
afterAll(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** The authority as a process of its own; gives its address as soon as it answers. */
async function start(port: number): Promise<string> {
  const main = join(import.meta.dirname, '../../../demo/ca/main.ts');
  const started = spawn(process.execPath, [main, '--test', '--port', String(port), '--data', join(folder, 'demo')]);
  child = started;
  return new Promise((resolve, reject) => {
    let said = '';
    started.stdout.on('data', (piece: Buffer) => {
      said += piece.toString();
      const [, url] = /(http:\/\/[^\s]+)\n/.exec(said) ?? [];
      if (url !== undefined) resolve(url);
    });
    started.once('exit', () => reject(new Error(said)));
  });
}

async function post(url: string, path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json', authorization: 'Bearer test' };
  expect((await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })).status).toBe(200);
}

describe('the demo authority as a process', () => {
  it('is killed after its answer was committed and before it left: the same octets get it from the next process', async () => {
    const url = await start(0);
    await post(url, '/ra/registrations', { name: '시험', number: '8001011234567', ref: '10010001', code: CODE, days: 20 });
    await post(url, '/test/faults', { faults: ['die-after-commit'] });
    const one = new Applicant(url, issuing, { reference: '10010001', code: CODE });
    const octets = await one.writeApplication('ir', pair(await twoKeys(), ['sign']));
    const ended = new Promise((resolve) => child?.once('exit', (_, signal) => resolve(signal)));
    await expect(one.post(octets)).rejects.toThrow();
    expect(await ended).toBe('SIGKILL');
    await start(Number(new URL(url).port));
    const answer = await one.post(octets);
    expect(outcome(answer)).toBe('ip');
    expect(outcome(await one.post(await one.writeConfirmation(given(answer))))).toBe('pkiConf');
  });
});
