import { expect, test } from '@playwright/test';
import { UNSIGNED_INVOICES } from '../../../demo/invoice-samples.ts';
import { checkTaxInvoice } from '../../../lib/sign/tax-invoice/check.ts';
import { approvalWindow, approveWithPassword, WALLET_PASSWORD } from '../../support/journey.ts';
import { lookAt } from '../../support/look.ts';
import { openScene, type Scene } from '../../support/scene.ts';
import { askJdk, JAVA_PATH } from '../../support/tax-invoice.ts';

let scene: Scene;

test.beforeAll(async () => {
  scene = await openScene();
});

test.afterAll(async () => {
  await scene.close();
});

test('a shop owner sees two tax invoices, signs both at once, and the site and the JDK accept them (story 31)', async () => {
  const { t } = scene;
  const act = t('approve_tax_invoices', { n: 2 });
  const site = await scene.browser.context.newPage();
  await site.goto(`${scene.bank.url}/invoices?lang=ko`);
  await site.goto(`${scene.bank.url}/invoices`);
  let signed: readonly string[] = [];
  site.on('request', (request) => {
    if (request.method() === 'POST') signed = (JSON.parse(request.postData()!) as { invoices: string[] }).invoices;
  });
  const window = await approvalWindow(scene, () => site.locator('#sign').click());
  await expect(window.getByRole('heading', { name: act })).toBeVisible();
  // Sums, then each invoice; what stands outside the signature is not on the screen.
  await expect(window.getByText(t('won', { amount: '1,358,500' }))).toBeVisible();
  for (const shown of ['(주)가나다 & 친구들 (000-00-00001)', '라마바 식당 (000-00-00002)', '2026-11-30', '1,100,000']) {
    await expect(window.getByText(shown).first()).toBeVisible();
  }
  await expect(window.getByText('DEMO', { exact: true })).toHaveCount(0);
  // One certificate is of a kind that will do; the others say why not.
  await expect(window.getByRole('radio', { name: /김상점/ })).toBeChecked();
  await window.getByText(t('approve_more_certificates', { n: 3 })).click();
  await expect(window.getByText(t('etax_wrong_kind'))).toHaveCount(2); // the third has expired
  await approveWithPassword(scene, window, WALLET_PASSWORD, act);
  await expect(site.locator('#message')).toHaveAttribute('data-state', 'done');
  await expect(site.locator('#message')).toContainText('김상점');
  expect(signed.map((text) => text.replace(/<ds:Signature .*<\/ds:Signature>/, ''))).toEqual(UNSIGNED_INVOICES);
  for (const text of signed) expect((await checkTaxInvoice(text)).facts.supplier.name).toBe('김상점');
  if (JAVA_PATH === null) return;
  const [first = ''] = signed;
  const changed = [first.replace('>DEMO<', '>OTHER<'), first.replace('>1000000<', '>1000001<')];
  expect(askJdk('verify', [...signed, ...changed])).toEqual(['true true', 'true true', 'true true', 'false true']);
});

test('somebody says no, and nothing is signed', async () => {
  const site = await scene.browser.context.newPage();
  await site.goto(`${scene.bank.url}/invoices`);
  const window = await approvalWindow(scene, () => site.locator('#sign').click());
  await expect(window.getByText('라마바 식당').first()).toBeVisible();
  await lookAt(window, 'tax-invoices', 360);
  await window.keyboard.press('Escape').catch(() => undefined); // the window may be gone before the press is answered
  await expect(site.locator('#message')).toHaveAttribute('data-code', 'user.cancelled');
  await expect(site.locator('#signed')).toBeHidden();
});
