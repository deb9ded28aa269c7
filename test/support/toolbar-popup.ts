/** The popup of the real toolbar button, which no list of pages has: another page of ours reads it. */
import { expect, type Page } from '@playwright/test';
import type { Person } from './journey.ts';

/** What is asked of the browser's own interface, where it is not typed. */
interface Chrome {
  readonly extension: { getViews(of: { type: 'popup' }): readonly Window[] };
}

const texts = (manager: Page): Promise<readonly string[]> =>
  manager.evaluate(() => {
    const { chrome } = globalThis as unknown as { chrome: Chrome };
    return chrome.extension.getViews({ type: 'popup' }).map(({ document }) => document.body.innerText);
  });

/** Opens it over the tab in front, waits until it says all of that, and closes it. */
export async function expectInToolbarPopup({ browser }: Person, manager: Page, said: readonly string[]): Promise<void> {
  const { context, extensionId } = browser;
  const background = context.serviceWorkers().find((one) => one.url().includes(extensionId));
  await expect(async () => {
    // A window that comes to the front late closes it.
    if ((await texts(manager)).length === 0) await background?.evaluate('chrome.action.openPopup()');
    const [text = ''] = await texts(manager);
    for (const part of said) expect(text).toContain(part);
  }).toPass({ timeout: 20_000 });
  await manager.evaluate(() => {
    const { chrome } = globalThis as unknown as { chrome: Chrome };
    for (const view of chrome.extension.getViews({ type: 'popup' })) view.close();
  });
  await expect.poll(() => texts(manager)).toEqual([]);
}
