import type { WindowPort } from '../wallet/ports.ts';
import { browser } from './browser.ts';

const WIDTH = 480;
const HEIGHT = 720;

/** Our windows. The approval window is opened by an unguessable id and is inert without a live request of that id. */
export const windows: WindowPort = {
  async openApproval(requestId) {
    const url = `${browser.runtime.getURL('/approve.html')}?request=${encodeURIComponent(requestId)}`;
    const opened = await browser.windows.create({ url, type: 'popup', width: WIDTH, height: HEIGHT });
    return opened.id ?? -1;
  },
  isOpen: (windowId) =>
    browser.windows.get(windowId).then(
      () => true,
      () => false,
    ),
  close(windowId) {
    // In the next turn: a window that asked for this gets its answer before it goes.
    setTimeout(() => {
      browser.windows.remove(windowId).catch(() => undefined);
    });
  },
};

/** Brings a window to the front, also one that was put away. */
export async function showWindow(windowId: number): Promise<void> {
  try {
    const { state } = await browser.windows.get(windowId);
    await browser.windows.update(windowId, state === 'minimized' ? { state: 'normal', focused: true } : { focused: true });
  } catch {
    // Closed meanwhile, and its request ended with it.
  }
}

/** In a new tab of the window in front, or in a window where there is none. */
export function openManager(path: string): Promise<unknown> {
  const url = browser.runtime.getURL('/manager.html') + path;
  return browser.tabs.create({ url }).catch(() => browser.windows.create({ url }));
}
