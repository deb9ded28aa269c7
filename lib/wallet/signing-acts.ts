/** What pages ask to have signed: each action with what the chosen certificate's key makes of it. */
import type { Action } from '../protocol/version.ts';
import type { WaitingCall } from '../protocol/calls.ts';
import { signDocuments } from './documents.ts';
import type { Random } from './ports.ts';
import { signIn } from './sign-in.ts';
import { signTaxInvoices } from './tax-invoices.ts';
import type { Signer } from './signer.ts';
import type { PendingRequest } from './stored-requests.ts';
import type { WaitingDocuments } from './waiting-documents.ts';

/** Actions that take one signing key; the approval window carries out the others itself. */
export const SIGNING_ACTIONS = ['signIn', 'sign', 'signTaxInvoices'] as const satisfies readonly Action[];
export type SigningCall = Extract<WaitingCall, { action: (typeof SIGNING_ACTIONS)[number] }>;

export function isSigning(call: WaitingCall): call is SigningCall {
  return (SIGNING_ACTIONS as readonly Action[]).includes(call.action);
}

type SigningRequest = Pick<PendingRequest, 'id' | 'asker'> & { readonly call: SigningCall };

interface ActPorts {
  readonly random: Random;
  readonly documents: Pick<WaitingDocuments, 'read'>;
}

/** The result for the page. */
export async function signFor(ports: ActPorts, request: SigningRequest, signer: Signer): Promise<unknown> {
  const { id, asker, call } = request;
  if (call.action === 'signIn') return signIn(asker.origin, call.payload, signer, ports.random);
  if (call.action === 'signTaxInvoices') return signTaxInvoices(call.payload, signer);
  return signDocuments(asker.origin, call.payload, await ports.documents.read(id, call.payload), signer);
}
