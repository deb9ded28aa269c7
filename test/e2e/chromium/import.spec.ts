import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { launch, ROOT, type Browser } from '../../support/chromium.ts';
import { createWallet, importFolder, person, pickFolder, WALLET_PASSWORD, type Person } from '../../support/journey.ts';

const FIXTURES = join(ROOT, 'test', 'fixtures', 'npki');

interface Identity {
  readonly id: string;
  readonly folder: string;
  readonly password: string;
  readonly realName: string;
  readonly rHex: string | null;
}
const { identities } = JSON.parse(readFileSync(join(FIXTURES, 'manifest.json'), 'utf8')) as { identities: Identity[] };
const PASSWORD = 'Fixture!2026pw';

let browser: Browser;
let who: Person;
let page: Page;
let folder: string;

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dojang-npki-'));
  browser = await launch();
  who = person(browser);
  page = await createWallet(who);
});

test.afterEach(async () => {
  expect(browser.problems).toEqual([]);
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Copies fixtures under one NPKI folder, as a person's USB stick has them. */
function usbStick(...parts: readonly string[]): string {
  const root = join(folder, 'NPKI');
  mkdirSync(root, { recursive: true });
  for (const part of parts) cpSync(join(FIXTURES, part), join(root, basename(part) === 'NPKI' ? '' : part.replaceAll('/', '-')), { recursive: true });
  return root;
}

const rows = (): Locator => page.getByRole('table', { name: who.t('import_caption') }).getByRole('row');
const rowOf = (text: string): Locator => rows().filter({ hasText: text });

async function tryPassword(password: string): Promise<void> {
  await page.getByLabel(who.t('certificate_password'), { exact: true }).fill(password);
  await page
    .getByRole('button', { name: who.t('import_open'), exact: true })
    .first()
    .click();
}

async function expectNothingStored(): Promise<void> {
  await page.goto(new URL('#/', page.url()).href);
  await expect(page.getByText(who.t('empty_heading'))).toBeVisible();
}

test('all identities of a stick go in with their three passwords, one write, R told where it is', async () => {
  const stick = usbStick('NPKI', 'NPKI-renewed');
  await pickFolder(who, page, stick);
  await expect(rows()).toHaveCount(identities.length + 1);
  for (const password of new Set(identities.map((identity) => identity.password))) await tryPassword(password);
  await expect(rows().filter({ hasText: who.t('import_identity_yes') })).toHaveCount(identities.filter(({ rHex }) => rHex !== null).length);
  await expect(rowOf('무난수')).toContainText(who.t('import_identity_no'));
  await page.getByLabel(who.t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
  await page.getByRole('button', { name: who.t('import_save', { n: identities.length }) }).click();
  await expect(page.getByText(who.t('import_done', { n: identities.length }))).toBeVisible();
  await page.goto(new URL('#/', page.url()).href);
  for (const name of ['홍길동', '(주)픽스처상사', 'HKD', '대소문자'])
    await expect(page.getByRole('row').filter({ hasText: name }).first()).toBeVisible();

  await pickFolder(who, page, stick);
  await expect(rows().filter({ hasText: who.t('import_state_present') })).toHaveCount(identities.length);
});

const BAD: readonly [folder: string, key: string][] = [
  ['empty', 'file_unreadable'],
  ['not-der', 'file_unreadable'],
  ['truncated', 'file_unreadable'],
  ['huge-iterations', 'file_hostile'],
  ['zero-iterations', 'file_hostile'],
  ['unknown-algorithm', 'file_unsupported_algorithm'],
];

test('files that must be refused are, each with its own sentence, and the good one beside them goes in', async () => {
  const good = identities[0]!;
  const stick = usbStick(...BAD.map(([name]) => `bad/${name}`), 'bad/bitflip', 'bad/mismatch');
  cpSync(join(FIXTURES, good.folder), join(stick, 'good'), { recursive: true });
  await pickFolder(who, page, stick);
  for (const [name, key] of BAD) {
    const sentence = who.t(key, { name: '' }).split('{')[0]!;
    await expect(
      page
        .getByRole('table')
        .getByRole('row')
        .filter({ hasText: sentence.slice(0, 12) })
        .first(),
      name,
    ).toBeVisible();
  }
  await tryPassword(PASSWORD);
  await expect(rows().filter({ hasText: who.t('file_pair_mismatch').slice(0, 20) })).toHaveCount(1);
  await expect(rows().filter({ hasText: who.t('import_state_wrong_password') })).toHaveCount(1);
  await expect(rows().filter({ hasText: who.t('import_identity_yes') })).toHaveCount(1);
  await page.getByLabel(who.t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
  await page.getByRole('button', { name: who.t('import_save', { n: 1 }) }).click();
  await expect(page.getByRole('heading', { name: who.t('import_result') })).toBeVisible();
  await page.goto(new URL('#/', page.url()).href);
  await expect(page.getByRole('row').filter({ hasText: good.realName })).toHaveCount(1);
});

test('one half alone is refused by the name of the other', async () => {
  const files = join(FIXTURES, identities[0]!.folder);
  await page.goto(new URL('#/import', page.url()).href);
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: who.t('import_files') }).click()]);
  await chooser.setFiles([join(files, 'signCert.der')]);
  await expect(page.getByText(who.t('file_pair_missing', { name: 'signPri.key' }))).toBeVisible();
  await expectNothingStored();
});

test('two files chosen together are an identity, whatever their names’ case', async () => {
  const files = join(FIXTURES, identities.find(({ id }) => id === 'mixed-case-files')!.folder);
  await page.goto(new URL('#/import', page.url()).href);
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: who.t('import_files') }).click()]);
  await chooser.setFiles([join(files, 'SignCert.der'), join(files, 'SignPri.key')]);
  await tryPassword(PASSWORD);
  await expect(rowOf('대소문자')).toContainText(who.t('import_state_opened'));
});

test('a wrong certificate password is told, and leaving stores nothing', async () => {
  await pickFolder(who, page, usbStick(identities[0]!.folder));
  await tryPassword('wrong password');
  await expect(page.getByText(who.t('import_opened_none'))).toBeVisible();
  await page.getByRole('button', { name: who.t('import_other_place') }).click();
  await expectNothingStored();
});

test('a wrong wallet password at the end stores nothing and keeps the list', async () => {
  await pickFolder(who, page, usbStick(identities[0]!.folder));
  await tryPassword(PASSWORD);
  await page.getByLabel(who.t('wallet_password'), { exact: true }).fill('not the password');
  await page.getByRole('button', { name: who.t('import_save', { n: 1 }) }).click();
  await expect(page.getByText(who.t('password_wrong'))).toBeVisible();
  await expect(rowOf('홍길동')).toContainText(who.t('import_state_opened'));
  await expectNothingStored();
});

test('a folder without certificates says where they usually are', async () => {
  mkdirSync(join(folder, 'photos'));
  cpSync(join(ROOT, 'package.json'), join(folder, 'photos', 'package.json'));
  await page.goto(new URL('#/import', page.url()).href);
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: who.t('import_folder') }).click()]);
  await chooser.setFiles(join(folder, 'photos'));
  await expect(page.getByText(who.t('file_nothing_found'))).toBeVisible();
});

test('folder names that macOS decomposes do no harm', async () => {
  const stick = usbStick(identities[0]!.folder);
  renameSync(stick, join(folder, '인증서'.normalize('NFD')));
  await importFolder(who, page, join(folder, '인증서'.normalize('NFD')), { certificatePassword: PASSWORD });
  await expect(page.getByText(who.t('import_done', { n: 1 }))).toBeVisible();
});

test('a certificate is deleted after a warning, and only then', async () => {
  await importFolder(who, page, usbStick(identities[0]!.folder), { certificatePassword: PASSWORD });
  await page.goto(new URL('#/', page.url()).href);
  await page.getByRole('link', { name: /홍길동/ }).click();
  await expect(page.getByText(who.t('details_identity_yes'))).toBeVisible();
  await page.getByRole('button', { name: who.t('delete') }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(who.t('delete_not_revoked'));
  await expect(dialog).toContainText(who.t('delete_only_valid'));
  await expect(dialog.getByRole('button', { name: who.t('cancel') })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await page.getByRole('button', { name: who.t('delete') }).click();
  await dialog.getByRole('button', { name: who.t('delete') }).click();
  await expect(page.getByText(who.t('empty_heading'))).toBeVisible();
});

test('a wallet cannot be made a second time', async () => {
  await page.goto(new URL('#/start', page.url()).href);
  await page.reload();
  await expect(page.getByText(who.t('empty_heading'))).toBeVisible();
  await expect(page.getByRole('button', { name: who.t('start_submit') })).toHaveCount(0);
});
