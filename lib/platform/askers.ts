import type { Asker, AskerPort, ContentMessage } from '../wallet/ports.ts';
import { browser, type Tabs } from './browser.ts';

/** Sends to one document; where it is gone the browser delivers nothing and reports an error. */
async function send(asker: Asker, message: ContentMessage): Promise<unknown> {
  const options = { documentId: asker.documentId } as Tabs.SendMessageOptionsType;
  try {
    return await browser.tabs.sendMessage(asker.tabId, message, options);
  } catch {
    return undefined;
  }
}

export const askers: AskerPort = {
  async deliver(asker, { id, ...message }) {
    return (await send(asker, { to: 'content', type: 'answer', id, message })) === true;
  },
  async isWaiting(asker, pageId) {
    return (await send(asker, { to: 'content', type: 'waiting', id: pageId })) === true;
  },
};
