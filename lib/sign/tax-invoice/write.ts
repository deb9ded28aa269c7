/** Signs tax invoices. It never holds a key: the caller signs. It stands in the background. */
import { toBase64 } from '../../bytes/base64.ts';
import type { Bytes } from '../../bytes/bytes.ts';
import { utf8 } from '../../bytes/text.ts';
import { notInvoice, readInvoiceDocument, signedOctets } from './document.ts';
import { signedInfo, signedInfoInPlace, SIGNATURE_NAMESPACE } from './profile.ts';

export interface InvoiceSigner {
  /** The signer's certificate in DER. */
  readonly certificate: Bytes;
  /** RSASSA-PKCS1-v1_5 with SHA-256 over the octets it is given. */
  readonly sign: (toBeSigned: Bytes) => Promise<Bytes>;
}

function element(name: string, content: string): string {
  return `<ds:${name}>${content}</ds:${name}>`;
}

/**
 * Puts a signature into an invoice, right before its `TaxInvoiceDocument`. All else stays as it is.
 * @throws `request.too-large`, `request.malformed` where it is no unsigned invoice; whatever `sign` throws
 */
export async function signTaxInvoice(text: string, { certificate, sign }: InvoiceSigner): Promise<string> {
  const invoice = readInvoiceDocument(text);
  if (invoice.signature) throw notInvoice('signed already');
  const digest = toBase64(new Uint8Array(await crypto.subtle.digest('SHA-256', signedOctets(invoice))));
  const signature = toBase64(await sign(utf8(signedInfoInPlace(digest, invoice.root.scope))));
  const keyInfo = element('KeyInfo', element('X509Data', element('X509Certificate', toBase64(certificate))));
  const content = signedInfo(digest) + element('SignatureValue', signature) + keyInfo;
  const { start } = invoice.document;
  return `${text.slice(0, start)}<ds:Signature xmlns:ds="${SIGNATURE_NAMESPACE}">${content}</ds:Signature>${text.slice(start)}`;
}
