import { WalletError } from '../errors.ts';
import { LIMITS } from './limits.ts';
import { malformed, readRecord, readText, readTexts } from './read.ts';
import { readAccept, type Accept } from './sign-in.ts';

export interface TaxInvoicesRequest {
  /** 1 to 100 unsigned invoices (KEC 표준전자세금계산서), each a whole XML document as text. */
  readonly invoices: readonly string[];
  readonly accept?: Accept;
}

export interface TaxInvoicesResult {
  /** The invoices in the same order, each with its signature in it; all else is as it was. */
  readonly invoices: readonly string[];
  /** The signer's certificate: DER in base64. */
  readonly certificate: string;
}

/** Reads the payload of `signTaxInvoices`, by its form alone: whether they are invoices is looked at where they are shown. @throws `request.*` */
export function readTaxInvoicesRequest(value: unknown): TaxInvoicesRequest {
  const fields = readRecord(value, ['invoices'], ['accept']);
  const invoices = readTexts(fields.get('invoices'), 'invoices', LIMITS.invoices, LIMITS.invoicesLength);
  if (invoices.length === 0) throw malformed('invoices');
  if (invoices.reduce((sum, { length }) => sum + length, 0) > LIMITS.invoicesLength) throw new WalletError('request.too-large');
  const accept = fields.get('accept');
  return accept === undefined ? { invoices } : { invoices, accept: readAccept(accept) };
}

/** Reads the result of `signTaxInvoices`, as the page library gets it. @throws `request.malformed` */
export function readTaxInvoicesResult(value: unknown): TaxInvoicesResult {
  const fields = readRecord(value, ['invoices', 'certificate']);
  return {
    invoices: readTexts(fields.get('invoices'), 'invoices', LIMITS.invoices, LIMITS.invoicesLength + LIMITS.invoiceSignature),
    certificate: readText(fields.get('certificate'), 'certificate', 1, LIMITS.request),
  };
}
