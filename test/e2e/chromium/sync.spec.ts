/**
 * The sync copy in the real extension (story 41). No account syncs in a test, so what one browser wrote into its sync
 * storage is carried over to the other by hand.
 */
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { launch, ROOT } from '../../support/chromium.ts';
import { importFolder, person, WALLET_PASSWORD, type Person } from '../../support/journey.ts';
import { lookAt } from '../../support/look.ts';
import { fixture } from '../../support/npki-fixtures.ts';
import { openScene } from '../../support/scene.ts';

const NEW_PASSWORD = '새 컴퓨터의 파란 대문 일곱';
const CHOSEN = ['홍길동', '김상점'];

const at = (page: Page, route: string): Promise<unknown> => page.goto(new URL(route, page.url()).href);

interface Chrome {
  readonly storage: { readonly sync: { get(keys: null): Promise<Record<string, unknown>>; set(items: Record<string, unknown>): Promise<void> } };
}

function storedBy(page: Page): Promise<Record<string, unknown>> {
  return page.evaluate(() => (globalThis as unknown as { chrome: Chrome }).chrome.storage.sync.get(null));
}

function carryTo(page: Page, items: Record<string, unknown>): Promise<void> {
  return page.evaluate((given) => (globalThis as unknown as { chrome: Chrome }).chrome.storage.sync.set(given), items);
}

/** Chooses, types the wallet password, and waits until it is on. */
async function turnOn({ t }: Person, page: Page, names: readonly string[], password: string): Promise<void> {
  await page.getByRole('button', { name: t('sync_turn_on') }).click();
  for (const name of names) await page.getByRole('checkbox', { name: new RegExp(name) }).check();
  await expect(page.getByText(new RegExp(t('sync_room', { total: 100, n: '\\d+' })))).toBeVisible();
  await page.getByLabel(t('wallet_password'), { exact: true }).fill(password);
  await page.getByRole('button', { name: t('sync_turn_on') }).click();
  await expect(page.getByText(t('sync_done_on'))).toBeVisible({ timeout: 30_000 });
}

async function openCopy({ t }: Person, page: Page, secret: string): Promise<void> {
  await page.getByLabel(t('sync_open_secret'), { exact: true }).fill(secret);
  await page.getByRole('button', { name: t('sync_open_submit') }).click();
}

test('chosen certificates go to another profile by the sync storage, and its own copy comes back as a preview', async () => {
  test.slow();
  const scene = await openScene();
  const browser = await launch();
  try {
    const { t, manager: page } = scene;
    const added = fixture('kica-personal');
    await at(page, '#/backup');
    await expect(page.getByText(t('sync_off'))).toBeVisible();
    await page.getByRole('button', { name: t('sync_turn_on') }).click();
    await lookAt(page, 'sync-choose-narrow', 360);
    await lookAt(page, 'sync-choose', 1280);
    await page.getByRole('button', { name: t('cancel') }).click();
    await turnOn(scene, page, CHOSEN, WALLET_PASSWORD);
    await expect(page.getByText(t('sync_on', { n: CHOSEN.length }))).toBeVisible();
    await lookAt(page, 'sync-on', 1280);
    await lookAt(page, 'sync-on-zoomed', 640);
    await page.getByRole('button', { name: t('sync_now') }).click();
    await expect(page.getByText(t('sync_done_current'))).toBeVisible();

    const written = await storedBy(page);
    const texts = Object.entries(written).flat().map(String);
    expect(texts.length).toBeGreaterThan(4);
    expect(texts.filter((text) => !/^[A-Za-z0-9_.\-/:]+$/.test(text))).toEqual([]);
    const octets = Buffer.concat(texts.flatMap((text) => text.split(/[.:]/)).map((part) => Buffer.from(part, 'base64url')));
    for (const name of CHOSEN) expect(octets.includes(name)).toBe(false);

    // Another profile of the same account.
    const who = person(browser);
    const other = await browser.open('manager.html');
    await expect(other.getByRole('link', { name: t('create_wallet') })).toBeVisible();
    await expect(other.getByRole('link', { name: t('sync_open') })).toHaveCount(0);
    await carryTo(other, written);
    await other.reload();
    await expect(other.getByText(t('sync_open_hint'))).toContainText('2026');
    await lookAt(other, 'sync-offer', 800);
    await other.getByRole('link', { name: t('sync_open') }).click();
    await lookAt(other, 'sync-open-narrow', 360);
    await openCopy(who, other, 'not the password');
    await expect(other.getByText(t('sync_secret'))).toBeVisible({ timeout: 30_000 });
    await openCopy(who, other, WALLET_PASSWORD);
    await expect(other.getByRole('table', { name: t('sync_caption') })).toBeVisible({ timeout: 30_000 });
    await other.getByLabel(t('wallet_password'), { exact: true }).fill(NEW_PASSWORD);
    await other.getByLabel(t('wallet_password_again'), { exact: true }).fill(NEW_PASSWORD);
    await other.getByRole('button', { name: t('restore_submit', { n: CHOSEN.length }) }).click();
    await expect(other.getByText(t('restore_done', { n: CHOSEN.length }))).toBeVisible({ timeout: 30_000 });

    // A certificate is added there, and its copy comes back to the first.
    const order = { certificatePassword: added.password, walletPassword: NEW_PASSWORD };
    await importFolder(who, other, join(ROOT, 'test', 'fixtures', 'npki', added.folder), order);
    await at(other, '#/backup');
    // The first one's copy is another wallet's here, and stays.
    await expect(other.getByText(t('sync_found'))).toBeVisible();
    await turnOn(who, other, [added.realName], NEW_PASSWORD);
    const both = await storedBy(other);
    expect(both).toMatchObject(written);
    await carryTo(page, both);
    await at(page, '#/');
    await at(page, '#/backup');
    await page.getByRole('link', { name: t('sync_look') }).click();
    await openCopy(scene, page, NEW_PASSWORD);
    const found = page.getByRole('table', { name: t('sync_caption') });
    await expect(found.getByRole('row', { name: new RegExp(added.realName) })).toContainText(t('restore_state_new'), { timeout: 30_000 });
    await lookAt(page, 'sync-merge', 1280);
    await page.getByLabel(t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
    await page.getByRole('button', { name: t('restore_submit', { n: 1 }) }).click();
    await expect(page.getByText(t('restore_done', { n: 1 }))).toBeVisible({ timeout: 30_000 });
    expect(await storedBy(page)).toEqual(both);

    await at(page, '#/backup');
    await page.getByRole('button', { name: t('sync_turn_off') }).click();
    await expect(page.getByText(t('sync_done_off'))).toBeVisible();
    const left = await storedBy(page);
    expect(Object.keys(left).sort()).toEqual(
      Object.keys(both)
        .filter((name) => !(name in written))
        .sort(),
    );
    expect(browser.problems).toEqual([]);
    expect(scene.browser.problems).toEqual([]);
  } finally {
    await browser.close();
    await scene.close();
  }
});
