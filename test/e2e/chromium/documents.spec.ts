import { expect, test, type Locator, type Page } from '@playwright/test';
import { encodeWindows949, windows949Table } from '../../../lib/bytes/windows-949.ts';
import { readSignedData } from '../../../lib/sign/read-cms.ts';
import { approvalWindow, approveWithPassword, chooseInMenu, confirmInWindow, WALLET_PASSWORD } from '../../support/journey.ts';
import { lookAt } from '../../support/look.ts';
import { openScene, type Scene } from '../../support/scene.ts';

let scene: Scene;
let bank: Page;

test.beforeAll(async () => {
  scene = await openScene({ only: '홍길동' });
  bank = await scene.openBank();
  await approveWithPassword(scene, await approvalWindow(scene, () => bank.locator('#sign-in').click()));
  await bank.waitForURL('**/account');
  await bank.locator('#transfer').click();
});

test.afterEach(() => {
  expect(scene.browser.problems.splice(0)).toEqual([]);
});

test.afterAll(async () => {
  await scene.close();
});

const button = (n: number): string => scene.t('approve_sign_documents', { n });
/** What opens the document at that place. */
const summary = (window: Page, nth: number): Locator => window.locator('#approve-documents > ol > li > details > summary').nth(nth);
const transfer = (): Promise<Page> => approvalWindow(scene, () => bank.getByRole('button', { name: '서명하고 이체' }).click());

/** The page asks for documents of its own; gives our window and what comes of it. */
async function asking(documents: readonly object[]): Promise<{ window: Page; answer: Promise<{ signatures?: string[]; code?: string }> }> {
  let answer: Promise<{ signatures?: string[]; code?: string }> | undefined;
  const window = await approvalWindow(scene, async () => {
    answer = bank.evaluate(async (asked) => {
      const library = '/dojang.js';
      const { connectWallet } = (await import(library)) as {
        connectWallet: () => Promise<{ sign: (request: object) => Promise<{ signatures: string[] }> }>;
      };
      const wallet = await connectWallet();
      return wallet.sign({ documents: asked }).catch((error: unknown) => ({ code: (error as { code: string }).code }));
    }, documents);
    await Promise.resolve();
  });
  return { window, answer: answer! };
}

test('a person signs a transfer with its terms by keyboard alone, the bank accepts it, and the history keeps titles and digests (story 10)', async () => {
  await bank.getByRole('checkbox').check();
  const window = await transfer();
  const [first, second] = [summary(window, 0), summary(window, 1)];
  await first.press('Enter');
  await expect(window.getByRole('row', { name: '금액 1,000,000원' })).toBeVisible();
  await expect(window.getByRole('row', { name: '받는 계좌 110-123-456789' })).toBeVisible();
  await second.press('Enter');
  const terms = window.locator('#approve-documents > ol > li').nth(1);
  await expect(terms.getByText(scene.t('sign_more_below'))).toBeVisible();
  await terms.getByRole('region', { name: '이체 약관' }).press('End');
  await expect(terms.getByText(scene.t('sign_more_below'))).toHaveCount(0);
  await expect(window.getByText('제30조')).toBeVisible();
  await lookAt(window, 'approve-documents-ko-360', 360);
  await approveWithPassword(scene, window, WALLET_PASSWORD, button(2));
  await expect(bank.locator('#message')).toContainText('서명 2건을 확인했습니다');
  await expect(bank.locator('#checks li').first()).toContainText('한 글자도 바뀌지 않았습니다');

  await chooseInMenu(scene, scene.manager, scene.t('history'));
  await scene.manager
    .getByRole('button', { name: new RegExp(scene.t('act_sign')) })
    .first()
    .click();
  const details = scene.manager.getByRole('dialog');
  await expect(details).toContainText('이체 1,000,000원');
  await expect(details).toContainText(/SHA-256 [0-9a-f]{64}/);
  await details.getByRole('button', { name: scene.t('close'), exact: true }).click();
});

test('a bank refuses a transfer whose amount a script changed on the page', async () => {
  await bank.getByRole('checkbox').uncheck();
  await bank.route('**/api/transfer/write', async (route) => {
    const answer = (await (await route.fetch()).json()) as { documents: { content: string }[] };
    for (const document of answer.documents) document.content = document.content.replace('1,000,000', '9,000,000');
    await route.fulfill({ json: answer });
  });
  const window = await transfer();
  // What would be signed is what is shown, whatever the page says elsewhere.
  await expect(window.getByRole('row', { name: '금액 9,000,000원' })).toBeVisible();
  await approveWithPassword(scene, window, WALLET_PASSWORD, button(1));
  await expect(bank.locator('#message')).toHaveAttribute('data-code', 'verify.document');
  await bank.unroute('**/api/transfer/write');
  expect(scene.browser.problems.splice(0)).toEqual([expect.stringContaining('403')]); // the bank's own refusal
});

test('[C12] what has no shape is marked, markup is text, and a file that cannot be shown is ticked by hand before anything is signed', async () => {
  const { window, answer } = await asking([
    { title: '메모', mediaType: 'text/plain', content: '금액 \u202e000,1\u3164<img src=x onerror=alert(1)>' },
    { title: '계약서.pdf', mediaType: 'application/pdf', content: 'JVBERi0xLjcgbm90IHJlYWxseSBvbmU=' },
  ]);
  await summary(window, 0).click();
  await expect(window.getByText(scene.t('sign_marks'))).toBeVisible();
  await expect(window.locator('#approve-documents mark')).toHaveText(['U+202E', 'U+3164']);
  await expect(window.locator('#approve-documents')).toContainText('<img src=x onerror=alert(1)>');
  await summary(window, 1).click();
  await expect(window.getByText(scene.t('sign_not_shown'))).toBeVisible();
  const field = window.getByLabel(scene.t('wallet_password'), { exact: true });
  await field.fill(WALLET_PASSWORD);
  const told = (): Promise<void> => expect(window.getByText(scene.t('document_not_known'))).toBeVisible({ timeout: 500 });
  await confirmInWindow(scene, window, () => field.press('Enter'), told, button(2));
  await lookAt(window, 'approve-documents-opaque-ko', 480);
  await window.getByLabel(scene.t('sign_known')).check();
  await approveWithPassword(scene, window, WALLET_PASSWORD, button(2));
  expect((await answer).signatures).toHaveLength(2);
});

test('windows-949 is written as the table has it, all 17,048 characters, and eight million octets travel', async () => {
  const text = String.fromCharCode(...windows949Table().keys());
  const korean = await asking([{ title: '글자', mediaType: 'text/plain', charset: 'windows-949', content: text }]);
  await approveWithPassword(scene, korean.window, WALLET_PASSWORD, button(1));
  const signature = new Uint8Array(Buffer.from((await korean.answer).signatures![0]!, 'base64'));
  const { content } = readSignedData(signature, signature.length);
  expect(Buffer.from(content!).equals(Buffer.from(encodeWindows949(text)!))).toBe(true);

  const large = await asking([{ title: '긴 글', mediaType: 'text/plain', content: 'a'.repeat(8 * 1024 * 1024) }]);
  await approveWithPassword(scene, large.window, WALLET_PASSWORD, button(1));
  expect((await large.answer).signatures![0]!.length).toBeGreaterThan(11_000_000);
});
