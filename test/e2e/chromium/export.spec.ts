/** Certificates out of the wallet in the real extension: every form is read back by others, and comes back into another wallet. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { launch, type Browser } from '../../support/chromium.ts';
import {
  chooseExport,
  download,
  FILE_PASSWORD,
  fillPasswords,
  makeFiles,
  readBack,
  unzipped,
  type ReadBack,
  type SavedFile,
} from '../../support/export-journey.ts';
import { chooseInMenu, createWallet, importFolder, person, WALLET_PASSWORD, type Person } from '../../support/journey.ts';
import { lookAt } from '../../support/look.ts';
import { fixture, FIXTURES, identityFile, type FixtureIdentity } from '../../support/npki-fixtures.ts';
import { openssl, OPENSSL_TITLE, OPENSSL_VERSION } from '../../support/openssl.ts';

const HONG = fixture('personal-bank-sha1seed');
const PARK = fixture('kica-personal');
const NO_RANDOM = fixture('no-random-value');
const SHOP = fixture('business-general');
const ALL = [HONG, PARK, NO_RANDOM, SHOP];

let folder: string;
let browser: Browser;
let who: Person;
let page: Page;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dojang-export-'));
  const stick = join(folder, 'NPKI');
  for (const identity of ALL) cpSync(join(FIXTURES, 'npki', identity.folder), join(stick, identity.id), { recursive: true });
  browser = await launch({ profile: join(folder, 'profile') });
  who = person(browser);
  await importFolder(who, await createWallet(who), stick, { certificatePassword: HONG.password });
});

test.afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

test.beforeEach(async () => {
  page = await browser.open('manager.html#/');
  await expect(page.getByRole('heading', { name: who.t('certificates') }).or(page.getByLabel(who.t('wallet_password')))).toBeVisible();
});

test.afterEach(async () => {
  await page.close();
  expect(browser.problems.splice(0)).toEqual([]);
});

/** What must be found in files that hold these. */
function expected(identities: readonly FixtureIdentity[], { km = true } = {}): ReadBack[] {
  return identities
    .map(({ certSha256, privateKeyInfoSha256, rHex, km: pair }) => ({
      certSha256,
      keySha256: privateKeyInfoSha256,
      r: rHex,
      kmSha256: km ? (pair?.certSha256 ?? null) : null,
    }))
    .sort((a, b) => (a.certSha256 < b.certSha256 ? -1 : 1));
}

const namesOf = (identities: readonly FixtureIdentity[]): string[] => identities.map(({ realName }) => realName);
const proof = (): Locator => page.getByRole('list', { name: who.t('export_proof') });

test('an NPKI folder of all comes as one zip with Korean programs’ names, and every key opens with R where it was (story 28)', async () => {
  await makeFiles(who, page, { place: 'export_place_bank', who: 'all' });
  await expect(proof().getByText(who.t('export_read_back'))).toHaveCount(ALL.length);
  await expect(proof().getByText(who.t('export_random_inside'))).toHaveCount(ALL.length - 1);
  await expect(proof().getByText(who.t('export_random_never'))).toHaveCount(1);
  await expect(proof().getByText(who.t('export_km_inside'))).toHaveCount(ALL.filter(({ km }) => km).length);
  await expect(page.getByText(who.t('export_never_together'))).toBeVisible();
  await expect(page.getByText(who.t('export_malware'))).toBeVisible();
  const { name, bytes } = await download(who, page);
  await expect(page.getByText(who.t('export_saved_download', { name }))).toBeVisible();
  expect(name).toMatch(/\.zip$/);
  const files = unzipped(bytes);
  expect(files.map(({ path }) => path)).toContain(`${HONG.folder}/signPri.key`);
  expect(files.filter(({ path }) => !/^NPKI\/(yessign|KICA)\/USER\/cn=[^/]+\/((sign|km)(Cert\.der|Pri\.key)|CaPubs)$/.test(path))).toEqual([]);
  expect(await readBack(files)).toEqual(expected(ALL));
});

test('the PBES2 form has the same folders', async () => {
  await makeFiles(who, page, { place: 'export_place_bank', form: 'export_form_npki_pbes2', who: [PARK.realName] });
  const { bytes } = await download(who, page);
  expect(await readBack(unzipped(bytes))).toEqual(expected([PARK]));
});

function opensslReads(pfx: SavedFile, identity: FixtureIdentity): void {
  const { ok, stdout, stderr } = openssl(['pkcs12', '-in', 'it.pfx', '-passin', `pass:${FILE_PASSWORD}`, '-nodes'], { 'it.pfx': pfx.bytes });
  expect(stderr).toBe('');
  expect(ok).toBe(true);
  const found = [...stdout.toString().matchAll(/-----BEGIN CERTIFICATE-----([^-]*)/g)].map(([, text = '']) =>
    Buffer.from(text, 'base64').toString('hex'),
  );
  expect(found[0]).toBe(Buffer.from(identityFile(identity, 'signCert.der')).toString('hex'));
  expect(stdout.toString().match(/BEGIN PRIVATE KEY/g)).toHaveLength(identity.km ? 2 : 1);
}

for (const form of ['export_form_pfx_legacy', 'export_form_pfx_modern']) {
  test(`one PFX (${form}), read by our own reader and by ${OPENSSL_TITLE}`, async () => {
    await makeFiles(who, page, { place: 'export_place_pfx', form, who: [HONG.realName] });
    const { name, bytes } = await download(who, page);
    expect(name).toBe(`${HONG.realName}-20271024.pfx`);
    expect(await readBack([{ path: name, bytes }])).toEqual(expected([HONG]));
    if (OPENSSL_VERSION !== null) opensslReads({ path: name, bytes }, HONG);
  });
}

test('several PFX come in one zip, without the encryption certificates where they are not wanted', async () => {
  await makeFiles(who, page, { place: 'export_place_pfx', who: namesOf([HONG, SHOP]), withKm: false });
  await expect(proof().getByText(who.t('export_km_inside'))).toHaveCount(0);
  const { bytes } = await download(who, page);
  expect(await readBack(unzipped(bytes))).toEqual(expected([HONG, SHOP], { km: false }));
});

test(`PEM texts, whose key opens in ${OPENSSL_TITLE}`, async () => {
  await makeFiles(who, page, { place: 'export_place_developer', who: [HONG.realName] });
  const files = unzipped((await download(who, page)).bytes);
  expect(await readBack(files)).toEqual(expected([HONG]));
  if (OPENSSL_VERSION === null) return;
  const key = files.find(({ path }) => path.endsWith('/signPri.pem'))!;
  const { ok, stdout } = openssl(['pkey', '-in', 'key.pem', '-passin', `pass:${FILE_PASSWORD}`, '-noout', '-text'], { 'key.pem': key.bytes });
  expect(ok).toBe(true);
  expect(stdout.toString()).toContain('2048 bit');
});

test('a certificate alone needs no file password and holds no key', async () => {
  await chooseExport(who, page, { place: 'export_place_certificate', who: [HONG.realName], withKm: false });
  await expect(page.getByText(who.t('export_no_key'))).toBeVisible();
  await expect(page.getByLabel(who.t('export_file_password'), { exact: true })).toHaveCount(0);
  await fillPasswords(who, page, { filePassword: null });
  await expect(page.getByText(who.t('export_never_together'))).toHaveCount(0);
  const { name, bytes } = await download(who, page);
  expect(name).toMatch(/\.cer$/);
  expect([...bytes]).toEqual([...identityFile(HONG, 'signCert.der')]);
});

test('what was exported comes into a second wallet with its R', async () => {
  await makeFiles(who, page, { place: 'export_place_bank', who: [HONG.realName] });
  for (const { path, bytes } of unzipped((await download(who, page)).bytes)) {
    const target = join(folder, 'second', path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  }
  const second = person(await launch());
  try {
    const other = await createWallet(second);
    await importFolder(second, other, join(folder, 'second', 'NPKI'), { certificatePassword: FILE_PASSWORD });
    await other.goto(new URL('#/', other.url()).href);
    await other.getByRole('link', { name: HONG.realName }).click();
    await expect(other.getByText(who.t('details_identity_yes'))).toBeVisible();
    await expect(other.getByText(who.t('details_km_yes'))).toBeVisible();
    expect(second.browser.problems).toEqual([]);
  } finally {
    await second.browser.close();
  }
});

test('a phone whose app takes no file gets the NPKI folder and the way over the bank’s page', async () => {
  await page.getByRole('link', { name: HONG.realName }).click();
  await page.getByRole('link', { name: who.t('to_phone') }).click();
  await expect(page.getByRole('radio', { name: who.t('export_place_phone') })).toBeChecked();
  await page.getByRole('button', { name: who.t('next') }).click();
  await expect(page.getByRole('checkbox', { name: HONG.realName })).toBeChecked();
  await page.getByRole('button', { name: who.t('next') }).click();
  await fillPasswords(who, page);
  await expect(page.getByText(who.t('phone_page_number'))).toBeVisible();
  await expect(page.getByText(who.t('phone_sides'))).toBeVisible();
  expect(await readBack(unzipped((await download(who, page)).bytes))).toEqual(expected([HONG]));
});

test('a phone whose app takes a file gets a PFX (story 27)', async () => {
  await makeFiles(who, page, { place: 'export_place_phone', form: 'phone_takes_file_yes', who: [HONG.realName] });
  await expect(page.getByText(who.t('phone_file_password'))).toBeVisible();
  const { name, bytes } = await download(who, page);
  expect(await readBack([{ path: name, bytes }])).toEqual(expected([HONG]));
});

test('the rules of a file password stand there as it is typed, each with its reason, and a weak one makes no file (story 4)', async () => {
  await chooseExport(who, page, { place: 'export_place_pfx', who: [HONG.realName] });
  const field = page.getByLabel(who.t('export_file_password'), { exact: true });
  const rule = (name: string): Locator => page.getByRole('listitem').filter({ hasText: who.t(`file_rule_${name}`) });
  await expect(rule('length')).not.toContainText(who.t('rule_met'));
  const steps: readonly (readonly [typed: string, broken: readonly string[]])[] = [
    ['abc', ['length', 'digit', 'special', 'runs']],
    ['Stick8264zq', ['special']],
    ['Stick 8264!', ['characters']],
    ['도장Stick!8264', ['characters']],
    ['Stick!1234zq', ['runs']],
    [FILE_PASSWORD, []],
  ];
  for (const [typed, broken] of steps) {
    await field.fill(typed);
    for (const name of ['length', 'letter', 'digit', 'special', 'characters', 'runs'])
      await expect(rule(name), `${typed}: ${name}`).toContainText(new RegExp(` ${who.t(broken.includes(name) ? 'rule_unmet' : 'rule_met')}$`));
  }
  await expect(page.getByText(who.t('export_rules_met'))).toBeVisible();

  await fillPasswords(who, page, { filePassword: 'Stick!1234zq' });
  await expect(page.getByText(who.t('file_rule_runs_broken'))).toBeVisible();
  await expect(field).toBeFocused();
  await field.fill(FILE_PASSWORD);
  await page.getByLabel(who.t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
  await page.getByRole('button', { name: who.t('export_make') }).click();
  await expect(page.getByText(who.t('export_mismatch'))).toBeVisible();
  await expect(page.getByLabel(who.t('export_file_password_again'), { exact: true })).toBeFocused();
});

test('a wrong wallet password makes no file and costs only itself', async () => {
  await chooseExport(who, page, { place: 'export_place_pfx', who: [HONG.realName] });
  await fillPasswords(who, page, { walletPassword: 'not the password' });
  await expect(page.getByText(who.t('password_wrong'))).toBeVisible();
  const wallet = page.getByLabel(who.t('wallet_password'), { exact: true });
  await expect(wallet).toBeFocused();
  await expect(wallet).toHaveValue('');
  await expect(page.getByLabel(who.t('export_file_password'), { exact: true })).toHaveValue(FILE_PASSWORD);
  await wallet.fill(WALLET_PASSWORD);
  await wallet.press('Enter');
  await expect(page.getByRole('heading', { name: who.t('export_save_heading') })).toBeFocused();
});

test('nothing chosen is said, and Escape stops the making', async () => {
  await chooseExport(who, page, { place: 'export_place_bank', who: [] });
  await expect(page.getByRole('alert')).toHaveText(who.t('certificate_not_selected'));
  await page.getByRole('button', { name: who.t('select_all') }).click();
  await page.getByRole('button', { name: who.t('next') }).click();
  await fillPasswords(who, page);
  await expect(page.getByRole('progressbar')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText(who.t('export_cancelled'))).toBeVisible();
  await expect(page.getByLabel(who.t('wallet_password'), { exact: true })).toHaveValue('');
});

test('a file password that is the wallet’s too is told', async () => {
  const own = person(await launch());
  try {
    const other = await createWallet(own, FILE_PASSWORD);
    await importFolder(own, other, join(folder, 'NPKI', HONG.id), { certificatePassword: HONG.password, walletPassword: FILE_PASSWORD });
    await makeFiles(own, other, { place: 'export_place_pfx', who: [HONG.realName], walletPassword: FILE_PASSWORD });
    await expect(other.getByText(own.t('export_same_password'))).toBeVisible();
    expect(own.browser.problems).toEqual([]);
  } finally {
    await own.browser.close();
  }
});

/** Lets the page's folder picker give a folder of the browser's own file system, which answers as a real one does. */
async function pickable(name: string): Promise<void> {
  await page.addInitScript((folderName) => {
    Object.assign(window, {
      showDirectoryPicker: async ({ mode }: { mode: string }) => {
        const asked = ((window as unknown as { asked?: number }).asked ?? 0) + 1;
        Object.assign(window, { asked });
        if (mode !== 'readwrite' || !navigator.userActivation.isActive) throw new DOMException('no gesture', 'SecurityError');
        if (folderName === '') throw new DOMException('closed', 'AbortError');
        return (await navigator.storage.getDirectory()).getDirectoryHandle(folderName, { create: true });
      },
    });
  }, name);
  await page.reload();
}

async function inFolder(name: string): Promise<SavedFile[]> {
  const found = await page.evaluate(async (folderName) => {
    const files: { path: string; octets: number[] }[] = [];
    const walk = async (from: FileSystemDirectoryHandle, path: string): Promise<void> => {
      // The types of this TypeScript do not know that a folder can be walked.
      for await (const [name, handle] of from as unknown as AsyncIterable<[string, FileSystemFileHandle | FileSystemDirectoryHandle]>) {
        if (handle instanceof FileSystemDirectoryHandle) await walk(handle, `${path}${name}/`);
        else files.push({ path: path + name, octets: [...new Uint8Array(await (await handle.getFile()).arrayBuffer())] });
      }
    };
    await walk(await (await navigator.storage.getDirectory()).getDirectoryHandle(folderName, { create: true }), '');
    return files;
  }, name);
  return found.map(({ path, octets }) => ({ path, bytes: Uint8Array.from(octets) }));
}

async function spoil(name: string, path: string): Promise<void> {
  await page.evaluate(
    async ([folderName, filePath]) => {
      const parts = filePath!.split('/');
      let at = await (await navigator.storage.getDirectory()).getDirectoryHandle(folderName!);
      for (const part of parts.slice(0, -1)) at = await at.getDirectoryHandle(part);
      const stream = await (await at.getFileHandle(parts.at(-1)!)).createWritable();
      await stream.write('someone else’s');
      await stream.close();
    },
    [name, path],
  );
}

const toFolder = (): Locator => page.getByRole('button', { name: who.t('export_to_folder') });

test('into a folder: written, read back, and a different file there is replaced only when the person says so', async () => {
  await pickable('USB');
  await makeFiles(who, page, { place: 'export_place_bank', who: namesOf([HONG, PARK]) });
  await toFolder().click();
  await expect(page.getByText(who.t('export_saved_folder', { name: 'USB' }))).toBeVisible();
  expect(await readBack(await inFolder('USB'))).toEqual(expected([HONG, PARK]));

  const key = `${HONG.folder}/signPri.key`;
  await spoil('USB', key);
  await toFolder().click();
  await expect(page.getByRole('alert')).toContainText(key);
  expect((await inFolder('USB')).find(({ path }) => path === key)?.bytes).toEqual(new TextEncoder().encode('someone else’s'));
  const asked = await page.evaluate(() => (window as unknown as { asked: number }).asked);
  await page.getByRole('button', { name: who.t('export_replace') }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect.poll(async () => (await readBack(await inFolder('USB')).catch(() => [])).length).toBe(2);
  expect(await page.evaluate(() => (window as unknown as { asked: number }).asked)).toBe(asked);
});

test('a picked folder that is named NPKI is written into, and PFX files lie where they are put', async () => {
  await pickable('NPKI');
  await makeFiles(who, page, { place: 'export_place_bank', who: [HONG.realName] });
  await toFolder().click();
  await expect(page.getByText(who.t('export_saved_folder', { name: 'NPKI' }))).toBeVisible();
  expect((await inFolder('NPKI')).filter(({ path }) => !path.startsWith('yessign/USER/'))).toEqual([]);
  await makeFiles(who, page, { place: 'export_place_pfx', who: [PARK.realName] });
  await toFolder().click();
  await expect(page.getByText(who.t('export_saved_folder', { name: 'NPKI' }))).toBeVisible();
  const [pfx] = (await inFolder('NPKI')).filter(({ path }) => path.endsWith('.pfx'));
  expect(basename(pfx?.path ?? '')).toBe(pfx?.path);
  expect(await readBack(pfx ? [pfx] : [])).toEqual(expected([PARK]));
});

test('a closed picker saves nothing and says so; the download is still there', async () => {
  await pickable('');
  await makeFiles(who, page, { place: 'export_place_bank', who: [HONG.realName] });
  await toFolder().click();
  await expect(page.getByText(who.t('export_not_saved'))).toBeVisible();
  expect(await readBack(unzipped((await download(who, page)).bytes))).toEqual(expected([HONG]));
});

test('where the browser has no folder picker the zip is offered, with the places where it is unpacked', async () => {
  await page.addInitScript(() => void Reflect.deleteProperty(window, 'showDirectoryPicker'));
  await page.reload();
  await makeFiles(who, page, { place: 'export_place_bank', who: [HONG.realName] });
  await expect(toFolder()).toHaveCount(0);
  await expect(page.getByText(who.t('export_use_folder_zip'))).toBeVisible();
  await expect(page.getByText(String.raw`%USERPROFILE%\AppData\LocalLow\NPKI`)).toBeVisible();
});

test('what was made is gone from the page when the person leaves, and leaving asks for nothing', async () => {
  await makeFiles(who, page, { place: 'export_place_pfx', who: [HONG.realName] });
  await page.getByRole('link', { name: who.t('export_finish') }).click();
  await chooseInMenu(who, page, who.t('export'));
  await expect(page.getByRole('radio', { name: who.t('export_place_bank') })).toBeChecked();
});

test('a keyboard is enough, from the list to the saved file', async () => {
  const { t } = who;
  await page.reload();
  const focused = (): Promise<string> =>
    page.evaluate(() => {
      const at = document.activeElement;
      return at === null || at === document.body
        ? ''
        : [at.getAttribute('aria-label'), at.getAttribute('href'), at.closest('label')?.textContent, at.textContent].join('|');
    });
  const tabTo = async (text: string, key = 'Tab'): Promise<void> => {
    for (let presses = 0; presses < 60; presses++) {
      if ((await focused()).includes(text)) return;
      await page.keyboard.press(key);
    }
    throw new Error(`Tab does not get to ${text}`);
  };
  await tabTo(t('select_row', { what: HONG.realName }));
  await page.keyboard.press('Space');
  await expect(page.getByText(t('selected_n', { n: 1 }))).toBeVisible();
  await tabTo('#/export/', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: t('export_heading') })).toBeVisible();
  await tabTo(t('export_place_bank'));
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: t('export_place_pfx') })).toBeChecked();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('checkbox', { name: HONG.realName })).toBeChecked();
  await tabTo(t('next'));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: t('export_passwords'), level: 2 })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.type(FILE_PASSWORD);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.type(FILE_PASSWORD);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.type(WALLET_PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: t('export_save_heading') })).toBeFocused();
  await tabTo(t('export_download'));
  const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  expect(file.suggestedFilename()).toMatch(/\.pfx$/);
});

test.describe('the identity check', () => {
  const dialog = (): Locator => page.getByRole('dialog', { name: who.t('identity_heading') });
  const number = (): Locator => dialog().getByLabel(who.t('identity_number'), { exact: true });

  async function openCheck({ realName }: FixtureIdentity): Promise<void> {
    await page.goto(new URL('#/', page.url()).href);
    await page.getByRole('link', { name: realName }).click();
    await page.getByRole('button', { name: who.t('identity_check') }).click();
    await expect(dialog()).toBeVisible();
  }

  async function check(typed: string, walletPassword = WALLET_PASSWORD): Promise<void> {
    await number().fill(typed);
    await dialog().getByLabel(who.t('wallet_password'), { exact: true }).fill(walletPassword);
    await dialog()
      .getByRole('button', { name: who.t('identity_check') })
      .click();
  }

  test('says yes for the holder’s number, no for another, and keeps neither', async () => {
    await openCheck(HONG);
    await expect(number()).toBeFocused();
    await expect(number()).toHaveAttribute('autocomplete', 'off');
    await check(`${HONG.idn.slice(0, 6)}-${HONG.idn.slice(6)}`);
    await expect(dialog().getByText(who.t('identity_match'))).toBeVisible();
    await expect(number()).toHaveValue('');
    await check(PARK.idn);
    await expect(dialog().getByText(who.t('identity_mismatch'))).toBeVisible();
    await expect(number()).toHaveValue('');
    await expect(dialog().getByLabel(who.t('wallet_password'), { exact: true })).toHaveValue('');
    await number().fill('12345');
    await page.keyboard.press('Escape');
    await expect(dialog()).toBeHidden();
    await expect(page.getByRole('button', { name: who.t('identity_check') })).toBeFocused();
    await page.getByRole('button', { name: who.t('identity_check') }).click();
    await expect(number()).toHaveValue('');
    await expect(dialog().getByText(who.t('identity_mismatch'))).toHaveCount(0);
  });

  test('takes the ten digits of a company', async () => {
    await openCheck(SHOP);
    await check(`${SHOP.idn.slice(0, 3)}-${SHOP.idn.slice(3, 5)}-${SHOP.idn.slice(5)}`);
    await expect(dialog().getByText(who.t('identity_match'))).toBeVisible();
  });

  test('refuses what is no such number before any password is tried, and a wrong wallet password', async () => {
    await openCheck(HONG);
    await check('12345');
    await expect(dialog().getByText(who.t('identity_malformed'))).toBeVisible();
    await expect(number()).toBeFocused();
    await check(HONG.idn, 'not the password');
    await expect(dialog().getByText(who.t('password_wrong'))).toBeVisible();
    await expect(dialog().getByText(who.t('identity_match'))).toHaveCount(0);
  });

  test('says that a key without R cannot be checked, and asks for nothing', async () => {
    await openCheck(NO_RANDOM);
    await expect(dialog().getByText(who.t('certificate_no_random'))).toBeVisible();
    await expect(number()).toHaveCount(0);
  });
});

/** Full tab, 200 % zoom of it, and the narrowest. */
const WIDTHS = [1280, 640, 360] as const;
const LOOKS = [
  { locale: 'ko', dark: false },
  { locale: 'en', dark: true },
] as const;

for (const { locale, dark } of LOOKS) {
  test(`every step can be looked at: ${locale}, ${dark ? 'dark' : 'light'}`, async () => {
    test.setTimeout(180_000);
    const own = person(await launch({ locale, dark }), locale);
    const { t } = own;
    try {
      const screen = await createWallet(own);
      await importFolder(own, screen, join(folder, 'NPKI'), { certificatePassword: HONG.password });
      const look = async (step: string): Promise<void> => {
        for (const width of WIDTHS) await lookAt(screen, `export/${locale}-${dark ? 'dark' : 'light'}-${step}-${width}`, width);
        await screen.setViewportSize({ width: 1280, height: 900 });
      };
      const radio = (key: string): Locator => screen.getByRole('radio', { name: t(key), exact: true });
      await screen.goto(new URL('#/', screen.url()).href);
      await screen.getByRole('button', { name: t('select_all') }).click();
      await look('list');
      await screen.goto(new URL('#/export', screen.url()).href);
      await look('place');
      await radio('export_place_pfx').check();
      await radio('export_form_pfx_modern').check();
      await look('place-pfx');
      await radio('export_place_phone').check();
      await look('place-phone');
      await chooseExport(own, screen, { place: 'export_place_bank', who: [] });
      await look('certificates');
      await screen.getByRole('button', { name: t('select_all') }).click();
      await screen.getByRole('button', { name: t('next') }).click();
      await screen.getByLabel(t('export_file_password'), { exact: true }).fill('Stick!1234');
      await screen.getByRole('button', { name: t('export_make') }).click();
      await expect(screen.getByText(t('file_rule_runs_broken'))).toBeVisible();
      await look('passwords');
      await fillPasswords(own, screen);
      await expect(screen.getByRole('heading', { name: t('export_save_heading') })).toBeVisible({ timeout: 60_000 });
      await look('save');
      await download(own, screen);
      await look('saved');
      await makeFiles(own, screen, { place: 'export_place_phone', who: [HONG.realName] });
      await look('phone');
      await screen.goto(new URL('#/', screen.url()).href);
      await screen.getByRole('link', { name: HONG.realName }).click();
      await look('details');
      await screen.getByRole('button', { name: t('identity_check') }).click();
      const dialog = screen.getByRole('dialog');
      await dialog.getByLabel(t('identity_number'), { exact: true }).fill(PARK.idn);
      await dialog.getByLabel(t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
      await dialog.getByRole('button', { name: t('identity_check') }).click();
      await expect(dialog.getByText(t('identity_mismatch'))).toBeVisible();
      await dialog.getByLabel(t('identity_number'), { exact: true }).fill('900101-1');
      await look('identity');
      expect(own.browser.problems).toEqual([]);
    } finally {
      await own.browser.close();
    }
  });
}
