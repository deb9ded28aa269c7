/** The built extension with one certificate in its wallet, a bank's page, and a hand that says yes. */
import { setTimeout as rest } from 'node:timers/promises';
import { issuePerson, koreanMidnight, makeIssuing, makeRoot } from '../../../demo/issue.ts';
import { PEOPLE } from '../../../demo/people.ts';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { serveBankPage } from './bank-page.ts';
import { buildDemo, buildHelper, buildPageLibrary, writeEmptyExtension } from './build.ts';
import type { CdpPage } from './cdp.ts';
import { startChromium, until, type Chromium } from './chromium.ts';

const NONCE = Buffer.alloc(32, 9).toString('base64url');
/** The approval window has painted and is at rest. */
const SETTLE_MS = 400;

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
  /** A page of the extension that holds the helper; `ask` calls one of its functions. */
  ask(call: string): Promise<unknown>;
  /** The same from the page of the empty extension: an expression. */
  askEmpty(expression: string): Promise<unknown>;
  /** The bank's page asks; `before` runs when only the click is left. */
  signIn(how: 'click' | 'enter', before?: () => Promise<unknown>): Promise<SignedIn>;
  stopBackground(): Promise<void>;
  close(): Promise<void>;
}

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

async function openHelper(chromium: Chromium, origin: string): Promise<{ page: CdpPage; ask: (call: string) => Promise<unknown> }> {
  // A document of the extension that runs no script of its own.
  const page = await chromium.cdp.openPage(`${origin}/manifest.json`);
  await until('the extension page', async () => ((await page.evaluate('document.readyState')) === 'complete' ? true : undefined));
  await page.evaluate(await buildHelper());
  return { page, ask: (call) => page.evaluate(`dojangBench.${call}`) };
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
  const chromium = await startChromium([await buildDemo(), writeEmptyExtension()]);
  const bank = await serveBankPage(await buildPageLibrary());
  const close = async (): Promise<void> => {
    await chromium.close();
    bank.close();
  };
  try {
    const [origin, emptyOrigin] = [await chromium.originOf('background.js'), await chromium.originOf('empty.js')];
    const emptyPage = await chromium.cdp.openPage(`${emptyOrigin}/page.html`);
    const { page, ask } = await openHelper(chromium, origin);
    const { root, wallet } = await issueNow();
    await ask(`makeWallet(${JSON.stringify(wallet)})`);
    const bankPage = await chromium.cdp.openPage(`${bank.origin}/`);
    await until('the wallet', async () => ((await bankPage.evaluate('connected()').catch(() => false)) === true ? true : undefined));
    const skew = (await clockOf(bankPage)) - (await clockOf(page));

    const signIn: Scene['signIn'] = async (how, before) => {
      await bankPage.evaluate(`beginSignIn(${JSON.stringify(NONCE)})`);
      const request = await until('the request', async () => ((await ask('waitingRequest()')) as string | null) ?? undefined);
      await ask(`${how === 'click' ? 'readyToClick' : 'readyToEnter'}(${JSON.stringify(request)})`);
      await rest(SETTLE_MS);
      await before?.();
      const start = Number(await ask(`${how}()`));
      const { end, cms, code } = (await bankPage.evaluate('signInEnded()')) as Ended;
      if (end === undefined || cms === undefined) throw new Error(`signing in: ${code ?? 'no answer'}`);
      return { ms: end - skew - start, cms: new Uint8Array(Buffer.from(cms, 'base64')) };
    };

    return {
      chromium, bankPage,
      origin,
      emptyOrigin,
      root,
      ask,
      askEmpty: (expression) => emptyPage.evaluate(expression),
      signIn,
      stopBackground: () => chromium.stopBackground(origin),
      close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
