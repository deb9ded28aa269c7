/** The wallet survives killed browsers, damaged files and full disks: old state or new one, whole, and the owner is told. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { startBank, type Bank } from '../../../demo/bank.ts';
import { Aim, tell, times } from '../../support/aim.ts';
import { DEMO_EXTENSION, launch, stopBackground, type Browser } from '../../support/chromium.ts';
import { createWallet, importFolder, person, pickFolder, WALLET_PASSWORD, type Person } from '../../support/journey.ts';
import { makeMany, writeMany } from '../../support/many-identities.ts';
import { DEMO_DATA } from '../../support/scene.ts';
import { agree, copyFolders, DAMAGES, killBrowser, readCopies, type Chrome } from '../../support/stored-copies.ts';

const CERTIFICATE_PASSWORD = 'tax!Office2026';
const KEPT = 3;
const SAVES = times(20, 100);
const KILLS = times(5, 20);

let root: string;
/** One certificate in each. */
let folders: readonly string[];
/** A closed profile whose wallet holds the first certificates, each from a save of its own. */
let kept: string;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  root = mkdtempSync(join(tmpdir(), 'dojang-storage-'));
  const many = await makeMany({ count: KEPT + SAVES, passwords: [CERTIFICATE_PASSWORD], now: Date.now() });
  folders = many.map((one, at) => writeMany(join(root, `files-${String(at)}`), [one]));
  kept = join(root, 'kept');
  const who = person(await launch({ profile: kept }));
  const page = await createWallet(who);
  for (const folder of folders.slice(0, KEPT)) await importOne(who, page, folder);
  expect(agree(await readCopies(page))).toBe(true);
  await who.browser.close();
});

test.afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

/** A copy of the closed profile, for one test. */
function profileCopy(name: string): string {
  const profile = join(root, name);
  cpSync(kept, profile, { recursive: true });
  return profile;
}

/** Imports one certificate, whatever the page shows. */
async function importOne(who: Person, page: Page, folder: string | undefined): Promise<void> {
  await page.goto(new URL('#/', page.url()).href);
  await importFolder(who, page, folder ?? '', { certificatePassword: CERTIFICATE_PASSWORD });
}

const manager = ({ browser }: Person): Promise<Page> => browser.open('manager.html');

/** Types the wallet password where the wallet is locked, and gives how many certificates the list then tells of. */
async function unlockAndCount(who: Person, page: Page): Promise<number> {
  const { t } = who;
  const list = page.getByRole('heading', { name: t('certificates'), exact: true });
  const locked = page.getByRole('heading', { name: t('unlock_heading') });
  await expect(list.or(locked)).toBeVisible();
  if (await locked.isVisible()) {
    await page.getByLabel(t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
    await page.getByRole('button', { name: t('unlock'), exact: true }).click();
  }
  await expect(list).toBeVisible();
  // The list shows fifty rows at a time, and says how many there are.
  const said = await page.getByText(new RegExp(`^${t('table_count', { n: '\\d+' })}$`)).textContent();
  return Number(/\d+/.exec(said ?? '')?.[0]);
}

/** The import of one certificate as far as the button that saves. */
async function readyToSave(who: Person, page: Page, folder: string): Promise<() => Promise<void>> {
  const { t } = who;
  await pickFolder(who, page, folder);
  await page.getByLabel(t('certificate_password'), { exact: true }).fill(CERTIFICATE_PASSWORD);
  await page.getByRole('button', { name: t('import_open'), exact: true }).click();
  await page.getByLabel(t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
  return () => page.getByRole('button', { name: new RegExp(t('import_save', { n: '\\d+' })) }).click();
}

test(`D1 the background stopped and the page reloaded in the middle of ${String(SAVES)} saves: the old state or the new one`, async () => {
  test.setTimeout(SAVES * 15_000);
  const who = person(await launch({ profile: profileCopy('d1') }));
  const page = await manager(who);
  let held = await unlockAndCount(who, page);
  expect(held).toBe(KEPT);
  const aim = new Aim(700, 300);
  for (let at = 0; at < SAVES; at++) {
    await unlockAndCount(who, page);
    const save = await readyToSave(who, page, folders[KEPT + at] ?? '');
    await save();
    await aim.wait();
    const reported = await page.getByRole('heading', { name: who.t('import_result') }).isVisible();
    await Promise.all([stopBackground(who.browser), page.reload()]);
    await page.goto(new URL('#/', page.url()).href);
    const found = await unlockAndCount(who, page);
    expect([held, held + 1]).toContain(found);
    if (reported) expect(found).toBe(held + 1);
    await expect.poll(async () => agree(await readCopies(page)), { message: `save ${String(at)}` }).toBe(true);
    await expect(page.getByText(/기록을 어느 사본에서도/)).toHaveCount(0);
    aim.note(found > held, reported);
    held = found;
  }
  tell('D1', `${String(SAVES)} saves cut off: ${String(aim)}`);
  await who.browser.close();
});

test(`D2 the browser killed in the middle of ${String(KILLS)} imports: never torn, and what was reported saved is there`, async () => {
  test.setTimeout(KILLS * 48_000);
  const profile = profileCopy('d2');
  let held = KEPT;
  const aim = new Aim(900, 250);
  for (let at = 0; at < KILLS; at++) {
    const who = person(await launch({ profile }));
    const page = await manager(who);
    expect(await unlockAndCount(who, page)).toBe(held);
    const save = await readyToSave(who, page, folders[KEPT + at] ?? '');
    await save();
    if (at === KILLS - 1) await expect(page.getByRole('heading', { name: who.t('import_result') })).toBeVisible();
    else await aim.wait();
    const reported = await page.getByRole('heading', { name: who.t('import_result') }).isVisible();
    await killBrowser(who.browser);
    const again = person(await launch({ profile }));
    const look = await manager(again);
    const found = await unlockAndCount(again, look);
    expect([held, held + 1]).toContain(found);
    if (reported) expect(found).toBe(held + 1);
    expect(agree(await readCopies(look)), `kill ${String(at)}`).toBe(true);
    aim.note(found > held, reported);
    held = found;
    await again.browser.close();
  }
  tell('D2', `${String(KILLS)} kills: ${String(aim)}`);
});

for (const place of ['primary', 'mirror'] as const) {
  for (const [damage, act] of Object.entries(DAMAGES)) {
    const id = damage === 'the folder deleted' ? 'D6 D7' : 'D6';
    test(`${id} ${place}: ${damage}; it opens from the other copy, repairs, and tells`, async () => {
      const profile = profileCopy(`${place}-${damage.replaceAll(' ', '-')}`);
      const first = await launch({ profile });
      const { extensionId } = first;
      await first.close();
      act(copyFolders(profile, extensionId)[place]);
      const who = person(await launch({ profile }));
      const page = await manager(who);
      await expect(page.getByRole('heading', { name: who.t('unlock_heading') })).toBeVisible();
      const before = await readCopies(page).catch(() => null);
      const harmed = before === null || !agree(before);
      const told = page.getByText(who.t('notice_one_copy_locked'));
      if (before !== null && before.primary !== before.mirror) await expect(told).toBeVisible();
      const wasTold = await told.isVisible();
      expect(await unlockAndCount(who, page)).toBe(KEPT);
      if (wasTold) await expect(page.getByText(new RegExp(`${who.t('notice_repaired')}|${who.t('notice_one_copy')}`))).toBeVisible();
      const after = await readCopies(page).catch(() => null);
      const repaired = after !== null && agree(after);
      const stillTold = await page.getByText(who.t('notice_one_copy'), { exact: true }).isVisible();
      // Where the browser lets nobody write there any more, the owner hears of it and mends it by a word.
      expect(repaired || stillTold).toBe(true);
      tell(id, `${place}, ${damage}: ${harmed ? 'harmed' : 'healed by the browser'}, ${repaired ? 'repaired at unlocking' : 'one copy, told'}`);
      await who.browser.close();
    });
  }
}

test('D7 both copies deleted: nothing is left, and a new wallet may be made', async () => {
  const profile = profileCopy('both');
  const first = await launch({ profile });
  const folders = copyFolders(profile, first.extensionId);
  await first.close();
  for (const folder of Object.values(folders)) rmSync(folder, { recursive: true });
  const who = person(await launch({ profile }));
  const page = await manager(who);
  await expect(page.getByRole('heading', { name: who.t('none_heading') })).toBeVisible();
  await who.browser.close();
});

test.describe('with a bank', () => {
  let bank: Bank;

  test.beforeAll(async () => {
    bank = await startBank({ port: 0, host: 'localhost', dataFolder: DEMO_DATA, testRoutes: true });
  });

  test.afterAll(async () => {
    await bank.close();
  });

  /** What a content script of ours may do with each storage area. */
  async function asContentScript(browser: Browser): Promise<Record<string, string>> {
    const page = await browser.context.newPage();
    await page.goto(`${bank.url}/?lang=ko`);
    const session = await browser.context.newCDPSession(page);
    const worlds: { id: number; origin: string }[] = [];
    session.on('Runtime.executionContextCreated', ({ context }) => worlds.push(context));
    await session.send('Runtime.enable');
    const world = worlds.find(({ origin }) => origin.startsWith('chrome-extension://'));
    const outcomes: Record<string, string> = {};
    for (const area of ['local', 'sync', 'session']) {
      for (const act of ['get(null)', "set({ 'djw1.h0': 'x' })", "remove('djw1.h0')", 'clear()']) {
        const expression = `Promise.resolve().then(() => chrome.storage.${area}.${act}).then(() => 'done', () => 'denied')`;
        const { result } = await session.send('Runtime.evaluate', {
          expression,
          contextId: world?.id ?? -1,
          awaitPromise: true,
          returnByValue: true,
        });
        outcomes[`${area} ${act}`] = String(result.value);
      }
    }
    await page.close();
    return outcomes;
  }

  test('D15 a content script is kept from every storage area: at first run, after the background stopped, after a restart', async () => {
    const profile = join(root, 'd15');
    const first = await launch({ profile });
    await createWallet(person(first));
    const denied = (outcomes: Record<string, string>): void => {
      expect(Object.keys(outcomes)).toHaveLength(12);
      expect(new Set(Object.values(outcomes))).toEqual(new Set(['denied']));
    };
    denied(await asContentScript(first));
    await stopBackground(first);
    denied(await asContentScript(first));
    await first.close();
    const again = await launch({ profile });
    denied(await asContentScript(again));
    const page = await manager(person(again));
    expect(agree(await readCopies(page))).toBe(true);
    await again.close();
  });
});

test('D4 the second copy’s place is full: the save stands, the owner is told, and room makes it good', async () => {
  test.setTimeout(150_000);
  const extension = join(root, 'without-unlimited');
  cpSync(DEMO_EXTENSION, extension, { recursive: true });
  const path = join(extension, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { permissions: string[] };
  manifest.permissions = manifest.permissions.filter((name) => name !== 'unlimitedStorage');
  writeFileSync(path, JSON.stringify(manifest));
  const who = person(await launch({ profile: join(root, 'd4'), extension }));
  const page = await createWallet(who);
  await importOne(who, page, folders[0]);
  const filled = await page.evaluate(async () => {
    const { local } = (globalThis as unknown as { chrome: Chrome }).chrome.storage;
    let octets = 0;
    for (let size = 1 << 20, at = 0; size >= 256; at++) {
      try {
        await local.set({ [`filler${String(at)}`]: 'x'.repeat(size) });
        octets += size;
      } catch {
        size >>= 1;
      }
    }
    return octets;
  });
  expect(filled).toBeGreaterThan(8 << 20);
  await importOne(who, page, folders[1]);
  await page.goto(new URL('#/', page.url()).href);
  await expect(page.getByText(who.t('notice_one_copy'))).toBeVisible();
  expect(await page.locator('tbody tr').count()).toBe(2);
  const short = await readCopies(page);
  expect(short.primary).not.toBe(short.mirror);
  await page.evaluate(async () => {
    const { local } = (globalThis as unknown as { chrome: Chrome }).chrome.storage;
    await local.remove(Object.keys(await local.get(null)).filter((key) => key.startsWith('filler')));
  });
  await page.getByText(who.t('mend'), { exact: true }).first().click();
  await page.getByLabel(who.t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
  await page.getByRole('button', { name: who.t('mend'), exact: true }).click();
  await expect(page.getByText(who.t('notice_repaired'))).toBeVisible();
  expect(agree(await readCopies(page))).toBe(true);
  expect(readdirSync(extension).length).toBeGreaterThan(3);
  await who.browser.close();
});
