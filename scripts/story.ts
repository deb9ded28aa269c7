/** The sign-in story, played through the screens: create a wallet, import, sign in; with pictures and a report. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, type Request } from '@playwright/test';
import type { Bank } from '../demo/bank.ts';
import { startDemo } from '../demo/demo.ts';
import { DEMO_PASSWORD } from '../demo/people.ts';
import { launch } from '../test/support/chromium.ts';
import { approvalWindow, approveWithPassword, createWallet, importFolder, person, type Person } from '../test/support/journey.ts';
import { findPeer, OPENSSL } from './peers.ts';

const ROOT = join(import.meta.dirname, '..');
const FOLDER = join(ROOT, '.output', 'story');

interface Step {
  readonly step: string;
  verdict: 'passed' | 'failed';
  checked: string;
  milliseconds: number;
}

class Story {
  readonly steps: Step[] = [];
  #pictures = 0;

  /** Plays one step; `act` returns what was checked. The first failure ends the story. */
  async play(step: string, act: () => Promise<string>): Promise<void> {
    const start = performance.now();
    const entry: Step = { step, verdict: 'failed', checked: '', milliseconds: 0 };
    this.steps.push(entry);
    try {
      entry.checked = await act();
      entry.verdict = 'passed';
    } catch (thrown) {
      entry.checked = thrown instanceof Error ? thrown.message : String(thrown);
      throw thrown;
    } finally {
      entry.milliseconds = Math.round(performance.now() - start);
      console.log(`${entry.verdict === 'passed' ? '✓' : '✗'} ${step} — ${entry.checked} (${entry.milliseconds} ms)`);
    }
  }

  async picture(page: Page, name: string): Promise<void> {
    this.#pictures += 1;
    await page.screenshot({ path: join(FOLDER, `${String(this.#pictures).padStart(2, '0')}-${name}.png`), fullPage: true });
  }
}

function pem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function opensslVerifies(): string {
  const openssl = findPeer(OPENSSL);
  if (openssl === null) return 'signature saved; openssl is not here, so nobody else has checked it';
  const args = [
    'cms',
    '-verify',
    '-binary',
    '-inform',
    'DER',
    '-in',
    join(FOLDER, 'sign-in.cms'),
    '-CAfile',
    join(FOLDER, 'trust.pem'),
    '-purpose',
    'any',
  ];
  const { status, stdout, stderr } = spawnSync(openssl, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl: ${stderr}`);
  return `openssl verified the signature over ${stdout}`;
}

async function signIn(who: Person, bank: Bank, story: Story): Promise<void> {
  const page = await who.browser.context.newPage();
  await page.goto(bank.url);
  let cms = '';
  await story.play('The bank asks for a sign-in', async () => {
    await story.picture(page, 'bank');
    return `${bank.url}, served by the demo bank`;
  });
  page.on('request', (request: Request) => {
    if (request.url().endsWith('/api/sign-in')) cms = (JSON.parse(request.postData() ?? '{}') as { cms: string }).cms;
  });
  const window = await approvalWindow(who, () => page.locator('#sign-in').click());
  await story.play('The approval window says who asks', async () => {
    await expect(window.getByText(new URL(bank.url).host).first()).toBeVisible();
    await window.getByRole('radio', { name: /홍길동/ }).check();
    await story.picture(window, 'approve');
    return 'the address is that of the bank; 홍길동 is offered, the expired certificate is not';
  });
  await story.play('The person approves with the wallet password', async () => {
    const closed = window.waitForEvent('close', { timeout: 30_000 });
    await approveWithPassword(who, window);
    await closed;
    await page.waitForURL('**/account');
    await story.picture(page, 'signed-in');
    await expect(page.locator('#facts')).toContainText('홍길동');
    return `the server's verdict: ${(await page.locator('#checks li').count()).toString()} checks passed`;
  });
  await story.play('Others can check the signature', () => {
    writeFileSync(join(FOLDER, 'sign-in.cms'), Buffer.from(cms, 'base64'));
    writeFileSync(join(FOLDER, 'trust.pem'), pem(bank.authority.root) + pem(bank.authority.issuing));
    return Promise.resolve(opensslVerifies());
  });
}

async function play(story: Story): Promise<void> {
  const bank = await startDemo({ port: 0, caPort: 0, host: 'localhost', dataFolder: join(ROOT, '.output', 'demo') });
  const browser = await launch();
  try {
    const who = person(browser);
    let manager: Page | undefined;
    await story.play('Create a wallet', async () => {
      manager = await createWallet(who);
      await story.picture(manager, 'wallet');
      return 'the wallet is there and open';
    });
    await story.play('Import the demo certificates', async () => {
      if (!manager) throw new Error('no wallet');
      await importFolder(who, manager, bank.authority.npkiFolder, { certificatePassword: DEMO_PASSWORD });
      await story.picture(manager, 'imported');
      const rows = bank.authority.people.length;
      await expect(manager.getByText(who.t('import_done', { n: rows }))).toBeVisible();
      return `${rows} certificates found, opened with their password, proven and sealed`;
    });
    await signIn(who, bank, story);
    await story.play('No page reported an error', () => {
      if (browser.problems.length > 0) throw new Error(browser.problems.join('; '));
      return Promise.resolve('consoles of all pages are empty');
    });
  } finally {
    await browser.close();
    await bank.close();
  }
}

/** Plays the story; true where every step passed. Leaves pictures, `report.json`, `sign-in.cms`, `trust.pem` in `.output/story/`. */
export async function playStory(): Promise<boolean> {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const story = new Story();
  const startedAt = new Date().toISOString();
  await play(story).catch((thrown: unknown) => {
    if (story.steps.every(({ verdict }) => verdict === 'passed')) console.error(thrown);
  });
  const passed = story.steps.length > 0 && story.steps.every(({ verdict }) => verdict === 'passed');
  writeFileSync(join(FOLDER, 'report.json'), `${JSON.stringify({ startedAt, passed, steps: story.steps }, null, 2)}\n`);
  console.log(passed ? `The story held. Pictures and files: ${FOLDER}` : `The story broke. See ${FOLDER}`);
  return passed;
}
