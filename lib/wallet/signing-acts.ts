/** What pages ask to have signed: each action with what the chosen certificate's key makes of it. */
import type { Action } from '../protocol/version.ts';
import type { WaitingCall } from '../protocol/calls.ts';
import type { Random } from './ports.ts';
import { signIn } from './sign-in.ts';
import { signTaxInvoices } from './tax-invoices.ts';
import type { Signer } from './signer.ts';

/** Actions that take one signing key; the approval window carries out the others itself. */
export const SIGNING_ACTIONS = ['signIn', 'signTaxInvoices'] as const satisfies readonly Action[];
export type SigningCall = Extract<WaitingCall, { action: (typeof SIGNING_ACTIONS)[number] }>;

export function isSigning(call: WaitingCall): call is SigningCall {
  return (SIGNING_ACTIONS as readonly Action[]).includes(call.action);
}

/** The result for the page. */
export function signFor(origin: string, call: SigningCall, signer: Signer, random: Random): Promise<unknown> {
  return call.action === 'signIn' ? signIn(origin, call.payload, signer, random) : signTaxInvoices(call.payload, signer);
}
