/** What a person does with the wallet in Firefox, step by step, through the screens alone. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bank } from '../../../demo/bank.ts';
import { AUTHORITY } from '../../support/authority-journey.ts';
import type { TestCa } from '../../support/demo-ca.ts';
import type { Firefox } from '../../support/firefox.ts';
import type { Tab } from '../../support/firefox-tab.ts';
import { until } from '../../support/until.ts';
import { words } from '../../support/words.ts';

export const WALLET_PASSWORD = '따뜻한 국수 한 그릇 2026';
export const t = words('ko');

const PICTURES = join(import.meta.dirname, '..', '..', '..', '.output', 'firefox');

export function picture(tab: Tab, name: string): Promise<void> {
  return tab.picture(join(PICTURES, `${name}.png`));
}

/** Opens the manager in Korean, whatever language this Firefox has. */
export async function openManager(firefox: Firefox): Promise<Tab> {
  const manager = await firefox.open('manager.html#/start');
  await manager.find('combobox', new RegExp(`^(${words('en')('language')}|${t('language')})$`));
  await manager.clickOn('option[value=ko]');
  await manager.find('heading', new RegExp(t('start_heading')));
  return manager;
}

export async function createWallet(manager: Tab): Promise<void> {
  await manager.type(t('wallet_password'), WALLET_PASSWORD);
  await manager.type(t('wallet_password_again'), WALLET_PASSWORD);
  await picture(manager, 'start');
  await manager.click('button', t('start_submit'));
  await manager.click('button', t('start_later'));
  await manager.find('heading', new RegExp(t('start_done_heading')));
}

/** On the import screen: picks in the browser's own chooser and goes as far as the list of what was found. */
export async function pick(
  firefox: Firefox,
  manager: Tab,
  paths: { readonly files: readonly string[] } | { readonly folder: string },
): Promise<void> {
  await manager.front();
  if ('files' in paths) {
    await firefox.choose(paths.files);
    await manager.click('button', t('import_files'));
  } else {
    await firefox.choose([paths.folder]);
    await manager.click('button', t('import_folder'));
    // Firefox itself asks whether all files of a folder may be read.
    await manager.acceptDialog();
  }
  await manager.find('button', t('import_open'));
}

/** Makes the authority of a test known to the wallet. @param folder for the files of its certificates */
export async function addAuthority(firefox: Firefox, manager: Tab, ca: TestCa, folder: string): Promise<void> {
  const files = await Promise.all(
    ['root', 'ca'].map(async (name) => {
      const path = join(folder, `${name}.cer`);
      writeFileSync(path, await ca.get(`/ca/${name}.cer`));
      return path;
    }),
  );
  await manager.go(`${firefox.origin}/manager.html#/issue`);
  await manager.type(t('test_authority_name'), AUTHORITY);
  await manager.type(t('test_authority_url'), `${ca.url}/.well-known/cmp`);
  await manager.give('input[type=file]', files);
  await manager.click('button', t('test_authority_add'));
  await manager.waitForText(t('test_authority_added', { name: AUTHORITY }));
}

export async function openImport(manager: Tab): Promise<void> {
  await manager.click('link', t('start_to_import'));
  await manager.find('button', t('import_folder'));
}

/** From the list of what was found to the result: `count` certificates are opened and stored. */
export async function openAndSave(manager: Tab, certificatePassword: string, count: number): Promise<void> {
  await manager.type(t('certificate_password'), certificatePassword);
  await manager.click('button', t('import_open'));
  await manager.type(t('wallet_password'), WALLET_PASSWORD);
  await manager.click('button', t('import_save', { n: count }));
  await manager.find('heading', t('import_result'));
}

/** The bank's page in a tab of its own, with the sign-in button pressed, and the approval window that this opens. */
export async function askForSignIn(firefox: Firefox, bank: Bank): Promise<{ page: Tab; window: Tab }> {
  const page = await firefox.open(`${bank.url}/?lang=ko`);
  await page.clickOn('#sign-in');
  const window = await firefox.waitForTab('approve.html');
  await window.find('heading', t('approve_sign_in'));
  return { page, window };
}

/**
 * Presses the main button as soon as the input guard lets it, and the window closes. What moves at that moment starts the guard
 * anew, and the press is ignored, rightly: a person presses again.
 */
export async function confirm(window: Tab): Promise<void> {
  for (const last of [false, false, true]) {
    await window.click('button', t('approve_sign_in'));
    const closed = window.waitUntilClosed(last ? {} : { patienceMs: 4_000 });
    if (
      await closed.then(
        () => true,
        (late: unknown) => (last ? Promise.reject(late as Error) : false),
      )
    )
      return;
  }
}

const HAS_IN_A_FIELD = 'return [...document.querySelectorAll("input")].some(({ value }) => value === arguments[0])';

/** Whether a typed password left its field, or its window is gone. */
async function isTaken(window: Tab, password: string): Promise<boolean> {
  return (await window.run(HAS_IN_A_FIELD, password).catch(() => false)) === false;
}

/**
 * Types the wallet password and presses Enter as soon as the input guard lets it, again where the guard started anew just then.
 * @param act what is done, as the button says it
 */
export async function approve(window: Tab, password = WALLET_PASSWORD, act = t('approve_sign_in')): Promise<void> {
  await window.type(t('wallet_password'), password);
  await until('the password is taken', async () => {
    await window.find('button', act);
    await window.press('Enter');
    return until('it leaves its field', () => isTaken(window, password), { patienceMs: 2_000 });
  });
}

export async function lock(manager: Tab): Promise<void> {
  await manager.front();
  await manager.click('button', t('lock_now'));
  await manager.find('heading', t('unlock_heading'));
}

/** Waits for the answer of the wallet that the bank's page got. */
export function codeAt(page: Tab): Promise<string> {
  return until('the bank’s page is told a code', () => page.attribute('#message', 'data-code'));
}

/** Waits for the bank's account page: what its server says of the signature. */
export async function verdictAt(page: Tab): Promise<{ facts: string; checks: readonly string[] }> {
  await until(
    'the bank shows the account',
    () => page.run('return location.pathname === "/account" && document.readyState === "complete"') as Promise<boolean>,
  );
  const checks = await page.run('return [...document.querySelectorAll("#checks li")].map((item) => item.dataset.check)');
  return { facts: await page.text('#facts'), checks: checks as readonly string[] };
}

/** Both copies past the wallet, read in our own page. Looking makes no database. */
const READ = `
  const settled = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return (async () => {
    let primary = null;
    if ((await indexedDB.databases()).some(({ name }) => name === 'djw1')) {
      const database = await settled(indexedDB.open('djw1'));
      primary = (await settled(database.transaction('head').objectStore('head').getAll())).at(-1) ?? null;
      database.close();
    }
    const { 'djw1.h0': even, 'djw1.h1': odd } = await browser.storage.local.get(['djw1.h0', 'djw1.h1']);
    return { primary, mirror: [even, odd].filter((head) => typeof head === 'string') };
  })();`;

/** The newest head of the database, or null, and every head of local storage. */
export interface StoredCopies {
  readonly primary: string | null;
  readonly mirror: readonly string[];
}

export async function storedCopies(manager: Tab): Promise<StoredCopies> {
  return (await manager.run(READ)) as StoredCopies;
}

/** Unlocks where the manager asks for it, and gives how many certificates the list then shows, one at least. */
export async function unlockAndCount(manager: Tab): Promise<number> {
  await manager.find('heading', new RegExp(`^(${t('unlock_heading')}|${t('certificates')})$`));
  if ((await manager.text()).includes(t('unlock_heading'))) {
    await manager.type(t('wallet_password'), WALLET_PASSWORD);
    await manager.click('button', t('unlock'));
    await manager.find('heading', t('certificates'));
  }
  return until('the list has rows', async () => Number(await manager.run('return document.querySelectorAll("tbody tr").length')));
}
