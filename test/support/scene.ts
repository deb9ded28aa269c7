/** A wallet with the demo's certificates, a demo bank, and a bank page: where most browser tests begin. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { startBank, type Bank } from '../../demo/bank.ts';
import { DEMO_PASSWORD } from '../../demo/people.ts';
import { launch, ROOT, type Browser, type LaunchOptions } from './chromium.ts';
import { createWallet, importFolder, person, type Person } from './journey.ts';

/** Certificates of one demo authority, made once and shared by all runs on this machine. */
export const DEMO_DATA = join(ROOT, '.output', 'demo');

export interface Scene extends Person {
  readonly bank: Bank;
  readonly manager: Page;
  /** Opens the bank's first page in a new tab. */
  openBank(): Promise<Page>;
  close(): Promise<void>;
}

export interface SceneOptions extends LaunchOptions {
  /** Only this person's certificate is imported; all of them otherwise. */
  readonly only?: string;
}

export async function openScene(options: SceneOptions = {}): Promise<Scene> {
  const bank = await startBank({ port: 0, host: 'localhost', dataFolder: DEMO_DATA, testRoutes: true });
  const profile = options.profile ?? mkdtempSync(join(tmpdir(), 'dojang-profile-'));
  const browser: Browser = await launch({ ...options, profile });
  const who = person(browser, options.locale);
  const manager = await createWallet(who);
  const folder =
    options.only === undefined ? bank.authority.npkiFolder : bank.authority.people.find(({ realName }) => realName === options.only)!.folder;
  await importFolder(who, manager, folder, { certificatePassword: DEMO_PASSWORD });
  return {
    ...who,
    bank,
    manager,
    async openBank() {
      const page = await browser.context.newPage();
      await page.goto(`${bank.url}/?lang=${options.locale ?? 'ko'}`);
      return page;
    },
    async close() {
      await browser.close();
      await bank.close();
      if (options.profile === undefined) rmSync(profile, { recursive: true, force: true });
    },
  };
}
