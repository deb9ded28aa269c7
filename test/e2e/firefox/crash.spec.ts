/** The wallet in Firefox survives a killed browser and damaged files of its profile: old state or new one, and the owner is told. */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { FIREFOX, findPeer } from '../../../scripts/peers.ts';
import { Aim, tell, times } from '../../support/aim.ts';
import { Firefox } from '../../support/firefox.ts';
import type { Tab } from '../../support/firefox-tab.ts';
import { makeMany, writeMany } from '../../support/many-identities.ts';
import { words } from '../../support/words.ts';
import { createWallet, openAndSave, openManager, pick, storedCopies, t, unlockAndCount, WALLET_PASSWORD } from './steps.ts';

const CERTIFICATE_PASSWORD = 'tax!Office2026';
const KILLS = times(4, 20);

let root: string;
/** One certificate in each. */
let folders: readonly string[];
let profile: string;
let firefox: Firefox;
let manager: Tab;
let held = 1;

test.skip(findPeer(FIREFOX) === null, 'Firefox is missing');
test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  test.setTimeout(120_000);
  root = mkdtempSync(join(tmpdir(), 'dojang-firefox-crash-'));
  profile = join(root, 'profile');
  const many = await makeMany({ count: KILLS + 1, passwords: [CERTIFICATE_PASSWORD], now: Date.now() });
  folders = many.map((one, at) => writeMany(join(root, `files-${String(at)}`), [one]));
  firefox = await Firefox.launch({ profile });
  manager = await openManager(firefox);
  await createWallet(manager);
  await pickOne(0);
  await openAndSave(manager, CERTIFICATE_PASSWORD, 1);
});

test.afterAll(async () => {
  await firefox.close();
  rmSync(root, { recursive: true, force: true });
});

function filesOf(at: number): string[] {
  const folder = folders[at] ?? '';
  const below = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return below.map((entry) => join(entry.parentPath, entry.name));
}

async function pickOne(at: number): Promise<void> {
  await manager.go(`${firefox.origin}/manager.html#/import`);
  await pick(firefox, manager, { files: filesOf(at) });
}

/** Starts Firefox on the profile again, and looks at the wallet. */
async function start(): Promise<void> {
  firefox = await Firefox.launch({ profile });
  manager = await firefox.open('manager.html');
  // The language lies in local storage too.
  await manager.find('combobox', new RegExp(`^(${words('en')('language')}|${t('language')})$`));
  await manager.clickOn('option[value=ko]');
}

/** Both copies hold one head. */
async function agreed(): Promise<boolean> {
  const { primary, mirror } = await storedCopies(manager);
  return primary !== null && mirror.includes(primary);
}

const isReported = async (): Promise<boolean> => (await manager.text()).includes(t('import_result'));

test(`D2 Firefox killed in the middle of ${String(KILLS)} imports: never torn, and what was reported saved is there`, async () => {
  test.setTimeout(KILLS * 60_000);
  const aim = new Aim(700, 250);
  for (let at = 1; at <= KILLS; at++) {
    await manager.go(`${firefox.origin}/manager.html#/`);
    expect(await unlockAndCount(manager)).toBe(held);
    await pickOne(at);
    await manager.type(t('certificate_password'), CERTIFICATE_PASSWORD);
    await manager.click('button', t('import_open'));
    await manager.type(t('wallet_password'), WALLET_PASSWORD);
    await manager.click('button', t('import_save', { n: 1 }));
    if (at === KILLS) await manager.find('heading', t('import_result'));
    else await aim.wait();
    const reported = await isReported();
    await firefox.kill();
    await start();
    const found = await unlockAndCount(manager);
    expect([held, held + 1]).toContain(found);
    if (reported) expect(found).toBe(held + 1);
    expect(await agreed(), `kill ${String(at)}`).toBe(true);
    aim.note(found > held, reported);
    held = found;
  }
  tell('D2', `${String(KILLS)} kills of Firefox: ${String(aim)}`);
});

/** The folders of the closed profile where the copies lie: one of pages, one of local storage. */
function copyFolders(): { readonly primary: string; readonly mirror: string } {
  const own = new URL(firefox.origin).host;
  const storage = join(profile, 'storage', 'default');
  const names = readdirSync(storage).filter((name) => name.startsWith(`moz-extension+++${own}`));
  const of = (local: boolean): string => join(storage, names.find((name) => name.includes('^userContextId=') === local) ?? 'none');
  return { primary: of(false), mirror: of(true) };
}

function databasesIn(folder: string): string[] {
  return readdirSync(join(folder, 'idb'))
    .filter((name) => name.endsWith('.sqlite'))
    .map((name) => join(folder, 'idb', name));
}

const DAMAGES: Readonly<Record<string, (folder: string) => void>> = {
  'the database cut in half': (folder) => {
    for (const path of databasesIn(folder)) truncateSync(path, Math.floor(statSync(path).size / 2));
  },
  'the folder deleted': (folder) => rmSync(folder, { recursive: true }),
};

for (const place of ['primary', 'mirror'] as const) {
  for (const [damage, act] of Object.entries(DAMAGES)) {
    const id = damage === 'the folder deleted' ? 'D6, D7' : 'D6';
    test(`${id} Firefox, ${place}: ${damage}; it opens from the other copy, repairs, and tells`, async () => {
      await firefox.close();
      const folder = copyFolders()[place];
      expect(existsSync(folder)).toBe(true);
      act(folder);
      await start();
      await manager.find('heading', t('unlock_heading'));
      const told = (await manager.text()).includes(t('notice_one_copy_locked'));
      expect(await unlockAndCount(manager)).toBe(held);
      const repaired = await agreed().catch(() => false);
      const stillTold = (await manager.text()).includes(t('notice_one_copy'));
      expect(repaired || stillTold).toBe(true);
      tell(id, `${place}, ${damage}: ${told ? 'told' : 'not told'}, ${repaired ? 'repaired at unlocking' : 'one copy, told'}`);
    });
  }
}

/** Puts the first certificate of the list into the sync copy. */
async function turnSyncOn(): Promise<void> {
  await manager.go(`${firefox.origin}/manager.html#/backup`);
  await manager.click('button', t('sync_turn_on'));
  await manager.clickOn('fieldset input[type=checkbox]');
  await manager.type(t('wallet_password'), WALLET_PASSWORD);
  await manager.click('button', t('sync_turn_on'));
  await manager.waitForText(t('sync_done_on'));
}

test('D7 Firefox, both folders deleted: a new wallet may be made, or the sync copy opened with the secret of the one that is gone', async () => {
  await turnSyncOn();
  await firefox.close();
  for (const folder of Object.values(copyFolders())) rmSync(folder, { recursive: true, force: true });
  await start();
  await manager.find('heading', t('none_heading'));
  await manager.find('link', t('create_wallet'));
  await manager.click('link', t('sync_open'));
  await manager.type(t('sync_open_secret'), WALLET_PASSWORD);
  await manager.click('button', t('sync_open_submit'));
  await manager.find('button', t('restore_submit', { n: 1 }));
  await manager.type(t('wallet_password'), WALLET_PASSWORD);
  await manager.type(t('wallet_password_again'), WALLET_PASSWORD);
  await manager.click('button', t('restore_submit', { n: 1 }));
  await manager.waitForText(t('restore_done', { n: 1 }));
  expect(await agreed()).toBe(true);
  tell('D7', 'Firefox, both folders gone: the sync copy opened, one certificate is back');
});
