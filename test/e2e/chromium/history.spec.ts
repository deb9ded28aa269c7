/** What was done, as its owner finds it again, and what they decide of the sites where it was done. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { approvalWindow, approveWithPassword, chooseInMenu, confirmInWindow } from '../../support/journey.ts';
import { lookAt } from '../../support/look.ts';
import { openScene } from '../../support/scene.ts';
import { expectInToolbarPopup } from '../../support/toolbar-popup.ts';

test('a request that waits is told in the popup; a site that is blocked in its window asks in vain, until its owner takes that back on the page of sites; a look-alike address is not added at once (story 9)', async () => {
  const scene = await openScene({ only: '홍길동' });
  const { t, manager, browser } = scene;
  try {
    const bank = await scene.openBank();
    const host = new URL(bank.url()).host;
    const asked = await approvalWindow(scene, () => bank.locator('#sign-in').click());
    // The real popup does not open over a window without a toolbar.
    const popup = await browser.open('popup.html');
    const waiting = popup
      .getByRole('listitem')
      .first()
      .getByRole('button', { name: t('notice_waiting', { n: 1, host, act: t('approve_sign_in') }) });
    await expect(waiting).toContainText(t('notice_waiting_show'));
    await expect(waiting).toBeFocused();
    await lookAt(popup, 'popup-waiting-ko', 360);
    await waiting.click();
    await popup.close();
    await asked.bringToFront();
    await asked.getByText(t('block_site'), { exact: true }).click();
    await lookAt(asked, 'approve-block-ko', 480);
    const blocks = asked.getByRole('button', { name: t('block_submit'), exact: true });
    await confirmInWindow(
      scene,
      asked,
      () => blocks.click({ timeout: 1_000 }),
      () => expect(bank.locator('#message')).toHaveAttribute('data-code', 'user.cancelled', { timeout: 1_000 }),
    );
    await bank.locator('#sign-in').click();
    await expect(bank.locator('#message')).toHaveAttribute('data-code', 'request.forbidden');
    expect(browser.context.pages().filter((page) => page.url().includes('/approve.html'))).toEqual([]);
    await expectInToolbarPopup(scene, manager, [host, t('site_blocked_word'), t('popup_site_blocked')]);

    await manager.bringToFront();
    await chooseInMenu(scene, manager, t('sites'));
    const row = manager
      .getByRole('table', { name: t('sites_caption') })
      .getByRole('row')
      .filter({ hasText: host });
    await expect(row).toContainText(t('site_blocked_word'));
    await lookAt(manager, 'sites-ko-320', 320);
    await lookAt(manager, 'sites-ko', 1280);
    await row.getByRole('button', { name: t('site_unblock_what', { site: host }) }).click();
    await expect(row).toContainText(t('site_listed'));
    await manager.getByLabel(t('site_address')).fill('www.kbstra.com');
    await manager.getByRole('button', { name: t('site_add_submit'), exact: true }).click();
    await expect(manager.getByRole('alert').filter({ hasText: t('site_lookalike') })).toContainText('kbstar.com');
    await expect(manager.getByRole('button', { name: t('site_add_anyway') })).toBeFocused();
    await lookAt(manager, 'sites-lookalike-ko', 360);
    await manager.getByLabel(t('site_address')).fill('www.bank.example');
    await expect(manager.getByText(t('site_lookalike'))).toHaveCount(0);
    await bank.bringToFront();
    await expectInToolbarPopup(scene, manager, [host, t('popup_site_on'), t('site_never_used')]);
    const again = await approvalWindow(scene, () => bank.locator('#sign-in').click());
    await again.getByRole('button', { name: t('cancel'), exact: true }).click();
    expect(browser.problems).toEqual([]);
  } finally {
    await scene.close();
  }
});

test('a sign-in and a refused one stand in the history, are found, saved as a file and removed', async () => {
  const scene = await openScene({ only: '홍길동' });
  const { t, manager } = scene;
  try {
    const bank = await scene.openBank();
    const host = new URL(bank.url()).host;
    const signing = await approvalWindow(scene, () => bank.locator('#sign-in').click());
    await approveWithPassword(scene, signing);
    await bank.waitForURL('**/account');
    await bank.locator('#sign-out').click();
    const refused = await approvalWindow(scene, () => bank.locator('#sign-in').click());
    await refused.getByRole('button', { name: t('cancel'), exact: true }).click();
    await expect(bank.locator('#message')).toHaveAttribute('data-code', 'user.cancelled');

    await manager.bringToFront();
    await chooseInMenu(scene, manager, t('history'));
    await expect(manager.getByRole('heading', { level: 1, name: t('history') })).toBeFocused();
    const table = manager.getByRole('table', { name: t('history_caption') });
    const lines = table.locator('tbody tr');
    await expect(lines.filter({ hasText: host })).toHaveCount(2);
    await expect(lines.nth(0)).toContainText(t('outcome_cancelled'));
    await expect(lines.nth(1)).toContainText(/홍길동/);
    for (const width of [1280, 320]) await lookAt(manager, `history-ko-${width}`, width);

    await manager.getByLabel(t('history_act')).selectOption({ label: t('act_import') });
    await expect(lines).toHaveCount(1);
    await manager.getByRole('button', { name: t('filter_clear') }).click();
    await expect(manager.getByLabel(t('history_search'))).toBeFocused();

    await lines.nth(1).getByRole('button').click();
    const details = manager.getByRole('dialog', { name: t('act_sign_in') });
    await expect(details).toContainText(t('released_certificate'));
    await expect(details).toContainText(new URL(bank.url()).origin);
    await lookAt(manager, 'history-details-ko', 360);
    await details.getByRole('button', { name: t('close'), exact: true }).click();

    const [file] = await Promise.all([manager.waitForEvent('download'), manager.getByRole('button', { name: t('csv_save') }).click()]);
    expect(readFileSync(await file.path(), 'utf8')).toMatch(new RegExp(`"${new URL(bank.url()).origin}","${t('act_sign_in')}"`));

    await chooseInMenu(scene, manager, t('certificates'));
    await manager.getByRole('link', { name: /홍길동/ }).click();
    await expect(manager.getByRole('region', { name: t('used_at') })).toContainText(host);

    await chooseInMenu(scene, manager, t('history'));
    await manager.getByRole('button', { name: t('history_remove_all') }).click();
    await manager
      .getByRole('dialog')
      .getByRole('button', { name: t('history_remove_submit') })
      .click();
    await expect(manager.getByText(t('history_empty'))).toBeVisible();
    expect(scene.browser.problems).toEqual([]);
  } finally {
    await scene.close();
  }
});
