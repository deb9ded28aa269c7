/** Which XML documents are taken for a tax invoice, and which octets of one are digested. */
import type { Bytes } from '../../bytes/bytes.ts';
import { utf8 } from '../../bytes/text.ts';
import { WalletError } from '../../errors.ts';
import { canonical, canonicalDeclarations } from '../../xml/canonical.ts';
import { XML_NAMESPACE } from '../../xml/namespaces.ts';
import { childElements, withDescendants, type XmlElement } from '../../xml/node.ts';
import { readXml } from '../../xml/read.ts';
import { INVOICE_NAMESPACE, SIGNATURE_NAMESPACE, SIGNATURE_PREFIX } from './profile.ts';

export interface InvoiceDocument {
  readonly root: XmlElement;
  /** 전자세금계산서 문서: number, kind, date. A new signature goes right before it. */
  readonly document: XmlElement;
  /** 거래: the parties and the sums. */
  readonly settlement: XmlElement;
  /** The signature it has, if any. */
  readonly signature: XmlElement | null;
}

/** What is no tax invoice of the form that is signed here. */
export function notInvoice(detail: string): WalletError {
  return new WalletError('request.malformed', { detail: `invoice: ${detail}` });
}

/** The one child of that name, whose namespace must be the invoice's: a reader that knows no namespaces sees the same. */
export function onlyChild(parent: XmlElement, local: string): XmlElement {
  const [found, another] = childElements(parent).filter((child) => child.local === local);
  if (found?.namespace !== INVOICE_NAMESPACE || another !== undefined) throw notInvoice(local);
  return found;
}

/** Root, direct children and the names that the filter takes out: any of those in another place would leave content unsigned. */
function checkPlaces(root: XmlElement): void {
  if (root.name !== 'TaxInvoice' || root.namespace !== INVOICE_NAMESPACE) throw notInvoice('root');
  if (root.attributes.some(({ namespace }) => namespace === XML_NAMESPACE)) throw notInvoice('xml: attribute'); // SignedInfo would inherit it
  if ((root.scope.get(SIGNATURE_PREFIX) ?? SIGNATURE_NAMESPACE) !== SIGNATURE_NAMESPACE) throw notInvoice('prefix ds');
  if (root.children.some((child) => typeof child === 'string' && /[^ \t\r\n]/.test(child))) throw notInvoice('text in the root');
  const exchanged = childElements(root).some(({ local }) => local === 'ExchangedDocument') ? onlyChild(root, 'ExchangedDocument') : null;
  for (const element of withDescendants(root)) {
    if (element === root || element === exchanged) continue;
    if (element.local === 'TaxInvoice' || element.local === 'ExchangedDocument') throw notInvoice(`${element.local} twice`);
  }
}

/** The signature among the root's children; whatever else belongs to one is refused. */
function findSignature(root: XmlElement): XmlElement | null {
  const [signature = null, another] = childElements(root).filter(({ local }) => local === 'Signature');
  const inside = new Set(signature === null ? [] : withDescendants(signature));
  for (const element of withDescendants(root)) {
    if (element.namespace === SIGNATURE_NAMESPACE && !inside.has(element)) throw notInvoice('Signature');
  }
  if (another !== undefined || (signature && signature.namespace !== SIGNATURE_NAMESPACE)) throw notInvoice('Signature');
  return signature;
}

/**
 * Reads a document and checks that it is one invoice.
 * @throws `request.too-large`, `request.malformed`
 */
export function readInvoiceDocument(text: string): InvoiceDocument {
  const root = readXml(text);
  checkPlaces(root);
  return {
    root,
    document: onlyChild(root, 'TaxInvoiceDocument'),
    settlement: onlyChild(root, 'TaxInvoiceTradeSettlement'),
    signature: findSignature(root),
  };
}

function isSigned(node: XmlElement | string): boolean {
  return typeof node === 'string' || (node.local !== 'ExchangedDocument' && node.namespace !== SIGNATURE_NAMESPACE);
}

/**
 * The octets under the signature. The filter leaves a set of nodes without its outermost element, and programs write that in
 * different ways: this is the form of Apache Santuario, the JDK's, in which invoices are signed and checked. It has the root's
 * namespace declarations without a tag, then the content.
 */
export function signedOctets({ root }: InvoiceDocument): Bytes {
  const content = root.children.filter(isSigned).map((child) => canonical(child, root.scope));
  return utf8(canonicalDeclarations(root.scope) + content.join(''));
}
