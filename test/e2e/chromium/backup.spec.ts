/** Backup files in the real extension: made, tested, and brought back in another profile, where the certificates sign in. */
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { launch } from '../../support/chromium.ts';
import { approvalWindow, approveWithPassword, createWallet, person, WALLET_PASSWORD, type Person } from '../../support/journey.ts';
import { lookAt } from '../../support/look.ts';
import { openScene, type Scene } from '../../support/scene.ts';

const NEW_PASSWORD = '새 컴퓨터의 파란 대문 일곱';
const OWN_PASSWORD = '바다를 건너는 노란 우산 셋';

let folder: string;
let scene: Scene;
let page: Page;
let file: string;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dojang-backup-'));
  file = join(folder, 'backup.djw');
  scene = await openScene();
  page = scene.manager;
});

test.afterAll(async () => {
  await scene.close();
  rmSync(folder, { recursive: true, force: true });
});

const at = (one: Page, route: string): Promise<unknown> => one.goto(new URL(route, one.url()).href);

/** Presses the button that makes the file, and keeps what the browser saved. */
async function makeBackup(one: Page, path: string): Promise<string> {
  const [saved] = await Promise.all([one.waitForEvent('download'), one.getByRole('button', { name: scene.t('backup_submit') }).click()]);
  await saved.saveAs(path);
  return saved.suggestedFilename();
}

async function openFile({ t }: Person, one: Page, path: string, secret: string, button = t('restore_open')): Promise<void> {
  await one.getByLabel(t('backup_file'), { exact: true }).setInputFiles(path);
  await one.getByLabel(t('backup_file_secret'), { exact: true }).fill(secret);
  await one.getByRole('button', { name: button, exact: true }).click();
}

test('the list asks for a backup until one is made, and again after a change', async () => {
  const { t } = scene;
  await at(page, '#/');
  await expect(page.getByText(t('backup_due_none'))).toBeVisible();
  await lookAt(page, 'backup-due', 1280);
  await lookAt(page, 'backup-due-narrow', 360);
  await page
    .getByRole('note')
    .getByRole('link', { name: t('backup_now') })
    .click();
  await expect(page.getByText(t('backup_none'))).toBeVisible();
  expect(await makeBackup(page, file)).toMatch(/^dojang-backup-\d{4}-\d\d-\d\d\.djw$/);
  await expect(page.getByText(t('backup_unchanged'))).toBeVisible();
  await lookAt(page, 'backup', 1280);
  await lookAt(page, 'backup-narrow', 360);
  await at(page, '#/');
  await expect(page.getByRole('table')).toBeVisible();
  await expect(page.getByText(t('backup_due_none'))).toHaveCount(0);
});

test('the test opens every key in the file, and says what is wrong with others (D19)', async () => {
  const { t } = scene;
  const count = scene.bank.authority.people.length;
  await at(page, '#/backup');
  await openFile(scene, page, file, WALLET_PASSWORD, t('backup_check_submit'));
  await expect(page.getByText(new RegExp(t('backup_checked', { n: count, m: count, date: '.*' })))).toBeVisible({ timeout: 30_000 });
  await openFile(scene, page, file, 'not the password', t('backup_check_submit'));
  await expect(page.getByText(t('backup_secret'))).toBeVisible({ timeout: 30_000 });
});

test('a backup under a password of its own opens with that one alone', async () => {
  const { t } = scene;
  const own = join(folder, 'own.djw');
  await at(page, '#/');
  await at(page, '#/backup');
  await page.getByRole('radio', { name: t('backup_with_own') }).check();
  await page.getByLabel(t('backup_own_password'), { exact: true }).fill(OWN_PASSWORD);
  await page.getByLabel(t('backup_own_again'), { exact: true }).fill(OWN_PASSWORD);
  await page.getByLabel(t('wallet_password'), { exact: true }).fill('not the password');
  await page.getByRole('button', { name: t('backup_submit') }).click();
  await expect(page.getByText(t('password_wrong'))).toBeVisible({ timeout: 30_000 });
  await expect(page.getByLabel(t('backup_own_password'), { exact: true })).toHaveValue(OWN_PASSWORD);
  await lookAt(page, 'backup-own', 800);
  await page.getByLabel(t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
  await makeBackup(page, own);
  await openFile(scene, page, own, WALLET_PASSWORD, t('backup_check_submit'));
  await expect(page.getByText(t('backup_secret'))).toBeVisible({ timeout: 30_000 });
  await openFile(scene, page, own, OWN_PASSWORD, t('backup_check_submit'));
  await expect(page.locator('.note.good').filter({ hasText: '2026' }).last()).toBeVisible({ timeout: 30_000 });
});

test('the reminder follows the rule that was chosen', async () => {
  const { t } = scene;
  await at(page, '#/backup');
  await page.getByRole('radio', { name: t('backup_rule_week') }).check();
  await expect(page.getByText(t('backup_rule_saved'))).toBeVisible();
  await page.reload();
  await expect(page.getByRole('radio', { name: t('backup_rule_week') })).toBeChecked();
});

test('broken, cut, foreign and huge files are each named, and the wallet stays as it is (D19, story 40)', async () => {
  const { t } = scene;
  const write = (name: string, bytes: Uint8Array | string): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const whole = readFileSync(file);
  const huge = write('huge.djw', '');
  truncateSync(huge, 40 * 1024 * 1024);
  const cases = [
    [write('cut.djw', whole.subarray(0, 200)), 'backup_cut'],
    [write('other.djw', 'a letter to a friend'), 'backup_unknown'],
    [write('empty.djw', ''), 'backup_unknown'],
    [huge, 'backup_too_large'],
  ] as const;
  for (const [path, words] of cases) {
    await at(page, '#/');
    await at(page, '#/restore');
    await openFile(scene, page, path, WALLET_PASSWORD);
    await expect(page.getByText(t(words)), path).toBeVisible({ timeout: 30_000 });
  }
  await at(page, '#/');
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(scene.bank.authority.people.length + 1);
});

test('a wallet in use takes only what is not here, and overwrites nothing', async () => {
  const { t } = scene;
  await at(page, '#/restore');
  await openFile(scene, page, file, WALLET_PASSWORD);
  await expect(page.getByText(t('restore_nothing_new'))).toBeVisible({ timeout: 30_000 });
  await lookAt(page, 'restore-merge', 1280);
  await lookAt(page, 'restore-merge-narrow', 360);
});

test('a fresh profile brings the wallet back, and its certificate signs in at the bank (D18, story 39)', async () => {
  const browser = await launch();
  const who = person(browser);
  const { t } = who;
  try {
    const fresh = await browser.open('manager.html');
    await expect(fresh.getByRole('link', { name: t('restore_wallet') })).toBeVisible();
    await lookAt(fresh, 'none', 1280);
    await fresh.getByRole('link', { name: t('restore_wallet') }).click();
    await lookAt(fresh, 'restore-fresh', 800);
    await openFile(who, fresh, file, 'not the password');
    await expect(fresh.getByText(t('backup_secret'))).toBeVisible({ timeout: 30_000 });
    await openFile(who, fresh, file, WALLET_PASSWORD);
    await expect(fresh.getByRole('table', { name: t('restore_caption') })).toBeVisible({ timeout: 30_000 });
    await lookAt(fresh, 'restore-fresh-found', 1280);
    await lookAt(fresh, 'restore-fresh-found-narrow', 360);
    await fresh.getByLabel(t('wallet_password'), { exact: true }).fill(NEW_PASSWORD);
    await fresh.getByLabel(t('wallet_password_again'), { exact: true }).fill(NEW_PASSWORD);
    const count = scene.bank.authority.people.length;
    await fresh.getByRole('button', { name: t('restore_submit', { n: count }) }).click();
    await expect(fresh.getByText(t('restore_done', { n: count }))).toBeVisible({ timeout: 30_000 });
    await lookAt(fresh, 'restore-done', 800);
    await fresh.getByRole('link', { name: t('restore_to_list') }).click();
    await expect(fresh.getByRole('table').getByRole('row')).toHaveCount(count + 1);

    const bank = await browser.context.newPage();
    await bank.goto(scene.bank.url);
    const window = await approvalWindow(who, () => bank.locator('#sign-in').click());
    await window.getByRole('radio', { name: /홍길동/ }).check();
    await approveWithPassword(who, window, NEW_PASSWORD);
    await bank.waitForURL('**/account');
    await expect(bank.locator('#facts')).toContainText('홍길동');
    expect(browser.problems).toEqual([]);
  } finally {
    await browser.close();
  }
});

test('a wallet that was made before takes the certificates in', async () => {
  const browser = await launch({ locale: 'en', dark: true });
  const who = person(browser, 'en');
  const { t } = who;
  try {
    const other = await createWallet(who, NEW_PASSWORD);
    await at(other, '#/restore');
    await openFile(who, other, file, WALLET_PASSWORD);
    await expect(other.getByRole('table', { name: t('restore_caption') })).toBeVisible({ timeout: 30_000 });
    await other.getByRole('checkbox', { name: /홍길동/ }).uncheck();
    await lookAt(other, 'restore-en-dark', 1280);
    const count = scene.bank.authority.people.length - 1;
    await other.getByLabel(t('wallet_password'), { exact: true }).fill('not the password');
    await other.getByRole('button', { name: t('restore_submit', { n: count }) }).click();
    await expect(other.getByText(t('password_wrong'))).toBeVisible({ timeout: 30_000 });
    await other.getByLabel(t('wallet_password'), { exact: true }).fill(NEW_PASSWORD);
    await other.getByRole('button', { name: t('restore_submit', { n: count }) }).click();
    await expect(other.getByText(t('restore_done', { n: count }))).toBeVisible({ timeout: 30_000 });
    await at(other, '#/backup');
    await lookAt(other, 'backup-en-dark', 1280);
    expect(browser.problems).toEqual([]);
  } finally {
    await browser.close();
  }
});
