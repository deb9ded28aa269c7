/** Every screen in both languages and themes: no serious accessibility finding, no error, and a picture to look at. */
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import {
  approvalWindow,
  approveWithPassword,
  confirmInWindow,
  lockWallet,
  pickFolder,
  waitForGuard,
  WALLET_PASSWORD,
} from '../../support/journey.ts';
import { lookAt, PICTURES } from '../../support/look.ts';
import { openScene, type Scene } from '../../support/scene.ts';

async function walk(scene: Scene, tag: string): Promise<void> {
  const { t, manager, browser } = scene;
  const at = (route: string): Promise<unknown> => manager.goto(new URL(route, manager.url()).href);
  await at('#/');
  await expect(manager.getByRole('row').filter({ hasText: '홍길동' }).first()).toBeVisible();
  await lookAt(manager, `${tag}-list`, 1280);
  await lookAt(manager, `${tag}-list-narrow`, 320);
  await manager.setViewportSize({ width: 1280, height: 900 });
  await manager.getByRole('link', { name: /홍길동/ }).click();
  await expect(manager.getByText(t('details_identity_yes'))).toBeVisible();
  await lookAt(manager, `${tag}-details`, 1280);
  await manager.getByRole('button', { name: t('delete') }).click();
  await lookAt(manager, `${tag}-delete`, 800);
  await manager.keyboard.press('Escape');
  await at('#/overview');
  await expect(manager.getByRole('button', { name: t('due_later') })).toBeVisible();
  await lookAt(manager, `${tag}-overview`, 1280);
  await lookAt(manager, `${tag}-overview-narrow`, 320);
  await at('#/import');
  await lookAt(manager, `${tag}-import`, 1280);
  await pickFolder(scene, manager, scene.bank.authority.npkiFolder);
  await lookAt(manager, `${tag}-import-found`, 1280);
  await lookAt(manager, `${tag}-import-found-narrow`, 320);
  await at('#/help');
  await lookAt(manager, `${tag}-help`, 1280);

  const popup = await browser.open('popup.html');
  await expect(popup.getByText('홍길동')).toBeVisible();
  await lookAt(popup, `${tag}-popup`, 360);
  await popup.close();

  const bank = await scene.openBank();
  const window = await approvalWindow(scene, () => bank.locator('#sign-in').click());
  await waitForGuard(scene, window);
  await lookAt(window, `${tag}-approve`, 480);
  await window.setViewportSize({ width: 480, height: 760 });
  await waitForGuard(scene, window);
  await window.screenshot({ path: join(PICTURES, `${tag}-approve-ready.png`) });
  await lookAt(window, `${tag}-approve-narrow`, 320);
  await window.setViewportSize({ width: 480, height: 720 });
  // Between different holders nothing is chosen for the person.
  await expect(window.getByRole('radio', { checked: true })).toHaveCount(0);
  const field = window.getByLabel(t('wallet_password'), { exact: true });
  await field.fill('kept while choosing');
  await confirmInWindow(
    scene,
    window,
    () => field.press('Enter'),
    () => expect(window.getByText(t('certificate_not_selected'))).toBeVisible({ timeout: 1_000 }),
  );
  await expect(field).toHaveValue('kept while choosing');
  await lookAt(window, `${tag}-approve-unchosen`, 480);
  await window.getByRole('radio', { name: /홍길동/ }).check();
  await approveWithPassword(scene, window, 'not the password');
  await expect(window.getByText(t('password_wrong'))).toBeVisible();
  await lookAt(window, `${tag}-approve-wrong`, 480);
  await window.close();
  await bank.close();

  await at('#/');
  await manager.setViewportSize({ width: 1280, height: 900 });
  await lockWallet(scene, manager);
  await lookAt(manager, `${tag}-locked`, 1280);
  const locked = await browser.open('popup.html');
  await expect(locked.getByLabel(t('wallet_password'), { exact: true })).toBeFocused();
  await lookAt(locked, `${tag}-popup-locked`, 360);
  await locked.close();
}

for (const locale of ['ko', 'en'] as const) {
  for (const dark of [false, true]) {
    test(`${locale}, ${dark ? 'dark' : 'light'}`, async () => {
      test.setTimeout(180_000);
      const scene = await openScene({ locale, dark });
      try {
        await walk(scene, `${locale}-${dark ? 'dark' : 'light'}`);
        expect(scene.browser.problems).toEqual([]);
      } finally {
        await scene.close();
      }
    });
  }
}

test('a keyboard is enough: unlock, list, details, and a sign-in', async () => {
  const scene = await openScene({ only: '홍길동' });
  const { t, manager } = scene;
  const tabTo = async (page: Page, reached: () => Promise<boolean>): Promise<void> => {
    for (let presses = 0; presses < 60; presses++) {
      if (await reached()) return;
      await page.keyboard.press('Tab');
    }
    throw new Error('Tab does not get there');
  };
  const focused = (page: Page): Promise<string> =>
    page.evaluate(() => (document.activeElement === document.body ? '' : (document.activeElement?.textContent ?? '')));
  try {
    await manager.goto(new URL('#/', manager.url()).href);
    await tabTo(manager, async () => (await focused(manager)).includes(t('lock_now')));
    await manager.keyboard.press('Enter');
    await expect(manager.getByLabel(t('wallet_password'), { exact: true })).toBeFocused();
    await manager.keyboard.type(WALLET_PASSWORD);
    await manager.keyboard.press('Enter');
    await expect(manager.getByRole('link', { name: /홍길동/ })).toBeVisible({ timeout: 30_000 });
    await tabTo(manager, async () => (await focused(manager)).includes('홍길동'));
    await manager.keyboard.press('Enter');
    await expect(manager.getByText(t('details_identity_yes'))).toBeVisible();

    const bank = await scene.openBank();
    await tabTo(bank, () => bank.locator('#sign-in').evaluate((button) => button === document.activeElement));
    const window = await approvalWindow(scene, () => bank.keyboard.press('Enter'));
    await expect(window.getByLabel(t('wallet_password'), { exact: true })).toBeFocused();
    await window.keyboard.type(WALLET_PASSWORD);
    await confirmInWindow(
      scene,
      window,
      () => window.keyboard.press('Enter'),
      () => expect.poll(() => window.isClosed(), { timeout: 2_000 }).toBe(true),
    );
    await bank.waitForURL('**/account');
    expect(scene.browser.problems).toEqual([]);
  } finally {
    await scene.close();
  }
});
