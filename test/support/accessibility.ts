/** What axe finds on a page of ours. */
import type { Page } from '@playwright/test';
import AxeSource from 'axe-core';

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly target: readonly string[] }[];
}

/** Serious and critical findings, each with the elements it is about. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // The page's own policy would refuse an injected script; the debugger does not ask it.
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: AxeSource.source });
  const expression = 'axe.run().then(({ violations }) => violations)';
  const { result } = await session.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
  await session.detach();
  return (result.value as Finding[])
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}
