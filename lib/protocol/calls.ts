/** What a page may ask the person for: each action with the one reader of its payload. */
import { readIssueRequest, readRenewRequest } from './lifecycle.ts';
import { malformed } from './read.ts';
import { readSignInRequest } from './sign-in.ts';
import { readTaxInvoicesRequest } from './tax-invoices.ts';
import { isAction, type Action } from './version.ts';
import { checkSize } from './wire.ts';

const READERS = {
  signIn: readSignInRequest,
  issue: readIssueRequest,
  renew: readRenewRequest,
  revoke: readRenewRequest,
  signTaxInvoices: readTaxInvoicesRequest,
} as const satisfies Record<Action, (payload: unknown) => unknown>;

type Readers = typeof READERS;

/** A call that waits for the person, read. */
export type WaitingCall = { readonly [A in Action]: { readonly action: A; readonly payload: ReturnType<Readers[A]> } }[Action];

/**
 * Reads a call by its action and payload.
 * @throws `request.malformed`; `request.too-large` before anything of it is looked at
 */
export function readCall(action: unknown, payload: unknown): WaitingCall {
  checkSize(action, payload);
  if (!isAction(action)) throw malformed('action');
  return { action, payload: READERS[action](payload) } as WaitingCall;
}
