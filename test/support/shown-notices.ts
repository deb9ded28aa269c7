/** What the background has the system show, read in a browser test. */
import type { Browser } from './chromium.ts';

/** A name that leads somewhere, and what is shown. */
export type ShownNotice = readonly [name: string, notice: Readonly<Record<string, string>>];

const WRITE_DOWN = `
  globalThis.shown = [];
  for (const api of new Set([globalThis.browser?.notifications, chrome.notifications])) {
    if (!api) continue;
    const create = api.create.bind(api);
    api.create = (...given) => (shown.push(given), create(...given));
  }`;

/** Evaluates in the background. */
export function inBackground({ context, extensionId }: Browser, expression: string): Promise<unknown> {
  return context
    .serviceWorkers()
    .find((one) => one.url().includes(extensionId))!
    .evaluate(expression);
}

/** Whatever notice the background shows from now on is written down, and still shown. */
export async function writeDownNotices(browser: Browser): Promise<void> {
  await inBackground(browser, WRITE_DOWN);
}

export async function shownNotices(browser: Browser): Promise<readonly ShownNotice[]> {
  return (await inBackground(browser, 'shown')) as ShownNotice[];
}

/** As the system tells that somebody clicked it. */
export async function clickNotice(browser: Browser, name: string): Promise<void> {
  await inBackground(browser, `chrome.notifications.onClicked.dispatch(${JSON.stringify(name)})`);
}
