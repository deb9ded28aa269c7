import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { launch } from '../../support/chromium.ts';
import { createWallet, person, pickFolder, WALLET_PASSWORD, type Person } from '../../support/journey.ts';
import { makeMany, writeMany, type OneOfMany } from '../../support/many-identities.ts';

const COUNT = 500;
const PASSWORDS = ['tax!Office2026', 'Second#Key7531', 'third$Word8642'] as const;
const FILE_PASSWORD = 'Export!9382key';

let folder: string;
let many: readonly OneOfMany[];
let who: Person;
let page: Page;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dojang-many-'));
  many = await makeMany({ count: COUNT, passwords: PASSWORDS, now: Date.now() });
  writeMany(folder, many);
  who = person(await launch({ profile: join(folder, 'profile') }));
  page = await createWallet(who);
});

test.afterAll(async () => {
  await who.browser.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Collects what the progress says while `act` runs, and counts the clicks that the page answered meanwhile. */
async function watchWhile(act: () => Promise<unknown>): Promise<{ shown: readonly string[]; frames: number }> {
  await page.evaluate(() => {
    const seen = { shown: new Set<string>(), frames: 0, stop: false };
    Object.assign(window, { dojangSeen: seen });
    const look = (): void => {
      const text = document.querySelector('progress')?.getAttribute('value');
      if (text !== null && text !== undefined) {
        seen.shown.add(text);
        seen.frames++;
      }
      if (!seen.stop) requestAnimationFrame(look);
    };
    look();
  });
  await act();
  return page.evaluate(() => {
    const { dojangSeen } = window as unknown as { dojangSeen: { shown: Set<string>; frames: number; stop: boolean } };
    dojangSeen.stop = true;
    return { shown: [...dojangSeen.shown], frames: dojangSeen.frames };
  });
}

test('five hundred certificates under three passwords come in, with progress, while the page goes on drawing', async () => {
  test.setTimeout(180_000);
  await pickFolder(who, page, join(folder, 'NPKI'));
  await expect(page.getByText(who.t('import_found_n', { n: COUNT }))).toBeVisible();
  for (const [at, password] of PASSWORDS.entries()) {
    await page.getByLabel(who.t('certificate_password'), { exact: true }).fill(password);
    const { shown, frames } = await watchWhile(async () => {
      await page.getByRole('button', { name: who.t('import_open'), exact: true }).click();
      const opened = many.filter((_, nth) => nth % PASSWORDS.length === at).length;
      await expect(page.getByText(who.t('import_opened_n', { n: opened }))).toBeVisible({ timeout: 60_000 });
    });
    expect(shown.length).toBeGreaterThan(5);
    expect(frames).toBeGreaterThan(10);
  }
  await page.getByLabel(who.t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
  await page.getByRole('button', { name: who.t('import_save', { n: COUNT }) }).click();
  await expect(page.getByText(who.t('import_done', { n: COUNT }))).toBeVisible({ timeout: 60_000 });
});

test('cancelling in the middle stores nothing, and the same folder says that all are there already', async () => {
  await pickFolder(who, page, join(folder, 'NPKI'));
  await expect(page.getByText(who.t('import_nothing_left'))).toBeVisible();
});

test('all of them go out into one zip, and come back from it as the same', async () => {
  test.setTimeout(240_000);
  await page.goto(new URL('#/export', page.url()).href);
  await exportAll(page, who);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: who.t('export_download') }).click()]);
  const file = join(folder, 'all.zip');
  await download.saveAs(file);
  const inside = unzipSync(readFileSync(file));
  expect(Object.keys(inside).filter((name) => name.endsWith('signCert.der'))).toHaveLength(COUNT);
  const certificates = new Set(Object.entries(inside).flatMap(([name, bytes]) => (name.endsWith('Cert.der') ? [Buffer.from(bytes).toString('hex')] : [])));
  for (const { files } of many) {
    for (const name of ['signCert.der', 'kmCert.der']) expect(certificates.has(Buffer.from(files.get(name) ?? []).toString('hex'))).toBe(true);
  }
});
