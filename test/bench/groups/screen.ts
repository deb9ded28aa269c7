/**
 * When the popup and the window of a request are painted first, beside a page of HTML alone, with one certificate and with a thousand;
 * and what a page of a bank notices of the wallet: its own load with our content script and without.
 */
import { setTimeout as rest } from 'node:timers/promises';
import type { CdpPage } from '../browser/cdp.ts';
import { until } from '../browser/chromium.ts';
import { openScene, type Scene } from '../browser/scene.ts';
import { same } from '../fixtures.ts';
import type { Case, Comparison, OpenGroup } from '../harness.ts';

const ROUNDS = 41;
const PAINT_ROUNDS = 21;
const MANY = 1000;
/** The page before has gone. */
const BLANK_MS = 150;
const LOAD_MS = 300;
const MOST_MORE_US = 2000;
const NONCE = Buffer.alloc(32, 9).toString('base64url');
/** A window that has come to the front draws its first frames. */
const SETTLE_MS = 400;

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

/** Loads a page anew; microseconds from its start to its first paint of something. */
async function firstPaint(page: CdpPage, url: string): Promise<number> {
  await page.send('Page.bringToFront');
  await page.send('Page.navigate', { url: 'about:blank' });
  await rest(BLANK_MS);
  await page.send('Page.navigate', { url });
  const painted = async (): Promise<number | undefined> =>
    Number(await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime").catch(() => 0)) || undefined;
  return (await until('the first paint', painted)) * 1000;
}

function painting(name: string, page: CdpPage, url: string, extra: Partial<Case>): Case {
  return { name, ...extra, prove: async () => same((await firstPaint(page, url)) > 0, true, 'paint'), sample: () => firstPaint(page, url) };
}

/** The address of a window for a request that waits; the bank's page asks anew where the last one has ended. */
async function approvalUrl({ ask, askBank, frontBank, origin }: Scene): Promise<string> {
  const waiting = async (): Promise<string | undefined> => ((await ask('waitingRequest()')) as string | null) ?? undefined;
  let id = await waiting();
  if (id === undefined) {
    await frontBank();
    await askBank(`beginSignIn(${JSON.stringify(NONCE)})`);
    id = await until('the request', waiting);
    await rest(SETTLE_MS);
  }
  return `${origin}/approve.html?request=${id}`;
}

/** As `painting`, and the window says who asks. */
function asking(name: string, page: CdpPage, scene: Scene, extra: Partial<Case>): Case {
  const sample = async (): Promise<number> => firstPaint(page, await approvalUrl(scene));
  const shown = async (): Promise<true | undefined> =>
    (await page.evaluate(`document.querySelector('#approve-who')?.textContent.includes(${JSON.stringify(new URL(scene.bankOrigin).hostname)})`)) ===
    true
      ? true
      : undefined;
  const prove = async (): Promise<void> => {
    same((await sample()) > 0, true, 'paint');
    await until('the request on the screen', shown);
  };
  return { name, ...extra, prove, sample };
}

async function approvals(one: Scene, many: Scene): Promise<Comparison> {
  const open = (scene: Scene): Promise<CdpPage> => scene.chromium.cdp.openPage('about:blank');
  return {
    id: 'U4',
    base: painting('a page of HTML', await open(one), `${one.emptyOrigin}/page.html`, {}),
    cases: [
      asking('dojang, approval window with one certificate', await open(one), one, { goal: 1.35 }),
      asking('dojang, approval window with a thousand', await open(many), many, { goal: 1.35 }),
    ],
    rounds: PAINT_ROUNDS,
  };
}

async function popups(one: Scene, many: Scene): Promise<Comparison> {
  same(await many.ask(`fillUp(${MANY})`), MANY, 'certificates');
  const open = (scene: Scene): Promise<CdpPage> => scene.chromium.cdp.openPage('about:blank');
  return {
    id: 'U1',
    base: painting('a page of HTML', await open(one), `${one.emptyOrigin}/page.html`, {}),
    cases: [
      painting('dojang, popup with one certificate', await open(one), `${one.origin}/popup.html`, { goal: 1.35 }),
      painting('dojang, popup with a thousand', await open(many), `${many.origin}/popup.html`, { goal: 1.35 }),
    ],
    rounds: PAINT_ROUNDS,
  };
}

export async function openScreenGroup(): Promise<OpenGroup> {
  const [scene, many] = [await openScene(), await openScene()];
  const { cdp } = scene.chromium;
  const [without, withScript] = [await cdp.openPage(`${scene.originWithout}/plain`), await cdp.openPage(`${scene.bankOrigin}/plain`)];
  return {
    comparisons: [
      await popups(scene, many),
      await approvals(scene, many),
      {
        id: 'U3',
        base: loading('a page without our content script', without, scene.originWithout, {}),
        cases: [loading('dojang, the same page with it', withScript, scene.bankOrigin, { goalMoreUs: MOST_MORE_US })],
        rounds: ROUNDS,
      },
    ],
    close: async () => {
      await scene.close();
      await many.close();
    },
  };
}
