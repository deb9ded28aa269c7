/** The settings page: what a person changes there, in every window of the wallet. */
import { expect, test, type Page } from '@playwright/test';
import { launch } from '../../support/chromium.ts';
import { createWallet, lockWallet, person } from '../../support/journey.ts';
import { lookAt } from '../../support/look.ts';
import { words } from '../../support/words.ts';

const paper = (page: Page): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const DARK = 'rgb(20, 23, 29)';
const LIGHT = 'rgb(245, 244, 241)';

test('brightness, language and picture are changed in one place and seen in every window, locked ones too; then the wallet goes', async () => {
  const who = person(await launch());
  const { t, browser } = who;
  const en = words('en');
  try {
    const page = await createWallet(who);
    await page.goto(new URL('#/settings', page.url()).href);
    await expect(page.getByRole('heading', { level: 1, name: t('settings') })).toBeFocused();
    const said = page.getByRole('status').filter({ hasText: t('settings_saved') });

    const popup = await browser.open('popup.html');
    expect(await paper(popup)).toBe(LIGHT);
    await page.getByLabel(t('theme')).selectOption('dark');
    await expect(said).toBeVisible();
    await expect.poll(() => Promise.all([page, popup].map(paper))).toEqual([DARK, DARK]);
    await lookAt(page, 'settings-ko-dark', 320);

    await page.getByLabel(t('keep_history')).selectOption('365');
    await expect(page.getByText(t('keep_history_shorter'))).toBeVisible();
    await page.getByRole('button', { name: t('keep_history_confirm') }).click();
    await expect(said).toBeVisible();
    await expect(page.getByLabel(t('keep_history'))).toBeFocused();
    await page.getByText(t('picture_change')).click();
    await page.getByRole('radio', { name: t('mark_carp') }).check();
    await expect(said).toBeVisible();
    await page.setViewportSize({ width: 1280, height: 900 });
    await lockWallet(who, page);
    await popup.reload();
    await expect(popup.getByRole('img', { name: t('wallet_picture_of', { name: t('mark_carp') }) })).toBeVisible();
    expect(await paper(popup)).toBe(DARK);

    await page.goto(new URL('#/about', page.url()).href);
    await browser.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: t('diagnosis_copy') }).click();
    await expect(page.getByRole('status').filter({ hasText: t('client_notice_copied') })).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^Dojang: [\d.]+\nbrowser: .+\nwallet: state locked, certificates 0/);
    const [licences] = await Promise.all([browser.context.waitForEvent('page'), page.getByRole('link', { name: t('about_licences') }).click()]);
    await expect(licences.getByText(/webextension-polyfill .*Mozilla Public License/s)).toBeVisible();
    await licences.close();
    await page.getByLabel(t('language')).selectOption('en');
    await expect(page.getByRole('heading', { level: 1, name: en('about') })).toBeVisible();
    await lookAt(page, 'about-en-dark', 320);

    // Locked, as for who forgot the password.
    await page.goto(new URL('#/erase', page.url()).href);
    await page.getByLabel(en('recovery_erase_type', { phrase: en('recovery_erase_phrase') })).fill('erase');
    await page.getByRole('button', { name: en('erase') }).click();
    await expect(page.getByRole('alert').filter({ hasText: en('recovery_erase_mistyped', { phrase: en('recovery_erase_phrase') }) })).toBeVisible();
    await lookAt(page, 'erase-en-dark', 320);
    await page.getByLabel(en('recovery_erase_type', { phrase: en('recovery_erase_phrase') })).fill(en('recovery_erase_phrase'));
    await page.getByRole('button', { name: en('erase') }).click();
    await expect(page.getByRole('status').filter({ hasText: en('erase_done') })).toBeVisible();
    await popup.reload();
    await expect(popup.getByText(en('none_heading'))).toBeVisible();
    expect(browser.problems).toEqual([]);
  } finally {
    await browser.close();
  }
});
