/** The words for what a page asks. */
import type { TextKey, TextParams } from '../../lib/i18n/texts.ts';
import type { WaitingCall } from '../../lib/wallet/api.ts';
import type { ActCall } from './act-view.svelte.ts';

type Translate = (key: TextKey, params?: TextParams) => string;

const WORDS = {
  signIn: { act: 'approve_sign_in', purpose: 'approve_purpose_sign_in' },
  sign: { act: 'approve_sign_documents', purpose: 'approve_purpose_sign' },
  issue: { act: 'approve_issue', purpose: 'approve_purpose_issue' },
  renew: { act: 'approve_renew', purpose: 'approve_purpose_renew' },
  revoke: { act: 'approve_revoke', purpose: 'approve_purpose_revoke' },
  signTaxInvoices: { act: 'approve_tax_invoices', purpose: 'approve_purpose_tax_invoices' },
} as const satisfies Record<WaitingCall['action'], { readonly act: TextKey; readonly purpose: TextKey }>;

/** Whether the window carries it out itself, with an authority. */
export function isAct(call: WaitingCall): call is ActCall {
  return call.action === 'issue' || call.action === 'renew' || call.action === 'revoke';
}

function countOf(call: WaitingCall): TextParams {
  if (call.action === 'sign') return { n: call.payload.documents.length };
  return call.action === 'signTaxInvoices' ? { n: call.payload.invoices.length } : {};
}

/** What is done, as the heading and the button say it. */
export function actWord(t: Translate, call: WaitingCall): string {
  return t(WORDS[call.action].act, countOf(call));
}

/** What it is for. */
export function purposeSentence(t: Translate, { action }: WaitingCall): string {
  return t(WORDS[action].purpose);
}
