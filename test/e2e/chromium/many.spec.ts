/** A tax office's folder of five hundred identities, in and out, in the real extension, while the page goes on drawing. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { launch } from '../../support/chromium.ts';
import { chooseExport, download, FILE_PASSWORD, fillPasswords, unzipped } from '../../support/export-journey.ts';
import { lookAt } from '../../support/look.ts';
import { chooseInMenu, chooserOf, createWallet, type Person, person, pickFolder, WALLET_PASSWORD } from '../../support/journey.ts';
import { makeMany, writeMany, type OneOfMany } from '../../support/many-identities.ts';

const COUNT = 500;
const PASSWORDS = ['tax!Office2026', 'Second#Key7531', 'third$Word8642'] as const;

let folder: string;
let many: readonly OneOfMany[];
let who: Person;
let page: Page;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  test.setTimeout(120_000);
  folder = mkdtempSync(join(tmpdir(), 'dojang-many-'));
  many = await makeMany({ count: COUNT, passwords: PASSWORDS, now: Date.now() });
  writeMany(folder, many);
  who = person(await launch({ profile: join(folder, 'profile') }));
  page = await createWallet(who);
});

test.afterAll(async () => {
  const { problems } = who.browser;
  await who.browser.close();
  rmSync(folder, { recursive: true, force: true });
  expect(problems).toEqual([]);
});

interface Watched {
  /** Values that the progress showed. */
  readonly shown: readonly string[];
  readonly frames: number;
  /** Longest time between two frames, milliseconds. */
  readonly longest: number;
}

/**
 * What a person sees from the start of `act` until the page says `words`. The page itself looks out for them: the test's own
 * looking would take its time from the frames.
 */
async function watchUntil(words: string, act: () => Promise<unknown>, { hasProgress = true, picks = false } = {}): Promise<Watched> {
  await page.evaluate(
    ([text, hasProgress, picks]) => {
      const seen = { shown: new Set<string>(), frames: 0, longest: 0 };
      let last = performance.now();
      // The browser makes the list of a folder's files by itself, and draws nothing meanwhile; our part begins with its event.
      const begin = (): void => {
        last = performance.now();
        seen.longest = 0;
      };
      if (picks) document.addEventListener('change', begin, { capture: true, once: true });
      const main = document.querySelector('main') ?? document.body;
      const over = new Promise<void>((resolve) => {
        const look = (): void => {
          const now = performance.now();
          seen.longest = Math.max(seen.longest, now - last);
          last = now;
          seen.frames++;
          const value = document.querySelector('progress')?.getAttribute('value');
          if (value !== null && value !== undefined) seen.shown.add(value);
          // The words of the password before may still stand there: what counts is what the page says when the progress is gone.
          const isOver = value === undefined && (!hasProgress || seen.shown.size > 0);
          if (isOver && seen.frames % 8 === 0 && main.textContent.includes(text)) resolve();
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      });
      Object.assign(window, { dojangSeen: over.then(() => ({ ...seen, shown: [...seen.shown] })) });
    },
    [words, hasProgress, picks] as const,
  );
  await act();
  return page.evaluate(() => (window as unknown as { dojangSeen: Promise<Watched> }).dojangSeen);
}

/** Times are for whoever reads the report; no test judges them. */
function tell(what: string, { frames, longest }: Watched, since: number): void {
  const text = `${((performance.now() - since) / 1000).toFixed(1)} s, ${frames} frames, longest time without one ${longest.toFixed(0)} ms`;
  test.info().annotations.push({ type: what, description: text });
  console.log(`    ${what}: ${text}`);
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function saveAll(n: number): Promise<Watched> {
  await page.getByLabel(who.t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
  const words = who.t('import_done', { n });
  return watchUntil(words, () => page.getByRole('button', { name: who.t('import_save', { n }), exact: true }).click(), { hasProgress: false });
}

/** Opens with one password what opens with it: `n` certificates. */
async function open(password: string, n: number): Promise<Watched> {
  await page.getByLabel(who.t('certificate_password'), { exact: true }).fill(password);
  const words = who.t('import_opened_n', { n });
  return watchUntil(words, () => page.getByRole('button', { name: who.t('import_open'), exact: true }).click());
}

/** Picks in a chooser; the search is watched until its result is there. */
async function search(button: string, path: string): Promise<Watched> {
  await page.goto(new URL('#/import', page.url()).href);
  const chooser = await chooserOf(page, () => page.getByRole('button', { name: who.t(button) }).click());
  return watchUntil(who.t('import_found_n', { n: COUNT }), () => chooser.setFiles(path), { picks: true });
}

test('opening them can be cancelled in the middle, and nothing is stored then (story 33)', async () => {
  test.setTimeout(180_000);
  await pickFolder(who, page, join(folder, 'NPKI'));
  await expect(page.getByText(who.t('import_found_n', { n: COUNT }))).toBeVisible();
  await page.getByLabel(who.t('certificate_password'), { exact: true }).fill(PASSWORDS[0]);
  await page.getByRole('button', { name: who.t('import_open'), exact: true }).click();
  await expect(page.locator('progress')).toHaveAttribute('value', /\d/);
  await page.getByRole('button', { name: who.t('cancel'), exact: true }).click();
  await expect(page.locator('progress')).toHaveCount(0);
  await page.goto(new URL('#/', page.url()).href);
  await expect(page.getByText(who.t('empty_heading'))).toBeVisible();
});

test('five hundred certificates under three passwords come in, with progress, while the page goes on drawing (story 33)', async () => {
  test.setTimeout(300_000);
  let since = performance.now();
  tell('search', await search('import_folder', join(folder, 'NPKI')), since);
  for (const [at, password] of PASSWORDS.entries()) {
    since = performance.now();
    const watched = await open(password, many.filter((_, nth) => nth % PASSWORDS.length === at).length);
    tell(`password ${at + 1}`, watched, since);
    expect(watched.shown.length).toBeGreaterThan(5);
    expect(watched.frames).toBeGreaterThan(10);
  }
  since = performance.now();
  tell('saving', await saveAll(COUNT), since);
  await page.goto(new URL('#/', page.url()).href);
  await expect(page.getByText('고객001').first()).toBeVisible();
});

/** The list is used by keyboard alone: what it takes is focused and pressed. */
test('among five hundred the right ones are found, picked, grouped, sorted and written down (story 34)', async () => {
  test.setTimeout(180_000);
  const { t } = who;
  const hongs = many.filter(({ holder }) => holder.startsWith('홍길동'));
  const found = (n: number): Promise<void> => expect(page.getByText(t('list_found', { n, m: COUNT }), { exact: true })).toBeVisible();
  const press = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).press('Enter');
  await page.goto(new URL('#/', page.url()).href);
  const field = page.getByRole('searchbox', { name: t('list_search') });
  await field.focus();
  await page.keyboard.insertText('ㅎㄱㄷ');
  await found(hongs.length);
  await expect(page.locator('tbody tr')).toHaveCount(hongs.length);
  await page.getByRole('checkbox').first().focus();
  for (let nth = 0; nth < 12; nth++) for (const key of ['Space', 'Tab', 'Tab']) await page.keyboard.press(key);
  await expect(page.getByText(t('selected_n', { n: 12 }))).toBeVisible();
  await press(t('group_put'));
  await page.keyboard.insertText('한빛상사');
  await page.keyboard.press('Enter');
  await expect(page.getByText(t('group_done', { n: 12, group: '한빛상사' }))).toBeVisible();
  await lookAt(page, 'many/ko-light-picked', 1280);
  await press(t('select_none'));
  await press(t('filter_clear'));
  await expect(field).toBeFocused();
  await page.getByRole('combobox', { name: t('label_group') }).selectOption({ label: '한빛상사' });
  await found(12);
  const holders = page.locator('tbody tr td:nth-child(3)');
  const byEnd = await holders.allTextContents();
  await press(t('fact_holder'));
  await expect(page.getByRole('columnheader', { name: t('fact_holder') })).toHaveAttribute('aria-sort', 'ascending');
  await expect(holders).toHaveText(byEnd.toSorted());
  await page.goBack();
  await expect(holders).toHaveText(byEnd);
  const [csv] = await Promise.all([page.waitForEvent('download'), press(t('csv_save'))]);
  const lines = readFileSync(await csv.path(), 'utf8').split('\r\n');
  expect(lines).toHaveLength(1 + 12 + 1);
  expect(lines.slice(1, -1).map((line) => /"(홍길동\d+)"/.exec(line)?.[1])).toEqual(byEnd);
  expect(lines.slice(1, -1).every((line) => line.endsWith('"한빛상사",""'))).toBe(true);
});

test('all five hundred in one table leave a hundred rows in the page at most, and say which they are', async () => {
  await page.goto(new URL('#/?page=all', page.url()).href);
  const rows = page.locator('main tr');
  await expect(page.locator(`tr[aria-rowindex="2"]`)).toBeVisible();
  await expect(page.getByRole('table')).toHaveAttribute('aria-rowcount', String(COUNT + 1));
  expect(await rows.count()).toBeLessThanOrEqual(100);
  await page.getByRole('checkbox').first().focus();
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await expect(page.locator(`tr[aria-rowindex="${COUNT + 1}"]`)).toBeInViewport();
  expect(await rows.count()).toBeLessThanOrEqual(100);
  // The row with the focus stays, however far away it is.
  await expect(page.getByRole('checkbox').first()).toBeFocused();
});

test('the overview counts what ends when, and writes a text for a client (story 35)', async () => {
  const { t } = who;
  const now = Date.now();
  const ended = many.filter(({ notAfter }) => notAfter < now).length;
  await page.goto(new URL('#/overview', page.url()).href);
  const due = page.getByRole('button', { name: t('due_expired') });
  await expect(due).toContainText(String(ended));
  await lookAt(page, 'many/ko-light-overview', 1280);
  await lookAt(page, 'many/ko-light-overview-360', 360);
  await page.setViewportSize({ width: 1280, height: 900 });
  await due.press('Enter');
  await expect(due).toHaveAttribute('aria-pressed', 'true');
  await expect(page.locator('main .list tbody tr')).toHaveCount(ended);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page
    .getByRole('button', { name: t('client_notice_copy') })
    .first()
    .press('Enter');
  await expect(page.getByText(t('client_notice_copied'))).toBeVisible();
  const [holder = ''] = await page.locator('main .list tbody tr td:nth-child(2)').allTextContents();
  expect(holder).toMatch(/^(?:고객|홍길동)\d{3}$/);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(holder);
});

test('two windows that write about one certificate lose nothing of either (story 47)', async () => {
  const { t } = who;
  await page.goto(new URL('#/?q=고객002', page.url()).href);
  await page.getByRole('link', { name: /고객002/ }).click();
  const note = page.getByLabel(t('label_note'), { exact: true });
  await expect(note).toBeVisible();
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByLabel(t('label_note'), { exact: true }).fill('다른 창의 메모');
  await note.fill('이 창의 메모');
  await other.getByRole('button', { name: t('labels_save') }).click();
  await expect(other.getByText(t('labels_saved'))).toBeVisible();
  await expect(page.getByText(t('labels_conflict'))).toBeVisible();
  await expect(note).toHaveValue('이 창의 메모');
  await page.getByRole('button', { name: t('labels_keep_mine') }).click();
  await expect(other.getByLabel(t('label_note'), { exact: true })).toHaveValue('이 창의 메모');
  await other.close();
  await chooseInMenu(who, page, t('certificates'));
});

test('the same folder again says that all are there', async () => {
  test.setTimeout(120_000);
  await pickFolder(who, page, join(folder, 'NPKI'));
  await expect(page.getByText(who.t('import_nothing_left'))).toBeVisible();
});

/** Another wallet takes the zip: everything in it opens with the one new password. */
async function bringBack(zip: Bytes): Promise<void> {
  const file = join(folder, 'all.zip');
  writeFileSync(file, zip);
  const other = person(await launch());
  try {
    const first = page;
    page = await createWallet(other);
    await search('import_files', file);
    await open(FILE_PASSWORD, COUNT);
    await saveAll(COUNT);
    expect(other.browser.problems).toEqual([]);
    page = first;
  } finally {
    await other.browser.close();
  }
}

test('all of them go out into one zip, and come back from it into another wallet', async () => {
  test.setTimeout(400_000);
  await chooseExport(who, page, { place: 'export_place_bank', who: 'all' });
  const since = performance.now();
  const watched = await watchUntil(who.t('export_save_heading'), () => fillPasswords(who, page));
  tell('export', watched, since);
  expect(watched.shown.length).toBeGreaterThan(5);
  const { bytes } = await download(who, page);
  const files = unzipped(bytes);
  expect(new Set(files.map(({ path }) => path)).size).toBe(5 * COUNT);
  const certificates = new Set(files.filter(({ path }) => path.endsWith('Cert.der')).map((file) => sha256(file.bytes)));
  for (const one of many)
    for (const name of ['signCert.der', 'kmCert.der']) expect(certificates.has(sha256(one.files.get(name) ?? new Uint8Array()))).toBe(true);
  await bringBack(bytes);
});
