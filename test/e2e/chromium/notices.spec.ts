/** Expiry notices in the real extension: stories 15 and 16, with the clock of background and pages moved together. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { sentenceDay } from '../../../lib/i18n/dates.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { copy } from '../../../lib/bytes/bytes.ts';
import { lockWallet, WALLET_PASSWORD } from '../../support/journey.ts';
import { lookAt } from '../../support/look.ts';
import { clickNotice, inBackground, shownNotices, writeDownNotices, type ShownNotice } from '../../support/shown-notices.ts';
import { openScene, type Scene } from '../../support/scene.ts';

const DAY = 86_400_000;
const HOLDER = '홍길동';

let scene: Scene;
let end: number;

test.beforeAll(async () => {
  scene = await openScene({ only: HOLDER });
  const { folder } = scene.bank.authority.people.find(({ realName }) => realName === HOLDER)!;
  end = readCertificate(copy(readFileSync(join(folder, 'signCert.der')))).notAfter;
});

test.afterAll(async () => {
  await scene.close();
});

test.afterEach(() => {
  expect(scene.browser.problems.splice(0)).toEqual([]);
});

const run = (expression: string): Promise<unknown> => inBackground(scene.browser, expression);

/** From now on the background believes that the certificate ends in so many days. Returns how far that is from now. */
async function moveClock(daysLeft: number): Promise<number> {
  const shift = end - daysLeft * DAY - Date.now();
  await run(`Date.now = () => trueNow() + ${String(shift)}; undefined`);
  return shift;
}

const alarm = (): Promise<unknown> => run(`chrome.alarms.create('notices', { when: trueNow(), periodInMinutes: 1440 })`);
const shown = (): Promise<readonly ShownNotice[]> => shownNotices(scene.browser);
const badge = (): Promise<unknown> => run('chrome.action.getBadgeText({})');

test('a locked wallet tells of the end without a name, leads to the certificate, and can be told to be quiet (D26, stories 15, 16)', async () => {
  const { t, manager, browser } = scene;
  await lockWallet(scene, manager);
  // To this window the others' clock would seem set back, and it would lock the wallet.
  await browser.context.newPage();
  await manager.close();
  await run('globalThis.trueNow = Date.now; undefined');
  await writeDownNotices(browser);
  await moveClock(30);
  await alarm();
  await expect.poll(async () => (await shown()).length).toBe(1);
  const [name, notice] = (await shown())[0]!;
  expect(notice['title']).toBe(t('notice_title'));
  expect(notice['message']).toContain(t('notice_expiring', { n: 1, date: sentenceDay('ko', end) }));
  expect(JSON.stringify(notice)).not.toContain(HOLDER);
  await expect.poll(badge).toBe('30');

  const shift = await moveClock(2);
  await alarm();
  await expect.poll(badge).toBe('!');
  await expect.poll(async () => (await shown()).length).toBe(2);
  await browser.context.addInitScript((ms) => {
    const { now } = Date;
    Date.now = () => now() + ms;
  }, shift);

  const popup = await browser.open('popup.html');
  const line = popup.getByRole('list', { name: t('popup_notices') }).getByRole('link');
  await expect(line).toContainText(t('notice_expiring', { n: 1, date: sentenceDay('ko', end) }));
  await expect(popup.getByText(HOLDER)).toHaveCount(0);
  await lookAt(popup, 'notices-popup-locked', 360);
  await popup.close();

  const [opened] = await Promise.all([browser.context.waitForEvent('page'), clickNotice(browser, name)]);
  expect(opened.url()).toContain('#/renew/');
  // Now it has the moved clock too: a tab that the background opens may be quicker than the script that moves it.
  await opened.reload();
  await opened.getByLabel(t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
  await opened.keyboard.press('Enter');
  await expect(opened.getByRole('heading', { level: 1, name: t('renewal') })).toBeVisible({ timeout: 30_000 });
  await opened.getByRole('link', { name: new RegExp(HOLDER) }).click();
  await expect(opened.getByRole('heading', { level: 1, name: new RegExp(HOLDER) })).toBeVisible();
  await opened.getByRole('button', { name: t('certificate_notices_off') }).click();
  await expect(opened.getByText(t('certificate_notices_are_off'))).toBeVisible();
  await lookAt(opened, 'notices-certificate', 360);
  await expect.poll(badge).toBe('');
  await checkSettings(opened);
});

async function checkSettings(page: Page): Promise<void> {
  const { t } = scene;
  await page.goto(new URL('#/notices', page.url()).href);
  await page.getByLabel(t('notices_first')).selectOption('60');
  await expect(page.getByRole('status').filter({ hasText: t('notices_saved') })).toBeVisible();
  await page.getByRole('button', { name: t('notices_try') }).click();
  await expect(page.getByRole('status').filter({ hasText: t('notices_tried') })).toBeVisible();
  expect((await shown()).at(-1)?.[0]).toBe('trial');
  await lookAt(page, 'notices-settings', 360);
}
