import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { writeZip } from '../../../lib/archive/write-zip.ts';
import { copy, type Bytes } from '../../../lib/bytes/bytes.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { writePfx, type PfxIdentity } from '../../../lib/npki/pkcs12/write-pfx.ts';
import { openPrivateKey } from '../../../lib/npki/private-key.ts';
import { writePrivateKey } from '../../../lib/npki/write-private-key.ts';
import { launch, ROOT, type Browser } from '../../support/chromium.ts';
import { chooserOf, createWallet, importFolder, type Person, person, pickFolder, WALLET_PASSWORD } from '../../support/journey.ts';
import { makeMany, writeMany } from '../../support/many-identities.ts';

const FIXTURES = join(ROOT, 'test', 'fixtures', 'npki');

interface Identity {
  readonly id: string;
  readonly folder: string;
  readonly password: string;
  readonly realName: string;
  readonly rHex: string | null;
  readonly km?: unknown;
}
const { identities } = JSON.parse(readFileSync(join(FIXTURES, 'manifest.json'), 'utf8')) as { identities: Identity[] };
const PASSWORD = 'Fixture!2026pw';
const OTHER_PASSWORD = 'Another#2026key';

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

function identity(id: string): Identity {
  const found = identities.find((one) => one.id === id);
  if (!found) throw new Error(`no fixture ${id}`);
  return found;
}

function fileOf({ folder: at }: Identity, name: string): Bytes {
  return copy(readFileSync(join(FIXTURES, at, name)));
}

function put(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

async function pairOf(one: Identity, role: 'sign' | 'km'): Promise<NonNullable<PfxIdentity['sign']>> {
  const { privateKeyInfo } = await openPrivateKey(fileOf(one, `${role}Pri.key`), one.password);
  return { certificate: readCertificate(fileOf(one, `${role}Cert.der`)), privateKeyInfo };
}

/** A PFX that holds several people. */
async function pfxOf(ones: readonly Identity[], password: string): Promise<Bytes> {
  const inside: PfxIdentity[] = [];
  for (const one of ones) inside.push({ name: one.realName, sign: await pairOf(one, 'sign'), km: null, chain: [] });
  return writePfx(inside, password, { form: 'modern', random, iterations: { bags: 10_000, mac: 10_000 } });
}

function pem(label: string, bytes: Uint8Array): string {
  return `-----BEGIN ${label}-----\n${Buffer.from(bytes)
    .toString('base64')
    .replace(/(.{64})/g, '$1\n')
    .trimEnd()}\n-----END ${label}-----\n`;
}

const table = (): Locator => page.getByRole('table', { name: who.t('import_caption') });
const rows = (): Locator => table().getByRole('row');
const rowOf = (text: string): Locator => rows().filter({ hasText: text });
const openButton = (): Locator => page.getByRole('button', { name: who.t('import_open'), exact: true });
const certificatePassword = (): Locator => page.getByLabel(who.t('certificate_password'), { exact: true });
const saveButton = (n: number): Locator => page.getByRole('button', { name: who.t('import_save', { n }), exact: true });

async function pickFiles(...paths: readonly string[]): Promise<void> {
  await page.goto(new URL('#/import', page.url()).href);
  const chooser = await chooserOf(page, () => page.getByRole('button', { name: who.t('import_files') }).click());
  await chooser.setFiles([...paths]);
}

/** Drops real files and folders on the page, as a file manager does. */
async function drop(paths: readonly string[], at = { x: 400, y: 300 }): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await session.send('Input.dispatchDragEvent', { type, ...at, data });
  await session.detach();
}

async function tryPassword(password: string): Promise<void> {
  await certificatePassword().fill(password);
  await openButton().click();
}

async function save(n: number): Promise<void> {
  await page.getByLabel(who.t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
  await saveButton(n).click();
  await expect(page.getByRole('heading', { name: who.t('import_result') })).toBeVisible({ timeout: 30_000 });
}

async function expectNothingStored(): Promise<void> {
  await page.goto(new URL('#/', page.url()).href);
  await expect(page.getByText(who.t('empty_heading'))).toBeVisible();
}

async function expectStored(...names: readonly string[]): Promise<void> {
  await page.goto(new URL('#/', page.url()).href);
  for (const name of names) await expect(page.getByRole('row').filter({ hasText: name }).first()).toBeVisible();
}

test('all identities of a stick go in with their passwords, one write, R told where it is (story 1)', async () => {
  const stick = usbStick('NPKI', 'NPKI-renewed');
  await pickFolder(who, page, stick);
  await expect(rows()).toHaveCount(identities.length + 1);
  for (const password of new Set(identities.map((one) => one.password))) await tryPassword(password);
  await expect(rows().filter({ hasText: who.t('import_identity_yes') })).toHaveCount(identities.filter(({ rHex }) => rHex !== null).length);
  await expect(rowOf('무난수')).toContainText(who.t('import_identity_no'));
  await save(identities.length);
  await expect(page.getByText(who.t('import_done', { n: identities.length }))).toBeVisible();
  await expect(page.getByText(who.t('import_done_no_random', { n: identities.filter(({ rHex }) => rHex === null).length }))).toBeVisible();
  await expectStored('홍길동', '(주)픽스처상사', 'HKD', '대소문자');

  await pickFolder(who, page, stick);
  const lacking = identities.filter(({ rHex }) => rHex === null);
  await expect(rows().filter({ hasText: who.t('import_state_present') })).toHaveCount(identities.length - lacking.length);
  await expect(rowOf('무난수')).toContainText(who.t('import_could_add', { what: who.t('record_part_random') }));
  for (const password of new Set(lacking.map((one) => one.password))) await tryPassword(password);
  await expect(rows().filter({ hasText: who.t('import_state_present') })).toHaveCount(identities.length);
  await expect(page.getByText(who.t('import_nothing_left'))).toBeVisible();
  await expect(page.getByRole('checkbox')).toHaveCount(0);
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
  for (const [name, key] of BAD) await expect(rowOf(`bad-${name}`), name).toContainText(who.t(key, { name: '' }).slice(0, 12));
  // Both have the certificate of the good one: they are copies of it that do not open.
  await tryPassword(PASSWORD);
  await expect(rows().filter({ hasText: who.t('import_identity_yes') })).toHaveCount(1);
  await expect(rowOf('bad-bitflip')).toContainText(who.t('import_state_duplicate'));
  await expect(rowOf('bad-mismatch')).not.toContainText(who.t('import_state_opened'));
  await save(1);
  await expect(page.getByRole('group').filter({ hasText: who.t('file_hostile') })).toContainText('bad-huge-iterations');
  await expectStored(good.realName);
  await expect(page.getByRole('row').filter({ hasText: good.realName })).toHaveCount(1);
});

for (const [name, key] of [
  ['bitflip', 'import_state_wrong_password'],
  ['mismatch', 'file_pair_mismatch'],
] as const) {
  test(`a damaged pair alone is told from a good one: ${name}`, async () => {
    await pickFolder(who, page, usbStick(`bad/${name}`));
    await tryPassword(PASSWORD);
    await expect(rows().filter({ hasText: who.t(key).slice(0, 20) })).toHaveCount(1);
    await expect(page.getByText(who.t('import_opened_none'))).toBeVisible();
    await expectNothingStored();
  });
}

test('one half alone is refused by the name of the other (story 3)', async () => {
  await pickFiles(join(FIXTURES, identities[0]!.folder, 'signCert.der'));
  await expect(page.getByText(who.t('file_pair_missing', { name: 'signPri.key' }))).toBeVisible();
  await expectNothingStored();
});

test('two files chosen together are an identity, whatever their names’ case', async () => {
  const files = join(FIXTURES, identity('mixed-case-files').folder);
  await pickFiles(join(files, 'SignCert.der'), join(files, 'SignPri.key'));
  await tryPassword(PASSWORD);
  await expect(rowOf('대소문자')).toContainText(who.t('import_state_opened'));
});

test('every PFX of the fixtures opens, one identity of each holder is kept and the copies are told (story 2)', async () => {
  const files = readdirSync(join(FIXTURES, 'pfx')).filter((name) => name.startsWith('business-general.'));
  expect(files.length).toBeGreaterThan(4);
  await pickFiles(...files.map((name) => join(FIXTURES, 'pfx', name)));
  await expect(rows()).toHaveCount(files.length + 1);
  await tryPassword(identity('business-general').password);
  await expect(rows().filter({ hasText: who.t('import_identity_yes') })).toHaveCount(1);
  await expect(rows().filter({ hasText: who.t('import_duplicate') })).toHaveCount(files.length - 1);
  await save(1);
  await expectStored('(주)픽스처상사');
});

test('a PFX is one row until it is opened, a wrong password is told, and then it is as many as it holds', async () => {
  const inside = [identities[0]!, identity('no-random-value')];
  await pickFiles(put('everyone.pfx', await pfxOf(inside, OTHER_PASSWORD)));
  await expect(rows()).toHaveCount(2);
  await expect(rowOf('everyone.pfx')).toContainText(who.t('import_closed_file'));
  await tryPassword('wrong password');
  await expect(rowOf('everyone.pfx')).toContainText(who.t('import_state_wrong_password'));
  await expect(page.getByText(who.t('import_opened_none'))).toBeVisible();
  await expect(certificatePassword()).toBeFocused();
  await tryPassword(OTHER_PASSWORD);
  await expect(page.getByText(who.t('import_opened_n', { n: 2 }))).toBeVisible();
  await expect(rows()).toHaveCount(3);
  await expect(page.getByLabel(who.t('wallet_password'), { exact: true })).toBeFocused();
  await rowOf('무난수').getByRole('checkbox').uncheck();
  await save(1);
  await expect(page.getByRole('group').filter({ hasText: who.t('import_not_chosen') })).toContainText('everyone.pfx');
  await expectStored(identities[0]!.realName);
  await expect(page.getByRole('row').filter({ hasText: '무난수' })).toHaveCount(0);
});

test('a zip of an NPKI folder is looked into, and so is a PEM', async () => {
  const one = identity('business-general');
  const files = readdirSync(join(FIXTURES, one.folder)).map((name) => ({ path: `${one.folder}/${name}`, bytes: fileOf(one, name) }));
  const zip = put('인증서 백업.zip', writeZip(files, { time: Date.now() }));
  const texts = readdirSync(join(FIXTURES, 'pem')).map((name) => join(FIXTURES, 'pem', name));
  await pickFiles(zip, ...texts);
  await expect(rowOf('(주)픽스처상사')).toHaveCount(1);
  await tryPassword(PASSWORD);
  await expect(rows().filter({ hasText: who.t('import_state_opened') })).toHaveCount(2);
  await save(2);
  await expectStored('(주)픽스처상사', identity('personal-bank-sha1seed').realName);
});

test('a key without a password is open at once, with a warning in the row and at the end', async () => {
  const one = identities[0]!;
  const { privateKeyInfo } = await openPrivateKey(fileOf(one, 'signPri.key'), one.password);
  const text = pem('CERTIFICATE', fileOf(one, 'signCert.der')) + pem('PRIVATE KEY', privateKeyInfo);
  await pickFiles(put('backup.pem', text));
  await expect(rowOf(one.realName)).toContainText(who.t('import_plain'));
  await expect(rowOf(one.realName)).toContainText(who.t('import_state_opened'));
  await expect(certificatePassword()).toHaveCount(0);
  await save(1);
  await expect(page.getByText(who.t('import_done_plain', { n: 1 }))).toBeVisible();
  await expectStored(one.realName);
});

test('a renewed certificate names the one that it replaces', async () => {
  const renewed = readdirSync(join(FIXTURES, 'NPKI-renewed'), { recursive: true, encoding: 'utf8' }).find((name) => /cn=[^/]*$/.test(name))!;
  const old = join(FIXTURES, 'NPKI', renewed);
  expect(existsSync(old)).toBe(true);
  cpSync(old, join(folder, 'old'), { recursive: true });
  await importFolder(who, page, join(folder, 'old'), { certificatePassword: PASSWORD });
  await page.getByRole('button', { name: who.t('import_more') }).click();
  await pickFolder(who, page, join(FIXTURES, 'NPKI-renewed'));
  const sentence = who.t('import_replaces', { date: '' });
  await expect(rows().filter({ hasText: sentence })).toHaveCount(1);
  await tryPassword(PASSWORD);
  await expect(page.getByText(who.t('import_save_renewed', { n: 1 }))).toBeVisible();
});

test('an encryption key with a password of its own is asked for by itself (story 5)', async () => {
  const one = identities.find(({ km }) => km !== undefined)!;
  cpSync(join(FIXTURES, one.folder), join(folder, 'own'), { recursive: true });
  const km = await openPrivateKey(fileOf(one, 'kmPri.key'), one.password);
  writeFileSync(join(folder, 'own', 'kmPri.key'), await writePrivateKey(km.privateKeyInfo, OTHER_PASSWORD, { random }));
  await pickFolder(who, page, join(folder, 'own'));
  await tryPassword(one.password);
  await expect(rowOf(one.realName)).toContainText(who.t('import_km_closed'));
  await expect(page.getByText(who.t('import_open_km', { n: 1 }))).toBeVisible();
  await tryPassword('not that one either');
  await expect(page.getByText(who.t('import_opened_none'))).toBeVisible();
  await tryPassword(OTHER_PASSWORD);
  await expect(page.getByText(who.t('import_opened_km', { n: 1 }))).toBeVisible();
  await expect(rowOf(one.realName)).toContainText(who.t('import_km'));
  await expect(certificatePassword()).toHaveCount(0);
  await save(1);
});

test('only chosen rows are tried and stored', async () => {
  const [one, other] = [identities[0]!, identity('business-general')];
  await pickFolder(who, page, usbStick(one.folder, other.folder));
  await page.getByRole('button', { name: who.t('import_choose_none') }).click();
  await expect(page.getByText(who.t('import_none_chosen'))).toBeVisible();
  await expect(certificatePassword()).toHaveCount(0);
  await rowOf(other.realName).getByRole('checkbox').check();
  await tryPassword(PASSWORD);
  await expect(rowOf(other.realName)).toContainText(who.t('import_state_opened'));
  await expect(rowOf(one.realName)).toContainText(who.t('import_state_sealed'));
  await save(1);
  await expect(page.getByRole('group').filter({ hasText: who.t('import_not_chosen') })).toContainText(one.realName);
});

test('folders and files dropped together anywhere on the page are looked through', async () => {
  const [one, other] = [identities[0]!, identity('business-general')];
  const stick = usbStick(one.folder);
  const pfx = put('회사.pfx', await pfxOf([other], OTHER_PASSWORD));
  await page.goto(new URL('#/import', page.url()).href);
  await expect(page.getByText(who.t('import_drop'))).toBeVisible();
  await drop([stick, pfx]);
  await expect(rows()).toHaveCount(3);
  await tryPassword(one.password);
  await tryPassword(OTHER_PASSWORD);
  await expect(rows().filter({ hasText: who.t('import_state_opened') })).toHaveCount(2);
  // What falls on the list is not taken, and the browser does not leave the page for it.
  await drop([pfx], { x: 500, y: 500 });
  await expect(rows()).toHaveCount(3);
  await save(2);
  await expectStored(one.realName, '(주)픽스처상사');
});

test('an empty folder that is dropped says so', async () => {
  mkdirSync(join(folder, 'nothing'));
  await page.goto(new URL('#/import', page.url()).href);
  await expect(page.getByText(who.t('import_drop'))).toBeVisible();
  await drop([join(folder, 'nothing')]);
  await expect(page.getByText(who.t('file_nothing_found'))).toBeVisible();
});

test('many rows are shown in pages, and found by their name and state', async () => {
  const many = await makeMany({ count: 60, passwords: [PASSWORD, OTHER_PASSWORD], now: Date.now() });
  await pickFolder(who, page, writeMany(folder, many));
  await expect(rows()).toHaveCount(26);
  for (const left of [25, 10]) {
    await page.getByRole('button', { name: who.t('next') }).click();
    await expect(rows()).toHaveCount(left + 1);
  }
  await page.getByLabel(who.t('import_search')).fill('고객02');
  await expect(rows()).toHaveCount(11);
  await expect(page.getByText(who.t('import_filtered', { n: 10, m: 60 }))).toBeVisible();
  await page.getByRole('button', { name: who.t('import_choose_none_shown', { n: 10 }) }).click();
  await page.getByLabel(who.t('import_search')).fill('');
  await expect(page.getByText(who.t('import_chosen', { n: 50 }))).toBeVisible();
  await tryPassword(PASSWORD);
  await expect(page.getByText(who.t('import_opened_n', { n: 25 }))).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: `${who.t('import_state_wrong_password')} 25`, exact: true }).click();
  await expect(rows()).toHaveCount(26);
  await expect(rowOf('고객002')).toBeVisible();
});

test('opening can be stopped: what is open stays, nothing is stored', async () => {
  const many = await makeMany({ count: 300, passwords: [PASSWORD], now: Date.now() });
  await pickFolder(who, page, writeMany(folder, many));
  await tryPassword(PASSWORD);
  await page.getByRole('button', { name: who.t('cancel') }).click();
  await expect(page.getByText(who.t('import_cancelled'))).toBeVisible();
  await expect(openButton()).toBeVisible();
  await expect(page.getByText(who.t('import_opened_none'))).toHaveCount(0);
  await expectNothingStored();
});

test('looking can be stopped, and leads back to the choice', async () => {
  const many = await makeMany({ count: 300, passwords: [PASSWORD], now: Date.now() });
  const root = writeMany(folder, many);
  await page.goto(new URL('#/import', page.url()).href);
  await expect(page.getByText(who.t('import_drop'))).toBeVisible();
  await drop([root]);
  await page.getByRole('button', { name: who.t('cancel') }).click();
  await expect(page.getByText(who.t('import_cancelled'))).toBeVisible();
  await expect(page.getByRole('button', { name: who.t('import_folder') })).toBeVisible();
  await expectNothingStored();
});

test('a whole import is done with the keyboard alone', async () => {
  const one = identities[0]!;
  const pfx = put('one.pfx', await pfxOf([one], OTHER_PASSWORD));
  await page.goto(new URL('#/import', page.url()).href);
  // The heading takes the focus when the screen has come.
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await page.getByRole('button', { name: who.t('import_files') }).focus();
  const chooser = await chooserOf(page, () => page.keyboard.press('Enter'));
  await chooser.setFiles(pfx);
  await expect(page.getByRole('heading', { name: who.t('import_found_files', { n: 1 }) })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('checkbox', { name: who.t('import_choose', { what: 'one.pfx' }) })).toBeFocused();
  await page.keyboard.press('Space');
  await expect(page.getByText(who.t('import_none_chosen'))).toBeVisible();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await expect(certificatePassword()).toBeFocused();
  await page.keyboard.type(OTHER_PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByLabel(who.t('wallet_password'), { exact: true })).toBeFocused();
  await page.keyboard.insertText(WALLET_PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: who.t('import_result') })).toBeFocused();
  await expectStored(one.realName);
});

test('a wrong certificate password is told, damage is named after the third, and leaving stores nothing', async () => {
  await pickFolder(who, page, usbStick(identities[0]!.folder));
  for (const password of ['wrong password', 'another wrong one', 'a third one']) {
    await expect(page.getByText(who.t('import_open_doubt'))).toHaveCount(0);
    await tryPassword(password);
    await expect(page.getByText(who.t('import_opened_none'))).toBeVisible();
  }
  await expect(page.getByText(who.t('import_open_doubt'))).toBeVisible();
  await page.getByRole('button', { name: who.t('import_other_place') }).click();
  await expectNothingStored();
});

test('a wrong wallet password at the end stores nothing and keeps the list', async () => {
  await pickFolder(who, page, usbStick(identities[0]!.folder));
  await tryPassword(PASSWORD);
  await page.getByLabel(who.t('wallet_password'), { exact: true }).fill('not the password');
  await saveButton(1).click();
  await expect(page.getByText(who.t('password_wrong'))).toBeVisible();
  await expect(rowOf('홍길동')).toContainText(who.t('import_state_opened'));
  await expectNothingStored();
});

test('a folder without certificates says where they usually are', async () => {
  mkdirSync(join(folder, 'photos'));
  cpSync(join(ROOT, 'package.json'), join(folder, 'photos', 'package.json'));
  await page.goto(new URL('#/import', page.url()).href);
  const chooser = await chooserOf(page, () => page.getByRole('button', { name: who.t('import_folder') }).click());
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
  await dialog.getByRole('button', { name: who.t('delete_move') }).click();
  await expect(page.getByText(who.t('empty_heading'))).toBeVisible();
});

test('a wallet cannot be made a second time', async () => {
  await page.goto(new URL('#/start', page.url()).href);
  await page.reload();
  await expect(page.getByText(who.t('empty_heading'))).toBeVisible();
  await expect(page.getByRole('button', { name: who.t('start_submit') })).toHaveCount(0);
});
