/** What a person does with the wallet, step by step, through the screens alone. */
import { expect, type FileChooser, type Page } from '@playwright/test';
import type { Browser } from './chromium.ts';
import { words } from './words.ts';

export const WALLET_PASSWORD = '따뜻한 국수 한 그릇 2026';

export interface Person {
  readonly browser: Browser;
  readonly locale: 'ko' | 'en';
  readonly t: ReturnType<typeof words>;
}

export function person(browser: Browser, locale: 'ko' | 'en' = 'ko'): Person {
  return { browser, locale, t: words(locale) };
}

/** First run: picture and password, no way back in for now, then the finished page. */
export async function createWallet({ browser, t }: Person, password = WALLET_PASSWORD): Promise<Page> {
  const page = await browser.open('manager.html#/start');
  await page.getByLabel(t('wallet_password'), { exact: true }).fill(password);
  await page.getByLabel(t('wallet_password_again'), { exact: true }).fill(password);
  await page.getByRole('button', { name: t('start_submit') }).click();
  await page.getByRole('button', { name: t('start_later') }).click({ timeout: 30_000 });
  await expect(page.getByRole('heading', { name: t('start_done_heading') })).toBeVisible();
  return page;
}

/** The recovery code on the screen. */
export async function readSheet({ t }: Person, page: Page): Promise<string> {
  const groups = page.getByRole('list', { name: t('code_groups') }).locator('.group');
  await expect(groups).toHaveCount(7);
  return (await groups.allTextContents()).join('-');
}

/** Types the two groups of it that are asked for. */
export async function proveSheet({ t }: Person, page: Page, code: string): Promise<void> {
  const groups = code.split('-');
  for (let n = 1; n <= 7; n++) {
    const field = page.getByLabel(t('code_group_nth', { n }), { exact: true });
    if ((await field.count()) > 0) await field.fill((groups[n - 1] ?? '').toLowerCase());
  }
  await page.getByRole('button', { name: t('code_check'), exact: true }).click();
}

export interface ImportOrder {
  readonly certificatePassword: string;
  readonly walletPassword?: string;
}

/** The browser's own chooser that `press` opens. A tab that has just come to the front may drop it; a person presses again. */
export async function chooserOf(page: Page, press: () => Promise<unknown>): Promise<FileChooser> {
  await page.bringToFront();
  const opened: FileChooser[] = [];
  await expect(async () => {
    const [chooser] = await Promise.all([page.waitForEvent('filechooser', { timeout: 5_000 }), press()]);
    opened.push(chooser);
  }).toPass({ timeout: 40_000 });
  return opened[0]!;
}

/** Picks a folder in the real chooser and goes as far as the list of what was found. */
export async function pickFolder({ t }: Person, page: Page, folder: string): Promise<void> {
  await page.goto(new URL('#/import', page.url()).href);
  const chooser = await chooserOf(page, () => page.getByRole('button', { name: t('import_folder') }).click());
  await chooser.setFiles(folder);
  await expect(page.getByRole('table', { name: t('import_caption') })).toBeVisible({ timeout: 30_000 });
}

/** The whole import of a folder, to the result. */
export async function importFolder(who: Person, page: Page, folder: string, order: ImportOrder): Promise<void> {
  const { t } = who;
  await pickFolder(who, page, folder);
  await page.getByLabel(t('certificate_password'), { exact: true }).fill(order.certificatePassword);
  await page.getByRole('button', { name: t('import_open'), exact: true }).click();
  await page.getByLabel(t('wallet_password'), { exact: true }).fill(order.walletPassword ?? WALLET_PASSWORD);
  await page.getByRole('button', { name: new RegExp(t('import_save', { n: '\\d+' })) }).click();
  await expect(page.getByRole('heading', { name: t('import_result') })).toBeVisible({ timeout: 30_000 });
}

/** Chooses a place in the manager's menu, which opens by a button where the page is narrow. */
export async function chooseInMenu({ t }: Person, page: Page, name: string): Promise<void> {
  const menu = page.getByRole('navigation', { name: t('navigation') });
  const place = menu.getByRole('link', { name, exact: true, includeHidden: true });
  await expect(place).toBeAttached();
  if (await place.isHidden()) await menu.getByRole('button', { name: t('navigation'), exact: true }).click();
  await place.click();
}

/** The approval window that opens while `act` runs. */
export async function approvalWindow({ browser }: Person, act: () => Promise<unknown>): Promise<Page> {
  const [window] = await Promise.all([
    browser.context.waitForEvent('page', { predicate: (page) => page.url().includes('/approve.html'), timeout: 20_000 }),
    act(),
  ]);
  await window.bringToFront();
  return window;
}

/** As if the waiting request came from there: no script of ours runs at such an address. */
export async function askFrom(manager: Page, origin: string): Promise<void> {
  await manager.evaluate(async (asker) => {
    interface Area {
      get(key: string): Promise<Record<string, string>>;
      set(items: Record<string, string>): Promise<void>;
    }
    const { session } = (globalThis as unknown as { chrome: { storage: { session: Area } } }).chrome.storage;
    const key = 'djw1.requests';
    const requests = JSON.parse((await session.get(key))[key] ?? '') as { asker: { origin: string } }[];
    for (const request of requests) request.asker.origin = asker;
    await session.set({ [key]: JSON.stringify(requests) });
  }, origin);
}

/** Waits until the input guard lets a person confirm. @param act what is done, as the button says it */
export async function waitForGuard({ t }: Person, window: Page, act = t('approve_sign_in')): Promise<void> {
  await expect(window.getByRole('button', { name: act, exact: true })).toBeVisible({ timeout: 15_000 });
}

/**
 * Confirms as a person does, who presses again when nothing happened: a late resize or focus of the window starts the guard
 * anew, and the press is ignored, rightly. `taken` looks, without waiting long, for the sign that it was not.
 */
export async function confirmInWindow(
  who: Person,
  window: Page,
  press: () => Promise<unknown>,
  taken: () => Promise<unknown>,
  act?: string,
): Promise<void> {
  await expect(async () => {
    if (!window.isClosed()) {
      await waitForGuard(who, window, act);
      await press();
    }
    await taken();
  }).toPass({ timeout: 20_000 });
}

/** Types the wallet password in the approval window and confirms with Enter. */
export async function approveWithPassword(who: Person, window: Page, password = WALLET_PASSWORD, act?: string): Promise<void> {
  const field = window.getByLabel(who.t('wallet_password'), { exact: true });
  await field.fill(password);
  // A taken password leaves the field.
  await confirmInWindow(
    who,
    window,
    () => field.press('Enter'),
    async () => {
      if (!window.isClosed()) await expect(field).not.toHaveValue(password, { timeout: 500 });
    },
    act,
  );
}

/** Answers the dialog that asks for the wallet password again. */
export async function confirmInDialog({ t }: Person, page: Page, label: string, password = WALLET_PASSWORD): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(t('wallet_password'), { exact: true }).fill(password);
  await dialog.getByRole('button', { name: label, exact: true }).click();
}

/** Makes a passkey, on the page that lists them. */
export async function addPasskey(who: Person, page: Page, name: string): Promise<void> {
  const { t } = who;
  await page.getByRole('button', { name: t('passkey_add') }).click();
  await page.getByRole('dialog').getByLabel(t('passkey_name')).fill(name);
  await confirmInDialog(who, page, t('passkey_make'));
}

export async function lockWallet({ t }: Person, page: Page): Promise<void> {
  await page.getByRole('button', { name: t('lock_now') }).click();
  await expect(page.getByRole('heading', { name: t('unlock_heading') })).toBeVisible();
}
