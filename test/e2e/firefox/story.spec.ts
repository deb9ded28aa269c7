import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startBank, type Bank } from '../../../demo/bank.ts';
import { DEMO_PASSWORD } from '../../../demo/people.ts';
import { FIREFOX, findPeer } from '../../../scripts/peers.ts';
import { Firefox } from '../../support/firefox.ts';
import type { Tab } from '../../support/firefox-tab.ts';
import {
  approve,
  askForSignIn,
  codeAt,
  confirm,
  createWallet,
  lock,
  openAndSave,
  openImport,
  openManager,
  pick,
  picture,
  t,
  verdictAt,
  WALLET_PASSWORD,
} from './steps.ts';

const DATA = join(import.meta.dirname, '..', '..', '..', '.output', 'demo');
const CHECKS = ['statement', 'origin', 'nonce', 'time', 'certificate-binding', 'signature', 'path', 'key-usage'];

let firefox: Firefox;
let bank: Bank;
let manager: Tab;

test.skip(findPeer(FIREFOX) === null, 'Firefox is missing');
test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  bank = await startBank({ port: 0, host: 'localhost', dataFolder: DATA, testRoutes: true });
  firefox = await Firefox.launch();
  manager = await openManager(firefox);
});

test.afterEach(async () => {
  for (const tab of await firefox.tabs()) if (tab.handle !== manager.handle) await tab.close();
  expect(await firefox.takeProblems()).toEqual([]);
});

test.afterAll(async () => {
  await firefox.close();
  await bank.close();
});

async function expectVerdict(page: Tab, holder: string): Promise<void> {
  const { facts, checks } = await verdictAt(page);
  expect(facts).toContain(holder);
  expect(checks).toEqual(CHECKS);
  await page.clickOn('#sign-out');
}

test('a person makes a wallet', async () => {
  await createWallet(manager);
  await picture(manager, 'start-done');
});

test('imports the files of one certificate', async () => {
  const folder = bank.authority.people[0]?.folder ?? '';
  await openImport(manager);
  await pick(firefox, manager, { files: readdirSync(folder).map((name) => join(folder, name)) });
  await openAndSave(manager, DEMO_PASSWORD, 1);
  await manager.waitForText(t('import_done', { n: 1 }));
});

test('imports the rest from the whole folder', async () => {
  await manager.click('button', t('import_more'));
  await pick(firefox, manager, { folder: bank.authority.npkiFolder });
  await picture(manager, 'import-found');
  const rest = bank.authority.people.length - 1;
  await openAndSave(manager, DEMO_PASSWORD, rest);
  await manager.waitForText(t('import_partly', { n: rest, m: 1 }));
  await manager.waitForText(t('import_state_present'));
  await picture(manager, 'import-done');
});

test('sees all of them in the list', async () => {
  await manager.click('link', t('certificates'));
  for (const { realName } of bank.authority.people) await manager.waitForText(realName);
  await picture(manager, 'list');
});

test('signs in, and the bank’s server accepts the signature', async () => {
  const { page, window } = await askForSignIn(firefox, bank);
  await window.waitForText(new URL(bank.url).host);
  await window.click('radio', /홍길동/);
  await picture(window, 'approve');
  await approve(window);
  await window.waitUntilClosed();
  await page.front();
  await verdictAt(page);
  await picture(page, 'signed-in');
  await expectVerdict(page, '홍길동');
});

test('signs in with a locked wallet: one password opens it and signs', async () => {
  await lock(manager);
  const { page, window } = await askForSignIn(firefox, bank);
  expect(await window.text()).not.toContain('홍길동');
  await approve(window);
  await window.waitForText(t('approve_opened', { act: t('approve_sign_in') }));
  await window.click('radio', /김상점/);
  await picture(window, 'approve-opened');
  await confirm(window);
  await expectVerdict(page, '김상점');
});

test('signs in after a wrong password, of which the page learns nothing', async () => {
  const { page, window } = await askForSignIn(firefox, bank);
  await window.click('radio', /홍길동/);
  await approve(window, 'not the password');
  await window.waitForText(t('password_wrong'));
  await picture(window, 'approve-wrong');
  expect(await page.attribute('#message', 'data-state')).toBe('waiting');
  await window.front();
  await approve(window);
  await window.waitUntilClosed();
  await expectVerdict(page, '홍길동');
});

test('signs in although Firefox stopped the background meanwhile', async () => {
  const { page, window } = await askForSignIn(firefox, bank);
  await window.click('radio', /홍길동/);
  await firefox.stopBackground();
  await window.front();
  await approve(window);
  await window.waitUntilClosed();
  await expectVerdict(page, '홍길동');
});

test('C20: holds signing open, signs without the password, and ends it', async () => {
  await manager.front();
  await manager.click('link', t('settings'));
  await manager.click('link', t('security'));
  await manager.click('button', t('signing_turn_on'));
  await manager.type(t('wallet_password'), WALLET_PASSWORD);
  await manager.click('button', t('signing_hold'));
  await manager.waitForText(t('signing_left', { n: 15 }));
  await picture(manager, 'signing-on');
  const { page, window } = await askForSignIn(firefox, bank);
  await window.waitForText(t('approve_held', { n: 15 }));
  await window.click('radio', /홍길동/);
  await picture(window, 'approve-held');
  await confirm(window);
  await expectVerdict(page, '홍길동');
  await manager.front();
  await manager.click('button', t('signing_end'));
  await manager.find('button', t('signing_turn_on'));
});

test('says no with Escape', async () => {
  const { page, window } = await askForSignIn(firefox, bank);
  await window.press('Escape');
  await window.waitUntilClosed();
  expect(await codeAt(page)).toBe('user.cancelled');
});

test('says no by closing the window, which a stopped background learns of', async () => {
  const { page, window } = await askForSignIn(firefox, bank);
  await firefox.stopBackground();
  await window.close();
  expect(await codeAt(page)).toBe('user.cancelled');
});

test('takes the request back on the page, and the window goes', async () => {
  const { page, window } = await askForSignIn(firefox, bank);
  await page.front();
  await page.clickOn('#cancel');
  await window.waitUntilClosed();
  expect(await codeAt(page)).toBe('user.cancelled');
});

test('goes elsewhere in the tab, and the window goes', async () => {
  const { page, window } = await askForSignIn(firefox, bank);
  await page.go(`${bank.url}/?again`);
  await window.waitUntilClosed();
  expect(await page.text('#message')).toBe('');
});

test('a page with CSP: sandbox has no origin of its own and is not served', async () => {
  const page = await firefox.open(`${bank.url}/test/sandbox`);
  await page.clickOn('#sign-in');
  expect(await codeAt(page)).toBe('request.insecure');
  for (const tab of await firefox.tabs()) expect(await tab.url()).not.toContain('approve.html');
});
