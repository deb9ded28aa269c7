/** Tax invoices that a page wants to have signed: what they say, and their signatures. */
import { toBase64 } from '../bytes/base64.ts';
import { utf8 } from '../bytes/text.ts';
import type { WaitingCall } from '../protocol/calls.ts';
import type { TaxInvoicesRequest, TaxInvoicesResult } from '../protocol/tax-invoices.ts';
import { notInvoice, readInvoiceDocument } from '../sign/tax-invoice/document.ts';
import { invoiceFacts, type InvoiceFacts } from '../sign/tax-invoice/facts.ts';
import { signTaxInvoice } from '../sign/tax-invoice/write.ts';
import type { HistoryDocument } from '../vault/history-page.ts';
import { digestOf } from './documents.ts';
import type { Signer } from './signer.ts';

function factsOf(text: string): InvoiceFacts {
  const invoice = readInvoiceDocument(text);
  if (invoice.signature) throw notInvoice('signed already');
  return invoiceFacts(invoice);
}

/**
 * What the invoices of a request say, in their order; none where the call is for something else.
 * @throws `request.malformed`, `request.too-large` where one cannot be signed
 */
export function invoicesOf(call: WaitingCall): readonly InvoiceFacts[] {
  return call.action === 'signTaxInvoices' ? call.payload.invoices.map(factsOf) : [];
}

/** What the history keeps of them: their numbers, sizes and digests as the page gave them. */
export function invoiceDocuments({ invoices }: TaxInvoicesRequest): Promise<HistoryDocument[]> {
  return Promise.all(
    invoices.map(async (text) => {
      const octets = utf8(text);
      return { title: factsOf(text).number, size: octets.length, digest: await digestOf(octets) };
    }),
  );
}

/** Signs all, or throws. */
export async function signTaxInvoices({ invoices }: TaxInvoicesRequest, { certificate, sign }: Signer): Promise<TaxInvoicesResult> {
  const signer = { certificate: certificate.der, sign };
  const signed = await Promise.all(invoices.map((text) => signTaxInvoice(text, signer)));
  return { invoices: signed, certificate: toBase64(certificate.der) };
}
