/** What a page of a bank notices of the wallet: its own load with our content script and without. */
import { setTimeout as rest } from 'node:timers/promises';
import type { CdpPage } from '../browser/cdp.ts';
import { openScene } from '../browser/scene.ts';
import { same } from '../fixtures.ts';
import type { Case, OpenGroup } from '../harness.ts';

const ROUNDS = 41;
const LOAD_MS = 300;
const MOST_MORE_US = 2000;

/** Loads a page anew and leaves it alone meanwhile; milliseconds from the first octet of the response to DOM ready. */
async function load(page: CdpPage, url: string): Promise<number> {
  await page.evaluate('globalThis.isOld = true');
  await page.send('Page.navigate', { url });
  await rest(LOAD_MS);
  return Number(
    await page.evaluate(`(() => {
    const [{ responseStart, domContentLoadedEventEnd, loadEventEnd }] = performance.getEntriesByType('navigation');
    if (globalThis.isOld === true || loadEventEnd === 0) throw new Error('the page has not loaded');
    return domContentLoadedEventEnd - responseStart;
  })()`),
  );
}

function loading(name: string, page: CdpPage, origin: string, extra: Partial<Case>): Case {
  const sample = async (): Promise<number> => (await load(page, `${origin}/plain`)) * 1000;
  return { name, ...extra, prove: async () => same((await sample()) > 0, true, 'load'), sample };
}

export async function openScreenGroup(): Promise<OpenGroup> {
  const scene = await openScene();
  const { cdp } = scene.chromium;
  const [without, withScript] = [await cdp.openPage(`${scene.originWithout}/plain`), await cdp.openPage(`${scene.bankOrigin}/plain`)];
  return {
    comparisons: [
      {
        id: 'U3',
        base: loading('a page without our content script', without, scene.originWithout, {}),
        cases: [loading('dojang, the same page with it', withScript, scene.bankOrigin, { goalMoreUs: MOST_MORE_US })],
        rounds: ROUNDS,
      },
    ],
    close: () => scene.close(),
  };
}
