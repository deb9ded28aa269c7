/** The first run: three steps, nothing typed twice, and back without loss. */
import { expect, test, type Page } from '@playwright/test';
import { launch } from '../../support/chromium.ts';
import { person, proveSheet, readSheet, WALLET_PASSWORD, type Person } from '../../support/journey.ts';
import { follow, typeInto } from '../../support/keyboard.ts';
import { lookAt } from '../../support/look.ts';
import { addVirtualPasskey } from '../../support/virtual-passkey.ts';

const heading = ({ t }: Person, page: Page, text: string, n: number): ReturnType<Page['getByRole']> =>
  page.getByRole('heading', { level: 1, name: t('start_step', { heading: text, n, m: 3 }) });

test('makes a wallet by keyboard alone in three steps: picture and password, a way back in that asks for nothing again, certificates', async () => {
  const who = person(await launch());
  const { t, browser } = who;
  try {
    const page = await browser.open('manager.html#/start');
    await expect(heading(who, page, t('start_heading'), 1)).toBeFocused();
    await page.getByRole('radio', { name: t('mark_pine') }).check();
    await lookAt(page, 'start-1', 360);
    const password = page.getByLabel(t('wallet_password'), { exact: true });
    await password.focus();
    await page.keyboard.type('1234567890');
    await typeInto(page, page.getByLabel(t('wallet_password_again'), { exact: true }), '1234567890');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert').filter({ hasText: t('password_common') })).toBeVisible();
    await expect(password).toBeFocused();
    await expect(page.getByRole('radio', { name: t('mark_pine') })).toBeChecked();
    await page.keyboard.type(WALLET_PASSWORD);
    await expect(page.getByText(t('start_strength', { word: t('strength_good') }))).toBeVisible();
    await typeInto(page, page.getByLabel(t('wallet_password_again'), { exact: true }), WALLET_PASSWORD);
    await page.keyboard.press('Enter');

    await expect(heading(who, page, t('start_ways_heading'), 2)).toBeFocused({ timeout: 30_000 });
    await lookAt(page, 'start-2', 360);
    const authenticator = await addVirtualPasskey(page);
    await follow(page, page.getByRole('button', { name: t('passkey_add') }));
    await expect(page.getByText(t('ways_done_passkey_added'))).toBeVisible();
    await authenticator.remove();
    await follow(page, page.getByRole('button', { name: t('code_make') }));
    await proveSheet(who, page, await readSheet(who, page));
    await follow(page, page.getByRole('button', { name: t('close'), exact: true }));
    await expect(page.getByRole('status').filter({ hasText: t('start_code_made') })).toBeVisible();
    await expect(page.getByRole('button', { name: t('next') })).toBeFocused();
    await page.keyboard.press('Enter');

    await expect(heading(who, page, t('start_done_heading'), 3)).toBeFocused();
    await lookAt(page, 'start-3', 360);
    await follow(page, page.getByRole('button', { name: t('back') }));
    await expect(page.getByText(t('start_code_made'))).toBeVisible();
    await follow(page, page.getByRole('button', { name: t('next') }));
    await follow(page, page.getByRole('link', { name: t('start_to_import') }));
    await expect(page.getByRole('heading', { level: 1, name: t('import') })).toBeVisible();

    const popup = await browser.open('popup.html');
    await expect(popup.getByText(t('empty_heading'))).toBeVisible();
    await expect(popup.getByText(t('notice_recovery_code'))).toHaveCount(0);
    expect(browser.problems).toEqual([]);
  } finally {
    await browser.close();
  }
});
