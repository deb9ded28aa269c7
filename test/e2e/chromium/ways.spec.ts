/** The ways into the wallet in a real browser: passkeys, recovery code, a changed password, the wait after wrong ones. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { launch, ROOT } from '../../support/chromium.ts';
import {
  addPasskey,
  approvalWindow,
  approveWithPassword,
  confirmInDialog,
  createWallet,
  lockWallet,
  person,
  proveSheet,
  readSheet,
  confirmInWindow,
  waitForGuard,
  WALLET_PASSWORD,
  type Person,
} from '../../support/journey.ts';
import { lookAt } from '../../support/look.ts';
import { openScene, type Scene } from '../../support/scene.ts';
import { addVirtualPasskey } from '../../support/virtual-passkey.ts';

const NEW_PASSWORD = '눈 내린 산길을 걷다 2027';
const at = (page: Page, path: string): Promise<unknown> => page.goto(new URL(path, page.url()).href);

async function makeCode(who: Person, page: Page, replace = false): Promise<string> {
  const { t } = who;
  await page.getByRole('button', { name: t(replace ? 'code_renew' : 'code_make') }).click();
  await confirmInDialog(who, page, t('code_make_now'));
  return readSheet(who, page);
}

async function unlock({ t }: Person, page: Page, password: string): Promise<void> {
  await page.getByLabel(t('wallet_password'), { exact: true }).fill(password);
  await page.getByRole('button', { name: t('unlock'), exact: true }).click();
}

async function fillChange({ t }: Person, page: Page, current: { password: string } | { code: string }, next = NEW_PASSWORD): Promise<void> {
  if ('code' in current) await page.getByLabel(t('code'), { exact: true }).fill(current.code);
  else await page.getByLabel(t('password_current'), { exact: true }).fill(current.password);
  await page.getByLabel(t('password_new_field'), { exact: true }).fill(next);
  await page.getByLabel(t('password_new_again'), { exact: true }).fill(next);
  await page.getByRole('button', { name: t('password_change_now') }).click();
}

const signedIn = async (bank: Page): Promise<void> => {
  await bank.waitForURL('**/account');
  await expect(bank.locator('#facts')).toContainText('홍길동');
};

async function withScene(act: (scene: Scene) => Promise<void>, locale: 'ko' | 'en' = 'ko', dark = false): Promise<void> {
  const scene = await openScene({ only: '홍길동', locale, dark });
  try {
    await act(scene);
    expect(scene.browser.problems).toEqual([]);
  } finally {
    await scene.close();
  }
}

test.setTimeout(180_000);

test('a passkey is enrolled, opens the wallet, and approves a sign-in by touch alone (story 37)', async () => {
  await withScene(async (scene) => {
    const { t, manager } = scene;
    const bank = await scene.openBank();
    const window = await approvalWindow(scene, () => bank.locator('#sign-in').click());
    const request = window.url();
    // A virtual authenticator belongs to one page, so the wallet's other screens are opened in this window too.
    await addVirtualPasskey(window);
    await window.goto(manager.url().replace(/#.*/, '#/security'));
    await addPasskey(scene, window, '사무실 노트북');
    await expect(window.getByText(t('ways_done_passkey_added'))).toBeVisible();
    await expect(window.getByText('사무실 노트북', { exact: true })).toBeVisible();
    await expect(window.getByText(t('passkey_here_only'))).toBeVisible();
    await window.goto(request);
    await window.setViewportSize({ width: 480, height: 720 });
    await waitForGuard(scene, window);
    await window.screenshot({ path: join(ROOT, '.output/screens/ways-approve.png') });
    await confirmInWindow(
      scene,
      window,
      () => window.getByRole('button', { name: t('approve_by_passkey') }).click(),
      () => expect.poll(() => window.isClosed(), { timeout: 2_000 }).toBe(true),
    );
    await signedIn(bank);
  });
});

test('E14, E15: a touch without verification, a passkey of another extension id, a deleted one and one without PRF are refused, and the password still works', async () => {
  await withScene(async (scene) => {
    const { t, manager } = scene;
    const passkey = await addVirtualPasskey(manager);
    await at(manager, '#/security');
    await addPasskey(scene, manager, '키');
    await expect(manager.getByText(t('ways_done_passkey_added'))).toBeVisible();
    await lockWallet(scene, manager);
    const touch = manager.getByRole('button', { name: t('unlock_by_passkey') });

    await passkey.verified(false);
    await touch.click();
    await expect(manager.getByText(t('passkey_failed'))).toBeVisible();
    await passkey.verified(true);
    await passkey.badVerification(true);
    await touch.click();
    // Some versions of the browser refuse it before we do.
    await expect(manager.getByText(new RegExp(`${t('passkey_refused')}|${t('passkey_failed')}`))).toBeVisible();
    await passkey.badVerification(false);
    await passkey.moveTo('chrome-extension://abcdefghijklmnopabcdefghijklmnop');
    await touch.click();
    await expect(manager.getByText(t('passkey_failed'))).toBeVisible();
    await passkey.forget();
    await touch.click();
    await expect(manager.getByText(t('passkey_failed'))).toBeVisible();
    await passkey.remove();
    await lookAt(manager, 'ways-unlock-refused', 360);

    await unlock(scene, manager, WALLET_PASSWORD);
    await expect(manager.getByRole('heading', { name: t('security') })).toBeVisible();
    await lookAt(manager, 'ways-passkeys', 1280);
    await lookAt(manager, 'ways-passkeys-narrow', 360);
    await at(manager, '#/password');
    await lookAt(manager, 'ways-change', 1280);
    await lookAt(manager, 'ways-change-narrow', 360);
    await at(manager, '#/security');
    const without = await addVirtualPasskey(manager, { prf: false });
    await addPasskey(scene, manager, '다른 키');
    await expect(manager.getByText(t('passkey_unsupported'))).toBeVisible();
    await without.remove();
    await manager.getByRole('button', { name: t('cancel') }).click();
    await expect(manager.getByText('다른 키', { exact: true })).toHaveCount(0);

    // Renamed, and removed: the last way in stays and has no button to remove it.
    await manager.getByRole('button', { name: t('passkey_rename_what', { what: '키' }) }).click();
    await manager.getByRole('textbox', { name: t('passkey_name') }).fill('집 열쇠');
    await manager.keyboard.press('Enter');
    await expect(manager.getByText('집 열쇠', { exact: true })).toBeVisible();
    await manager.getByRole('button', { name: t('passkey_remove_what', { what: '집 열쇠' }) }).click();
    await confirmInDialog(scene, manager, t('passkey_remove'), 'not the password');
    await expect(manager.getByText(t('password_wrong'))).toBeVisible();
    await confirmInDialog(scene, manager, t('passkey_remove'));
    await expect(manager.getByText(t('ways_done_passkey_removed'))).toBeVisible();
    await expect(manager.getByRole('heading', { name: t('passkeys'), exact: true })).toBeFocused();
    await expect(manager.getByRole('button', { name: t('passkey_remove'), exact: true })).toHaveCount(0);
    await lockWallet(scene, manager);
    await expect(manager.getByRole('button', { name: t('unlock_by_passkey') })).toHaveCount(0);
  });
});

test('E13, E18: the recovery code, mistyped, confusable, old and right, sets a new password; sign-in works and the old one is refused (story 38)', async () => {
  await withScene(async (scene) => {
    const { t, manager, browser } = scene;
    await at(manager, '#/security');
    const first = await makeCode(scene, manager);
    await lookAt(manager, 'ways-code', 1280);
    await lookAt(manager, 'ways-code-narrow', 360);
    await manager.emulateMedia({ media: 'print' });
    await manager.screenshot({ path: join(ROOT, '.output/screens/ways-print.png'), fullPage: true });
    await expect(manager.getByRole('button', { name: t('lock_now') })).toBeHidden();
    await expect(manager.getByText(t('code_sheet'))).toBeVisible();
    await manager.emulateMedia({ media: 'screen' });
    await proveSheet(scene, manager, 'AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA');
    await expect(manager.getByText(t('code_groups_wrong'))).toBeVisible();
    await proveSheet(scene, manager, first);
    await expect(manager.getByText(t('code_kept'))).toBeVisible();
    await manager.getByRole('button', { name: t('close'), exact: true }).click();
    await expect(manager.getByRole('button', { name: t('code_renew') })).toBeFocused();
    const second = await makeCode(scene, manager, true);
    await proveSheet(scene, manager, second);

    const other = await browser.open('manager.html#/');
    await expect(other.getByRole('link', { name: /홍길동/ })).toBeVisible();
    await lockWallet(scene, manager);
    await manager.getByRole('button', { name: t('unlock_by_code') }).click();
    await expect(manager.getByRole('heading', { name: t('password_by_code') })).toBeVisible();
    await fillChange(scene, manager, { code: second.slice(0, -1) + (second.endsWith('A') ? 'B' : 'A') });
    await expect(manager.getByText(t('recovery_mistyped'))).toBeVisible();
    await fillChange(scene, manager, { code: first });
    await expect(manager.getByText(t('recovery_wrong'))).toBeVisible({ timeout: 30_000 });
    await lookAt(manager, 'ways-by-code', 1280);
    await fillChange(scene, manager, { code: second.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l') });
    await expect(manager.getByRole('heading', { name: t('password_changed') })).toBeVisible({ timeout: 60_000 });
    expect(await readSheet(scene, manager)).not.toBe(second);
    await lookAt(manager, 'ways-changed', 1280);
    await expect(other.getByRole('heading', { name: t('unlock_heading') })).toBeVisible();

    await unlock(scene, other, WALLET_PASSWORD);
    await expect(other.getByText(new RegExp(`${t('password_wrong')}|${t('password_former')}`))).toBeVisible({ timeout: 30_000 });
    const bank = await scene.openBank();
    const window = await approvalWindow(scene, () => bank.locator('#sign-in').click());
    await approveWithPassword(scene, window, NEW_PASSWORD);
    await signedIn(bank);
  });
});

test('E18: a change with the password keeps the passkey that is touched, and ends the code of before', async () => {
  await withScene(async (scene) => {
    const { t, manager } = scene;
    await addVirtualPasskey(manager);
    await at(manager, '#/security');
    await addPasskey(scene, manager, '남는 열쇠');
    await expect(manager.getByText(t('ways_done_passkey_added'))).toBeVisible();
    await makeCode(scene, manager);
    await manager.getByRole('button', { name: t('code_close_unchecked') }).click();
    await manager.getByRole('link', { name: t('password_change') }).click();
    await expect(manager.getByRole('checkbox', { name: '남는 열쇠' })).toBeChecked();
    await fillChange(scene, manager, { password: 'not the password' });
    await expect(manager.getByText(t('password_wrong'))).toBeVisible({ timeout: 30_000 });
    await fillChange(scene, manager, { password: WALLET_PASSWORD });
    await expect(manager.getByRole('heading', { name: t('password_changed') })).toBeVisible({ timeout: 60_000 });
    await expect(manager.getByText(t('recovery_renewed'))).toBeVisible();
    await manager.getByRole('button', { name: t('code_close_unchecked') }).click();
    await manager.getByRole('link', { name: t('password_open_with_new') }).click();
    await manager.getByRole('button', { name: t('unlock_by_passkey') }).click();
    await expect(manager.getByRole('link', { name: /홍길동/ })).toBeVisible({ timeout: 30_000 });
  });
});

test('E11: five wrong passwords make every field wait, counting down, over a restart of the browser (story 6)', async () => {
  const profile = mkdtempSync(join(tmpdir(), 'dojang-profile-'));
  try {
    const first = await launch({ profile });
    const who = person(first);
    const { t } = who;
    const page = await createWallet(who);
    await at(page, '#/');
    await lockWallet(who, page);
    for (let tries = 0; tries < 5; tries++) {
      await unlock(who, page, `wrong password ${tries}`);
      await expect(page.getByText(t('password_wrong'))).toBeVisible({ timeout: 30_000 });
      await expect(page.getByRole('button', { name: t('unlock'), exact: true })).toBeVisible();
    }
    await unlock(who, page, WALLET_PASSWORD);
    const waiting = page.getByText(new RegExp(t('password_wait', { n: '\\d+' })));
    await expect(waiting).toBeVisible();
    expect(first.problems).toEqual([]);
    await first.close();

    const second = await launch({ profile });
    const again = await second.open('manager.html#/');
    const shown = again.getByText(new RegExp(t('password_wait', { n: '\\d+' })));
    await expect(shown).toBeVisible();
    const seconds = async (): Promise<number> => Number(/\d+/.exec((await shown.textContent()) ?? '')?.[0]);
    const before = await seconds();
    expect(before).toBeLessThanOrEqual(30);
    await expect.poll(seconds).toBeLessThan(before);
    await lookAt(again, 'ways-wait', 360);
    await expect(again.getByText(t('password_wait_over'))).toBeVisible({ timeout: 40_000 });
    await unlock(person(second), again, WALLET_PASSWORD);
    await expect(again.getByText(t('wallet_open_until', { time: '' }).trim().slice(0, 2)).first()).toBeVisible({ timeout: 30_000 });
    expect(second.problems).toEqual([]);
    await second.close();
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
});

test('the time until it locks by itself is chosen, kept, and obeyed in English and in the dark', async () => {
  await withScene(
    async (scene) => {
      const { t, manager } = scene;
      await at(manager, '#/security');
      await manager.getByLabel(t('auto_lock_after')).selectOption({ label: t('auto_lock_minutes', { n: 60 }) });
      await expect(manager.getByText(t('ways_done_lock_saved'))).toBeVisible();
      await manager.reload();
      await expect(manager.getByLabel(t('auto_lock_after'))).toHaveValue('60');
      await lookAt(manager, 'ways-security-en-dark', 1280);
      await lookAt(manager, 'ways-security-en-narrow', 360);
    },
    'en',
    true,
  );
});
