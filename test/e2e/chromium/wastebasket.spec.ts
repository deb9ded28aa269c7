/** Deleting in the real extension: undone at once, put back from the wastebasket, and erased for good only with the password. */
import { readFileSync } from 'node:fs';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { DEMO_PASSWORD } from '../../../demo/people.ts';
import { importFolder, lockWallet, WALLET_PASSWORD } from '../../support/journey.ts';
import { lookAt } from '../../support/look.ts';
import { openScene, type Scene } from '../../support/scene.ts';

let scene: Scene;
let page: Page;

test.beforeAll(async () => {
  scene = await openScene();
  page = scene.manager;
});

test.afterAll(async () => {
  await scene.close();
});

test.afterEach(() => {
  expect(scene.browser.problems.splice(0)).toEqual([]);
});

const at = (route: string): Promise<unknown> => page.goto(new URL(route, page.url()).href);
const rowOf = (holder: string): ReturnType<Page['locator']> => page.getByRole('row').filter({ hasText: holder });

/** Opens the dialog that asks before the certificate is deleted. */
async function askToDelete(holder: string): Promise<void> {
  await at('#/');
  await page
    .getByRole('link', { name: new RegExp(holder) })
    .first()
    .click();
  await page.getByRole('button', { name: scene.t('delete'), exact: true }).click();
}

async function remove(holder: string): Promise<void> {
  const { t } = scene;
  await askToDelete(holder);
  await page.getByRole('button', { name: t('delete_move') }).click();
  await expect(page.getByRole('status').filter({ hasText: holder })).toBeVisible();
}

test('a deleted certificate is put back at once, by keyboard (D25)', async () => {
  const { t } = scene;
  await remove('홍길동');
  await expect(rowOf('홍길동')).toHaveCount(0);
  await page.getByRole('button', { name: new RegExp(t('put_back_what', { what: '홍길동.*' })) }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: new RegExp(t('put_back_done', { what: '홍길동.*' })) })).toBeFocused();
  await expect(rowOf('홍길동')).toHaveCount(1);
});

test('and from the wastebasket, where it waits for its 30 days and cannot be used (D25)', async () => {
  const { t } = scene;
  await remove('홍길동');
  await lookAt(page, 'wastebasket-deleted', 1280);
  await at('#/wastebasket');
  await expect(rowOf('홍길동')).toContainText(t('basket_stays'));
  await lookAt(page, 'wastebasket', 1280);
  await lookAt(page, 'wastebasket-narrow', 360);
  const bank = await scene.openBank();
  const [window] = await Promise.all([
    scene.browser.context.waitForEvent('page', { predicate: (one) => one.url().includes('/approve.html') }),
    bank.locator('#sign-in').click(),
  ]);
  await expect(window.getByRole('radio').first()).toBeVisible();
  await expect(window.getByRole('radio', { name: /홍길동/ })).toHaveCount(0);
  await window.close();
  await bank.close();
  await page.bringToFront();
  await page.getByRole('button', { name: new RegExp(t('put_back_what', { what: '홍길동.*' })) }).click();
  await expect(page.getByText(t('basket_empty'))).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await at('#/');
  await expect(rowOf('홍길동')).toHaveCount(1);
});

test('only the wallet password erases it for good, and a locked wallet shows no names', async () => {
  const { t } = scene;
  await remove('김상점');
  await remove('홍길동');
  await at('#/wastebasket');
  await page.getByRole('button', { name: new RegExp(t('purge_what', { what: '홍길동.*' })) }).click();
  const dialog = page.getByRole('dialog');
  await lookAt(page, 'wastebasket-purge', 800);
  await dialog.getByLabel(t('wallet_password'), { exact: true }).fill('not the password');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText(t('password_wrong'))).toBeVisible();
  await dialog.getByRole('button', { name: t('cancel') }).click();
  await lockWallet(scene, page);
  await expect(page.getByText('홍길동')).toHaveCount(0);
  await page.getByLabel(t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: new RegExp(t('purge_what', { what: '홍길동.*' })) }).click();
  await dialog.getByLabel(t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByText(new RegExp(t('purged', { what: '홍길동.*' })))).toBeVisible();
  // What is left in the basket takes the focus, else the heading.
  await expect(rowOf('김상점').getByRole('button', { name: new RegExp(t('put_back_what', { what: '김상점.*' })) })).toBeFocused();
});

/** Gives the pages of this browser a save dialog that was closed once and answers then, or none. */
async function saveDialog(works: boolean): Promise<void> {
  await page.addInitScript((there) => {
    let closed = false;
    const picker = async ({ suggestedName }: { suggestedName: string }): Promise<FileSystemFileHandle> => {
      if (!closed) {
        closed = true;
        throw new DOMException('The user aborted a request.', 'AbortError');
      }
      return (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true });
    };
    Object.defineProperty(window, 'showSaveFilePicker', { value: there ? picker : undefined, configurable: true });
  }, works);
  await page.reload();
}

async function openDialog(holder: string): Promise<Locator> {
  const { t } = scene;
  await askToDelete(holder);
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(t('delete_no_backup'))).toBeVisible();
  await expect(dialog.getByRole('button', { name: t('cancel') })).toBeFocused();
  return dialog;
}

test('story 23: the last known copy is backed up first in the same dialog, and without the file nothing is deleted', async () => {
  const { t } = scene;
  // Without a save dialog the downloaded file is shown to the wallet.
  await saveDialog(false);
  let dialog = await openDialog('정만료');
  await lookAt(page, 'delete-last-copy', 800);
  await lookAt(page, 'delete-last-copy-320', 320);
  const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: t('delete_back_up') }).click()]);
  const name = download.suggestedFilename();
  const shown = dialog.getByLabel(t('delete_show_file'), { exact: true });
  await shown.setInputFiles({ name, mimeType: '', buffer: Buffer.from('another file') });
  await expect(dialog.getByText(t('delete_other_file', { name }))).toBeVisible();
  await lookAt(page, 'delete-show-file', 360);
  await dialog.getByRole('button', { name: t('cancel') }).click();
  await at('#/');
  await expect(rowOf('정만료')).toHaveCount(1);
  dialog = await openDialog('정만료');
  const [again] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: t('delete_back_up') }).click()]);
  await shown.setInputFiles({ name, mimeType: '', buffer: readFileSync(await again.path()) });
  await expect(page.getByRole('status').filter({ hasText: new RegExp(t('deleted_backed_up', { name, what: '정만료.*' })) })).toBeVisible();
  await expect(rowOf('정만료')).toHaveCount(0);

  // With one, closing it deletes nothing.
  const { folder = '' } = scene.bank.authority.people.find(({ realName }) => realName === '홍길동') ?? {};
  await importFolder(scene, page, folder, { certificatePassword: DEMO_PASSWORD });
  await saveDialog(true);
  dialog = await openDialog('홍길동');
  await dialog.getByRole('button', { name: t('delete_back_up') }).click();
  await expect(dialog.getByText(t('delete_cancelled'))).toBeVisible();
  await dialog.getByRole('button', { name: t('delete_back_up') }).click();
  await expect(page.getByRole('status').filter({ hasText: new RegExp(t('deleted_backed_up', { name, what: '홍길동.*' })) })).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  const written = await page.evaluate(
    async (path) => (await (await navigator.storage.getDirectory()).getFileHandle(path)).getFile().then((file) => file.text()),
    name,
  );
  expect(written).toMatch(/^DJW1\.B\..*\nDJW1\.Z\.[^\n]*\n$/s);
});
