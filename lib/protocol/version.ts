/** Version of the page protocol. A page and a wallet of different versions refuse each other by name. */
export const PROTOCOL_VERSION = 1;

/** What this wallet can do for a page; `connectWallet` reports it, so that a page need not guess. */
export const FEATURES = ['signIn', 'sign', 'issue', 'renew', 'revoke', 'signTaxInvoices'] as const;

/** A call that waits for the person. */
export type Action = (typeof FEATURES)[number];

export function isAction(value: unknown): value is Action {
  return typeof value === 'string' && (FEATURES as readonly string[]).includes(value);
}
