/** What a page may ask the person for: each action with the one reader of its payload, and what waits of it. */
import { readSignRequest } from './documents.ts';
import { readKeptDocuments, type KeptDocuments } from './kept-documents.ts';
import { readIssueRequest, readRenewRequest, readRevokeRequest } from './lifecycle.ts';
import { malformed } from './read.ts';
import { readSignInRequest } from './sign-in.ts';
import { readTaxInvoicesRequest } from './tax-invoices.ts';
import { isAction, type Action } from './version.ts';
import { checkSize } from './wire.ts';

const READERS = {
  signIn: readSignInRequest,
  sign: readSignRequest,
  issue: readIssueRequest,
  renew: readRenewRequest,
  revoke: readRevokeRequest,
  signTaxInvoices: readTaxInvoicesRequest,
} as const satisfies Record<Action, (payload: unknown) => unknown>;

type Readers = typeof READERS;

/** A call of a page, read. */
export type PageCall = { readonly [A in Action]: { readonly action: A; readonly payload: ReturnType<Readers[A]> } }[Action];

/** A call that waits for the person: the same, but for documents, whose octets wait elsewhere. */
export type WaitingCall = Exclude<PageCall, { action: 'sign' }> | { readonly action: 'sign'; readonly payload: KeptDocuments };

/**
 * Reads a call by its action and payload.
 * @throws `request.malformed`; `request.too-large` before anything of it is looked at
 */
export function readCall(action: unknown, payload: unknown): PageCall {
  checkSize(action, payload);
  if (!isAction(action)) throw malformed('action');
  return { action, payload: READERS[action](payload) } as PageCall;
}

/** Reads a call that was kept. @throws `request.malformed` */
export function readWaitingCall(action: unknown, payload: unknown): WaitingCall {
  if (action === 'sign') return { action, payload: readKeptDocuments(payload) };
  return readCall(action, payload) as Exclude<PageCall, { action: 'sign' }>;
}
