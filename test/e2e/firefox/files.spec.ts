/** Files in and out in the real extension in Firefox, which lets no page write into a folder: what goes out is a download. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { FIREFOX, findPeer } from '../../../scripts/peers.ts';
import { writeZip } from '../../../lib/archive/write-zip.ts';
import { copy } from '../../../lib/bytes/bytes.ts';
import { FILE_PASSWORD, readBack, unzipped } from '../../support/export-journey.ts';
import { Firefox } from '../../support/firefox.ts';
import type { Tab } from '../../support/firefox-tab.ts';
import { filesBelow, fixture, FIXTURES } from '../../support/npki-fixtures.ts';
import { until } from '../../support/until.ts';
import { createWallet, openAndSave, openImport, openManager, pick, picture, t, WALLET_PASSWORD } from './steps.ts';

const HONG = fixture('personal-bank-sha1seed');
const SHOP = fixture('business-general');

let folder: string;
let firefox: Firefox;
let manager: Tab;

test.skip(findPeer(FIREFOX) === null, 'Firefox is missing');
test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dojang-firefox-files-'));
  const preferences = { 'browser.download.folderList': 2, 'browser.download.dir': folder, 'browser.download.useDownloadDir': true };
  firefox = await Firefox.launch({ preferences: { ...preferences, 'browser.download.alwaysOpenPanel': false } });
  manager = await openManager(firefox);
  await createWallet(manager);
});

test.afterEach(async () => {
  expect(await firefox.takeProblems()).toEqual([]);
});

test.afterAll(async () => {
  await firefox.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a PFX and a zip of an NPKI folder go in together', async () => {
  const zip = join(folder, 'stick.zip');
  const files = filesBelow('npki', SHOP.folder).map(({ path, bytes }) => ({ path: `NPKI/KICA/USER/shop/${path}`, bytes }));
  writeFileSync(zip, writeZip(files, { time: Date.now() }));
  await openImport(manager);
  await pick(firefox, manager, { files: [join(FIXTURES, 'npki', 'pfx', `${HONG.id}.3des-rc2certs.p12`), zip] });
  await openAndSave(manager, HONG.password, 2);
  await manager.waitForText(t('import_done', { n: 2 }));
  await picture(manager, 'files-in');
});

/** The file that Firefox saved with this ending, once it is whole. */
async function downloaded(ending: string): Promise<string> {
  return until(`a download ending in ${ending}`, () => {
    const names = readdirSync(folder);
    const name = names.find((one) => one.endsWith(ending) && one !== 'stick.zip');
    return Promise.resolve(name !== undefined && !names.some((one) => one.endsWith('.part')) ? join(folder, name) : undefined);
  });
}

test('both go out as one zip, which unpacks to the places where bank programs look, with R and km', async () => {
  await manager.go((await manager.url()).replace(/#.*/, '#/export'));
  await manager.click('radio', t('export_place_bank'));
  await manager.click('button', t('next'));
  await manager.click('button', t('select_all'));
  await manager.click('button', t('next'));
  await manager.type(t('export_file_password'), FILE_PASSWORD);
  await manager.type(t('export_file_password_again'), FILE_PASSWORD);
  await manager.type(t('wallet_password'), WALLET_PASSWORD);
  await manager.click('button', t('export_make'));
  await manager.find('heading', t('export_save_heading'));
  expect(await manager.text()).not.toContain(t('export_to_folder'));
  await manager.click('button', t('export_download_zip'));
  await picture(manager, 'files-out');
  const files = unzipped(copy(readFileSync(await downloaded('.zip'))));
  expect(files.every(({ path }) => /^NPKI\/[^/]+\/USER\/[^/]+\/(?:(?:sign|km)(?:Cert\.der|Pri\.key)|CaPubs)$/.test(path))).toBe(true);
  const found = await readBack(files);
  const expected = [HONG, SHOP].map(({ certSha256, privateKeyInfoSha256, rHex }) => ({ certSha256, keySha256: privateKeyInfoSha256, r: rHex }));
  expect(found.map(({ certSha256, keySha256, r }) => ({ certSha256, keySha256, r }))).toEqual(
    expected.sort((a, b) => (a.certSha256 < b.certSha256 ? -1 : 1)),
  );
});
