/** Signing that is held open (서명 열어 두기), locks that meet an open request, and what the heap still holds after one. */
import { expect, test, type Page } from '@playwright/test';
import { DEMO_PASSWORD } from '../../../demo/people.ts';
import { stopBackground } from '../../support/chromium.ts';
import { heapStrings } from '../../support/heap.ts';
import { approvalWindow, approveWithPassword, confirmInWindow, lockWallet, waitForGuard, WALLET_PASSWORD } from '../../support/journey.ts';
import { lookAt } from '../../support/look.ts';
import { openScene, type Scene } from '../../support/scene.ts';

type Texts = Record<string, string>;
interface Session {
  get(key: null): Promise<Texts>;
  set(texts: Texts): Promise<void>;
}

let scene: Scene;

test.beforeAll(async () => {
  scene = await openScene({ only: '홍길동' });
});

test.afterAll(async () => {
  expect(scene.browser.problems).toEqual([]);
  await scene.close();
});

test.setTimeout(120_000);

const press = (bank: Page): Promise<void> => bank.locator('#sign-in').click();
const sessionTexts = (): Promise<Texts> =>
  scene.manager.evaluate(() => (globalThis as unknown as { chrome: { storage: { session: Session } } }).chrome.storage.session.get(null));

/** Makes times that the session keeps earlier, by name. No alarm rings for it. */
async function makeEarlier(ms: number, names: readonly string[]): Promise<void> {
  const change = { ms, names };
  await scene.manager.evaluate(async ({ ms, names }) => {
    const { session } = (globalThis as unknown as { chrome: { storage: { session: Session } } }).chrome.storage;
    const texts = await session.get(null);
    const changed: Texts = {};
    for (const key of ['djw1.u', 'djw1.sk']) {
      const earlier = (name: string, value: unknown): unknown =>
        typeof value === 'number' && (names.includes(name) || names.includes(`${key} ${name}`)) ? value - ms : value;
      if (key in texts) changed[key] = JSON.stringify(JSON.parse(texts[key]!, earlier));
    }
    await session.set(changed);
  }, change);
}

/** As if the computer had slept for so long. */
const sleep = (minutes: number): Promise<void> => makeEarlier(minutes * 60_000, ['start', 'deadline', 'lastSeen', 'signingUntil']);

async function badge(): Promise<string> {
  return scene.manager.evaluate(() =>
    (globalThis as unknown as { chrome: { action: { getBadgeText(of: object): Promise<string> } } }).chrome.action.getBadgeText({}),
  );
}

async function goTo(path: string): Promise<void> {
  await scene.manager.bringToFront();
  await scene.manager.goto(new URL(path, scene.manager.url()).href);
}

async function hold(password = WALLET_PASSWORD): Promise<void> {
  const { t, manager } = scene;
  await goTo('#/security');
  await manager.getByRole('button', { name: t('signing_turn_on') }).click();
  const dialog = manager.getByRole('dialog');
  await dialog.getByLabel(t('wallet_password'), { exact: true }).fill(password);
  await dialog.getByRole('button', { name: t('signing_hold') }).click();
}

async function confirm(window: Page): Promise<void> {
  await confirmInWindow(
    scene,
    window,
    () => window.getByRole('button', { name: scene.t('approve_sign_in'), exact: true }).click(),
    () => expect.poll(() => window.isClosed(), { timeout: 2_000 }).toBe(true),
  );
}

async function expectSignedIn(bank: Page): Promise<void> {
  await bank.waitForURL('**/account');
  await expect(bank.locator('#facts')).toContainText('홍길동');
  await bank.close();
}

async function expectRefused(bank: Page): Promise<void> {
  await expect(bank.locator('#message')).toHaveAttribute('data-code', 'user.cancelled');
  await bank.close();
}

const field = (window: Page) => window.getByLabel(scene.t('wallet_password'), { exact: true });

test('C20: signing is held open for a quarter of an hour: seen, used without the password, ended by one click (story 36)', async () => {
  const { t, manager } = scene;
  await goTo('#/security');
  await lookAt(manager, 'signing-off', 1280);
  await manager.getByRole('button', { name: t('signing_turn_on') }).click();
  await expect(manager.getByText(t('signing_risk'))).toBeVisible();
  await lookAt(manager, 'signing-dialog', 360);
  await manager
    .getByRole('dialog')
    .getByRole('button', { name: t('cancel') })
    .click();
  expect(await badge()).toBe('');

  await hold('not the password');
  await expect(manager.getByText(t('password_wrong'))).toBeVisible({ timeout: 30_000 });
  await manager
    .getByRole('dialog')
    .getByRole('button', { name: t('cancel') })
    .click();
  await hold();
  await expect(manager.getByText(t('signing_left', { n: 15 }))).toBeVisible({ timeout: 30_000 });
  await lookAt(manager, 'signing-on', 360);
  await expect.poll(badge).toBe(t('signing_badge', { n: 15 }));

  const first = await scene.openBank();
  await stopBackground(scene.browser);
  const held = await approvalWindow(scene, () => press(first));
  await expect(held.getByRole('radio', { name: /홍길동/ })).toBeChecked();
  await expect(held.getByText(t('approve_held', { n: 15 }))).toBeVisible();
  await expect(field(held)).toHaveCount(0);
  await waitForGuard(scene, held);
  // Somebody who is typing when the window comes confirms nothing.
  await held.keyboard.press('Enter');
  await lookAt(held, 'signing-approve', 480);
  await waitForGuard(scene, held);
  expect(first.url()).not.toContain('/account');
  await confirm(held);
  await expectSignedIn(first);

  await goTo('#/security');
  await manager.getByRole('button', { name: t('code_make') }).click();
  await expect(manager.getByRole('dialog').getByText(t('ways_password_again'))).toBeVisible();
  await manager
    .getByRole('dialog')
    .getByRole('button', { name: t('cancel') })
    .click();

  const popup = await scene.browser.open('popup.html');
  await expect(popup.getByText(t('signing_left', { n: 15 }))).toBeVisible();
  await lookAt(popup, 'signing-popup', 360);
  await popup.getByRole('button', { name: t('signing_end') }).click();
  await expect(popup.getByRole('button', { name: t('lock_now') })).toBeFocused();
  await expect(popup.getByRole('button', { name: t('signing_end') })).toHaveCount(0);
  await popup.close();
  expect(Object.keys(await sessionTexts())).not.toContain('djw1.sk');
  await expect.poll(badge).toBe('');
  const bank = await scene.openBank();
  const window = await approvalWindow(scene, () => press(bank));
  await approveWithPassword(scene, window);
  await expectSignedIn(bank);
});

test('signing that ends under an open window brings the field back', async () => {
  const { t } = scene;
  await hold();
  await expect.poll(badge).toBe(t('signing_badge', { n: 15 }));
  const bank = await scene.openBank();
  const window = await approvalWindow(scene, () => press(bank));
  await expect(window.getByText(t('approve_held', { n: 15 }))).toBeVisible();
  await makeEarlier(15 * 60_000 - 10_000, ['djw1.u signingUntil', 'djw1.sk deadline']);
  await expect(window.getByText(t('approve_held', { n: 1 }))).toBeVisible();
  await expect(field(window)).toBeVisible();
  expect(Object.keys(await sessionTexts())).not.toContain('djw1.sk');
  await approveWithPassword(scene, window);
  await expectSignedIn(bank);
});

test('E9: a computer that slept past the deadlines asks again, with the background stopped and the alarm late', async () => {
  const { t } = scene;
  await hold();
  await expect.poll(badge).toBe(t('signing_badge', { n: 15 }));
  const bank = await scene.openBank();
  await stopBackground(scene.browser);
  await sleep(16);
  const window = await approvalWindow(scene, () => press(bank));
  await expect(window.getByText(t('approve_locked'))).toBeVisible();
  await expect(field(window)).toBeVisible();
  for (const key of ['djw1.u', 'djw1.rows', 'djw1.sk']) expect(Object.keys(await sessionTexts())).not.toContain(key);
  await approveWithPassword(scene, window);
  await expectSignedIn(bank);
});

test('E10: a lock by hand, and one by itself, end a request that stands open with text typed (story 46)', async () => {
  const { manager } = scene;
  for (const lock of [() => lockWallet(scene, manager), () => sleep(6)]) {
    const bank = await scene.openBank();
    const window = await approvalWindow(scene, () => press(bank));
    await field(window).fill('half a pass');
    await manager.bringToFront();
    await Promise.all([window.waitForEvent('close'), lock()]);
    await expectRefused(bank);
    await manager.bringToFront();
    await manager.getByLabel(scene.t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
    await manager.getByRole('button', { name: scene.t('unlock'), exact: true }).click();
    await expect(manager.getByRole('button', { name: scene.t('lock_now') })).toBeVisible({ timeout: 30_000 });
  }
});

test('E8: after a lock no heap of ours names a password or a key', async () => {
  const { t, manager } = scene;
  await hold();
  await expect(manager.getByText(t('signing_left', { n: 15 }))).toBeVisible({ timeout: 30_000 });
  const bank = await scene.openBank();
  const window = await approvalWindow(scene, () => press(bank));
  await confirm(window);
  await expectSignedIn(bank);
  const texts = await sessionTexts();
  const { lk } = JSON.parse(texts['djw1.u']!) as { lk: string };
  const { sk } = JSON.parse(texts['djw1.sk']!) as { sk: string };
  await manager.bringToFront();
  await lockWallet(scene, manager);
  const heaps = await heapStrings(scene.browser);
  const kinds = [...heaps.keys()].map((name) => name.split(' ')[0]);
  expect(new Set(kinds)).toEqual(new Set(['page', 'service_worker', 'worker']));
  // The search itself works.
  expect([...heaps].filter(([, strings]) => strings.some((text) => text.includes('djw1.sk'))).length).toBeGreaterThan(1);
  const named: string[] = [];
  for (const [where, strings] of heaps)
    for (const [what, secret] of Object.entries({ WALLET_PASSWORD, DEMO_PASSWORD, lk, sk }))
      for (const text of strings) if (text.includes(secret)) named.push(`${what} in ${where}`);
  expect(named).toEqual([]);
});
