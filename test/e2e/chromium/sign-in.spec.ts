import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { fromBER } from 'asn1js';
import { ContentInfo, SignedData } from 'pkijs';
import { startBank } from '../../../demo/bank.ts';
import { requirePeer, OPENSSL } from '../../../scripts/peers.ts';
import { stopBackground } from '../../support/chromium.ts';
import {
  approvalWindow,
  approveWithPassword,
  askFrom,
  chooseInMenu,
  confirmInWindow,
  lockWallet,
  waitForGuard,
  WALLET_PASSWORD,
} from '../../support/journey.ts';
import { lookAt } from '../../support/look.ts';
import { DEMO_DATA, openScene, type Scene } from '../../support/scene.ts';

let scene: Scene;

test.beforeAll(async () => {
  scene = await openScene({ only: '홍길동' });
});

/** Windows that our background closed at the same moment as a test: the browser never confirms, and nobody waits twice. */
const unconfirmed = new Set<Page>();

test.afterEach(async () => {
  const others = scene.browser.context.pages().filter((page) => page !== scene.manager && !unconfirmed.has(page));
  const close = async (page: Page): Promise<void> => {
    const late = new Promise((resolve) => setTimeout(() => resolve(unconfirmed.add(page)), 5_000));
    await Promise.race([page.close().then(() => unconfirmed.delete(page)), late]);
  };
  await Promise.all(others.map(close));
  expect(scene.browser.problems.splice(0)).toEqual([]);
});

test.afterAll(async () => {
  await scene.close();
});

const press = (bank: Page): Promise<void> => bank.locator('#sign-in').click();

async function expectRefusal(bank: Page, code: string): Promise<void> {
  await expect(bank.locator('#message')).toHaveAttribute('data-code', code);
  await expect(bank.locator('#sign-in')).toBeEnabled();
}

async function expectSignedIn(bank: Page, holder = '홍길동'): Promise<void> {
  await bank.waitForURL('**/account');
  await expect(bank.locator('#facts')).toContainText(holder);
  await expect(bank.locator('#checks li')).toHaveCount(8);
  await bank.locator('#sign-out').click();
}

test.describe('a person signs in', () => {
  test('and the bank, OpenSSL and pkijs accept the same signature (story 7)', async () => {
    const bank = await scene.openBank();
    let sent = '';
    bank.on('request', (request) => {
      if (request.url().endsWith('/api/sign-in')) sent = (JSON.parse(request.postData()!) as { cms: string }).cms;
    });
    const window = await approvalWindow(scene, () => press(bank));
    await expect(window.getByRole('radio', { name: /홍길동/ })).toBeChecked();
    await expect(window.getByLabel(scene.t('wallet_password'), { exact: true })).toHaveAccessibleDescription(
      new RegExp(`${scene.bank.url}.*${scene.t('approve_purpose_sign_in')}`),
    );
    await approveWithPassword(scene, window);
    await expectSignedIn(bank);

    const der = Buffer.from(sent, 'base64');
    const folder = mkdtempSync(join(tmpdir(), 'dojang-cms-'));
    writeFileSync(join(folder, 'sign-in.cms'), der);
    const { root, issuing } = scene.bank.authority;
    const pem = [root, issuing].map((bytes) => `-----BEGIN CERTIFICATE-----\n${Buffer.from(bytes).toString('base64')}\n-----END CERTIFICATE-----\n`);
    writeFileSync(join(folder, 'trust.pem'), pem.join(''));
    const args = ['cms', '-verify', '-binary', '-inform', 'DER', '-in', 'sign-in.cms', '-CAfile', 'trust.pem', '-purpose', 'any'];
    const openssl = spawnSync(requirePeer(OPENSSL), args, { cwd: folder, encoding: 'utf8' });
    expect(openssl.stderr).toContain('Verification successful');
    expect(JSON.parse(openssl.stdout)).toMatchObject({ origin: scene.bank.url, purpose: 'sign-in', type: 'dojang/1' });

    const content = new ContentInfo({ schema: fromBER(new Uint8Array(der)).result });
    const signed = new SignedData({ schema: content.content });
    expect(await signed.verify({ signer: 0, checkChain: false })).toBe(true);
  });

  test('C19: with one entry of the password while the wallet is locked (story 7)', async () => {
    await lockWallet(scene, scene.manager);
    const bank = await scene.openBank();
    const window = await approvalWindow(scene, () => press(bank));
    await expect(window.getByText(scene.t('approve_locked'))).toBeVisible();
    await expect(window.getByText('홍길동')).toHaveCount(0);
    await approveWithPassword(scene, window);
    await expectSignedIn(bank);
  });

  test('after a wrong password, which costs nothing', async () => {
    const bank = await scene.openBank();
    const window = await approvalWindow(scene, () => press(bank));
    await approveWithPassword(scene, window, 'not the password');
    await expect(window.getByText(scene.t('password_wrong'))).toBeVisible();
    await approveWithPassword(scene, window);
    await expectSignedIn(bank);
  });

  test('at two tabs at once, each answered by itself', async () => {
    const other = await startBank({ port: 0, host: 'localhost', dataFolder: DEMO_DATA });
    try {
      const first = await scene.openBank();
      const second = await scene.browser.context.newPage();
      await second.goto(other.url);
      const firstWindow = await approvalWindow(scene, () => press(first));
      await second.bringToFront();
      const secondWindow = await approvalWindow(scene, () => press(second));
      await approveWithPassword(scene, secondWindow);
      await second.waitForURL('**/account');
      expect(first.url()).not.toContain('/account');
      await firstWindow.bringToFront();
      await approveWithPassword(scene, firstWindow);
      await expectSignedIn(first);
    } finally {
      await other.close();
    }
  });
});

test('C21: the identity value goes only where it was ticked; the bank finds the number on file to be the holder’s, and the history says so (story 32)', async () => {
  const { t, manager } = scene;
  const bank = await scene.openBank();
  const sent: string[] = [];
  bank.on('request', (request) => {
    if (request.url().endsWith('/api/sign-in')) sent.push(request.postData() ?? '');
  });
  const ask = async (): Promise<Page> => {
    const window = await approvalWindow(scene, () => bank.locator('#sign-in-identity').click());
    await expect(window.getByText('도장 시연 은행')).toBeVisible();
    await expect(window.getByText(t('approve_identity_unproven'))).toBeVisible();
    await expect(window.getByLabel(t('approve_identity'))).not.toBeChecked();
    return window;
  };

  const takenBack = await ask();
  await lookAt(takenBack, 'approve-identity-ko-320', 320);
  await takenBack.getByLabel(t('approve_identity')).check();
  // By the page: a third refusal by the person within a minute, with those below, would mute it.
  await bank.bringToFront();
  await Promise.all([takenBack.waitForEvent('close'), bank.locator('#cancel').click()]);
  await expectRefusal(bank, 'user.cancelled');
  expect(sent).toEqual([]);

  await approveWithPassword(scene, await ask());
  await expectRefusal(bank, 'identity.missing');
  expect(Object.keys(JSON.parse(sent[0]!) as object)).toEqual(['cms']);
  expect(scene.browser.problems.splice(0)).toEqual([expect.stringContaining('403')]); // the bank's own refusal

  const window = await ask();
  await window.getByLabel(t('approve_identity')).check();
  await approveWithPassword(scene, window);
  await bank.waitForURL('**/account');
  await expect(bank.locator('#checks [data-check=identity]')).toBeVisible();
  await bank.locator('#sign-out').click();

  await manager.bringToFront();
  await chooseInMenu(scene, manager, t('history'));
  const last = manager
    .getByRole('table', { name: t('history_caption') })
    .locator('tbody tr')
    .first();
  await last.getByRole('button').first().click();
  await expect(manager.getByRole('dialog')).toContainText(`${t('released_certificate')}, ${t('released_random')}`);
  await manager.keyboard.press('Escape');
});

test.describe('the background stops', () => {
  test('between the request and the approval', async () => {
    const bank = await scene.openBank();
    const window = await approvalWindow(scene, () => press(bank));
    await stopBackground(scene.browser);
    await window.bringToFront();
    await approveWithPassword(scene, window);
    await expectSignedIn(bank);
  });

  test('between the approval and the answer', async () => {
    const bank = await scene.openBank();
    const window = await approvalWindow(scene, () => press(bank));
    await window.getByLabel(scene.t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
    const field = window.getByLabel(scene.t('wallet_password'), { exact: true });
    await confirmInWindow(
      scene,
      window,
      () => Promise.all([field.press('Enter'), stopBackground(scene.browser)]),
      () => bank.waitForURL('**/account', { timeout: 5_000 }),
    );
    await expectSignedIn(bank);
  });

  test('before the page asks', async () => {
    await stopBackground(scene.browser);
    const bank = await scene.openBank();
    const window = await approvalWindow(scene, () => press(bank));
    await approveWithPassword(scene, window);
    await expectSignedIn(bank);
  });
});

test.describe('the answer is no', () => {
  test('when the window is closed (story 13)', async () => {
    const bank = await scene.openBank();
    const window = await approvalWindow(scene, () => press(bank));
    await window.close();
    await expectRefusal(bank, 'user.cancelled');
  });

  test('when Escape is pressed (story 13)', async () => {
    const bank = await scene.openBank();
    const window = await approvalWindow(scene, () => press(bank));
    await expect(window.getByRole('heading', { name: scene.t('approve_sign_in') })).toBeVisible();
    // The window goes while the key is down.
    await Promise.all([window.waitForEvent('close'), window.keyboard.press('Escape').catch(() => undefined)]);
    await expectRefusal(bank, 'user.cancelled');
  });

  test('when the page takes its request back, and our window goes', async () => {
    const bank = await scene.openBank();
    const window = await approvalWindow(scene, () => press(bank));
    await bank.bringToFront();
    await Promise.all([window.waitForEvent('close'), bank.locator('#cancel').click()]);
    await expectRefusal(bank, 'user.cancelled');
  });

  test('when the tab goes elsewhere, and nobody gets an answer (story 13)', async () => {
    const bank = await scene.openBank();
    const window = await approvalWindow(scene, () => press(bank));
    await Promise.all([window.waitForEvent('close'), bank.goto(`${scene.bank.url}/?again`)]);
    await expect(bank.locator('#message')).toHaveText('');
  });

  test('when the tab is reloaded', async () => {
    const bank = await scene.openBank();
    const window = await approvalWindow(scene, () => press(bank));
    await Promise.all([window.waitForEvent('close'), bank.reload()]);
    await expect(bank.locator('#message')).toHaveText('');
  });

  test('when the tab is closed', async () => {
    const bank = await scene.openBank();
    const window = await approvalWindow(scene, () => press(bank));
    await Promise.all([window.waitForEvent('close'), bank.close()]);
  });

  test('to a second request of the same page while the first waits', async () => {
    const bank = await scene.openBank();
    await approvalWindow(scene, () => press(bank));
    const code = await bank.evaluate(async () => {
      const library = '/dojang.js';
      const { connectWallet } = (await import(library)) as { connectWallet: () => Promise<{ signIn(request: object): Promise<unknown> }> };
      const wallet = await connectWallet();
      return wallet.signIn({ nonce: 'A'.repeat(43) }).then(
        () => 'signed',
        (error: unknown) => (error as { code: string }).code,
      );
    });
    expect(code).toBe('request.busy');
  });
});

test.describe('the input guard', () => {
  test('ignores Enter in the first second (story 14)', async () => {
    const bank = await scene.openBank();
    const window = await approvalWindow(scene, () => press(bank));
    const field = window.getByLabel(scene.t('wallet_password'), { exact: true });
    await field.fill(WALLET_PASSWORD);
    await expect(window.getByRole('button', { name: scene.t('approve_wait') })).toBeVisible();
    await field.press('Enter');
    await waitForGuard(scene, window);
    expect(bank.url()).not.toContain('/account');
    await approveWithPassword(scene, window);
    await expectSignedIn(bank);
  });

  test('ignores clicks that a script made', async () => {
    const bank = await scene.openBank();
    const window = await approvalWindow(scene, () => press(bank));
    await window.getByLabel(scene.t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
    await waitForGuard(scene, window);
    await window.getByRole('button', { name: scene.t('approve_sign_in') }).evaluate((button: HTMLElement) => {
      button.click();
    });
    await expect(window.getByLabel(scene.t('wallet_password'), { exact: true })).toHaveValue(WALLET_PASSWORD);
    expect(bank.url()).not.toContain('/account');
  });
});

test.describe('a look-alike address [C9]', () => {
  test('is told with the address it resembles, is approved after a second look alone, and the bank refuses what was signed for it (story 9)', async () => {
    const { t, manager } = scene;
    const bank = await scene.openBank();
    const window = await approvalWindow(scene, () => press(bank));
    await askFrom(manager, 'https://www.kbstra.com');
    await window.reload();
    await expect(window.getByText(t('tag_lookalike'), { exact: true })).toBeVisible();
    const warning = window.getByRole('alert').filter({ hasText: t('site_lookalike') });
    await expect(warning).toContainText('kbstar.com');
    await expect(window.getByLabel(t('wallet_password'), { exact: true })).toHaveAccessibleDescription(/https:\/\/www\.kbstra\.com.*kbstar\.com/);
    await lookAt(window, 'approve-lookalike-ko', 480);

    const field = window.getByLabel(t('wallet_password'), { exact: true });
    await field.fill(WALLET_PASSWORD);
    const box = window.getByRole('checkbox', { name: t('approve_lookalike_seen') });
    await confirmInWindow(
      scene,
      window,
      () => field.press('Enter'),
      () => expect(box).toBeFocused({ timeout: 1_000 }),
    );
    await expect(window.getByRole('alert').filter({ hasText: t('approve_lookalike_unseen') })).toBeVisible();
    await lookAt(window, 'approve-lookalike-unseen-ko', 320);
    await box.check();
    await approveWithPassword(scene, window);
    await expectRefusal(bank, 'verify.origin');
    scene.browser.problems.splice(0); // the page logs the refused answer of its server
  });
});

test.describe('pages that may not ask', () => {
  test('a site that relays the bank’s nonce is refused by the bank, since the statement names the site', async () => {
    const evil = await startBank({ port: 0, host: '127.0.0.1', dataFolder: DEMO_DATA, testRoutes: true });
    try {
      const bank = await scene.openBank();
      const nonce = await bank.evaluate(async () => {
        const answer = await fetch('/api/nonce', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
        return ((await answer.json()) as { nonce: string }).nonce;
      });
      const relay = await scene.browser.context.newPage();
      await relay.goto(`${evil.url}/test/relay?nonce=${nonce}`);
      const window = await approvalWindow(scene, () => relay.locator('#sign').click());
      await expect(window.getByText(new URL(evil.url).host).first()).toBeVisible();
      await approveWithPassword(scene, window);
      await expect(relay.locator('#cms')).not.toHaveText('', { timeout: 20_000 });
      const cms = await relay.locator('#cms').textContent();
      const verdict = await bank.evaluate(async (body) => {
        const answer = await fetch('/api/sign-in', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
        return { status: answer.status, code: ((await answer.json()) as { code?: string }).code };
      }, JSON.stringify({ cms }));
      expect(verdict.code).toBe('verify.origin');
      expect(verdict.status).toBeGreaterThanOrEqual(400);
    } finally {
      // The bank's own page logs the refused answer of its server, as browsers do.
      scene.browser.problems.splice(0);
      await evil.close();
    }
  });

  test('a document with CSP: sandbox has no origin of its own', async () => {
    const page = await scene.browser.context.newPage();
    await page.goto(`${scene.bank.url}/test/sandbox`);
    await page.locator('#sign-in').click();
    await expect(page.locator('#message')).toHaveAttribute('data-code', 'request.insecure');
    expect(scene.browser.context.pages().some((one) => one.url().includes('approve.html'))).toBe(false);
    scene.browser.problems.splice(0);
  });

  test('a frame is not served', async () => {
    const page = await scene.browser.context.newPage();
    await page.goto(`${scene.bank.url}/test/frame`);
    const frame = page.frameLocator('#bank');
    await frame.locator('#sign-in').click();
    await expect(frame.locator('#message')).toHaveAttribute('data-code', 'wallet.absent');
  });

  test('about:blank is not served', async () => {
    const page = await scene.browser.context.newPage();
    await page.goto('about:blank');
    const answered = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = ({ data }) => {
            resolve(data);
          };
          window.postMessage({ dojang: 1, id: '00000000-0000-4000-8000-000000000000', action: 'connect', payload: {} }, '*', [port2]);
          setTimeout(() => {
            resolve(null);
          }, 1_000);
        }),
    );
    expect(answered).toBeNull();
  });
});

test('plain http is not served', async () => {
  const plain = await openScene({ only: '홍길동', args: ['--host-resolver-rules=MAP bank.test 127.0.0.1'] });
  try {
    const page = await plain.browser.context.newPage();
    const address = plain.bank.url.replace('localhost', 'bank.test');
    await page.goto(address).catch(() => undefined);
    const answered = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = ({ data }) => {
            resolve(data);
          };
          window.postMessage({ dojang: 1, id: '00000000-0000-4000-8000-000000000000', action: 'connect', payload: {} }, '*', [port2]);
          setTimeout(() => {
            resolve(null);
          }, 1_000);
        }),
    );
    expect(new URL(page.url()).hostname).toBe('bank.test');
    expect(answered).toBeNull();
  } finally {
    await plain.close();
  }
});

test('a page that narrows what fits does not choose for the person, locked wallet or not, and what does not fit says why (stories 12, 17)', async () => {
  const several = await openScene();
  try {
    await lockWallet(several, several.manager);
    const bank = await several.openBank();
    const ask = (): Promise<void> =>
      bank.evaluate(async () => {
        const library = '/dojang.js';
        const { connectWallet } = (await import(library)) as { connectWallet: () => Promise<{ signIn(request: object): Promise<unknown> }> };
        const wallet = await connectWallet();
        void wallet.signIn({ nonce: 'A'.repeat(43), accept: { policies: ['1.2.410.200005.1.1.5'] } }).then(
          () => (document.title = 'signed'),
          () => (document.title = 'refused'),
        );
      });
    const window = await approvalWindow(several, ask);
    await approveWithPassword(several, window);
    await expect(window.getByRole('radio', { name: /김상점/ })).toBeChecked();
    await window.getByText(several.t('approve_more_certificates', { n: 3 })).click();
    await expect(window.getByText(several.t('approve_reason_type', { type: '' }))).toHaveCount(2);
    await expect(window.getByText(several.t('certificate_expired'))).toHaveCount(1);
    await expect(window.getByRole('radio', { disabled: true })).toHaveCount(3);
    await expect(window.getByRole('status')).toHaveText(several.t('approve_opened', { act: several.t('approve_sign_in') }));
    expect(await bank.title()).not.toBe('signed');
    await confirmInWindow(
      several,
      window,
      () => window.getByRole('button', { name: several.t('approve_sign_in'), exact: true }).click(),
      () => expect(bank).toHaveTitle('signed', { timeout: 2_000 }),
    );
    expect(several.browser.problems).toEqual([]);
  } finally {
    await several.close();
  }
});
