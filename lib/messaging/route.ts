/** Who may ask what: the sender as the browser names it decides, never what the message says. */
import { WalletError } from '../errors.ts';
import type { Runtime } from '../platform/browser.ts';
import type { Asker } from '../wallet/ports.ts';
import { APPROVAL_PAGE, APPROVAL_VERBS, PAGE_VERBS, WALLET_VERBS, type PageVerb, type Verb, type WalletVerb } from './verbs.ts';

export type PageHandlers = { readonly [V in PageVerb]: (sender: Asker, content: unknown) => Promise<unknown> };
export type WalletHandlers = { readonly [V in WalletVerb]: (content: unknown) => Promise<unknown> };

export interface Handlers {
  readonly page: PageHandlers;
  readonly wallet: WalletHandlers;
}

/** The fields of a message sender that decide. Chromium and Firefox both have them; the type package lags behind. */
export type RawSender = Runtime.MessageSender & { readonly origin?: string; readonly documentId?: string; readonly documentLifecycle?: string };

/** What the browser calls this extension, and whether the build serves loopback pages. */
export interface Home {
  readonly id: string;
  readonly origin: string;
  readonly mayBeLocal: boolean;
}

function isVerb<V extends Verb>(verbs: readonly V[], verb: unknown): verb is V {
  return typeof verb === 'string' && (verbs as readonly string[]).includes(verb);
}

/** https origins; loopback by plain http only where the build is for the demo. */
function isServedOrigin(origin: string, mayBeLocal: boolean): boolean {
  if (origin.startsWith('https://')) return true;
  return mayBeLocal && /^http:\/\/(localhost|127\.0\.0\.1)(:\d{1,5})?$/.test(origin);
}

/** Sandboxed, `blob:` and `about:` documents have an address that does not say their origin, or an origin that is not their address's. */
function isAddressOf(url: string | undefined, origin: string): boolean {
  return url?.startsWith(`${origin}/`) === true;
}

/**
 * A page as sender: our own extension's content script, top frame, active document with an origin of its own. An origin
 * that is missing or "null" is refused; it is never rebuilt from an address.
 * @throws `request.forbidden`, `request.insecure`
 */
export function pageSender(sender: RawSender, home: Home): Asker {
  const { origin, url, documentId, frameId, documentLifecycle, tab, id } = sender;
  if (id !== home.id || frameId !== 0 || tab?.id === undefined || documentId === undefined) throw new WalletError('request.forbidden');
  if (documentLifecycle !== undefined && documentLifecycle !== 'active') throw new WalletError('request.forbidden');
  if (origin === undefined || origin === 'null' || !isServedOrigin(origin, home.mayBeLocal)) throw new WalletError('request.insecure');
  if (!isAddressOf(url, origin)) throw new WalletError('request.insecure');
  return { origin, tabId: tab.id, documentId };
}

/** A document of the extension itself: same id, own origin, top frame. */
function isOwnDocument(sender: RawSender, home: Home): boolean {
  return sender.id === home.id && sender.origin === home.origin && (sender.frameId ?? 0) === 0;
}

/** The approval window of the very request that the message names. */
function isApprovalOf(sender: RawSender, home: Home, content: unknown): boolean {
  const [page, query] = (sender.url ?? '').split('?');
  if (page !== home.origin + APPROVAL_PAGE || typeof content !== 'object' || content === null) return false;
  const shown = new URLSearchParams(query).get('request');
  return shown !== null && shown === Reflect.get(content, 'request');
}

/** Finds the handler that may serve this message; deny by default. @throws `request.malformed`, `request.forbidden`, `request.insecure` */
export function route(message: unknown, sender: RawSender, handlers: Handlers, home: Home): Promise<unknown> {
  if (typeof message !== 'object' || message === null) throw new WalletError('request.malformed');
  const verb: unknown = Reflect.get(message, 'verb');
  const content: unknown = Reflect.get(message, 'content');
  if (isVerb(PAGE_VERBS, verb)) return handlers.page[verb](pageSender(sender, home), content);
  if (!isVerb(WALLET_VERBS, verb)) throw new WalletError('request.malformed');
  if (!isOwnDocument(sender, home)) throw new WalletError('request.forbidden');
  if (isVerb(APPROVAL_VERBS, verb) && !isApprovalOf(sender, home, content)) throw new WalletError('request.forbidden');
  return handlers.wallet[verb](content);
}
