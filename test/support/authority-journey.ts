/** What a person does with a test authority in the manager of a demo build: adding it, and issuing with numbers of its office. */
import { expect, type Page } from '@playwright/test';
import type { TestCa } from './demo-ca.ts';
import { WALLET_PASSWORD, type Person } from './journey.ts';

export const AUTHORITY = '시험 기관';
export const HOLDER = '홍길순';
export const CODE = 'CODE-1001-ABCD-EFGHIJKL';

export function goTo(manager: Page, path: string): Promise<unknown> {
  return manager.goto(new URL(path, manager.url()).href);
}

/** As the owner of a demo build does it: name, address, two certificates. */
export async function addAuthority({ t }: Person, manager: Page, ca: TestCa): Promise<void> {
  await goTo(manager, '#/issue');
  await manager.getByLabel(t('test_authority_name')).fill(AUTHORITY);
  await manager.getByLabel(t('test_authority_url')).fill(`${ca.url}/.well-known/cmp`);
  const files = await Promise.all(
    ['root', 'ca'].map(async (name) => ({
      name: `${name}.cer`,
      mimeType: 'application/pkix-cert',
      buffer: Buffer.from(await ca.get(`/ca/${name}.cer`)),
    })),
  );
  await manager.getByLabel(t('test_authority_files')).setInputFiles(files);
  await manager.getByRole('button', { name: t('test_authority_add'), exact: true }).click();
  await expect(manager.getByText(t('test_authority_added', { name: AUTHORITY }))).toBeVisible();
}

/** Numbers of the office for somebody new, as eight digits that nobody had. */
export async function register(ca: TestCa, reference: string): Promise<void> {
  const { status } = await ca.post('/ra/registrations', {
    name: HOLDER,
    number: `8${reference}0000`,
    ref: reference,
    code: CODE.replaceAll('-', ''),
    km: true,
    days: 20,
  });
  expect(status).toBe(200);
}

export async function fillIssue({ t }: Person, manager: Page, reference: string): Promise<void> {
  await goTo(manager, '#/issue');
  await manager.getByLabel(t('issue_reference')).fill(reference);
  await manager.getByLabel(t('issue_code')).fill(CODE);
  await manager.getByLabel(t('wallet_password'), { exact: true }).fill(WALLET_PASSWORD);
}
