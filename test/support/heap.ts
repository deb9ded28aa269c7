/** What V8 still holds of our contexts: every string that a heap snapshot names, after a full collection. */
import type { CDPSession } from '@playwright/test';
import type { Browser } from './chromium.ts';

interface Reply {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly chunk?: string };
}

/** Workers have no session of their own in the driver, so messages to each target go through that of the browser. */
async function snapshotOf(browser: CDPSession, targetId: string): Promise<string> {
  const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: false });
  const chunks: string[] = [];
  const answered = new Map<number, () => void>();
  const receive = (event: { sessionId: string; message: string }): void => {
    if (event.sessionId !== sessionId) return;
    const { id, method, params } = JSON.parse(event.message) as Reply;
    if (method === 'HeapProfiler.addHeapSnapshotChunk') chunks.push(params?.chunk ?? '');
    if (id !== undefined) answered.get(id)?.();
  };
  browser.on('Target.receivedMessageFromTarget', receive);
  for (const [id, method] of ['HeapProfiler.enable', 'HeapProfiler.collectGarbage', 'HeapProfiler.takeHeapSnapshot'].entries()) {
    const answer = new Promise<void>((resolve) => answered.set(id, resolve));
    await browser.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) });
    await answer;
  }
  browser.off('Target.receivedMessageFromTarget', receive);
  await browser.send('Target.detachFromTarget', { sessionId });
  return chunks.join('');
}

/**
 * By type and page of each context of the extension, e.g. `page manager.html`: pages, workers, the background. Octets of
 * typed arrays stand in no snapshot, nor does what the browser keeps outside of V8.
 */
export async function heapStrings({ context, extensionId }: Browser): Promise<ReadonlyMap<string, readonly string[]>> {
  const browser = await context.browser()?.newBrowserCDPSession();
  if (!browser) throw new Error('no session with the browser');
  const own = `chrome-extension://${extensionId}/`;
  const { targetInfos } = await browser.send('Target.getTargets');
  const found = new Map<string, readonly string[]>();
  for (const { targetId, type, url } of targetInfos.filter((target) => target.url.startsWith(own))) {
    const { strings } = JSON.parse(await snapshotOf(browser, targetId)) as { strings: readonly string[] };
    found.set(`${type} ${url.slice(own.length)}`, strings);
  }
  await browser.detach();
  return found;
}
