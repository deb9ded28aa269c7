/** Whether a certificate was revoked, as its owner sees it: in the details, the list, the popup and the approval window. */
import { expect, test } from '@playwright/test';
import { approvalWindow, WALLET_PASSWORD } from '../../support/journey.ts';
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
    await manager.getByRole('link', { name: t('certificates'), exact: true }).click();
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
