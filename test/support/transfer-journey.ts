/** What a person does to move certificates from screen to camera. */
import { expect, type Page } from '@playwright/test';
import type { Drawing } from './fake-camera.ts';
import type { Person } from './journey.ts';

/** The code that a page shows now. */
export async function shownCode(page: Page, label: string): Promise<Drawing> {
  const code = page.getByRole('img', { name: label });
  await expect(code).toBeVisible();
  return code.evaluate((svg) => {
    const size = Number(svg.getAttribute('viewBox')?.split(' ')[2]) - 8;
    return { size, path: svg.querySelector('path')?.getAttribute('d') ?? '' };
  });
}

/** Different codes that the moving picture shows, one after another. */
export async function movingCodes({ t }: Person, page: Page, count: number): Promise<Drawing[]> {
  const codes = new Map<string, Drawing>();
  await expect(async () => {
    for (let look = 0; look < 40 && codes.size < count; look++) {
      const code = await shownCode(page, t('send_moving_code'));
      codes.set(code.path, code);
      await page.waitForTimeout(90);
    }
    expect(codes.size).toBeGreaterThanOrEqual(count);
  }).toPass({ timeout: 60_000 });
  return [...codes.values()];
}

/** Digits of the number that a page shows. */
export async function shownNumber(page: Page, label: string): Promise<string> {
  return (await page.getByRole('status', { name: label }).innerText()).replaceAll(/\D/g, '');
}

export async function go(page: Page, route: string): Promise<void> {
  await page.goto(new URL(route, page.url()).href);
}

/** From the list of the sender to the step that reads the receiving screen. */
export async function chooseToSend({ t }: Person, page: Page, holders: readonly string[]): Promise<void> {
  await go(page, '#/transfer');
  await page.getByRole('link', { name: t('send_heading') }).click();
  await expect(page.getByRole('radio', { name: t('export_place_dojang'), exact: true })).toBeChecked();
  await page.getByRole('button', { name: t('next') }).click();
  for (const holder of holders) await page.getByRole('checkbox', { name: new RegExp(holder) }).check();
  await page.getByRole('button', { name: t('next') }).click();
  await expect(page.getByRole('heading', { name: t('send_scan') })).toBeVisible();
}
