/** What a bank's page can ask of the wallet besides signing in, in Firefox: each answer is verified by the bank's server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startBank, type Bank } from '../../../demo/bank.ts';
import { CENTRE_TEXTS } from '../../../demo/centre-texts.ts';
import { SHOW_CODE } from '../../../demo/customers.ts';
import { DEMO_PASSWORD } from '../../../demo/people.ts';
import { encodeWindows949, windows949Table } from '../../../lib/bytes/windows-949.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { createVerifier, memoryNonces, type Verifier } from '../../../lib/verify/verifier.ts';
import { FIREFOX, findPeer } from '../../../scripts/peers.ts';
import { TestCa } from '../../support/demo-ca.ts';
import { Firefox } from '../../support/firefox.ts';
import type { Tab } from '../../support/firefox-tab.ts';
import { until } from '../../support/until.ts';
import {
  addAuthority,
  approve,
  askForSignIn,
  createWallet,
  openAndSave,
  openImport,
  openManager,
  pick,
  picture,
  t,
  verdictAt,
  WALLET_PASSWORD,
} from './steps.ts';

const NEWCOMER = '박신규';
const words = CENTRE_TEXTS.ko;

let ca: TestCa;
let bank: Bank;
let folder: string;
let firefox: Firefox;
let manager: Tab;
let page: Tab;

test.skip(findPeer(FIREFOX) === null, 'Firefox is missing');
test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  test.setTimeout(120_000);
  folder = mkdtempSync(join(tmpdir(), 'dojang-firefox-requests-'));
  ca = await TestCa.start();
  bank = await startBank({ port: 0, host: 'localhost', dataFolder: ca.dataFolder, office: { url: ca.url, token: 'test' } });
  firefox = await Firefox.launch();
  manager = await openManager(firefox);
  await createWallet(manager);
  await openImport(manager);
  await pick(firefox, manager, { folder: bank.authority.npkiFolder });
  await openAndSave(manager, DEMO_PASSWORD, bank.authority.people.length);
  page = await firefox.open(`${bank.url}/?lang=ko`);
});

test.afterEach(async () => {
  expect(await firefox.takeProblems()).toEqual([]);
});

test.afterAll(async () => {
  await firefox.close();
  await bank.close();
  await ca.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The approval window upon what the page does. */
async function windowOf(ask: () => Promise<unknown>): Promise<Tab> {
  await page.front();
  await ask();
  return firefox.waitForTab('approve.html');
}

async function confirm(window: Tab, act: string): Promise<void> {
  await approve(window, WALLET_PASSWORD, act);
  await window.waitUntilClosed();
  await page.front();
}

/** As the bank's server does it, for documents that its page thought of by itself. */
function verifier(): Verifier {
  const { root, issuing } = bank.authority;
  return createVerifier({ origin: bank.url, roots: [root], intermediates: [issuing], nonces: memoryNonces() });
}

/** Runs in the page, which keeps the outcome: a script of Marionette that waited would let nothing else be done meanwhile. */
const SIGN = `
  const [documents] = arguments;
  window.outcome = null;
  import('/dojang.js')
    .then(({ connectWallet }) => connectWallet())
    .then((wallet) => wallet.sign({ documents }))
    .then(({ signatures }) => { window.outcome = signatures; }, (error) => { window.outcome = [String(error.code ?? error)]; });`;

/** The signatures of documents that the page asks for by itself, in base64; or the one code that it is told. */
async function signed(documents: readonly object[]): Promise<readonly string[]> {
  const window = await windowOf(() => page.run(SIGN, documents));
  await window.click('radio', /홍길동/);
  await confirm(window, t('approve_sign_documents', { n: documents.length }));
  return (await until('the page has its answer', () => page.run('return window.outcome'))) as readonly string[];
}

test('C21: a person signs in with the identity value, and the bank finds the number on file to be the holder’s', async () => {
  const window = await windowOf(() => page.clickOn('#sign-in-identity'));
  await window.click('radio', /홍길동/);
  await window.waitForText(t('approve_identity'));
  await window.clickOn('input[type=checkbox]');
  await picture(window, 'approve-identity');
  await confirm(window, t('approve_sign_in'));
  const { facts, checks } = await verdictAt(page);
  expect(facts).toContain('홍길동');
  expect(checks).toContain('identity');
});

test('signs a transfer and its terms, and the bank finds not a letter changed', async () => {
  await page.clickOn('#transfer');
  await page.clickOn('input[name=terms]');
  const window = await windowOf(() => page.click('button', '서명하고 이체'));
  await window.click('radio', /홍길동/);
  await picture(window, 'approve-documents');
  await confirm(window, t('approve_sign_documents', { n: 2 }));
  await page.waitForText('서명 2건을 확인했습니다');
  expect(await page.text('#checks')).toContain('한 글자도 바뀌지 않았습니다');
});

test('windows-949 by Firefox’s own decoder turned around is written as the table has it, all 17,048 characters', async () => {
  const content = String.fromCharCode(...windows949Table().keys());
  const [signature = ''] = await signed([{ title: '글자', mediaType: 'text/plain', charset: 'windows-949', content }]);
  const { holder } = await verifier().verifyDocument(signature, { content: encodeWindows949(content)! });
  expect(holder).toBe('홍길동');
});

test('eight MiB in three documents, as much as a page may ask for, travel there and back (story 11)', async () => {
  const mebioctet = `${'가'.repeat(341)}\n`.repeat(1024);
  const contents = [3, 3, 2].map((times) => mebioctet.repeat(times));
  const signatures = await signed(contents.map((content, at) => ({ title: `긴 글 ${String(at + 1)}`, mediaType: 'text/plain', content })));
  expect(signatures).toHaveLength(contents.length);
  for (const [at, content] of contents.entries()) {
    expect((await verifier().verifyDocument(signatures[at] ?? '', { content: utf8(content) })).holder).toBe('홍길동');
  }
});

test('signs tax invoices with the one certificate that will do, and the site accepts them (story 31)', async () => {
  await page.go(`${bank.url}/invoices`);
  const window = await windowOf(() => page.clickOn('#sign'));
  await window.waitForText(t('won', { amount: '1,358,500' }));
  await window.find('button', t('approve_tax_invoices', { n: 2 }));
  await picture(window, 'approve-tax-invoices');
  await confirm(window, t('approve_tax_invoices', { n: 2 }));
  await until('the site has checked them', async () => (await page.attribute('#message', 'data-state')) === 'done');
  expect(await page.text('#message')).toContain('김상점');
});

test('has a certificate issued at the bank’s page, and the bank signs its holder in', async () => {
  await addAuthority(firefox, manager, ca, folder);
  await page.go(`${bank.url}/certificates`);
  await page.click('radio', NEWCOMER);
  await page.type(words.identify.code(SHOW_CODE), SHOW_CODE);
  await page.click('button', words.identify.submit);
  await page.click('button', words.issue.submit);
  const window = await windowOf(() => page.click('button', words.numbers.here));
  await window.find('heading', t('approve_issue'));
  await picture(window, 'approve-issue');
  await confirm(window, t('approve_issue_submit'));
  await page.waitForText(words.done.issue);
  const asked = await askForSignIn(firefox, bank);
  await asked.window.click('radio', new RegExp(NEWCOMER));
  await approve(asked.window);
  await asked.window.waitUntilClosed();
  await asked.page.front();
  expect((await verdictAt(asked.page)).facts).toContain(NEWCOMER);
});
