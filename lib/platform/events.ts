/** Events of the browser that the background and the content script listen to. Listeners are registered synchronously. */
import type { ContentMessage } from '../wallet/ports.ts';
import { browser } from './browser.ts';

export function onWindowClosed(act: (windowId: number) => void): void {
  browser.windows.onRemoved.addListener(act);
}

/** A tab begins to load something, or is gone. */
export function onTabChanged(act: (tabId: number) => void): void {
  browser.tabs.onUpdated.addListener((tabId, change) => {
    if (change.status === 'loading') act(tabId);
  });
  browser.tabs.onRemoved.addListener(act);
}

export function onAlarm(act: (name: string) => void): void {
  browser.alarms.onAlarm.addListener(({ name }) => {
    act(name);
  });
}

/** Has the browser start the background when it starts itself, and when this extension was installed or updated; `act` runs then. */
export function wakeWithBrowser(act: () => void): void {
  browser.runtime.onStartup.addListener(act);
  browser.runtime.onInstalled.addListener(act);
}

/** The operating system's screen lock. */
export function onScreenLocked(act: () => void): void {
  browser.idle.onStateChanged.addListener((state) => {
    if (state === 'locked') act();
  });
}

/** In the content script: messages of the background to this document. The answer says whether somebody took it. */
export function onContentMessage(act: (message: ContentMessage) => boolean): void {
  browser.runtime.onMessage.addListener(((message: ContentMessage, _sender: unknown, respond: (taken: boolean) => void) => {
    respond(act(message));
    return true;
  }) as Parameters<typeof browser.runtime.onMessage.addListener>[0]);
}
