/**
 * The browser is killed in each state of the journal that a run with an authority can stand in. The authority holds still at that
 * moment, so that none of it hangs on time. The next browser on the profile says what it found and goes on, with a background that
 * was stopped meanwhile, until the authority's register and the wallet tell the same.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { readHead, type HeadItem } from '../../../lib/vault/head.ts';
import { WRITE_LOCK } from '../../../lib/vault/store.ts';
import type { TextKey } from '../../../lib/i18n/texts.ts';
import { addAuthority, fillIssue, goTo, register } from '../../support/authority-journey.ts';
import { launch, stopBackground } from '../../support/chromium.ts';
import { TestCa } from '../../support/demo-ca.ts';
import { createWallet, person, WALLET_PASSWORD, type Person } from '../../support/journey.ts';
import { agree, killBrowser, readCopies } from '../../support/stored-copies.ts';

type Act = 'issue' | 'renew' | 'revoke';
type State = 'PREPARED' | 'SENT' | 'WAITING' | 'SAVED';

interface Kill {
  readonly act: Act;
  /** Where the run stands when the browser dies. */
  readonly state: State;
  /** What the authority has done of it by then. */
  readonly authority: string;
  /** What has the authority hold still there; PREPARED is before it hears anything. */
  readonly faults: readonly string[];
  /** States that may be found: the browser may lose what it wrote in its last moments, and then the state before is the truth. */
  readonly found: readonly State[];
}

// A certificate to encrypt to is asked for before an issue and a renewal: message 0.
const KILLS: readonly Kill[] = [
  { act: 'issue', state: 'PREPARED', authority: 'has heard nothing', faults: [], found: ['PREPARED'] },
  { act: 'issue', state: 'SENT', authority: 'has not read the request', faults: ['held:1'], found: ['SENT', 'PREPARED'] },
  { act: 'issue', state: 'SENT', authority: 'has issued', faults: ['answer-held:1'], found: ['SENT'] },
  { act: 'issue', state: 'WAITING', authority: 'has issued in answer to a poll', faults: ['wait:1', 'answer-held:2'], found: ['WAITING', 'SENT'] },
  { act: 'issue', state: 'SAVED', authority: 'has not read the confirmation', faults: ['held:2'], found: ['SAVED', 'SENT'] },
  { act: 'issue', state: 'SAVED', authority: 'knows of the confirmation', faults: ['answer-held:2'], found: ['SAVED'] },
  { act: 'renew', state: 'SENT', authority: 'has issued', faults: ['answer-held:1'], found: ['SENT'] },
  { act: 'renew', state: 'SAVED', authority: 'has ended the old certificate', faults: ['answer-held:2'], found: ['SAVED'] },
  { act: 'revoke', state: 'SENT', authority: 'has revoked', faults: ['answer-held:0'], found: ['SENT'] },
];

const TOLD: Readonly<Record<State, TextKey>> = { PREPARED: 'run_prepared', SENT: 'run_sent', WAITING: 'run_waiting', SAVED: 'run_saved' };

let ca: TestCa;
let profile: string;
let who: Person;
let manager: Page;
/** The register before the first run: people of the demo. */
let others: number;
/** Records of certificates, in the order of their issue. */
let ids: readonly string[] = [];
let last = 50_000_000;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  // What is new can be renewed, so that one certificate is enough for all.
  ca = await TestCa.start({ settings: { renewalDays: 3000 } });
  others = (await ca.rows('certificates')).length;
  profile = mkdtempSync(join(tmpdir(), 'dojang-kills-'));
  who = person(await launch({ profile }));
  manager = await createWallet(who);
  await addAuthority(who, manager, ca);
});

test.afterAll(async () => {
  await who.browser.close();
  await ca.close();
  rmSync(profile, { recursive: true, force: true });
});

async function listed(): Promise<readonly HeadItem[]> {
  const { primary } = await readCopies(manager);
  return (await readHead(primary)).items;
}

async function journal(): Promise<readonly string[]> {
  return (await listed()).flatMap(({ k, st }) => (k === 'J' ? [String(st)] : []));
}

async function begin(act: Act, reference: string): Promise<void> {
  const { t } = who;
  if (act === 'issue') await fillIssue(who, manager, reference);
  else await goTo(manager, `#/certificate/${String(ids.at(-1))}`);
  if (act === 'renew') await manager.getByRole('link', { name: t('renew_here') }).click();
  if (act === 'revoke') {
    await manager.getByRole('link', { name: t('revoke'), exact: true }).click();
    await manager.getByLabel(t('revoke_reason_keyCompromise')).check();
    await manager.getByLabel(t('revoke_type', { word: t('revoke_word') })).fill(t('revoke_word'));
  }
  await manager.getByLabel(t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
  const submits = { issue: 'issue_submit', renew: 'renew_here_submit', revoke: 'revoke_submit' } as const;
  await manager.getByRole('button', { name: t(submits[act]), exact: true }).click();
}

/** From now on the wallet's lock is kept by somebody else as soon as both copies say PREPARED, so that nothing is sent. */
function stopWhenPrepared(): Promise<void> {
  return manager.evaluate(async (lock) => {
    const settled = <Value>(request: IDBRequest<Value>): Promise<Value> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('request'));
      });
    const isPrepared = async (): Promise<boolean> => {
      const database = await settled(indexedDB.open('djw1'));
      const heads = await settled(database.transaction(['head']).objectStore('head').getAll());
      database.close();
      const [, , text = ''] = String(heads.at(-1)).split('.');
      return atob(text.replaceAll('-', '+').replaceAll('_', '/')).includes('"PREPARED"');
    };
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const look = (): Promise<void> =>
      navigator.locks.request(lock, async () => {
        if (await isPrepared()) {
          resolve(undefined);
          return new Promise<void>(() => undefined);
        }
        // In the queue before the next one is let in.
        void look();
      });
    void look();
    await promise;
  }, WRITE_LOCK);
}

/** The run stands where it shall die: the authority says so, and so does the journal. */
async function standsAt({ act, state, faults }: Kill, reference: string): Promise<void> {
  await ca.post('/test/faults', { faults });
  const stopped = state === 'PREPARED' ? stopWhenPrepared() : Promise.resolve();
  await begin(act, reference);
  await stopped;
  await expect.poll(() => ca.faults(), { timeout: 30_000 }).toEqual([]);
  await expect.poll(journal).toEqual([state]);
}

async function unlock(): Promise<void> {
  await manager.getByLabel(who.t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
  await manager.keyboard.press('Enter');
}

/** Goes on by the button, with the password where an old key signs. */
async function resume(act: Act): Promise<void> {
  const { t } = who;
  if (act !== 'issue') await manager.getByLabel(t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
  await manager.getByRole('button', { name: t('run_resume') }).click();
}

async function seeEnd(said: TextKey): Promise<void> {
  await expect(manager.getByText(who.t(said))).toBeVisible({ timeout: 30_000 });
  const seen = manager.getByRole('button', { name: who.t('run_seen'), exact: true });
  await seen.click();
  await expect(seen).toHaveCount(0);
}

/** Register and wallet know the same certificates, none of them waits, and nothing of the run is left: no entry, and so no key in one. */
async function expectTruth(): Promise<void> {
  const rows = (await ca.rows('certificates')).slice(others);
  expect(rows.map(({ state }) => state)).not.toContain('pending');
  const items = (await listed()).filter(({ k }) => k === 'I').map(({ id }) => id);
  expect(items).toHaveLength(rows.filter(({ kind }) => kind === 'sign').length);
  ids = [...ids, ...items.filter((id) => !ids.includes(id))];
  expect(await journal()).toEqual([]);
  await expect(manager.getByText(who.t('state_unconfirmed'), { exact: true })).toHaveCount(0);
  expect(agree(await readCopies(manager))).toBe(true);
}

for (const kill of KILLS) {
  const { act, state, authority, found } = kill;
  test(`[D27] killed in ${state} of ${act}, while the authority ${authority}${act === 'renew' && state === 'SAVED' ? ' (story 19)' : ''}`, async () => {
    const { t } = who;
    const reference = String(++last);
    if (act === 'issue') await register(ca, reference);
    if (act === 'renew') ca.ahead += 1000; // certificates have whole seconds
    await standsAt(kill, reference);
    await killBrowser(who.browser);
    who = person(await launch({ profile }));
    manager = await who.browser.open('manager.html#/');
    const [stub, ...more] = await journal();
    expect(found).toContain(stub);
    expect(more).toEqual([]);
    await unlock();
    // What needs nobody goes on at once, and may have ended before anybody looks.
    const goesOn = stub === 'WAITING' || stub === 'SAVED';
    if (!goesOn) {
      const told = act === 'revoke' ? 'run_sent_state' : TOLD[stub as State];
      await expect(manager.getByText(t(told))).toBeVisible({ timeout: 30_000 });
      await stopBackground(who.browser);
      await resume(act);
    }
    if (stub === 'PREPARED') {
      await seeEnd('refusal_not_sent');
      await begin('issue', reference);
    }
    await seeEnd(act === 'issue' ? 'run_confirmed_issue' : `run_confirmed_${act}`);
    await expectTruth();
  });
}

test('the authority’s responder says of every certificate what its register says', async () => {
  const { t } = who;
  const signs = (await ca.rows('certificates')).slice(others).filter(({ kind }) => kind === 'sign');
  const asked = new RegExp(t('revocation_asked_ocsp', { time: '@' }).replace(/[()]/g, '\\$&').replace('@', '.+'));
  const told: string[] = [];
  for (const id of ids) {
    await goTo(manager, `#/certificate/${id}`);
    await manager.getByRole('button', { name: t('revocation_check') }).click();
    await expect(manager.getByText(asked)).toBeVisible();
    told.push((await manager.getByText(t('revocation_good')).count()) > 0 ? 'active' : 'revoked');
  }
  expect(told).toEqual(signs.map(({ state }) => state));
});
