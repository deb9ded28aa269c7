/** The approval window for each purpose, in both languages, by day at its usual width and by night at the narrowest. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { startBank, type Bank } from '../../../demo/bank.ts';
import { UNSIGNED_INVOICES } from '../../../demo/invoice-samples.ts';
import { DEMO_PASSWORD } from '../../../demo/people.ts';
import { testAuthorityId } from '../../../lib/cmp/directory/test-authority.ts';
import type { connectWallet as connectWalletOf } from '../../../lib/page/dojang.ts';
import { certificateFingerprint, readCertificate } from '../../../lib/npki/certificate.ts';
import { addAuthority } from '../../support/authority-journey.ts';
import { launch } from '../../support/chromium.ts';
import { TestCa } from '../../support/demo-ca.ts';
import { approvalWindow, createWallet, importFolder, person, type Person } from '../../support/journey.ts';
import { lookAt } from '../../support/look.ts';

const FIELDS = ['받는 계좌: 110-123-456789', '받는 사람: 김철수', '금액: 1,000,000원'].join('\n');

let ca: TestCa;
let bank: Bank;
let requests: readonly (readonly [action: string, heading: RegExp, request: object])[];

test.beforeAll(async () => {
  ca = await TestCa.start();
  bank = await startBank({ port: 0, host: 'localhost', dataFolder: ca.dataFolder, office: { url: ca.url, token: 'test' } });
  const id = testAuthorityId(await certificateFingerprint(readCertificate(ca.authority.issuing)));
  const documents = [
    { title: '이체', mediaType: 'text/x-fields', content: FIELDS },
    { title: 'terms.pdf', mediaType: 'application/pdf', content: Buffer.from('%PDF-1.7 demo').toString('base64') },
  ];
  const numbers = { ca: id, referenceNumber: '12345678', authorizationCode: 'CODE1001ABCDEFGHIJKL' };
  requests = [
    ['sign', /2/, { documents }],
    ['signTaxInvoices', /2/, { invoices: UNSIGNED_INVOICES }],
    ['issue', /./, { ...numbers, certificates: ['sign', 'km'] }],
    ['issue', /./, { ...numbers, certificates: ['sign'], reissue: true }],
    ['renew', /./, { ca: id }],
    ['revoke', /./, { ca: id }],
  ];
});

test.afterAll(async () => {
  await bank.close();
  await ca.close();
});

/** As a page does it; what it asked before is taken back. Runs in the page. */
async function ask([action, request]: readonly [string, object]): Promise<void> {
  const library = '/dojang.js';
  const { connectWallet } = (await import(library)) as { connectWallet: typeof connectWalletOf };
  (Reflect.get(window, 'asking') as AbortController | undefined)?.abort();
  const asking = new AbortController();
  Reflect.set(window, 'asking', asking);
  const wallet = (await connectWallet()) as unknown as Record<string, (request: object, options: object) => Promise<unknown>>;
  void wallet[action]?.(request, { signal: asking.signal }).catch((error: unknown) => {
    Reflect.set(window, 'code', Reflect.get(Object(error), 'code'));
  });
}

async function takeBack(): Promise<void> {
  (Reflect.get(window, 'asking') as AbortController).abort();
  await Promise.resolve();
}

async function look(window: Page, name: string): Promise<void> {
  await window.emulateMedia({ colorScheme: 'dark' });
  await lookAt(window, `purposes-${name}-dark`, 320);
  await window.emulateMedia({ colorScheme: 'light' });
  await lookAt(window, `purposes-${name}`, 480);
}

async function walk(who: Person): Promise<void> {
  const manager = await createWallet(who);
  await importFolder(who, manager, bank.authority.npkiFolder, { certificatePassword: DEMO_PASSWORD });
  await addAuthority(who, manager, ca);
  const page = await who.browser.context.newPage();
  await page.goto(`${bank.url}/?lang=${who.locale}`);
  for (const [nth, [action, heading, request]] of requests.entries()) {
    await page.bringToFront();
    const window = await approvalWindow(who, () => page.evaluate(ask, [action, request] as const));
    await expect(window.getByRole('heading', { level: 2 }).first()).toHaveText(heading);
    await expect(window.getByText(who.t('loading'))).toHaveCount(0);
    for (const closed of await window.locator('summary').all()) await closed.click();
    await look(window, `${who.locale}-${String(nth)}-${action}`);
    expect(await page.evaluate(() => Reflect.get(window, 'code') as unknown)).toBeUndefined();
    await Promise.all([window.waitForEvent('close'), page.evaluate(takeBack)]);
    await page.evaluate(() => Reflect.deleteProperty(window, 'code'));
  }
  expect(who.browser.problems).toEqual([]);
}

for (const locale of ['ko', 'en'] as const) {
  test(`each purpose is shown as it should be: ${locale}`, async () => {
    test.setTimeout(180_000);
    const profile = mkdtempSync(join(tmpdir(), 'dojang-purposes-'));
    const browser = await launch({ profile, locale });
    try {
      await walk(person(browser, locale));
    } finally {
      await browser.close();
      rmSync(profile, { recursive: true, force: true });
    }
  });
}
