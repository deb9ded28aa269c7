import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { memoryNonces, type NonceOptions, type Nonces } from '../../../lib/verify/nonces.ts';
import { sqliteNonces } from '../../../lib/verify/sqlite-nonces.ts';

const folder = mkdtempSync(join(tmpdir(), 'dojang-nonces-'));
const opened: { close(): void }[] = [];
let files = 0;

function openFile(options: NonceOptions, path = join(folder, `${String(++files)}.db`)): Nonces {
  const nonces = sqliteNonces(path, options);
  opened.push(nonces);
  return nonces;
}

afterAll(() => {
  for (const one of opened) one.close();
  rmSync(folder, { recursive: true });
});

describe.each<[string, (options: NonceOptions) => Nonces]>([
  ['in memory', memoryNonces],
  ['in an SQLite file', openFile],
])('nonces %s', (_, make) => {
  it('are 32 octets of the given randomness in base64url', async () => {
    const nonces = make({ random: (bytes) => void bytes.fill(0xff) });
    expect(await nonces.issue()).toBe(`${'_'.repeat(42)}8`);
  });

  it('differ, and fit the page protocol', async () => {
    const nonces = make({});
    const made = await Promise.all(Array.from({ length: 50 }, async () => nonces.issue()));
    expect(new Set(made).size).toBe(50);
    for (const nonce of made) expect(nonce).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('are used once', async () => {
    const nonces = make({});
    const nonce = await nonces.issue();
    expect(await nonces.use(nonce)).toBe(true);
    expect(await nonces.use(nonce)).toBe(false);
  });

  it('are used once however many ask at the same time', async () => {
    const nonces = make({});
    const nonce = await nonces.issue();
    const answers = await Promise.all(Array.from({ length: 20 }, async () => nonces.use(nonce)));
    expect(answers.filter(Boolean)).toHaveLength(1);
  });

  it.each(['', 'x', "' OR 1=1 --", '__proto__', 'A'.repeat(43)])('are not %j', async (text) => {
    const nonces = make({});
    await nonces.issue();
    expect(await nonces.use(text)).toBe(false);
  });

  it('end with their life', async () => {
    let now = 1_000_000;
    const nonces = make({ clock: () => now, lifetimeMs: 60_000 });
    const [first, second] = [await nonces.issue(), await nonces.issue()];
    now += 59_999;
    expect(await nonces.use(first)).toBe(true);
    now += 1;
    expect(await nonces.use(second)).toBe(false);
  });

  it('make room for new ones: the oldest go first', async () => {
    const nonces = make({ limit: 3 });
    const made = [await nonces.issue(), await nonces.issue(), await nonces.issue(), await nonces.issue()];
    const answers: boolean[] = [];
    for (const nonce of made) answers.push(await nonces.use(nonce));
    expect(answers).toEqual([false, true, true, true]);
  });

  it.each([{ lifetimeMs: 0 }, { lifetimeMs: Number.NaN }, { limit: 0 }])('are not made with %o', (options) => {
    expect(() => make(options)).toThrow(expect.objectContaining({ code: 'internal' }));
  });
});

describe('nonces in an SQLite file', () => {
  it('are known to every process that opens the file, and used up for all of them', async () => {
    const path = join(folder, 'shared.db');
    const [one, other] = [openFile({}, path), openFile({}, path)];
    const nonce = await one.issue();
    expect(await other.use(nonce)).toBe(true);
    expect(await one.use(nonce)).toBe(false);
  });

  it('survive a restart', async () => {
    const path = join(folder, 'restart.db');
    const before = sqliteNonces(path);
    const nonce = await before.issue();
    before.close();
    expect(existsSync(path)).toBe(true);
    expect(await openFile({}, path).use(nonce)).toBe(true);
  });
});
