/**
 * In Firefox a content script can write the mirror. Here one does: a copy of the extension whose content script obeys the
 * page. The primary copy decides every time, the mirror is made good, and nobody is let in or kept out.
 */
import { appendFileSync, cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startBank, type Bank } from '../../../demo/bank.ts';
import { DEMO_PASSWORD } from '../../../demo/people.ts';
import { FIREFOX, findPeer } from '../../../scripts/peers.ts';
import { Firefox, FIREFOX_DEMO_EXTENSION } from '../../support/firefox.ts';
import type { Tab } from '../../support/firefox-tab.ts';
import { foreignCopy, type Foreign } from '../../support/foreign-vault.ts';
import { until } from '../../support/until.ts';
import { withFields } from '../../unit/vault/support.ts';
import { createWallet, lock, openAndSave, openImport, openManager, pick, picture, storedCopies, t, WALLET_PASSWORD } from './steps.ts';

const DATA = join(import.meta.dirname, '..', '..', '..', '.output', 'demo');

/** What is appended to the content script: it does with the storage whatever the page says. */
const OBEY = `
;addEventListener('message', async ({ data }) => {
  const order = data && data.plant;
  if (!order) return;
  const { local } = browser.storage;
  let answer = 'done';
  try {
    const keys = Object.keys(await local.get(null)).filter((key) => key.startsWith('djw1.'));
    if (order.wipe) await local.remove(keys);
    if (order.garbage) await local.set(Object.fromEntries(keys.map((key, at) => [key, [1, { a: [] }, 'DJW1.H.x', null, true][at % 5]])));
    if (order.large) await local.set(Object.fromEntries(order.large.map((key) => [key, 'x'.repeat(order.size)])));
    if (order.set) await local.set(order.set);
    if (order.read) answer = JSON.stringify(await local.get(order.read));
  } catch (error) {
    answer = String(error);
  }
  document.documentElement.setAttribute('data-planted', answer);
});`;

let firefox: Firefox;
let bank: Bank;
let manager: Tab;
let page: Tab;
let folder: string;
let foreign: Foreign;

test.skip(findPeer(FIREFOX) === null, 'Firefox is missing');
test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  test.setTimeout(120_000);
  folder = mkdtempSync(join(tmpdir(), 'dojang-obeying-'));
  const extension = join(folder, 'extension');
  cpSync(FIREFOX_DEMO_EXTENSION, extension, { recursive: true });
  appendFileSync(join(extension, 'content-scripts', 'content.js'), OBEY);
  bank = await startBank({ port: 0, host: 'localhost', dataFolder: DATA, testRoutes: true });
  foreign = await foreignCopy(9_999);
  firefox = await Firefox.launch({ extension });
  manager = await openManager(firefox);
  await createWallet(manager);
  await openImport(manager);
  const person = bank.authority.people[0]?.folder ?? '';
  await pick(firefox, manager, { files: readdirSync(person).map((name) => join(person, name)) });
  await openAndSave(manager, DEMO_PASSWORD, 1);
  page = await firefox.open(`${bank.url}/?lang=ko`);
});

test.afterAll(async () => {
  await firefox.close();
  await bank.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The page tells the content script what to do with the storage, and gets its answer. */
async function plant(order: Readonly<Record<string, unknown>>): Promise<string> {
  await page.front();
  await page.run('document.documentElement.removeAttribute("data-planted"); window.postMessage({ plant: arguments[0] }, "*")', order);
  return until('the content script obeyed', () => page.attribute('html', 'data-planted'), { patienceMs: 60_000 });
}

/** Looks at the wallet anew, unlocks it with the owner's password, and sees the certificate. */
async function unlock(): Promise<void> {
  await manager.front();
  await manager.reload();
  await manager.find('heading', t('unlock_heading'));
  await manager.type(t('wallet_password'), WALLET_PASSWORD);
  await manager.click('button', t('unlock'));
  await manager.waitForText('홍길동');
}

const ORDERS: Readonly<Record<string, () => Readonly<Record<string, unknown>>>> = {
  'deletes everything': () => ({ wipe: true }),
  'writes what is no text and no record': () => ({ garbage: true }),
  'writes 30 MiB in place of the heads': () => ({ large: ['djw1.h0', 'djw1.h1', 'djw1.m'], size: 10 << 20 }),
  'writes 30 MiB beside them': () => ({ large: ['djw1.r.AAAA.9', 'djw1.x', 'djw1.t'], size: 10 << 20 }),
  'writes a later count of tries': () => ({ set: { 'djw1.t': 'DJW1.T.x', 'djw1.m': 'DJW1.M.x' } }),
};

for (const [what, order] of Object.entries(ORDERS)) {
  test(`D14 a content script ${what}: the primary copy decides, the mirror is made good`, async () => {
    await manager.front();
    await manager.click('link', t('certificates'));
    await lock(manager);
    const before = await storedCopies(manager);
    expect(await plant(order())).toBe('done');
    await unlock();
    const after = await storedCopies(manager);
    expect(after.primary).toBe(before.primary);
    expect(after.mirror).toContain(before.primary);
    expect(await manager.text()).not.toContain(t('notice_one_copy'));
  });
}

test('D14 a forged head of our wallet with generation 9,999 counts for nothing and is written over', async () => {
  await lock(manager);
  const before = await storedCopies(manager);
  const forged = withFields(before.primary ?? '', { gen: 9_999 });
  expect(await plant({ set: { 'djw1.h1': forged } })).toBe('done');
  expect((await storedCopies(manager)).mirror).toContain(forged);
  await unlock();
  const after = await storedCopies(manager);
  expect(after.primary).toBe(before.primary);
  expect(after.mirror).not.toContain(forged);
  expect(after.mirror).toContain(before.primary);
});

test('D14 another wallet of generation 9,999 does not open ours, stays until the owner says so, and then goes', async () => {
  await lock(manager);
  const before = await storedCopies(manager);
  expect(await plant({ wipe: true, set: Object.fromEntries(foreign.texts) })).toBe('done');
  await manager.front();
  await manager.reload();
  await manager.find('heading', t('unlock_heading'));
  await manager.waitForText(t('notice_one_copy_locked'));
  await manager.type(t('wallet_password'), foreign.password);
  await manager.click('button', t('unlock'));
  await manager.waitForText(t('password_wrong'));
  await unlock();
  await manager.waitForText(t('notice_one_copy'));
  await picture(manager, 'one-copy');
  expect((await storedCopies(manager)).primary).toBe(before.primary);
  await manager.clickOn('details summary');
  await manager.type(t('wallet_password'), WALLET_PASSWORD);
  await manager.click('button', t('mend'));
  await manager.waitForText(t('notice_repaired'));
  const after = await storedCopies(manager);
  expect(after.primary).toBe(before.primary);
  expect(after.mirror).toEqual([before.primary]);
});

test('D14 nothing but sealed records is there to read for a content script', async () => {
  const read = await plant({ read: null });
  expect(read).not.toContain('홍길동');
  expect(read).not.toContain('djw1.u');
});
