/** The extension's one message listener, in the background. */
import { errorCode, WalletError } from '../errors.ts';
import { browser, type Runtime } from '../platform/browser.ts';
import type { Asker } from '../wallet/ports.ts';
import { PAGE_VERBS, WALLET_VERBS, type Answer, type PageVerb, type Verb, type WalletVerb } from './verbs.ts';

/** Who sent a message is what the browser says, never what the message says. */
export type PageHandlers = { readonly [V in PageVerb]: (sender: Asker, content: unknown) => Promise<unknown> };
export type WalletHandlers = { readonly [V in WalletVerb]: (content: unknown) => Promise<unknown> };

/** The fields of a message sender that decide. Chromium and Firefox both have them; the type package lags behind. */
export type RawSender = Runtime.MessageSender & { readonly origin?: string; readonly documentId?: string; readonly documentLifecycle?: string };

function isVerb<V extends Verb>(verbs: readonly V[], verb: unknown): verb is V {
  return typeof verb === 'string' && (verbs as readonly string[]).includes(verb);
}

/**
 * A page as sender: our own extension's content script, top frame, active document with an origin of its own. An origin
 * that is missing or "null" is refused; it is never rebuilt from an address.
 */
export function pageSender(sender: RawSender, ownId: string, mayBeLocal: boolean): Asker {
  const { origin, documentId, frameId, documentLifecycle, tab, id } = sender;
  if (id !== ownId || frameId !== 0 || tab?.id === undefined || documentId === undefined) throw new WalletError('request.forbidden');
  if (documentLifecycle !== undefined && documentLifecycle !== 'active') throw new WalletError('request.forbidden');
  if (origin === undefined || origin === 'null' || !isServedOrigin(origin, mayBeLocal)) throw new WalletError('request.insecure');
  return { origin, tabId: tab.id, documentId };
}

/** https origins; loopback by plain http only where the build is for the demo. */
function isServedOrigin(origin: string, mayBeLocal: boolean): boolean {
  if (origin.startsWith('https://')) return true;
  return mayBeLocal && /^http:\/\/(localhost|127\.0\.0\.1)(:\d{1,5})?$/.test(origin);
}

/** A document of the extension itself: same id, own origin, top frame. */
export function isOwnDocument(sender: RawSender, ownId: string, ownOrigin: string): boolean {
  return sender.id === ownId && sender.origin === ownOrigin && (sender.frameId ?? 0) === 0;
}

/** Finds the handler that may serve this message; deny by default. */
export function route(
  message: unknown,
  sender: RawSender,
  handlers: { page: PageHandlers; wallet: WalletHandlers },
  mayBeLocal: boolean,
): Promise<unknown> {
  if (typeof message !== 'object' || message === null) throw new WalletError('request.malformed');
  const verb: unknown = Reflect.get(message, 'verb');
  const content: unknown = Reflect.get(message, 'content');
  const ownId = browser.runtime.id;
  if (isVerb(PAGE_VERBS, verb)) return handlers.page[verb](pageSender(sender, ownId, mayBeLocal), content);
  if (!isVerb(WALLET_VERBS, verb)) throw new WalletError('request.malformed');
  const ownOrigin = new URL(browser.runtime.getURL('')).origin;
  if (!isOwnDocument(sender, ownId, ownOrigin)) throw new WalletError('request.forbidden');
  return handlers.wallet[verb](content);
}

/**
 * Registers the listener. It is not async and always answers: an async one answers null to messages it ignores, and a
 * rejected one loses its code on the way.
 */
export function listen(handlers: { page: PageHandlers; wallet: WalletHandlers }, mayBeLocal: boolean): void {
  browser.runtime.onMessage.addListener(((message: unknown, sender: RawSender, respond: (answer: Answer) => void) => {
    new Promise((resolve) => {
      resolve(route(message, sender, handlers, mayBeLocal));
    }).then(
      (value) => {
        respond({ ok: true, value: value ?? null });
      },
      (thrown: unknown) => {
        respond({ ok: false, code: errorCode(thrown) });
      },
    );
    return true;
  }) as Parameters<typeof browser.runtime.onMessage.addListener>[0]);
}
