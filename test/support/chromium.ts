/** The built extension in a real Chromium, driven by Playwright. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { CHROMIUM, requirePeer } from '../../scripts/peers.ts';

const QUIET = [
  '--no-sandbox',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--disable-gpu',
];

export const ROOT = join(import.meta.dirname, '..', '..');
export const DEMO_EXTENSION = join(ROOT, '.output', 'chrome-mv3-demo');

export interface LaunchOptions {
  readonly extension?: string;
  /** A profile to open again; a fresh one otherwise, removed at the end. */
  readonly profile?: string;
  readonly headless?: boolean;
  readonly locale?: 'ko' | 'en';
  readonly dark?: boolean;
  readonly args?: readonly string[];
}

export interface Browser {
  readonly context: BrowserContext;
  readonly extensionId: string;
  readonly profile: string;
  /** Opens one of our pages, e.g. `manager.html#/start`. */
  open(path: string): Promise<Page>;
  /** Errors that any page or the background wrote to its console. */
  readonly problems: string[];
  close(): Promise<void>;
}

async function extensionIdOf(context: BrowserContext): Promise<string> {
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker', { timeout: 20_000 }));
  return new URL(worker.url()).host;
}

function watch(context: BrowserContext, problems: string[]): void {
  const watchPage = (page: Page): void => {
    page.on('pageerror', (error) => problems.push(`${page.url()}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(`${page.url()}: ${message.text()}`);
    });
  };
  for (const page of context.pages()) watchPage(page);
  context.on('page', watchPage);
}

export async function launch(options: LaunchOptions = {}): Promise<Browser> {
  const extension = options.extension ?? DEMO_EXTENSION;
  const profile = options.profile ?? mkdtempSync(join(tmpdir(), 'dojang-profile-'));
  const language = options.locale ?? 'ko';
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: requirePeer(CHROMIUM),
    headless: options.headless ?? true,
    locale: language === 'ko' ? 'ko-KR' : 'en-US',
    colorScheme: options.dark ? 'dark' : 'light',
    viewport: null,
    // A locale that every system has: without UTF-8 the browser cannot read files with Korean names.
    env: { ...process.env, LANGUAGE: language, LC_ALL: 'C.UTF-8' },
    args: [...QUIET, `--lang=${language}`, `--disable-extensions-except=${extension}`, `--load-extension=${extension}`, ...(options.args ?? [])],
  });
  // A wait that hangs is named, before the time of its whole test is over.
  context.setDefaultTimeout(60_000);
  const problems: string[] = [];
  watch(context, problems);
  const extensionId = await extensionIdOf(context);
  return {
    context,
    extensionId,
    profile,
    problems,
    async open(path) {
      const page = await context.newPage();
      await page.goto(`chrome-extension://${extensionId}/${path}`);
      return page;
    },
    async close() {
      await context.close();
      if (options.profile === undefined) rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** A busy machine takes its time to end a background that is at work. */
const STOP_MS = 15_000;

/** Ends the background as the browser does after idling; the next event starts it anew. */
export async function stopBackground(browser: Browser): Promise<void> {
  const page = browser.context.pages().find((one) => one.url().startsWith(`chrome-extension://${browser.extensionId}/manager.html`));
  if (!page) throw new Error('the manager page is not open');
  const session = await browser.context.newCDPSession(page);
  const background = async (): Promise<string | undefined> => {
    const { targetInfos } = await session.send('Target.getTargets');
    return targetInfos.find(({ type, url }) => type === 'service_worker' && url.includes(browser.extensionId))?.targetId;
  };
  const targetId = await background();
  if (targetId !== undefined) {
    await runInBackground(browser, 'globalThis.beforeStop = true');
    await session.send('Target.closeTarget', { targetId });
    // An event may start it anew at once, under the same id; what stood in its memory tells.
    const isOld = async (): Promise<boolean> =>
      (await background()) !== undefined && (await runInBackground(browser, 'globalThis.beforeStop')) === true;
    const end = Date.now() + STOP_MS;
    while (await isOld()) {
      if (Date.now() > end) throw new Error('the background does not stop');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  await session.detach();
}

/** Evaluates in the background; undefined where it does not answer within half a second. */
async function runInBackground({ context, extensionId }: Browser, expression: string): Promise<unknown> {
  const worker = context.serviceWorkers().find((one) => one.url().includes(extensionId));
  const silence = new Promise((resolve) => setTimeout(resolve, 500));
  return Promise.race([worker?.evaluate(expression).catch(() => undefined), silence]);
}
