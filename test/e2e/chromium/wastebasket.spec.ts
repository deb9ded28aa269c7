/** Deleting in the real extension: undone at once, put back from the wastebasket, and erased for good only with the password. */
import { expect, test, type Page } from '@playwright/test';
import { lockWallet, WALLET_PASSWORD } from '../../support/journey.ts';
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

async function remove(holder: string): Promise<void> {
  const { t } = scene;
  await at('#/');
  await page
    .getByRole('link', { name: new RegExp(holder) })
    .first()
    .click();
  await page.getByRole('button', { name: t('delete'), exact: true }).click();
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
  await expect(rowOf('홍길동')).toContainText(t('days_left', { n: 30 }));
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
  await at('#/');
  await expect(rowOf('홍길동')).toHaveCount(1);
});

test('only the wallet password erases it for good, and a locked wallet shows no names', async () => {
  const { t } = scene;
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
  await expect(page.getByText(t('basket_empty'))).toBeVisible();
});
