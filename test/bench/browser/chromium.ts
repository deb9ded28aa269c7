/** A Chromium with extensions, without a driver: the bench must not touch their service workers but to end them. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { CHROMIUM, requirePeer } from '../../../scripts/peers.ts';
import { Cdp } from './cdp.ts';

const QUIET = ['--no-sandbox', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-gpu'];
/** The page that asks lies behind our window, not in a tab that nobody sees. */
const AWAKE = ['--disable-background-timer-throttling', '--disable-renderer-backgrounding', '--disable-backgrounding-occluded-windows'];
const START_MS = 20_000;
const STOP_MS = 5_000;
/** Rest after a background is gone, so that its process has ended too. */
const REST_MS = 250;

export interface Chromium {
  readonly cdp: Cdp;
  /** `Chromium 156.0.8078.79`. */
  readonly version: string;
  /** Origin of the extension whose background stands in that file, e.g. `chrome-extension://…`. */
  originOf(backgroundFile: string): Promise<string>;
  isBackgroundRunning(origin: string): Promise<boolean>;
  /** Ends the background and waits until it is gone. */
  stopBackground(origin: string): Promise<void>;
  close(): Promise<void>;
}

/** Looks until it finds something. @throws after `patience` */
export async function until<Found>(what: string, look: () => Promise<Found | undefined>, patience = START_MS): Promise<Found> {
  const end = performance.now() + patience;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await rest(10);
  }
}

function readPort(profile: string): Promise<string | undefined> {
  try {
    const [port, path] = readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n');
    return Promise.resolve(path === undefined ? undefined : `ws://127.0.0.1:${port ?? ''}${path}`);
  } catch {
    return Promise.resolve(undefined);
  }
}

async function hasEnded(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  await Promise.race([new Promise((resolve) => process.once('exit', resolve)), rest(STOP_MS).then(() => process.kill('SIGKILL'))]);
}

/** Starts a fresh profile with the given unpacked extensions. */
export async function startChromium(extensions: readonly string[]): Promise<Chromium> {
  const profile = mkdtempSync(join(tmpdir(), 'dojang-bench-profile-'));
  const list = extensions.join(',');
  const flags = ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`];
  const args = [...QUIET, ...AWAKE, ...flags, `--disable-extensions-except=${list}`, `--load-extension=${list}`, 'about:blank'];
  const process = spawn(requirePeer(CHROMIUM), args, { stdio: 'ignore' });
  const cdp = await Cdp.connect(await until('Chromium', () => readPort(profile)));
  const { product } = await cdp.send('Browser.getVersion');
  const workers = async (): Promise<{ targetId: string; url: string }[]> => (await cdp.targets()).filter(({ type }) => type === 'service_worker');
  const workerOf = async (origin: string): Promise<string | undefined> => (await workers()).find(({ url }) => url.startsWith(origin))?.targetId;
  return {
    cdp,
    version: String(product).replace(/^(?:Headless)?Chrome\//, 'Chromium '),
    async originOf(backgroundFile) {
      const url = await until(backgroundFile, async () => (await workers()).find((worker) => worker.url.endsWith(`/${backgroundFile}`))?.url);
      return new URL(url).protocol + '//' + new URL(url).host;
    },
    isBackgroundRunning: async (origin) => (await workerOf(origin)) !== undefined,
    async stopBackground(origin) {
      const targetId = await workerOf(origin);
      if (targetId !== undefined) await cdp.send('Target.closeTarget', { targetId });
      await until('the background to end', async () => ((await workerOf(origin)) === undefined ? true : undefined));
      await rest(REST_MS);
    },
    async close() {
      await cdp.send('Browser.close').catch(() => undefined);
      cdp.close();
      await hasEnded(process);
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
