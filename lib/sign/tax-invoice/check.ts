/** Checks the signature of a tax invoice. Whether to trust its certificate is not asked. */
import { fromBase64, toBase64 } from '../../bytes/base64.ts';
import type { Bytes } from '../../bytes/bytes.ts';
import { utf8 } from '../../bytes/text.ts';
import { WalletError } from '../../errors.ts';
import { readCertificate, type Certificate } from '../../npki/certificate.ts';
import { isSignedBy } from '../../trust/rsa-signature.ts';
import { canonical } from '../../xml/canonical.ts';
import { XML_NAMESPACE } from '../../xml/namespaces.ts';
import { childElements, type XmlElement } from '../../xml/node.ts';
import { notInvoice, readInvoiceDocument, signedOctets } from './document.ts';
import { invoiceFacts, type InvoiceFacts } from './facts.ts';
import { signedInfo, SIGNATURE_NAMESPACE } from './profile.ts';

export interface CheckedInvoice {
  /** The octets that are proven to be signed. */
  readonly octets: Bytes;
  readonly facts: InvoiceFacts;
  /** The signer's, out of the signature; unchecked but for the signature itself. */
  readonly certificate: Certificate;
}

/** The children of a part of the signature, which must be of these names, in this order. */
function parts(parent: XmlElement, ...names: readonly string[]): XmlElement[] {
  const found = childElements(parent);
  if (found.length !== names.length) throw notInvoice(parent.local);
  found.forEach(({ local, namespace }, i) => {
    if (local !== names[i] || namespace !== SIGNATURE_NAMESPACE) throw notInvoice(parent.local);
  });
  return found;
}

function only(parent: XmlElement, name: string): XmlElement {
  const [part] = parts(parent, name);
  if (part === undefined) throw notInvoice(name);
  return part;
}

/** Base64 that may be broken into lines. */
function base64Of(element: XmlElement | undefined): Bytes {
  const [text = ''] = element?.children ?? [];
  if (typeof text !== 'string') throw notInvoice('base64');
  return fromBase64(text.replace(/[ \t\r\n]/g, ''));
}

/** A copy without the blanks between elements, which writers put there and which mean nothing. */
function withoutBlanks(element: XmlElement): XmlElement {
  const children = element.children
    .filter((child) => typeof child !== 'string' || /[^ \t\r\n]/.test(child))
    .map((child) => (typeof child === 'string' ? child : withoutBlanks(child)));
  return { ...element, children };
}

/** The digest in a SignedInfo that is the profile's to the letter. */
function digestIn(info: XmlElement): string {
  const reference = parts(info, 'CanonicalizationMethod', 'SignatureMethod', 'Reference')[2] ?? info;
  const digest = toBase64(base64Of(parts(reference, 'Transforms', 'DigestMethod', 'DigestValue')[2]));
  if (canonical(withoutBlanks(info), info.scope) !== signedInfo(digest)) throw notInvoice('SignedInfo');
  return digest;
}

function flaw(detail: 'content-digest' | 'signature'): WalletError {
  return new WalletError('verify.signature', { detail });
}

/**
 * Reads a signed invoice and checks digest and signature. Taken is what this profile writes and nothing else.
 * @throws `verify.signature`; `request.too-large`, `request.malformed` where it is no signed invoice; `file.*` where the
 *   certificate in it is none
 */
export async function checkTaxInvoice(text: string): Promise<CheckedInvoice> {
  const invoice = readInvoiceDocument(text);
  const { signature } = invoice;
  if (!signature) throw notInvoice('no Signature');
  if (signature.attributes.some(({ namespace }) => namespace === XML_NAMESPACE)) throw notInvoice('Signature'); // SignedInfo would inherit it
  const [info, value, keyInfo] = parts(signature, 'SignedInfo', 'SignatureValue', 'KeyInfo');
  if (!info || !keyInfo) throw notInvoice('Signature');
  const certificate = readCertificate(base64Of(only(only(keyInfo, 'X509Data'), 'X509Certificate')));
  const octets = signedOctets(invoice);
  const digest = toBase64(new Uint8Array(await crypto.subtle.digest('SHA-256', octets)));
  if (digestIn(info) !== digest) throw flaw('content-digest');
  if (!(await isSignedBy(certificate, 'SHA-256', base64Of(value), utf8(canonical(info))))) throw flaw('signature');
  return { octets, facts: invoiceFacts(invoice), certificate };
}
