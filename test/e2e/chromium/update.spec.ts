/** The extension is updated under an open profile: the wallet stays what it was, and pages of before are told the truth. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { DEMO_EXTENSION, launch } from '../../support/chromium.ts';
import { approvalWindow, approveWithPassword, person, WALLET_PASSWORD } from '../../support/journey.ts';
import { openScene } from '../../support/scene.ts';
import { agree, readCopies } from '../../support/stored-copies.ts';

let root: string;

test.beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'dojang-update-'));
});

test.afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

type Runtime = { readonly chrome: { readonly runtime: { reload(): void; getManifest(): { version: string } } } };

/** The package of this build in one folder, whose path makes its id, as another version. */
function putPackage(folder: string, version: string): void {
  cpSync(DEMO_EXTENSION, folder, { recursive: true });
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
  writeFileSync(path, JSON.stringify({ ...manifest, version }));
}

const versionOf = (page: Page): Promise<string> => page.evaluate(() => (globalThis as unknown as Runtime).chrome.runtime.getManifest().version);

test('G2, G5, G6: a later package takes over in the middle of a request: the page is told that nobody is there, the wallet is as it was, and signs', async () => {
  test.setTimeout(120_000);
  const extension = join(root, 'package');
  const profile = join(root, 'profile');
  putPackage(extension, '0.0.9');
  const scene = await openScene({ extension, profile, only: '홍길동' });
  const { browser, manager, t } = scene;
  expect(await versionOf(manager)).toBe('0.0.9');
  const before = await readCopies(manager);
  expect(agree(before)).toBe(true);

  const bank = await scene.openBank();
  const consent = await approvalWindow(scene, () => bank.locator('#sign-in').click());
  await consent.getByLabel(t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
  putPackage(extension, '0.1.0');
  // Our pages go with it, before this one could answer. The only tab of a window stays, and shows something else.
  await manager.evaluate(() => void setTimeout(() => (globalThis as unknown as Runtime).chrome.runtime.reload(), 0));
  await expect.poll(() => consent.isClosed() || !consent.url().includes(browser.extensionId)).toBe(true);

  // The request that waited ends, and the script of before answers no other one.
  await bank.bringToFront();
  await expect(bank.locator('#message')).toHaveAttribute('data-code', 'wallet.absent');
  await bank.locator('#message').evaluate((message) => delete message.dataset['code']);
  await bank.locator('#sign-in').click();
  await expect(bank.locator('#message')).toHaveAttribute('data-code', 'wallet.absent');

  expect(browser.problems).toEqual([]);
  await browser.close();

  const later = person(await launch({ extension, profile }));
  const after = await later.browser.open('manager.html');
  expect(await versionOf(after)).toBe('0.1.0');
  await expect(after.getByRole('heading', { name: t('unlock_heading') })).toBeVisible();
  expect(await readCopies(after)).toEqual(before);
  const again = await later.browser.context.newPage();
  await again.goto(`${scene.bank.url}/?lang=ko`);
  const window = await approvalWindow(later, () => again.locator('#sign-in').click());
  await approveWithPassword(later, window);
  await again.waitForURL('**/account');
  await expect(again.locator('#facts')).toContainText('홍길동');
  expect(later.browser.problems).toEqual([]);
  await later.browser.close();
  await scene.bank.close();

  // The former package on the same profile again: the format is one, so it opens too.
  putPackage(extension, '0.0.9');
  const former = person(await launch({ extension, profile }));
  const page = await former.browser.open('manager.html');
  await page.getByLabel(t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
  await page.getByRole('button', { name: t('unlock'), exact: true }).click();
  await expect(page.getByRole('link', { name: /홍길동/ })).toBeVisible({ timeout: 30_000 });
  expect(agree(await readCopies(page))).toBe(true);
  await former.browser.close();
});
