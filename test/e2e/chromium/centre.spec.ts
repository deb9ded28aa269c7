import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { startBank, type Bank } from '../../../demo/bank.ts';
import { CENTRE_TEXTS } from '../../../demo/centre-texts.ts';
import { CUSTOMERS, SHOW_CODE } from '../../../demo/customers.ts';
import { testAuthorityId } from '../../../lib/cmp/directory/test-authority.ts';
import { certificateFingerprint, readCertificate } from '../../../lib/npki/certificate.ts';
import type { connectWallet as connectWalletOf } from '../../../lib/page/dojang.ts';
import { addAuthority, AUTHORITY } from '../../support/authority-journey.ts';
import { launch } from '../../support/chromium.ts';
import { TestCa } from '../../support/demo-ca.ts';
import {
  approvalWindow,
  approveWithPassword,
  askFrom,
  confirmInWindow,
  createWallet,
  person,
  WALLET_PASSWORD,
  type Person,
} from '../../support/journey.ts';
import { lookAt } from '../../support/look.ts';

const HOLDER = '박신규';
const words = CENTRE_TEXTS.ko;

let ca: TestCa;
let bank: Bank;
let caId: string;
let profile: string;
let who: Person;
let manager: Page;
let page: Page;

test.beforeAll(async () => {
  ca = await TestCa.start();
  caId = testAuthorityId(await certificateFingerprint(readCertificate(ca.authority.issuing)));
  bank = await startBank({ port: 0, host: '127.0.0.1', dataFolder: ca.dataFolder, office: { url: ca.url, token: 'test' } });
  profile = mkdtempSync(join(tmpdir(), 'dojang-centre-'));
  who = person(await launch({ profile }));
  manager = await createWallet(who);
  await addAuthority(who, manager, ca);
  page = await who.browser.context.newPage();
  await enter();
});

test.afterAll(async () => {
  await who.browser.close();
  await bank.close();
  await ca.close();
  rmSync(profile, { recursive: true, force: true });
});

/** The identity check of the bank. */
async function enter(): Promise<void> {
  await page.goto(`${bank.url}/certificates?lang=ko`);
  await page.getByLabel(HOLDER, { exact: true }).check();
  await page.getByRole('textbox').fill(SHOW_CODE);
  await page.getByRole('button', { name: words.identify.submit }).click();
  await expect(page.getByText(words.hello(HOLDER))).toBeVisible();
}

/** A page in a background tab opens no window. */
async function windowOf(act: () => Promise<unknown>): Promise<Page> {
  await page.bringToFront();
  return approvalWindow(who, act);
}

const press = (name: string | RegExp): Promise<void> => page.getByRole('button', { name }).first().click();

/** Confirms in the approval window, which closes by itself once the page has its answer. */
async function confirm(window: Page, label: string, done: string): Promise<void> {
  await approveWithPassword(who, window, WALLET_PASSWORD, label);
  await expect(page.locator('#told')).toHaveText(done, { timeout: 60_000 });
  if (!window.isClosed()) await window.waitForEvent('close');
}

async function lock(): Promise<void> {
  await manager.getByRole('button', { name: who.t('lock_now') }).click();
  await expect(manager.getByText(who.t('unlock_heading'))).toBeVisible();
}

/** Who signs in, or the code of the bank's refusal. */
async function signIn(choose?: (window: Page) => Promise<void>): Promise<string> {
  const tab = await who.browser.context.newPage();
  await tab.goto(bank.url);
  const window = await approvalWindow(who, () => tab.locator('#sign-in').click());
  await choose?.(window);
  await approveWithPassword(who, window);
  const outcome = await Promise.race([
    tab.waitForURL('**/account').then(() => tab.locator('#facts').textContent()),
    tab.locator('#message[data-state=failed]').getAttribute('data-code'),
  ]);
  await tab.close();
  return outcome ?? '';
}

test('a customer has a certificate issued at the bank’s page, signs in with it, registers it and has it reissued (story 26)', async () => {
  const { t } = who;
  await press(words.issue.submit);
  await expect(page.locator('#reference')).toBeVisible();
  const window = await windowOf(() => press(words.numbers.here));
  await expect(window.getByRole('heading', { name: t('approve_issue') })).toBeVisible();
  await expect(window.getByText(t('test_authority_mark', { name: AUTHORITY }))).toBeVisible();
  await expect(window.getByText(t('approve_issue_both'))).toBeVisible();
  await expect(window.getByText((await page.locator('#reference').textContent()) ?? '?')).toBeVisible();
  await expect(window.getByText((await page.locator('#code').textContent()) ?? '?')).toHaveCount(0);
  await lookAt(window, 'centre/issue', 360);
  await confirm(window, t('approve_issue_submit'), words.done.issue);
  expect(await signIn()).toContain(HOLDER);

  const registering = await windowOf(() => press(words.register.submit));
  await approveWithPassword(who, registering);
  await expect(page.locator('#told')).toHaveText(words.done.register, { timeout: 30_000 });
  await expect(page.getByText(words.register.registered)).toBeVisible();

  await press(new RegExp(`^${words.mine.reissue}`));
  const again = await windowOf(() => press(words.numbers.here));
  await expect(again.getByText(t('approve_reissue_ends'))).toBeVisible();
  await confirm(again, t('approve_issue_submit'), words.done.issue);
  await expect(page.getByText(words.mine.states.revoked, { exact: true })).toHaveCount(1);
});

/** A certificate of the customer that ends in some days, which the bank's own page would not give. */
async function issueShort(days: number): Promise<void> {
  const request = {
    ca: caId,
    referenceNumber: '61234567',
    authorizationCode: 'CODE1001ABCDEFGHIJKL',
    certificates: ['sign'],
  };
  const { idNumber } = CUSTOMERS.find(({ realName }) => realName === HOLDER)!;
  const person = { name: HOLDER, number: idNumber, ref: request.referenceNumber, code: request.authorizationCode, km: false, days };
  expect((await ca.post('/ra/registrations', person)).status).toBe(200);
  const window = await windowOf(() => page.evaluate(startIssue, request));
  await expect(window.getByText(who.t('approve_issue_sign'))).toBeVisible();
  await approveWithPassword(who, window, WALLET_PASSWORD, who.t('approve_issue_submit'));
  await expect.poll(() => page.evaluate(() => Reflect.get(window, 'outcome') as unknown), { timeout: 60_000 }).toBe('1 sign');
  await page.goto(`${bank.url}/certificates`);
}

/** As a bank's own page does it. Runs in the page. */
async function startIssue(request: object): Promise<void> {
  const library = '/dojang.js';
  const { connectWallet } = (await import(library)) as { connectWallet: typeof connectWalletOf };
  const wallet = await connectWallet();
  void wallet
    .issue(request as Parameters<typeof wallet.issue>[0])
    .then(({ certificates }) => `${certificates.length} ${certificates.map(({ use }) => use).join()}`)
    .catch((thrown: unknown) => String(Reflect.get(Object(thrown), 'code')))
    .then((outcome) => Reflect.set(window, 'outcome', outcome));
}

test('a customer renews with a locked wallet, which asks for one secret, and revokes for good', async () => {
  const { t } = who;
  await issueShort(20);
  await lock();
  ca.ahead += 1000; // certificates have whole seconds
  const window = await windowOf(() => page.getByRole('button', { name: words.mine.renewHere }).last().click());
  await expect(window.getByText(t('approve_act_locked'))).toBeVisible();
  await lookAt(window, 'centre/renew-locked', 360);
  await approveWithPassword(who, window, WALLET_PASSWORD, t('unlock'));
  await expect(window.getByRole('radio', { checked: true })).toHaveCount(1, { timeout: 30_000 });
  await expect(window.getByLabel(t('wallet_password'), { exact: true })).toHaveCount(0);
  await lookAt(window, 'centre/renew', 360);
  const told = (done: string): Promise<void> => expect(page.locator('#told')).toHaveText(done, { timeout: 5_000 });
  const submit = (label: string): Promise<void> => window.getByRole('button', { name: label, exact: true }).click();
  await confirmInWindow(
    who,
    window,
    () => submit(t('renew_here_submit')),
    () => told(words.done.renew),
    t('renew_here_submit'),
  );

  const revoking = await windowOf(() => page.getByRole('button', { name: words.mine.revokeHere }).last().click());
  await revoking.getByLabel(t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
  await revoking.getByLabel(t('revoke_reason_keyCompromise')).check();
  await lookAt(revoking, 'centre/revoke', 360);
  await revoking.getByLabel(t('revoke_type', { word: t('revoke_word') })).fill(t('revoke_word'));
  await confirm(revoking, t('revoke_submit'), words.done.revoke);
  await expect(page.getByRole('listitem').last().getByText(words.mine.states.revoked, { exact: true })).toBeVisible();
});

test('a refusal of the authority is explained in the window, and the page hears one code (story 25)', async () => {
  const { t } = who;
  const request = {
    ca: caId,
    referenceNumber: '60000001',
    authorizationCode: 'CODE1001ABCDEFGHIJKL',
    certificates: ['sign'],
  };
  const window = await windowOf(() => page.evaluate(startIssue, request));
  await approveWithPassword(who, window, WALLET_PASSWORD, t('approve_issue_submit'));
  await expect(window.getByText(t('refusal_code_wrong'))).toBeVisible({ timeout: 30_000 });
  await lookAt(window, 'centre/refused', 360);
  await window.getByRole('button', { name: t('close') }).click();
  await expect.poll(() => page.evaluate(() => Reflect.get(window, 'outcome') as unknown)).toBe('ca.refused');

  const unknown = await windowOf(() => page.evaluate(startIssue, { ...request, ca: 'elsewhere' }));
  await expect(unknown.getByText(t('approve_unknown_authority'))).toBeVisible();
  // The window may be gone before the key is up again.
  await unknown.keyboard.press('Escape').catch(() => undefined);
  await expect.poll(() => page.evaluate(() => Reflect.get(window, 'outcome') as unknown)).toBe('user.cancelled');
});

test('an address that resembles another one gets no certificate before a second look', async () => {
  const { t } = who;
  const request = { ca: caId, referenceNumber: '60000001', authorizationCode: 'CODE1001ABCDEFGHIJKL', certificates: ['sign'] };
  const window = await windowOf(() => page.evaluate(startIssue, request));
  await askFrom(manager, 'https://www.kbstra.com');
  await window.reload();
  await expect(window.getByText(t('tag_lookalike'), { exact: true })).toBeVisible();
  const box = window.getByRole('checkbox', { name: t('approve_lookalike_seen') });
  const field = window.getByLabel(t('wallet_password'), { exact: true });
  await field.fill(WALLET_PASSWORD);
  const looked = (): Promise<void> => expect(box).toBeFocused({ timeout: 1_000 });
  await confirmInWindow(who, window, () => field.press('Enter'), looked, t('approve_issue_submit'));
  await expect(window.getByRole('alert').filter({ hasText: t('approve_lookalike_unseen') })).toBeVisible();
  await window.keyboard.press('Escape').catch(() => undefined);
});
