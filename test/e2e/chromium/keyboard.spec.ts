/** A wallet without a mouse: import, sign-in and export; backup, check, restore in an empty profile, wastebasket and back, and the popup's lines. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { startBank } from '../../../demo/bank.ts';
import { DEMO_PASSWORD } from '../../../demo/people.ts';
import { copy, type Bytes } from '../../../lib/bytes/bytes.ts';
import { launch } from '../../support/chromium.ts';
import { FILE_PASSWORD, readBack, unzipped } from '../../support/export-journey.ts';
import { approvalWindow, chooserOf, confirmInWindow, createWallet, type Person, person, WALLET_PASSWORD } from '../../support/journey.ts';
import { follow, pickInto, tabTo, typeInto } from '../../support/keyboard.ts';
import { lookAt } from '../../support/look.ts';
import { DEMO_DATA, openScene } from '../../support/scene.ts';

const NEW_PASSWORD = '새 컴퓨터의 파란 대문 일곱';

const field = (page: Page, label: string): Locator => page.getByLabel(label, { exact: true });
const menu = ({ t }: Person, page: Page): Locator => page.getByRole('navigation', { name: t('navigation') });
const inMenu = (who: Person, page: Page, name: string): Locator => menu(who, page).getByRole('link', { name, exact: true });
const heading = (page: Page): Locator => page.getByRole('heading', { level: 1 });

/** Where the page is narrow, the menu opens and closes by a button; Escape gives the focus back to it, and choosing to the new view. */
async function chooseInNarrowMenu(who: Person, page: Page, name: string): Promise<void> {
  const opener = menu(who, page).getByRole('button', { name: who.t('navigation'), exact: true });
  await expect(opener).toHaveAttribute('aria-expanded', 'false');
  await expect(menu(who, page).getByRole('link')).toHaveCount(0);
  await follow(page, opener);
  await expect(opener).toHaveAttribute('aria-expanded', 'true');
  await tabTo(page, inMenu(who, page, name));
  await page.keyboard.press('Escape');
  await expect(opener).toBeFocused();
  await expect(inMenu(who, page, name)).toBeHidden();
  await page.keyboard.press('Enter');
  await follow(page, inMenu(who, page, name));
  await expect(opener).toHaveAttribute('aria-expanded', 'false');
  await expect(heading(page)).toBeFocused();
}

/** From the list: the file is written and then opened to see whether all of it is there. */
async function backUpAndCheck(who: Person, page: Page, file: string): Promise<void> {
  const { t } = who;
  await chooseInNarrowMenu(who, page, t('backup'));
  await expect(heading(page)).toBeFocused();
  await tabTo(page, page.getByRole('button', { name: t('backup_submit') }));
  const [saved] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  await saved.saveAs(file);
  await pickInto(page, field(page, t('backup_file')), file);
  await typeInto(page, field(page, t('backup_file_secret')), WALLET_PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByText(new RegExp(t('backup_checked', { n: 1, m: 1, date: '.*' })))).toBeVisible({ timeout: 30_000 });
}

/** From the first screen of an empty profile to the list. */
async function restore(who: Person, page: Page, file: string, look: (name: string) => Promise<void>): Promise<void> {
  const { t } = who;
  await look('none');
  await follow(page, page.getByRole('link', { name: t('restore_wallet') }));
  await expect(heading(page)).toBeFocused();
  await pickInto(page, field(page, t('backup_file')), file);
  await look('restore');
  await typeInto(page, field(page, t('backup_file_secret')), WALLET_PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: new RegExp(t('restore_found', { n: 1, date: '.*' })) })).toBeFocused({ timeout: 30_000 });
  await typeInto(page, field(page, t('wallet_password')), NEW_PASSWORD);
  await typeInto(page, field(page, t('wallet_password_again')), NEW_PASSWORD);
  await look('restore-found');
  await tabTo(page, page.getByRole('button', { name: t('restore_submit', { n: 1 }) }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: t('restore_done', { n: 1 }) })).toBeFocused({ timeout: 30_000 });
  await look('restore-done');
  await follow(page, page.getByRole('link', { name: t('restore_to_list') }));
}

/** From the list to the wastebasket and back. */
async function deleteAndPutBack(who: Person, page: Page, look: (name: string) => Promise<void>): Promise<void> {
  const { t } = who;
  await follow(page, page.getByRole('link', { name: /홍길동/ }));
  await follow(page, page.getByRole('button', { name: t('delete'), exact: true }));
  await expect(page.getByRole('button', { name: t('cancel') })).toBeFocused();
  await look('delete');
  await follow(page, page.getByRole('button', { name: t('delete_move') }));
  await expect(heading(page)).toBeFocused();
  await look('deleted');
  await chooseInNarrowMenu(who, page, t('wastebasket'));
  await look('wastebasket');
  await follow(page, page.getByRole('button', { name: new RegExp(t('put_back_what', { what: '홍길동.*' })) }));
  await expect(page.getByText(t('basket_empty'))).toBeVisible();
  await expect(heading(page)).toBeFocused();
  await look('wastebasket-empty');
  await chooseInNarrowMenu(who, page, t('certificates'));
  await expect(page.getByRole('link', { name: /홍길동/ })).toBeVisible();
}

/** The lines of the popup take the focus, and lead to their places. */
async function followPopup(who: Person, look: (name: string, page: Page) => Promise<void>): Promise<void> {
  const { t, browser } = who;
  const popup = await browser.open('popup.html');
  const lines = popup.getByRole('list', { name: t('popup_notices') }).getByRole('link');
  await expect(lines).toHaveCount(2);
  await expect(lines.first()).toBeFocused();
  await expect(lines.first()).toContainText(t('backup_none'));
  await expect(lines.last()).toContainText(t('notice_recovery_code'));
  await look('popup', popup);
  await popup.keyboard.press('Tab');
  await expect(lines.last()).toBeFocused();
  // The popup closes itself, maybe before the key is up.
  const [opened] = await Promise.all([browser.context.waitForEvent('page'), popup.keyboard.press('Enter').catch(() => undefined)]);
  await expect(opened.getByRole('heading', { level: 1, name: t('security') })).toBeVisible();
  await opened.close();
}

test('story 44: backup, check, restore, wastebasket and back by keyboard alone, in Korean by day and in English by night', async () => {
  test.setTimeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), 'dojang-keyboard-'));
  const file = join(folder, 'backup.djw');
  const scene = await openScene({ only: '홍길동' });
  try {
    await scene.manager.goto(new URL('#/', scene.manager.url()).href);
    await backUpAndCheck(scene, scene.manager, file);
    await lookAt(scene.manager, 'keyboard-ko-backup', 320);
    expect(scene.browser.problems).toEqual([]);
  } finally {
    await scene.close();
  }
  const who = person(await launch({ locale: 'en', dark: true }), 'en');
  try {
    const page = await who.browser.open('manager.html');
    // The popup is as wide as it is.
    const look = (name: string, shown = page): Promise<void> => lookAt(shown, `keyboard-en-${name}`, shown === page ? 320 : 360);
    await restore(who, page, file, look);
    await deleteAndPutBack(who, page, look);
    await followPopup(who, look);
    for (const route of ['backup', 'security', 'password', 'help', 'restore']) {
      await page.goto(new URL(`#/${route}`, page.url()).href);
      await expect(heading(page)).toBeFocused();
      await look(route);
    }
    expect(who.browser.problems).toEqual([]);
  } finally {
    await who.browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** The import wizard from its address to the result; the folder's chooser is the browser's own. */
async function importByKeyboard({ t }: Person, page: Page, folder: string): Promise<void> {
  await page.goto(new URL('#/import', page.url()).href);
  const choose = page.getByRole('button', { name: t('import_folder') });
  await tabTo(page, choose);
  const chooser = await chooserOf(page, () => page.keyboard.press('Enter'));
  await chooser.setFiles(folder);
  await expect(page.getByRole('table', { name: t('import_caption') })).toBeVisible({ timeout: 30_000 });
  await typeInto(page, field(page, t('certificate_password')), DEMO_PASSWORD);
  await page.keyboard.press('Enter');
  await typeInto(page, field(page, t('wallet_password')), WALLET_PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: t('import_result') })).toBeVisible({ timeout: 30_000 });
}

/** A sign-in at the bank, from its button to the greeting. */
async function signInByKeyboard(who: Person, bank: Page): Promise<void> {
  await tabTo(bank, bank.locator('#sign-in'));
  const window = await approvalWindow(who, () => bank.keyboard.press('Enter'));
  await expect(field(window, who.t('wallet_password'))).toBeFocused();
  await window.keyboard.type(WALLET_PASSWORD);
  await confirmInWindow(
    who,
    window,
    () => window.keyboard.press('Enter'),
    () => expect.poll(() => window.isClosed(), { timeout: 2_000 }).toBe(true),
  );
  await bank.waitForURL('**/account');
}

/** The export wizard from the menu to the file. */
async function exportByKeyboard(who: Person, page: Page): Promise<Bytes> {
  const { t } = who;
  await chooseInNarrowMenu(who, page, t('export'));
  await follow(page, page.getByRole('button', { name: t('next') }));
  await expect(page.getByRole('heading', { name: t('export_which') })).toBeFocused();
  // The only one is chosen already.
  await expect(page.getByRole('checkbox', { name: '홍길동' })).toBeChecked();
  await follow(page, page.getByRole('button', { name: t('next') }));
  await typeInto(page, field(page, t('export_file_password')), FILE_PASSWORD);
  await typeInto(page, field(page, t('export_file_password_again')), FILE_PASSWORD);
  await typeInto(page, field(page, t('wallet_password')), WALLET_PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: t('export_save_heading') })).toBeFocused({ timeout: 60_000 });
  await tabTo(page, page.getByRole('button', { name: t('export_download_zip') }));
  const [saved] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  return copy(readFileSync(await saved.path()));
}

test('story 44: import, sign-in and export by keyboard alone', async () => {
  test.setTimeout(120_000);
  const bank = await startBank({ port: 0, host: 'localhost', dataFolder: DEMO_DATA });
  const who = person(await launch());
  try {
    const page = await createWallet(who);
    await importByKeyboard(who, page, bank.authority.people.find(({ realName }) => realName === '홍길동')!.folder);
    const asking = await who.browser.context.newPage();
    await asking.goto(`${bank.url}/`);
    await signInByKeyboard(who, asking);
    await page.bringToFront();
    expect(await readBack(unzipped(await exportByKeyboard(who, page)))).toHaveLength(1);
    expect(who.browser.problems).toEqual([]);
  } finally {
    await who.browser.close();
    await bank.close();
  }
});
