/** Whether a certificate was revoked, as its owner sees it: in the details, the list, the popup and the approval window. */
import { expect, test, type Page } from '@playwright/test';
import { addAuthority, fillIssue, goTo, HOLDER, register } from '../../support/authority-journey.ts';
import { launch } from '../../support/chromium.ts';
import { TestCa } from '../../support/demo-ca.ts';
import { approvalWindow, chooseInMenu, createWallet, person, WALLET_PASSWORD } from '../../support/journey.ts';
import { lookAt } from '../../support/look.ts';
import { openScene, type Scene } from '../../support/scene.ts';

/** Puts what an authority said beside the wallet, as an earlier check would have. */
async function said({ manager }: Scene, id: string, word: object): Promise<void> {
  const text = JSON.stringify({ v: 1, notes: { [id]: { word, failed: null } }, lists: {}, lastDay: null });
  await manager.evaluate(
    (kept) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('dojang-revocation', 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore('revocation');
        opening.onerror = () => reject(new Error('no database'));
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('revocation', 'readwrite');
          transaction.objectStore('revocation').put(kept, 'notes');
          transaction.oncomplete = () => {
            opening.result.close();
            resolve();
          };
        };
      }),
    text,
  );
}

test('a certificate on hold is told apart, and not offered to a bank without the reason', async () => {
  const scene = await openScene({ only: '홍길동' });
  const { t, manager, browser } = scene;
  try {
    await chooseInMenu(scene, manager, t('certificates'));
    await manager.getByRole('link', { name: /홍길동/ }).click();
    const check = manager.getByRole('region', { name: t('revocation_heading') });
    await expect(check).toContainText(t('revocation_never'));
    await expect(check).toContainText(t('revocation_nobody'));
    await expect(check.getByRole('button')).toHaveCount(0);
    await lookAt(manager, 'revocation-nobody-ko', 1280);

    const id = manager.url().split('/').at(-1)!;
    const since = Date.parse('2026-11-20T01:00:00Z');
    await said(scene, id, { state: 'on-hold', at: Date.parse('2026-11-30T01:00:00Z'), source: 'ocsp', since, reason: 'certificateHold' });
    await manager.getByRole('button', { name: t('lock_now') }).click();
    await manager.getByLabel(t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
    await manager.getByRole('button', { name: t('unlock'), exact: true }).click();
    await expect(check).toContainText('2026-11-30');
    for (const width of [1280, 320]) await lookAt(manager, `revocation-hold-ko-${width}`, width);
    const bank = await scene.openBank();
    const approval = await approvalWindow(scene, () => bank.locator('#sign-in').click());
    await expect(approval.getByText(t('certificate_on_hold'))).toBeVisible();
    await lookAt(approval, 'revocation-approval-ko', 420);
    await approval.close();
    expect(browser.problems).toEqual([]);
  } finally {
    await scene.close();
  }
});

/** Where the way to an authority is cut. */
async function cut(manager: Page, ...kinds: readonly ('ocsp' | 'crl')[]): Promise<void> {
  await manager.unrouteAll();
  for (const kind of kinds) await manager.route(kind === 'ocsp' ? '**/ocsp' : '**/*.crl', (route) => route.abort());
}

test('an authority is asked in the click: its responder, else its list; who does not answer makes nothing good', async () => {
  const ca = await TestCa.start();
  const browser = await launch();
  const who = person(browser);
  const { t } = who;
  try {
    const manager = await createWallet(who);
    await addAuthority(who, manager, ca);
    await register(ca, '40000001');
    await fillIssue(who, manager, '40000001');
    await manager.getByRole('button', { name: t('issue_submit') }).click();
    await manager.getByRole('link', { name: t('run_show') }).click({ timeout: 30_000 });
    const check = manager.getByRole('region', { name: t('revocation_heading') });
    await expect(check).toContainText('127.0.0.1');

    const checked = async (...words: readonly string[]): Promise<void> => {
      await check.getByRole('button', { name: t('revocation_check') }).click();
      for (const word of words) await expect(check).toContainText(word);
    };
    const good = t('revocation_good');
    const failed = t('revocation_failed_connection');
    const by = (source: 'ocsp' | 'crl'): string => t(`revocation_asked_${source}`, { time: '' }).replace(/^.*\(/, '(');
    await cut(manager, 'ocsp', 'crl');
    await checked(failed);
    await expect(check).not.toContainText(good);
    await cut(manager, 'ocsp');
    await checked(good, by('crl'));
    await cut(manager);
    await checked(good, by('ocsp'));
    await lookAt(manager, 'revocation-good-ko', 360);

    const signs = (await ca.rows('certificates')).filter(({ kind }) => kind === 'sign');
    const newest = signs.sort((a, b) => Number(b['holder']) - Number(a['holder']))[0];
    expect((await ca.post('/ra/revocations', { serial: newest?.['serial'], reason: 1 })).status).toBe(200);
    await checked(t('revocation_reason', { reason: t('revocation_reason_key') }));
    await expect(check).not.toContainText(good);
    await cut(manager, 'ocsp', 'crl');
    await checked(failed, t('revocation_reason', { reason: t('revocation_reason_key') }));
    await expect(check).not.toContainText(good);
    await lookAt(manager, 'revocation-revoked-ko', 360);
    await goTo(manager, '#/');
    await expect(manager.getByRole('link', { name: new RegExp(HOLDER) })).toBeVisible();
    await expect(manager.getByText(t('state_revoked')).first()).toBeVisible();
  } finally {
    await browser.close();
    await ca.close();
  }
});
