/** Every place of the wallet in both languages, by day on a full page and by night on a narrow one, and one at 200 %. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { startBank } from '../../../demo/bank.ts';
import { DEMO_PASSWORD } from '../../../demo/people.ts';
import { launch } from '../../support/chromium.ts';
import { approvalWindow, importFolder, person, WALLET_PASSWORD, type Person } from '../../support/journey.ts';
import { lookAt } from '../../support/look.ts';
import { DEMO_DATA } from '../../support/scene.ts';

/** A name that takes much room. */
const HOLDER = 'CHRISTOPHER ALEXANDER MONTGOMERY';

/** What 1280 px are at 200 %. */
const DOUBLED = 640;

/** Places of the manager, by their address; `ID` stands for a certificate. */
const PLACES = [
  '#/overview',
  '#/to-do',
  '#/certificate/ID',
  '#/renew/ID',
  '#/import',
  '#/issue',
  '#/renew-here/ID',
  '#/revoke/ID',
  '#/export',
  '#/export/ID',
  '#/phone/ID',
  '#/transfer',
  '#/receive',
  '#/send/ID',
  '#/backup',
  '#/restore',
  '#/restore/sync',
  '#/history',
  '#/sites',
  '#/wastebasket',
  '#/settings',
  '#/security',
  '#/password',
  '#/notices',
  '#/about',
  '#/erase',
  '#/help',
] as const;

async function look(page: Page, name: string, { doubled = false, narrow = 320, wide = 1280 } = {}): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' });
  await lookAt(page, `places-${name}-dark`, narrow);
  await page.emulateMedia({ colorScheme: 'light' });
  if (doubled) await lookAt(page, `places-${name}-200`, DOUBLED);
  await lookAt(page, `places-${name}`, wide);
}

/** The popup is as wide as it is. */
const popupWidths = { narrow: 360, wide: 360 };

async function lookAtPopup({ browser, locale }: Person, state: string): Promise<void> {
  const popup = await browser.open('popup.html');
  await expect(popup.getByRole('main')).not.toBeEmpty();
  await look(popup, `${locale}-popup-${state}`, popupWidths);
  await popup.close();
}

/** First run, looked at step by step. */
async function start(who: Person): Promise<Page> {
  const { t, browser, locale } = who;
  const page = await browser.open('manager.html');
  await expect(page.getByRole('heading', { name: t('none_heading') })).toBeVisible();
  await look(page, `${locale}-none`);
  await lookAtPopup(who, 'none');
  await page.goto(new URL('#/start', page.url()).href);
  await page.getByLabel(t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
  await look(page, `${locale}-start-1`, { doubled: true });
  await page.getByLabel(t('wallet_password_again'), { exact: true }).fill(WALLET_PASSWORD);
  await page.getByRole('button', { name: t('start_submit') }).click();
  await expect(page.getByRole('button', { name: t('start_later') })).toBeVisible({ timeout: 30_000 });
  await look(page, `${locale}-start-2`);
  await page.getByRole('button', { name: t('start_later') }).click();
  await look(page, `${locale}-start-3`);
  await page.getByRole('link', { name: t('start_finish') }).click();
  await expect(page.getByText(t('empty_heading'))).toBeVisible();
  await look(page, `${locale}-empty`);
  await lookAtPopup(who, 'empty');
  return page;
}

/** What a reader of the screen says: a row by its four facts and the days left, tables and headings by their names. */
async function expectNames({ t, browser }: Person, page: Page): Promise<void> {
  const day = t('expires_on', { date: '.*20\\d\\d.*' });
  const facts = new RegExp(`^.+, ${HOLDER}, ${day}, .+, ${t('days_left', { n: '\\d+' })}$`);
  const table = page.getByRole('table', { name: t('table_caption') });
  await expect(table.getByRole('rowheader', { name: facts })).toBeVisible();
  await expect(table.getByRole('columnheader', { name: t('fact_expires') })).toHaveAttribute('aria-sort', 'ascending');
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await expect(page.getByRole('navigation', { name: t('navigation') }).getByRole('link', { name: t('certificates'), exact: true })).toHaveAttribute(
    'aria-current',
    'page',
  );
  const popup = await browser.open('popup.html');
  const card = new RegExp([t('fact_purpose'), t('fact_holder'), HOLDER, t('fact_expires'), t('fact_issuer')].join('.*'));
  await expect(popup.getByRole('region', { name: t('certificates') }).getByRole('link', { name: card })).toBeVisible();
  await expect(popup.getByRole('heading', { level: 1, name: t('app_name') })).toBeVisible();
  await popup.close();
}

/** The certificate that is offered, by its facts in a named group; the field, by what it is asked for. */
async function expectApprovalNames({ t }: Person, window: Page): Promise<void> {
  const facts = new RegExp(`^\\S.*${HOLDER}.*${t('expires_on', { date: '.*20\\d\\d.*' })}.*\\S$`);
  await expect(window.getByRole('group', { name: t('approve_chooser'), exact: true }).getByRole('radio', { name: facts })).toBeChecked();
  await expect(window.getByLabel(t('wallet_password'), { exact: true })).toHaveAccessibleDescription(/\S/);
}

async function walk(who: Person, page: Page, id: string): Promise<void> {
  for (const place of PLACES) {
    await page.goto(new URL(place.replace('ID', id), page.url()).href);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByText(who.t('loading'), { exact: true })).toHaveCount(0);
    await look(page, `${who.locale}-${place.replace('#/', '').replaceAll('/', '-')}`, { doubled: who.locale === 'en' });
  }
}

for (const locale of ['ko', 'en'] as const) {
  test(`every place, ${locale}`, async () => {
    test.setTimeout(240_000);
    const profile = mkdtempSync(join(tmpdir(), 'dojang-places-'));
    const bank = await startBank({ port: 0, host: 'localhost', dataFolder: DEMO_DATA });
    const who = person(await launch({ profile, locale }), locale);
    const { t, browser } = who;
    const ask = async (state: string, sentence: string, alsoExpect?: typeof expectApprovalNames): Promise<void> => {
      const asking = await browser.context.newPage();
      await asking.goto(`${bank.url}/?lang=${locale}`);
      const window = await approvalWindow(who, () => asking.locator('#sign-in').click());
      await expect(window.getByText(sentence)).toBeVisible();
      await expect(window.getByRole('heading', { level: 1, name: new URL(bank.url).host })).toBeVisible();
      await alsoExpect?.(who, window);
      await look(window, `${locale}-approve-${state}`, { narrow: 320, wide: 480 });
      await window.close();
      await asking.close();
    };
    try {
      const page = await start(who);
      await ask('none', t('certificate_none'));
      const folderOf = (name: string): string => bank.authority.people.find(({ realName }) => realName === name)!.folder;
      await importFolder(who, page, folderOf('정만료'), { certificatePassword: DEMO_PASSWORD });
      await ask('unusable', t('approve_none_usable'));
      await page.goto(new URL('#/', page.url()).href);
      await importFolder(who, page, folderOf(HOLDER), { certificatePassword: DEMO_PASSWORD });
      await page.goto(new URL('#/', page.url()).href);
      const link = page.getByRole('link', { name: new RegExp(HOLDER) });
      await expect(link).toBeVisible();
      await look(page, `${locale}-list`, { doubled: true });
      const id = (await link.getAttribute('href'))!.split('/').at(-1)!;
      await expectNames(who, page);
      await ask('open', t('approve_chooser'), expectApprovalNames);
      await lookAtPopup(who, 'open');
      await walk(who, page, id);
      expect(browser.problems).toEqual([]);
    } finally {
      await browser.close();
      await bank.close();
      rmSync(profile, { recursive: true, force: true });
    }
  });
}
