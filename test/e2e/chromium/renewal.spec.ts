/** Renewal and after in the real extension: stories 20, 21 and 22, and a clock that cannot be right. */
import { rmSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { DEMO_PASSWORD } from '../../../demo/people.ts';
import { launch, type Browser } from '../../support/chromium.ts';
import { createWallet, importFolder, lockWallet, person, WALLET_PASSWORD, type Person } from '../../support/journey.ts';
import { lookAt } from '../../support/look.ts';
import { makeRenewedPair, type RenewedPair } from '../../support/renewed-pair.ts';

let pair: RenewedPair;
let browser: Browser;
let who: Person;
let page: Page;

test.beforeAll(async () => {
  pair = await makeRenewedPair(Date.now());
  browser = await launch();
  who = person(browser);
  page = await createWallet(who);
});

test.afterAll(async () => {
  await browser.close();
  rmSync(pair.folder, { recursive: true, force: true });
});

test.afterEach(() => {
  expect(browser.problems.splice(0)).toEqual([]);
});

const heading = (name: string): ReturnType<Page['getByRole']> => page.getByRole('heading', { name, exact: true });
const box = (name: string): ReturnType<Page['getByRole']> => page.getByRole('checkbox', { name });

/** Ticks and waits until the page shows what the wallet has kept. */
async function tickPlace(name: string, done: string): Promise<void> {
  await box(name).check();
  await expect(page.getByRole('status').filter({ hasText: done })).toBeVisible();
}

test('a certificate that ends soon leads to its bank, the renewed one to its places, and the old one goes when all holds (stories 20, 21, 22)', async () => {
  const { t } = who;
  await importFolder(who, page, pair.old, { certificatePassword: DEMO_PASSWORD });
  await page.goto(new URL('#/', page.url()).href);
  await page
    .getByRole('link', { name: /홍길동/ })
    .first()
    .click();
  await page.getByRole('link', { name: t('renewal'), exact: true }).click();
  await expect(heading(t('renewal_how'))).toBeVisible();
  const link = page.getByRole('link', { name: t('open_in_tab', { name: '우리은행' }) }).first();
  expect([await link.getAttribute('href'), await link.getAttribute('target'), await link.getAttribute('rel')]).toEqual([
    'https://www.wooribank.com/',
    '_blank',
    'noopener noreferrer',
  ]);
  await lookAt(page, 'renewal-before', 1280);

  await importFolder(who, page, pair.renewed, { certificatePassword: DEMO_PASSWORD });
  await lookAt(page, 'renewal-imported', 1280);
  await page.getByRole('link', { name: new RegExp(t('import_renewed_open', { name: '' })) }).click();
  await expect(heading(t('pair'))).toBeVisible();
  await page.getByLabel(t('place_add_known'), { exact: true }).selectOption('hometax');
  await page.getByRole('button', { name: new RegExp(`${t('place_add')}.*${t('place_add_known')}`) }).click();
  await expect(page.getByRole('status').filter({ hasText: t('places_done', { n: 0, m: 1 }) })).toBeVisible();
  await page.getByLabel(t('place_add_own'), { exact: true }).fill('우리 동네 도서관');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: t('places_done', { n: 0, m: 2 }) })).toBeVisible();
  await tickPlace('홈택스', t('places_done', { n: 1, m: 2 }));

  await lockWallet(who, page);
  await page.reload();
  await page.getByLabel(t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: t('places_done', { n: 1, m: 2 }) })).toBeVisible({ timeout: 30_000 });
  await expect(box('홈택스')).toBeChecked();
  const popup = await browser.open('popup.html');
  await expect(popup.getByRole('link', { name: t('notice_places', { n: 1, m: 2 }) })).toHaveAttribute('href', /#\/renew\//);
  await expect(popup.getByRole('link', { name: /홍길동/ }).last()).toContainText(t('state_replaced'));
  await expect(popup.getByRole('link', { name: /홍길동/ }).first()).not.toContainText(t('state_replaced'));
  await lookAt(popup, 'renewal-popup', 360);
  await popup.close();
  await lookAt(page, 'renewal', 1280);
  await lookAt(page, 'renewal-320', 320);

  await tickPlace('우리 동네 도서관', t('places_done', { n: 2, m: 2 }));
  const move = page.getByRole('button', { name: t('tidy_move', { n: 1 }) });
  await expect(move).toHaveAttribute('aria-disabled', 'true');
  await page.getByRole('button', { name: t('tidy_try') }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByText(t('tidy_opens_met'))).toBeVisible();
  await box(t('tidy_proved_word')).check();
  await expect(page.getByRole('status').filter({ hasText: t('tidy_left', { n: 1 }) })).toBeVisible();
  await page.getByRole('link', { name: t('backup_now') }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('backup'));
  await makeBackup();
  await page.goBack();
  await expect(page.getByRole('status').filter({ hasText: t('tidy_ready') })).toBeVisible();
  await lookAt(page, 'renewal-ready', 360);
  await move.click();
  await expect(page.getByRole('status').filter({ hasText: t('tidy_done', { n: 1 }) })).toBeVisible();
  await page
    .getByRole('link', { name: t('wastebasket') })
    .last()
    .click();
  await expect(page.getByRole('row').filter({ hasText: '홍길동' })).toContainText(t('basket_stays'));
});

test('a clock that is days behind is named before anything is said of dates, in the popup of a locked wallet too', async () => {
  const { t } = who;
  await browser.context.addInitScript(() => {
    const { now } = Date;
    Date.now = () => now() - 259_200_000;
  });
  const popup = await browser.open('popup.html');
  await expect(popup.getByRole('status').filter({ hasText: new RegExp(t('clock_behind', { diff: t('clock_days', { n: '[23]' }) })) })).toBeVisible();
  await lookAt(popup, 'clock-popup', 360);
  await popup.close();
});

async function makeBackup(): Promise<void> {
  const { t } = who;
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: t('backup_submit') }).click()]);
  await download.delete();
}
