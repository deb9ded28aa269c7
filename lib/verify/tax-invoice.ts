/** Verifies a tax invoice that the wallet signed for a page of this server. */
import { equal } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import { checkTaxInvoice } from '../sign/tax-invoice/check.ts';
import { readInvoiceDocument, signedOctets } from '../sign/tax-invoice/document.ts';
import type { AcceptOptions } from './acceptance.ts';
import { describeSigner, type SignedInvoice } from './result.ts';
import { checkCertificate, type Trust } from './signer.ts';

export interface TaxInvoiceOptions extends AcceptOptions {
  /** The unsigned invoice as the server wrote it. Give it, so that nobody signs another one: the signature names no site. */
  readonly invoice?: string;
  /** When the server received it, in milliseconds since 1970 UTC, for what is verified later; now unless told otherwise. */
  readonly receivedAt?: number;
}

/** What a request body had, whatever its type. */
function readText(text: unknown): string {
  if (typeof text !== 'string') throw new WalletError('request.malformed', { detail: 'invoice' });
  if (text.length > LIMITS.invoicesLength + LIMITS.invoiceSignature) throw new WalletError('request.too-large', { detail: 'invoice' });
  return text;
}

/** As `Verifier.verifyTaxInvoice`. */
export async function verifyTaxInvoice(
  trust: Trust & { readonly clock: () => number },
  signed: string,
  { invoice, receivedAt = trust.clock(), ...accept }: TaxInvoiceOptions,
): Promise<SignedInvoice> {
  const { octets, facts, certificate } = await checkTaxInvoice(readText(signed));
  if (invoice !== undefined && !equal(octets, signedOctets(readInvoiceDocument(invoice)))) {
    throw new WalletError('verify.document', { detail: 'content' });
  }
  const checks = await checkCertificate(trust, certificate, [], { at: receivedAt, accept });
  return { ...describeSigner(certificate), facts, checks: [...(invoice === undefined ? [] : (['content'] as const)), 'signature', ...checks] };
}
