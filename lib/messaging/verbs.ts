/**
 * Every message between our own contexts. A verb stands in exactly one of the two tables: content scripts may call the
 * first, only documents of the extension itself may call the second.
 */

/** What a content script may ask; `page.wake` carries and answers nothing, it only wakes the background. */
export const PAGE_VERBS = ['page.wake', 'page.open', 'page.cancel'] as const;
export type PageVerb = (typeof PAGE_VERBS)[number];

/** What our own windows may ask. */
export const WALLET_VERBS = [
  'wallet.wake',
  'wallet.approve',
  'wallet.tell',
  'wallet.reject',
  'wallet.extend',
  'wallet.opened',
  'wallet.lock',
  'wallet.notices',
  'wallet.set-notices',
  'wallet.try-notice',
  'wallet.write-history',
] as const;
export type WalletVerb = (typeof WALLET_VERBS)[number];

/** Those of them that only the approval window may call, and only about the request it was opened for. */
export const APPROVAL_VERBS = ['wallet.approve', 'wallet.tell', 'wallet.reject', 'wallet.extend'] as const satisfies readonly WalletVerb[];
export const APPROVAL_PAGE = '/approve.html';

export type Verb = PageVerb | WalletVerb;

/** An answer on the wire: a value, or a code and nothing else. */
export type Answer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly code: string };
