/** What a person does to get certificates out of the wallet, and what an honest reader finds in the files. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { copy, type Bytes } from '../../lib/bytes/bytes.ts';
import { findIdentities } from '../../lib/npki/folder.ts';
import { openContainer, openIdentity } from '../../lib/npki/open-identity.ts';
import { readPrivateKeyInfo } from '../../lib/npki/private-key-info.ts';
import { WALLET_PASSWORD, type Person } from './journey.ts';

/** Fits every rule of a file password. */
export const FILE_PASSWORD = 'Stick!8264zq';

export interface ExportStory {
  /** Words of the place, and of the form within it where another than the first is wanted. */
  readonly place: string;
  readonly form?: string;
  /** Names of holders, or all that are in the list. */
  readonly who: readonly string[] | 'all';
  readonly withKm?: boolean;
  readonly filePassword?: string | null;
  readonly walletPassword?: string;
}

/** From the list to the step that asks for passwords. */
export async function chooseExport({ t }: Person, page: Page, story: ExportStory): Promise<void> {
  await page.goto(new URL('#/', page.url()).href);
  await page.goto(new URL('#/export', page.url()).href);
  await page.getByRole('radio', { name: t(story.place), exact: true }).check();
  if (story.form === 'export_form_npki_pbes2') await page.getByText(t('export_advanced')).first().click();
  if (story.form !== undefined) await page.getByRole('radio', { name: t(story.form), exact: true }).check();
  await page.getByRole('button', { name: t('next') }).click();
  await expect(page.getByRole('heading', { name: t('export_which') })).toBeFocused();
  if (story.who === 'all') await page.getByRole('button', { name: t('select_all') }).click();
  else for (const holder of story.who) await page.getByRole('checkbox', { name: holder }).check();
  if (story.withKm === false) await page.getByRole('checkbox', { name: t('export_with_km') }).uncheck();
  await page.getByRole('button', { name: t('next') }).click();
}

/** Types the passwords and presses the button. `filePassword` null: none is asked. */
export async function fillPasswords({ t }: Person, page: Page, story: Pick<ExportStory, 'filePassword' | 'walletPassword'> = {}): Promise<void> {
  const password = story.filePassword === undefined ? FILE_PASSWORD : story.filePassword;
  if (password !== null) {
    await page.getByLabel(t('export_file_password'), { exact: true }).fill(password);
    await page.getByLabel(t('export_file_password_again'), { exact: true }).fill(password);
  }
  await page.getByLabel(t('wallet_password'), { exact: true }).fill(story.walletPassword ?? WALLET_PASSWORD);
  await page.getByRole('button', { name: t('export_make') }).click();
}

/** The whole export, to the step where the files are saved. */
export async function makeFiles(who: Person, page: Page, story: ExportStory, patience = 60_000): Promise<void> {
  await chooseExport(who, page, story);
  await fillPasswords(who, page, story);
  await expect(page.getByRole('heading', { name: who.t('export_save_heading') })).toBeFocused({ timeout: patience });
}

export interface SavedFile {
  readonly path: string;
  readonly bytes: Bytes;
}

/** Presses the download button; what the browser saved, and the name it saved it under. */
export async function download({ t }: Person, page: Page): Promise<{ readonly name: string; readonly bytes: Bytes }> {
  const button = page.getByRole('button', { name: new RegExp(`^(${t('export_download')}|${t('export_download_zip')})$`) });
  const [file] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return { name: file.suggestedFilename(), bytes: copy(readFileSync(await file.path())) };
}

/** The files of a zip, as another program unpacks it. */
export function unzipped(zip: Bytes): SavedFile[] {
  return Object.entries(unzipSync(zip)).map(([path, bytes]) => ({ path, bytes: copy(bytes) }));
}

export interface ReadBack {
  readonly certSha256: string;
  readonly keySha256: string;
  /** R, hex. */
  readonly r: string | null;
  readonly kmSha256: string | null;
}

const sha256 = (bytes: Bytes): string => createHash('sha256').update(bytes).digest('hex');

interface Pair {
  readonly certificate: { readonly der: Bytes };
  readonly key: { readonly privateKeyInfo: Bytes };
}

function readBackOf(sign: Pair | null, km: Pair | null): ReadBack {
  if (sign === null) throw new Error('no sign pair');
  const { random } = readPrivateKeyInfo(sign.key.privateKeyInfo);
  return {
    certSha256: sha256(sign.certificate.der),
    keySha256: sha256(sign.key.privateKeyInfo),
    r: random === null ? null : Buffer.from(random).toString('hex'),
    kmSha256: km === null ? null : sha256(km.certificate.der),
  };
}

/** Opens exported files with the readers of the import, which prove every key. In the order of certificates' hashes. */
export async function readBack(files: readonly SavedFile[], password = FILE_PASSWORD): Promise<ReadBack[]> {
  const read: ReadBack[] = [];
  for (const found of findIdentities(files, { everyFile: true })) {
    if (found.kind === 'container') {
      for (const { sign, km, problem } of await openContainer(found, password)) {
        if (problem) throw new Error(`${found.path}: ${problem.code}`);
        read.push(readBackOf(sign, km));
      }
    } else {
      if (found.refusal) throw new Error(`${found.path}: ${found.refusal.code}`);
      const { sign, km } = await openIdentity(found, password);
      read.push(readBackOf(sign, km));
    }
  }
  return read.sort((a, b) => (a.certSha256 < b.certSha256 ? -1 : 1));
}
