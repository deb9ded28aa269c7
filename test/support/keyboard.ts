/** What a person does without a mouse. */
import { expect, type Locator, type Page } from '@playwright/test';

/** More stops than any of our screens has. */
const STOPS = 80;

/** Goes on with Tab until that has the focus. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < STOPS; presses++) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  await expect(target).toBeFocused();
}

/** Goes to a button or link and presses Enter. */
export async function follow(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press('Enter');
}

/** Goes to a field and types. */
export async function typeInto(page: Page, target: Locator, text: string): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.type(text);
}

/** Goes to a file field and picks: the chooser itself is the browser's, and its keys are not ours to press. */
export async function pickInto(page: Page, target: Locator, path: string): Promise<void> {
  await tabTo(page, target);
  await target.setInputFiles(path);
}
