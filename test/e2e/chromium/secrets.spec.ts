/** Nothing secret rests anywhere, and code that speaks as our content script gets nothing. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { DEMO_PASSWORD } from '../../../demo/people.ts';
import { launch } from '../../support/chromium.ts';
import { approvalWindow, approveWithPassword, lockWallet, person, WALLET_PASSWORD } from '../../support/journey.ts';
import { openScene } from '../../support/scene.ts';

/** Every way a text may rest in a file or a value: UTF-8, UTF-16, base64, hex. */
function disguises(secret: string): Buffer[] {
  const utf8 = Buffer.from(secret, 'utf8');
  return [utf8, Buffer.from(secret, 'utf16le'), Buffer.from(utf8.toString('base64').replace(/=+$/, '')), Buffer.from(utf8.toString('hex'))];
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

function filesWith(folder: string, secrets: readonly string[]): string[] {
  const needles = secrets.flatMap(disguises);
  return filesUnder(folder).filter((path) => {
    const bytes = readFileSync(path);
    return needles.some((needle) => bytes.includes(needle));
  });
}

/** All that the extension's own stores hold, as one text: session, local and sync storage, IndexedDB. */
async function dumpStores(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const { storage } = (globalThis as unknown as { chrome: { storage: Record<string, { get(keys: null): Promise<unknown> }> } }).chrome;
    const areas = await Promise.all(['session', 'local', 'sync'].map((area) => storage[area]!.get(null)));
    const names = (await indexedDB.databases()).map(({ name }) => name!);
    const rows: unknown[] = [];
    for (const name of names) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => {
          resolve(request.result);
        };
        request.onerror = () => {
          reject(new Error(name));
        };
      });
      for (const store of database.objectStoreNames) {
        rows.push(
          await new Promise((resolve) => {
            const request = database.transaction(store).objectStore(store).getAll();
            request.onsuccess = () => {
              resolve(request.result);
            };
          }),
        );
      }
      database.close();
    }
    return JSON.stringify([areas, rows, Object.entries(localStorage)]);
  });
}

test('passwords rest in no store, message log or file of the profile, open or locked', async () => {
  const profile = mkdtempSync(join(tmpdir(), 'dojang-canary-'));
  const scene = await openScene({ profile, only: '홍길동' });
  try {
    const bank = await scene.openBank();
    const window = await approvalWindow(scene, () => bank.locator('#sign-in').click());
    await approveWithPassword(scene, window);
    await bank.waitForURL('**/account');

    const open = await dumpStores(scene.manager);
    expect(open).toContain('djw1.u');
    for (const needle of [WALLET_PASSWORD, DEMO_PASSWORD].flatMap(disguises)) expect(open.includes(needle.toString())).toBe(false);
    expect(open).not.toContain('"sk"');
    expect(filesWith(profile, [WALLET_PASSWORD, DEMO_PASSWORD])).toEqual([]);
    await lockWallet(scene, scene.manager);
    const locked = await dumpStores(scene.manager);
    expect(locked).not.toContain('djw1.u');
    expect(locked).not.toContain('djw1.rows');
    for (const name of ['홍길동', scene.bank.url, '20260002']) expect(locked.includes(name), name).toBe(false);
    expect(scene.browser.problems).toEqual([]);
  } finally {
    await scene.close();
  }
  try {
    expect(filesUnder(profile).length).toBeGreaterThan(10);
    expect(filesWith(profile, [WALLET_PASSWORD, DEMO_PASSWORD])).toEqual([]);
    // The search itself works: the demo bank's address is in the browser's own history.
    expect(filesWith(profile, [new URL(scene.bank.url).host]).length).toBeGreaterThan(0);
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
});

test('the wallet is still there after the browser was closed, locked', async () => {
  const profile = mkdtempSync(join(tmpdir(), 'dojang-again-'));
  try {
    const scene = await openScene({ profile, only: '홍길동' });
    await scene.close();
    const again = await launch({ profile });
    const who = person(again);
    const page = await again.open('manager.html');
    await expect(page.getByRole('heading', { name: who.t('unlock_heading') })).toBeVisible();
    await page.getByLabel(who.t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
    await page.getByRole('button', { name: who.t('unlock'), exact: true }).click();
    await expect(page.getByText('홍길동').first()).toBeVisible();
    await again.close();
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
});

test('C19: code in the content script’s world reaches no verb of ours and no storage', async () => {
  const scene = await openScene({ only: '홍길동' });
  try {
    const bank = await scene.openBank();
    const session = await scene.browser.context.newCDPSession(bank);
    const worlds: { id: number; name: string; origin: string }[] = [];
    session.on('Runtime.executionContextCreated', ({ context }) => worlds.push(context));
    await session.send('Runtime.enable');
    const world = worlds.find(({ origin }) => origin.startsWith('chrome-extension://'));
    expect(world).toBeDefined();
    const run = async (expression: string): Promise<unknown> => {
      const { result } = await session.send('Runtime.evaluate', { expression, contextId: world!.id, awaitPromise: true, returnByValue: true });
      return result.value;
    };
    const verbs = ['wallet.lock', 'wallet.approve', 'wallet.reject', 'wallet.extend', 'wallet.opened', 'wallet.wake'];
    for (const verb of verbs)
      expect(await run(`chrome.runtime.sendMessage({ verb: '${verb}', content: {} })`), verb).toEqual({ ok: false, code: 'request.forbidden' });
    for (const message of ["{ verb: 'wallet.everything' }", "{ verb: '__proto__' }", 'null', "'text'"]) {
      expect(await run(`chrome.runtime.sendMessage(${message})`), message).toEqual({ ok: false, code: 'request.malformed' });
    }
    for (const area of ['local', 'session', 'sync']) {
      const read = await run(
        `Promise.resolve().then(() => chrome.storage.${area}.get(null)).then((found) => 'read ' + JSON.stringify(found), (error) => 'denied')`,
      );
      expect(read, area).toBe('denied');
    }
    expect(await dumpStores(scene.manager)).toContain('djw1.u');
  } finally {
    await scene.close();
  }
});

test('pages of the extension are inert or blocked when a site opens or frames them', async () => {
  const scene = await openScene({ only: '홍길동' });
  try {
    const approve = await scene.browser.open('approve.html?request=00000000-0000-4000-8000-000000000000#<img src=x onerror=alert(1)>');
    await expect(approve.getByText(scene.t('request_gone'))).toBeVisible();
    await approve.close();
    const bank = await scene.openBank();
    const framed = await bank.evaluate(async (id) => {
      const frame = document.createElement('iframe');
      frame.src = `chrome-extension://${id}/manager.html`;
      document.body.append(frame);
      await new Promise((resolve) => setTimeout(resolve, 500));
      const fetched = await fetch(`chrome-extension://${id}/manifest.json`).then(
        () => 'fetched',
        () => 'refused',
      );
      return { fetched, inside: frame.contentDocument === null ? 'foreign' : frame.contentDocument.body.textContent };
    }, scene.browser.extensionId);
    expect(framed.fetched).toBe('refused');
    expect(bank.frames().some((frame) => frame.url().endsWith('/manager.html'))).toBe(false);
  } finally {
    await scene.close();
  }
});
