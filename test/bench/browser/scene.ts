/** The built extension with one certificate in its wallet, a bank's page, and a hand that says yes. */
import { setTimeout as rest } from 'node:timers/promises';
import { issuePerson } from '../../../demo/issue-person.ts';
import { koreanMidnight, makeIssuing, makeRoot } from '../../../demo/issue.ts';
import { PEOPLE } from '../../../demo/people.ts';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { probes, serveBankPage } from './bank-page.ts';
import { buildDemo, buildHelper, buildPageLibrary, writeEmptyExtension } from './build.ts';
import type { CdpPage } from './cdp.ts';
import { startChromium, until, type Chromium } from './chromium.ts';

const NONCE = Buffer.alloc(32, 9).toString('base64url');
/** The approval window has painted and is at rest; its guard against stray keys has opened. */
const SETTLE_MS = 400;
const GUARD_MS = 1300;
const FIELD = "document.querySelector('input[type=password]:focus')";

export interface SignedIn {
  /** From the click to the result in the bank's page. */
  readonly ms: number;
  readonly cms: Bytes;
}

export interface Scene {
  readonly chromium: Chromium;
  readonly origin: string;
  readonly emptyOrigin: string;
  readonly root: Bytes;
  readonly bankOrigin: string;
  /** The same server where the content script does not run. */
  readonly originWithout: string;
  /** Calls a function of the helper, or of another script that was loaded, in a page of the extension. */
  ask(call: string, script?: string): Promise<unknown>;
  /** Evaluates a script in that page. */
  load(script: string): Promise<void>;
  /** Brings that page before the others, so that it draws. */
  front(): Promise<void>;
  /** An expression in the page of the empty extension. */
  askEmpty(expression: string): Promise<unknown>;
  /** An expression in the bank's page. */
  askBank(expression: string): Promise<unknown>;
  /** Brings the bank's page before the others: only a page that is seen may ask the wallet. */
  frontBank(): Promise<void>;
  /** The bank's page asks; `before` runs when only the click is left. */
  signIn(how: 'click' | 'enter', before?: () => Promise<unknown>): Promise<SignedIn>;
  stopBackground(): Promise<void>;
  close(): Promise<void>;
}

type Before = (() => Promise<unknown>) | undefined;

interface Ended {
  readonly end?: number;
  readonly cms?: string;
  readonly code?: string;
}

/** Milliseconds by which a page's clock is ahead of ours, to a fraction of the shortest round trip. */
async function clockOf(page: CdpPage): Promise<number> {
  let best = { trip: Infinity, ahead: 0 };
  for (let i = 0; i < 20; i++) {
    const before = performance.timeOrigin + performance.now();
    const there = Number(await page.evaluate('performance.timeOrigin + performance.now()'));
    const trip = performance.timeOrigin + performance.now() - before;
    if (trip < best.trip) best = { trip, ahead: there - before - trip / 2 };
  }
  return best.ahead;
}

async function isLoaded(page: CdpPage): Promise<true | undefined> {
  const isReady = "document.readyState === 'complete' && location.protocol !== 'about:'";
  return (await page.evaluate(isReady)) === true ? true : undefined;
}

async function pressEnter(page: CdpPage): Promise<void> {
  const key = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 };
  await page.send('Input.dispatchKeyEvent', { type: 'keyDown', text: '\r', ...key });
  // The window may be gone before the key is up.
  await page.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key }).catch(() => undefined);
}

/** An identity that is valid now, from the demo's authority. */
async function issueNow(): Promise<{ root: Bytes; wallet: { certificate: string; chain: string[]; privateKeyInfo: string } }> {
  const start = koreanMidnight(Date.now());
  const root = await makeRoot(start);
  const issuing = await makeIssuing(start, root);
  const [person] = PEOPLE;
  if (person === undefined) throw new Error('nobody lives in the demo');
  const { sign, signKeys } = await issuePerson(person, 1, start, issuing);
  const text = (bytes: Bytes): string => Buffer.from(bytes).toString('base64');
  const chain = [text(issuing.certificate.der)];
  return { root: root.certificate.der, wallet: { certificate: text(sign.der), chain, privateKeyInfo: text(signKeys.privateKeyInfo) } };
}

export async function openScene(): Promise<Scene> {
  const chromium = await startChromium([buildDemo(), writeEmptyExtension()]);
  const bank = await serveBankPage(await buildPageLibrary(), probes());
  const close = async (): Promise<void> => {
    await chromium.close();
    bank.close();
  };
  try {
    const [origin, emptyOrigin] = [await chromium.originOf('background.js'), await chromium.originOf('empty.js')];
    const emptyPage = await chromium.cdp.openPage(`${emptyOrigin}/page.html`);
    // A document of the extension that runs no script of its own.
    const page = await chromium.cdp.openPage(`${origin}/manifest.json`);
    const ask: Scene['ask'] = (call, script = 'dojangBench') => page.evaluate(`${script}.${call}`);
    const helper = await buildHelper();
    await until('the extension page', () => isLoaded(page));
    await page.evaluate(helper);
    const { root, wallet } = await issueNow();
    await ask(`makeWallet(${JSON.stringify(wallet)})`);
    const handed = await ask('handOver()');
    const bankPage = await chromium.cdp.openPage(`${bank.origin}/`);
    await until('the wallet', async () => ((await bankPage.evaluate('connected()').catch(() => false)) === true ? true : undefined));
    const skew = (await clockOf(bankPage)) - (await clockOf(page));

    const approvalWindow = async (): Promise<CdpPage> => {
      const target = await until('the approval window', async () =>
        (await chromium.cdp.targets()).find(({ type, url }) => type === 'page' && url.startsWith(`${origin}/approve.html?`)),
      );
      const window = await chromium.cdp.attach(target.targetId);
      await until('the approval window', () => isLoaded(window));
      await window.evaluate(helper);
      return window;
    };
    const byClick = async (window: CdpPage, before: Before): Promise<number> => {
      await window.evaluate(`dojangBench.takeOver(${JSON.stringify(handed)})`);
      await window.evaluate('dojangBench.readyToClick()');
      await rest(SETTLE_MS);
      await before?.();
      return Number(await window.evaluate('dojangBench.click()'));
    };
    const byEnter = async (window: CdpPage, before: Before): Promise<number> => {
      await until('the password field', async () => ((await window.evaluate(`${FIELD} !== null`)) === true ? true : undefined));
      await window.send('Input.insertText', { text: String(await ask('password')) });
      await window.evaluate('dojangBench.watchEnter()');
      await rest(GUARD_MS);
      await before?.();
      await pressEnter(window);
      return until('Enter', async () => Number(await ask('enteredAt()')) || undefined);
    };
    const signIn: Scene['signIn'] = async (how, before) => {
      await bankPage.evaluate(`beginSignIn(${JSON.stringify(NONCE)})`);
      const window = await approvalWindow();
      const start = await (how === 'click' ? byClick(window, before) : byEnter(window, before));
      const { end, cms, code } = (await bankPage.evaluate('signInEnded()')) as Ended;
      if (end === undefined || cms === undefined) throw new Error(`signing in: ${code ?? 'no answer'}`);
      // Ours closes after the answer has left.
      await until(
        'the window to close',
        async () => (await chromium.cdp.targets()).every(({ targetId }) => targetId !== window.targetId) || undefined,
      );
      return { ms: end - skew - start, cms: new Uint8Array(Buffer.from(cms, 'base64')) };
    };

    return {
      chromium,
      origin,
      emptyOrigin,
      bankOrigin: bank.origin,
      originWithout: bank.originWithout,
      root,
      ask,
      load: async (script) => {
        await page.evaluate(script);
      },
      front: async () => {
        await page.send('Page.bringToFront');
      },
      askEmpty: (expression) => emptyPage.evaluate(expression),
      askBank: (expression) => bankPage.evaluate(expression),
      frontBank: async () => {
        await bankPage.send('Page.bringToFront');
      },
      signIn,
      stopBackground: () => chromium.stopBackground(origin),
      close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
