import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { startBank, type Bank } from '../../../demo/bank.ts';
import { addAuthority, AUTHORITY, fillIssue, goTo, HOLDER, register } from '../../support/authority-journey.ts';
import { launch, type Browser } from '../../support/chromium.ts';
import { TestCa } from '../../support/demo-ca.ts';
import { addPasskey, approvalWindow, approveWithPassword, createWallet, person, WALLET_PASSWORD, type Person } from '../../support/journey.ts';
import { lookAt } from '../../support/look.ts';
import { clickNotice, inBackground, shownNotices, writeDownNotices } from '../../support/shown-notices.ts';
import { addVirtualPasskey } from '../../support/virtual-passkey.ts';

let ca: TestCa;
let bank: Bank;
let profile: string;
let who: Person;
let manager: Page;
let last = 20_000_000;

async function open(): Promise<Browser> {
  const browser = await launch({ profile });
  who = person(browser);
  return browser;
}

test.beforeAll(async () => {
  ca = await TestCa.start();
  bank = await startBank({ port: 0, host: '127.0.0.1', dataFolder: ca.dataFolder, office: { url: ca.url, token: 'test' } });
  profile = mkdtempSync(join(tmpdir(), 'dojang-lifecycle-'));
  await open();
  manager = await createWallet(who);
  await addAuthority(who, manager, ca);
});

test.afterAll(async () => {
  await who.browser.close();
  await bank.close();
  await ca.close();
  rmSync(profile, { recursive: true, force: true });
});

const go = (path: string): Promise<unknown> => goTo(manager, path);

async function fillNumbers(): Promise<void> {
  const reference = String(++last);
  await register(ca, reference);
  await fillIssue(who, manager, reference);
}

async function submit(key: `${'issue' | 'renew_here' | 'revoke' | 'hold' | 'release'}_submit`): Promise<void> {
  await manager.getByRole('button', { name: who.t(key), exact: true }).click();
}

/** Puts away the end of a run that is shown. */
async function seen(act: 'issue' | 'revoke' | 'hold' | 'release'): Promise<void> {
  const { t } = who;
  const name = t('run_title', { act: t(`run_act_${act}`), name: t('test_authority_mark', { name: AUTHORITY }) });
  const run = manager.getByRole('region', { name, exact: true });
  await run.getByRole('button', { name: t('run_seen') }).click();
  await expect(run).toHaveCount(0);
}

/** @param look runs in the approval window before the password is typed */
async function signIn(look: (window: Page) => Promise<void> = () => Promise.resolve()): Promise<Page> {
  const page = await who.browser.context.newPage();
  await page.goto(bank.url);
  const window = await approvalWindow(who, () => page.locator('#sign-in').click());
  await look(window);
  await approveWithPassword(who, window);
  return page;
}

/** On the page of a certificate: held, it is renewed nowhere and can be restored; restored, it is as before. */
async function pauseAndRestore(): Promise<void> {
  const { t } = who;
  const path = new URL(manager.url()).hash;
  for (const act of ['hold', 'release'] as const) {
    await manager.getByRole('link', { name: t(act), exact: true }).click();
    await manager.getByLabel(t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
    await lookAt(manager, `lifecycle/${act}`, 360);
    await submit(`${act}_submit`);
    await expect(manager.getByText(t(`run_confirmed_${act}`))).toBeVisible({ timeout: 30_000 });
    await seen(act);
    await go(path);
    await expect(manager.getByText(t('renew_not_held'))).toHaveCount(act === 'hold' ? 1 : 0);
  }
}

/** On the page that revokes a certificate: a touch that fails ends nothing else, and the next one revokes. */
async function revokeByTouch(): Promise<void> {
  const { t } = who;
  const path = new URL(manager.url()).hash;
  const passkey = await addVirtualPasskey(manager);
  await go('#/security');
  await addPasskey(who, manager, '노트북');
  await expect(manager.getByText(t('ways_done_passkey_added'))).toBeVisible();
  await go(path);
  await manager.getByLabel(t('revoke_reason_keyCompromise')).check();
  const word = manager.getByLabel(t('revoke_type', { word: t('revoke_word') }));
  await word.fill(t('revoke_word'));
  const touch = manager.getByRole('button', { name: t('revoke_by_passkey') });
  await passkey.badVerification(true);
  await touch.click();
  await expect(manager.getByText(new RegExp(`${t('passkey_refused')}|${t('passkey_failed')}`))).toBeVisible();
  await expect(word).toHaveValue(t('revoke_word'));
  await passkey.badVerification(false);
  await touch.click();
}

/** Days later the system tells of the certificate, which ends soon; a click on that leads to its renewal guide. */
async function followNotification(): Promise<void> {
  const { t, browser } = who;
  await writeDownNotices(browser);
  const later = `globalThis.trueNow = Date.now; Date.now = () => trueNow() + 7 * 86_400_000`;
  await inBackground(browser, `${later}; chrome.alarms.create('notices', { when: trueNow(), periodInMinutes: 1440 })`);
  const told = async (): Promise<string> => (await shownNotices(browser)).find(([name]) => name.startsWith('expiry/'))?.[0] ?? '';
  await expect.poll(told).not.toBe('');
  await inBackground(browser, 'Date.now = trueNow; undefined');
  const name = await told();
  const [guide] = await Promise.all([browser.context.waitForEvent('page'), clickNotice(browser, name)]);
  const [heading, password] = [guide.getByRole('heading', { level: 1, name: t('renewal') }), guide.getByLabel(t('wallet_password'), { exact: true })];
  await expect(heading.or(password)).toBeVisible();
  // For the background the wallet's time was over meanwhile.
  if (await password.isVisible()) {
    await password.fill(WALLET_PASSWORD);
    await password.press('Enter');
  }
  await expect(heading).toBeVisible({ timeout: 30_000 });
  await go(new URL(guide.url()).hash);
  await guide.close();
}

test('a person gets a certificate, signs in with it, renews it from the notification, suspends and restores it, revokes it by the touch of a passkey, and the bank refuses it (story 24)', async () => {
  const { t } = who;
  await fillNumbers();
  await lookAt(manager, 'lifecycle/issue', 360);
  await submit('issue_submit');
  await expect(manager.getByText(t('run_confirmed_issue'))).toBeVisible({ timeout: 30_000 });
  await lookAt(manager, 'lifecycle/issued', 360);
  await seen('issue');

  const page = await signIn();
  await page.waitForURL('**/account');
  await expect(page.locator('#facts')).toContainText(HOLDER);
  await page.close();

  await followNotification();
  ca.ahead += 1000; // certificates have whole seconds
  await manager.getByRole('link', { name: t('renew_here') }).click();
  await manager.getByLabel(t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
  await lookAt(manager, 'lifecycle/renew', 360);
  await submit('renew_here_submit');
  await expect(manager.getByText(t('run_confirmed_renew'))).toBeVisible({ timeout: 30_000 });
  await manager.getByRole('link', { name: t('run_show') }).click();

  await pauseAndRestore();
  await manager.getByRole('link', { name: t('revoke'), exact: true }).click();
  await manager.getByLabel(t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
  await submit('revoke_submit');
  await expect(manager.getByText(t('revoke_mistyped', { word: t('revoke_word') }))).toBeVisible();
  await lookAt(manager, 'lifecycle/revoke', 360);
  await revokeByTouch();
  await expect(manager.getByText(t('run_confirmed_revoke'))).toBeVisible({ timeout: 30_000 });
  await seen('revoke');

  // The wallet knows of the one that was revoked here; what the renewal ended is still there to choose, and the bank knows.
  const refused = await signIn(async (window) => {
    await expect(window.getByText(t('certificate_revoked'))).toHaveCount(1);
  });
  await expect(refused.locator('#message')).toHaveAttribute('data-code', 'certificate.revoked');
  await refused.close();
});

/** The nth message from now on reaches the authority, and its answer never the wallet. Gives what waits for that. */
async function loseAnswer(nth: number): Promise<() => Promise<void>> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  let posts = 0;
  await manager.route('**/.well-known/cmp', async (route) => {
    if (++posts < nth) return route.continue();
    await route.fetch();
    resolve(undefined);
  });
  return () => promise;
}

/** Three notices stand in the popup, the worst first, and all of them where the last line leads. */
async function followNotices(): Promise<void> {
  const { t, browser } = who;
  const popup = await browser.open('popup.html');
  const lines = popup.getByRole('list', { name: t('popup_notices') }).getByRole('link');
  await expect(lines).toHaveCount(4);
  await expect(lines.first()).toContainText(t('notice_runs', { n: 1 }));
  await expect(lines.first()).toBeFocused();
  await lookAt(popup, 'lifecycle/popup', 360);
  const [all] = await Promise.all([browser.context.waitForEvent('page'), lines.last().click()]);
  await expect(all.getByRole('heading', { level: 1, name: t('to_do') })).toBeFocused();
  const every = all.getByRole('list', { name: t('popup_notices') }).getByRole('link');
  await expect(every).toHaveCount(4);
  await expect(every.last()).toContainText(t('notice_recovery_code'));
  await lookAt(all, 'lifecycle/to-do', 360);
  await every.first().click();
  await expect(all.getByText(t('run_sent'))).toBeVisible();
  await all.close();
}

test('[D27] a browser that ends while an answer is under way goes on afterwards, to the truth', async () => {
  // The certificate for the identifier is asked for first, then the certificates, then they are confirmed.
  for (const nth of [3, 2]) {
    await fillNumbers();
    const lost = await loseAnswer(nth);
    await submit('issue_submit');
    await lost();
    await who.browser.close();
    await open();
    manager = await who.browser.open('manager.html#/');
    await manager.getByLabel(who.t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
    await manager.keyboard.press('Enter');
    if (nth === 2) {
      await expect(manager.getByText(who.t('run_sent'))).toBeVisible({ timeout: 30_000 });
      await followNotices();
      await manager.getByRole('button', { name: who.t('run_resume') }).click();
    }
    await expect(manager.getByText(who.t('run_confirmed_issue'))).toBeVisible({ timeout: 30_000 });
    await seen('issue');
  }
});
