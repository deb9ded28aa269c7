/** Looks at a screen as a person would: a picture of it, no serious accessibility finding, nothing that scrolls sideways. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import AxeSource from 'axe-core';
import { expect, type Page } from '@playwright/test';
import { ROOT } from './chromium.ts';

/** Where pictures of screens go. */
export const PICTURES = join(ROOT, '.output', 'screens');

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly target: readonly string[] }[];
}

async function seriousFindings(page: Page): Promise<string[]> {
  // The page's own policy would refuse an injected script; the debugger does not ask it.
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: AxeSource.source });
  const { result } = await session.send('Runtime.evaluate', {
    expression: 'axe.run().then(({ violations }) => violations)',
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  const findings = result.value as Finding[];
  return findings
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

/** Leaves the window at that width. */
export async function lookAt(page: Page, name: string, width: number): Promise<void> {
  const path = join(PICTURES, `${name}.png`);
  mkdirSync(dirname(path), { recursive: true });
  await page.setViewportSize({ width, height: 900 });
  await page.waitForFunction(() => [...document.images].every((image) => image.complete && image.naturalWidth > 0));
  await page.screenshot({ path, fullPage: true });
  expect(await seriousFindings(page), name).toEqual([]);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(sideways, `${name} scrolls sideways at ${width}`).toBeLessThanOrEqual(0);
}
