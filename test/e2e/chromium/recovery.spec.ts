/** The recovery screen: what is left is shown, nothing is lost by looking, and every way on is the owner's choice. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { launch, type LaunchOptions } from '../../support/chromium.ts';
import { person, WALLET_PASSWORD, type Person } from '../../support/journey.ts';
import { pickInto, typeInto } from '../../support/keyboard.ts';
import { lookAt } from '../../support/look.ts';
import { openScene } from '../../support/scene.ts';
import { agree, allStored, emptyMirror, emptyRecords, readCopies, spoilPrimary, type Chrome } from '../../support/stored-copies.ts';
import { withFields } from '../../unit/vault/support.ts';

const LATER = '나중에 쓴 메모';

let root: string;
/** A closed profile: a certificate saved, and in the newest state a note of it. */
let kept: string;
/** A backup file of the certificate without the note. */
let backup: string;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  root = mkdtempSync(join(tmpdir(), 'dojang-recovery-'));
  kept = join(root, 'kept');
  const scene = await openScene({ profile: kept, only: '홍길동' });
  await scene.manager.goto(new URL('#/backup', scene.manager.url()).href);
  const [made] = await Promise.all([
    scene.manager.waitForEvent('download'),
    scene.manager.getByRole('button', { name: scene.t('backup_submit') }).click(),
  ]);
  backup = join(root, 'backup.djw');
  await made.saveAs(backup);
  await expect(scene.manager.getByText(scene.t('backup_unchanged'))).toBeVisible();
  await scene.manager.goto(new URL('#/history', scene.manager.url()).href);
  await expect(scene.manager.locator('tbody').getByText(scene.t('act_backup')).first()).toBeVisible();
  await scene.manager.goto(new URL('#/', scene.manager.url()).href);
  await scene.manager.getByRole('link', { name: /홍길동/ }).click();
  await scene.manager.getByLabel(scene.t('label_note'), { exact: true }).fill(LATER);
  await scene.manager.getByRole('button', { name: scene.t('labels_save') }).click();
  await expect(scene.manager.getByText(scene.t('labels_saved'))).toBeVisible();
  await scene.close();
});

test.afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

/** The wallet of `kept`, after `harm` was done to it through one of our own pages. */
async function harmed(name: string, harm: (page: Page) => Promise<void>, options: LaunchOptions = {}): Promise<{ who: Person; page: Page }> {
  const profile = join(root, name);
  cpSync(kept, profile, { recursive: true });
  const who = person(await launch({ ...options, profile }), options.locale);
  const page = await who.browser.open('manager.html');
  await expect(page.getByRole('heading', { name: who.t('unlock_heading') })).toBeVisible();
  await harm(page);
  await page.reload();
  return { who, page };
}

/** The newest head does not read, and the other copy is gone: only the state before is whole. */
async function spoil(page: Page): Promise<void> {
  await spoilPrimary(page);
  await emptyMirror(page);
}

/** A piece in this wallet's area of the sync storage, and one in another wallet's. */
async function leaveInSync(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { local, sync } = (globalThis as unknown as { chrome: Chrome }).chrome.storage;
    const { 'djw1.m': marker } = await local.get(null);
    const [, , fields = ''] = String(marker).split('.');
    const { vid } = JSON.parse(atob(fields.replaceAll('-', '+').replaceAll('_', '/'))) as { vid: string };
    await sync.set({ [`djw1.s.${vid.slice(0, 8)}.h0.1`]: '1/1:x', 'djw1.s.AAAAAAAA.h0.1': '1/1:x' });
  });
}

const trouble = (who: Person, page: Page): Promise<void> => expect(page.getByRole('heading', { name: who.t('trouble_heading') })).toBeVisible();

async function openOlder(who: Person, page: Page, password: string): Promise<void> {
  await page.getByLabel(who.t('recovery_secret'), { exact: true }).fill(password);
  await page.keyboard.press('Enter');
}

test('says what each copy has, saves the records, and goes on from the older state with its password', async () => {
  const { who, page } = await harmed('older', spoil);
  const { t } = who;
  await trouble(who, page);
  await expect(page.getByRole('region', { name: t('recovery_primary') })).toContainText(t('recovery_unread', { n: 1 }));
  await expect(page.getByRole('region', { name: t('recovery_primary') })).toContainText(new RegExp(t('recovery_marked', { g: '\\d+' })));
  await expect(page.getByRole('region', { name: t('recovery_mirror') })).toContainText(t('recovery_nothing'));
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: t('recovery_support_save') }).click()]);
  expect(download.suggestedFilename()).toMatch(/^dojang-records-\d{4}-\d\d-\d\d\.txt$/);
  const records = readFileSync(await download.path(), 'utf8');
  expect(records).toMatch(/^primary head\.\d+ DJW1\.H\./m);
  expect(records).not.toContain('홍길동');
  await openOlder(who, page, 'not the password');
  await expect(page.getByText(t('password_wrong'))).toBeVisible();
  await page.getByRole('button', { name: t('retry') }).click();
  await trouble(who, page);
  await openOlder(who, page, WALLET_PASSWORD);
  await expect(page.getByText('홍길동').first()).toBeVisible();
  await expect(page.getByText(LATER)).toHaveCount(0);
  expect(agree(await readCopies(page))).toBe(true);
  expect(who.browser.problems).toEqual([]);
  await who.browser.close();
});

test('D29 by keyboard alone: lost records come back from a backup file, as they were', async () => {
  const { who, page } = await harmed('lost', async (inPage) => {
    await spoil(inPage);
    await emptyRecords(inPage);
  });
  const { t } = who;
  await trouble(who, page);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await pickInto(page, page.getByLabel(t('recovery_file'), { exact: true }), backup);
  for (const [width, name] of [
    [320, 'recovery-lost-320'],
    [960, 'recovery-lost'],
  ] as const)
    await lookAt(page, name, width);
  await typeInto(page, page.getByLabel(t('recovery_secret'), { exact: true }), WALLET_PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('link', { name: /홍길동/ })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('heading', { level: 1, name: t('certificates') })).toBeFocused();
  await expect(page.getByText(t('notice_restore'))).toHaveCount(0);
  const { both, primary, mirror } = await readCopies(page);
  expect([both > 0, primary === mirror]).toEqual([true, true]);
  expect(who.browser.problems).toEqual([]);
  await who.browser.close();
});

test('erases only after the phrase was typed, and then a wallet may be made', async () => {
  const { who, page } = await harmed('erase', async (page) => {
    await leaveInSync(page);
    await spoil(page);
  });
  const { t } = who;
  await trouble(who, page);
  await page.getByText(t('recovery_erase_heading')).click();
  await expect(page.getByText(t('recovery_erase_first'))).toBeVisible();
  const alsoSync = page.getByRole('checkbox', { name: t('erase_sync') });
  await expect(alsoSync).not.toBeChecked();
  for (const width of [320, 640]) await lookAt(page, `recovery-erase-${width}`, width);
  await alsoSync.check();
  const field = page.getByLabel(t('recovery_erase_type', { phrase: t('recovery_erase_phrase') }));
  const before = await readCopies(page);
  for (const typed of ['', '지우기', '지갑 지우']) {
    await field.fill(typed);
    await page.getByRole('button', { name: t('recovery_erase') }).click();
    await expect(page.getByRole('alert').filter({ hasText: t('recovery_erase_mistyped', { phrase: t('recovery_erase_phrase') }) })).toBeVisible();
  }
  expect(await readCopies(page)).toEqual(before);
  expect(await allStored(page)).toMatch(/[\w-]{22}/);
  await field.fill(t('recovery_erase_phrase'));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: t('none_heading') })).toBeVisible();
  expect(await readCopies(page)).toMatchObject({ primary: null, mirror: null });
  // No id of a record is left anywhere: neither of notices, nor of what authorities said, nor of the history.
  expect(await allStored(page)).not.toMatch(/[\w-]{22}/);
  const inSync = await page.evaluate(() => (globalThis as unknown as { chrome: Chrome }).chrome.storage.sync.get(null));
  expect(Object.keys(inSync)).toEqual(['djw1.s.AAAAAAAA.h0.1']);
  expect(who.browser.problems).toEqual([]);
  await who.browser.close();
});

test('popup says it in a sentence and leads there', async () => {
  const { who, page } = await harmed('popup', spoil);
  await trouble(who, page);
  const popup = await who.browser.open('popup.html');
  await expect(popup.getByRole('alert')).toContainText(who.t('vault_damaged'));
  await expect(popup.getByRole('button', { name: who.t('trouble_solve') })).toBeVisible();
  await lookAt(popup, 'recovery-popup', 360);
  await who.browser.close();
});

const EVIDENCE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a marker': { 'djw1.m': 'x' },
  'a record': { 'djw1.r.AAAA.1': 'x' },
  'a spoilt head': { 'djw1.h1': 'DJW1.H.x' },
  'an empty head': { 'djw1.h0': '' },
};

for (const [what, entries] of Object.entries(EVIDENCE)) {
  test(`D12 no wallet is made where ${what} is left of one`, async () => {
    const who = person(await launch());
    const page = await who.browser.open('manager.html#/start');
    await expect(page.getByRole('heading', { name: who.t('start_heading') })).toBeVisible();
    await page.evaluate((set) => (globalThis as unknown as { chrome: Chrome }).chrome.storage.local.set(set), entries);
    // A window that showed the form before does not make one either.
    await page.getByLabel(who.t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
    await page.getByLabel(who.t('wallet_password_again'), { exact: true }).fill(WALLET_PASSWORD);
    await page.getByRole('button', { name: who.t('start_submit') }).click();
    await expect(page.getByText(who.t('vault_exists'))).toBeVisible();
    await page.reload();
    await trouble(who, page);
    await expect(page.getByRole('button', { name: who.t('start_submit') })).toHaveCount(0);
    expect((await readCopies(page)).primary).toBeNull();
    await who.browser.close();
  });
}

test('G4 what a later version wrote is shown as that: nothing to open, nothing to erase, the records can be saved', async () => {
  const { who, page } = await harmed('newer', async (inPage) => {
    const { primary } = await readCopies(inPage);
    const [, , fields = ''] = (primary ?? '').split('.');
    const gen = (JSON.parse(Buffer.from(fields, 'base64url').toString()) as { gen: number }).gen + 1;
    await inPage.evaluate(
      async ({ text, gen }) => {
        const request = indexedDB.open('djw1');
        await new Promise((resolve) => (request.onsuccess = resolve));
        const store = request.result.transaction(['head'], 'readwrite').objectStore('head');
        const put = store.put(text, gen);
        await new Promise((resolve) => (put.onsuccess = resolve));
        request.result.close();
      },
      { text: withFields(primary ?? '', { v: 2, gen }), gen },
    );
  });
  const before = await readCopies(page);
  await trouble(who, page);
  await expect(page.getByRole('alert')).toContainText(who.t('vault_newer_version'));
  await expect(page.getByText(who.t('recovery_newer_intro'))).toBeVisible();
  await expect(page.getByRole('button', { name: who.t('recovery_support_save') })).toBeVisible();
  await expect(page.getByText(who.t('recovery_erase_heading'))).toHaveCount(0);
  await expect(page.getByText(who.t('recovery_open_heading'))).toHaveCount(0);
  await lookAt(page, 'recovery-newer', 960);
  expect(await readCopies(page)).toEqual(before);
  await who.browser.close();
});

/** Makes parts of the browser's storage fail in every page of ours, as broken files do. */
const BREAK = {
  primary: () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('broken', 'UnknownError');
    };
    IDBFactory.prototype.databases = () => Promise.reject(new DOMException('broken', 'UnknownError'));
    IDBFactory.prototype.deleteDatabase = IDBFactory.prototype.open;
  },
  mirror: () => {
    const { local } = (globalThis as unknown as { chrome: { storage: { local: Record<string, unknown> } } }).chrome.storage;
    for (const name of ['get', 'set', 'remove', 'getKeys', 'clear'])
      Object.defineProperty(local, name, { value: () => Promise.reject(new Error('Corruption: broken')) });
  },
} as const;

for (const place of ['primary', 'mirror'] as const) {
  test(`with a dead ${place} the wallet starts from the other copy, opens, and says that it is the only one`, async () => {
    const { who, page } = await harmed(`dead-${place}`, async (inPage) => {
      await inPage.context().addInitScript(BREAK[place]);
    });
    const { t } = who;
    await expect(page.getByRole('heading', { name: t('unlock_heading') })).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText(t('notice_one_copy_locked'))).toBeVisible();
    await page.getByLabel(t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
    await page.getByRole('button', { name: t('unlock'), exact: true }).click();
    await expect(page.getByText('홍길동').first()).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText(t('notice_one_copy'), { exact: true })).toBeVisible();
    await page.getByText(t('mend'), { exact: true }).first().click();
    await page.getByLabel(t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
    await lookAt(page, `one-copy-${place}`, 960);
    await page.getByRole('button', { name: t('mend'), exact: true }).click();
    await expect(page.getByText(t('mend_failed'))).toBeVisible({ timeout: 30_000 });
    await who.browser.close();
  });
}

test('with both copies dead the screen stands, and nothing is lost by it', async () => {
  const { who, page } = await harmed('dead-both', async (inPage) => {
    for (const place of ['primary', 'mirror'] as const) await inPage.context().addInitScript(BREAK[place]);
  });
  const { t } = who;
  await trouble(who, page);
  for (const name of ['recovery_primary', 'recovery_mirror'])
    await expect(page.getByRole('region', { name: t(name) })).toContainText(t('recovery_silent'));
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: t('recovery_support_save') }).click()]);
  expect(readFileSync(await download.path(), 'utf8')).toMatch(/^primary \(vault\.\S+\)\nmirror/);
  await who.browser.close();
  const again = person(await launch({ profile: join(root, 'dead-both') }));
  const look = await again.browser.open('manager.html');
  await expect(look.getByText(t('unlock_heading'))).toBeVisible();
  expect(agree(await readCopies(look))).toBe(true);
  await again.browser.close();
});

for (const look of [
  { locale: 'ko', dark: false, widths: [360, 640, 1280] },
  { locale: 'en', dark: true, widths: [360, 1280] },
] as const) {
  test(`looks right in ${look.locale}, ${look.dark ? 'dark' : 'light'}`, async () => {
    const name = `recovery-${look.locale}`;
    const { who, page } = await harmed(name, spoil, { locale: look.locale, dark: look.dark });
    await trouble(who, page);
    await page.getByText(who.t('recovery_erase_heading')).click();
    for (const width of look.widths) await lookAt(page, `${name}-${String(width)}`, width);
    expect(who.browser.problems).toEqual([]);
    await who.browser.close();
  });
}
