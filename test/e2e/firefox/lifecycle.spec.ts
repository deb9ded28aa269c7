/** The life cycle in Firefox: a certificate of a test authority by its own messages, killed in the middle, and used at the bank. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startBank, type Bank } from '../../../demo/bank.ts';
import { FIREFOX, findPeer } from '../../../scripts/peers.ts';
import { CODE, HOLDER, register } from '../../support/authority-journey.ts';
import { TestCa } from '../../support/demo-ca.ts';
import { Firefox } from '../../support/firefox.ts';
import type { Tab } from '../../support/firefox-tab.ts';
import { until } from '../../support/until.ts';
import { addAuthority, approve, askForSignIn, createWallet, openManager, picture, t, unlockAndCount, verdictAt, WALLET_PASSWORD } from './steps.ts';

let ca: TestCa;
let bank: Bank;
let folder: string;
let firefox: Firefox;
let manager: Tab;

test.skip(findPeer(FIREFOX) === null, 'Firefox is missing');
test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  test.setTimeout(120_000);
  folder = mkdtempSync(join(tmpdir(), 'dojang-firefox-lifecycle-'));
  ca = await TestCa.start();
  bank = await startBank({ port: 0, host: 'localhost', dataFolder: ca.dataFolder, office: { url: ca.url, token: 'test' } });
  firefox = await Firefox.launch({ profile: join(folder, 'profile') });
  manager = await openManager(firefox);
  await createWallet(manager);
});

test.afterAll(async () => {
  await firefox.close();
  await bank.close();
  await ca.close();
  rmSync(folder, { recursive: true, force: true });
});

async function issue(reference: string): Promise<void> {
  await register(ca, reference);
  await manager.go(`${firefox.origin}/manager.html#/issue`);
  await manager.type(t('issue_reference'), reference);
  await manager.type(t('issue_code'), CODE);
  await manager.type(t('wallet_password'), WALLET_PASSWORD);
  await manager.click('button', t('issue_submit'));
}

async function seeIssued(): Promise<void> {
  await manager.waitForText(t('run_confirmed_issue'));
  await until('the list calls it usable', async () => !(await manager.text()).includes(t('state_unconfirmed')));
  await picture(manager, 'issued');
  await manager.click('button', t('run_seen'));
}

test('a person gets a certificate from a test authority, and the bank’s server takes its signature', async () => {
  await addAuthority(firefox, manager, ca, folder);
  await issue('60000001');
  await seeIssued();
  const { page, window } = await askForSignIn(firefox, bank);
  await approve(window);
  await window.waitUntilClosed();
  await page.front();
  expect((await verdictAt(page)).facts).toContain(HOLDER);
  await page.close();
  expect(await firefox.takeProblems()).toEqual([]);
});

test('[D27] Firefox killed while the authority keeps its answer back: the next one tells, goes on, and has the certificate', async () => {
  await ca.post('/test/faults', { faults: ['answer-held:1'] });
  await manager.front();
  await issue('60000002');
  await until('the authority keeps its answer', async () => (await ca.faults()).length === 0);
  await firefox.kill();
  firefox = await Firefox.launch({ profile: join(folder, 'profile') });
  manager = await firefox.open('manager.html');
  expect(await unlockAndCount(manager)).toBe(1);
  await manager.waitForText(t('run_sent'));
  await manager.click('button', t('run_resume'));
  await seeIssued();
  await manager.click('button', t('lock_now'));
  expect(await unlockAndCount(manager)).toBe(2);
  const states = (await ca.rows('certificates')).map(({ state }) => state).slice(-4);
  expect(states).toEqual(['active', 'active', 'active', 'active']);
  expect(await firefox.takeProblems()).toEqual([]);
});
