/** What a page of a bank notices of the wallet: its own load with our content script and without. */
import type { CdpPage } from '../browser/cdp.ts';
import { until } from '../browser/chromium.ts';
import { openScene } from '../browser/scene.ts';
import { same } from '../fixtures.ts';
import type { Case, OpenGroup } from '../harness.ts';

const ROUNDS = 41;
const MOST_MORE_US = 2000;

/** Loads a page anew; milliseconds from the first octet of the response to DOM ready. */
async function load(page: CdpPage, url: string): Promise<number> {
  await page.evaluate('globalThis.isOld = true').catch(() => undefined);
  await page.send('Page.navigate', { url });
  const look = `globalThis.isOld !== true && document.readyState === 'complete' && performance.getEntriesByType('navigation')[0].loadEventEnd > 0`;
  await until('the page', async () => ((await page.evaluate(look).catch(() => false)) === true ? true : undefined));
  return Number(
    await page.evaluate("(({ responseStart, domContentLoadedEventEnd: end }) => end - responseStart)(performance.getEntriesByType('navigation')[0])"),
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
