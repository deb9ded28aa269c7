/**
 * The signature of electronic tax invoices (KEC 표준전자세금계산서): XMLDSig (RFC 3275) with one Reference to the whole
 * document, canonical XML 1.0, then an XPath filter. So the element `ExchangedDocument` and the attributes of the root stand
 * outside the signature, by design of that standard.
 */
import { canonicalDeclarations } from '../../xml/canonical.ts';
import type { Scope } from '../../xml/namespaces.ts';

export const INVOICE_NAMESPACE = 'urn:kr:or:kec:standard:Tax:ReusableAggregateBusinessInformationEntitySchemaModule:1:0';
export const SIGNATURE_NAMESPACE = 'http://www.w3.org/2000/09/xmldsig#';
/** The prefix that the XPath filter uses. */
export const SIGNATURE_PREFIX = 'ds';

const CANONICAL_XML = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
const XPATH = 'http://www.w3.org/TR/1999/REC-xpath-19991116';
const FILTER = "not(self::*[name() = 'TaxInvoice'] | ancestor-or-self::*[name() = 'ExchangedDocument'] | ancestor-or-self::ds:Signature)";

function algorithm(element: string, name: string, content = ''): string {
  return `<ds:${element} Algorithm="${name}">${content}</ds:${element}>`;
}

/** The one SignedInfo of the profile, in canonical form but for the namespaces in scope. @param digest base64 of SHA-256 */
export function signedInfo(digest: string): string {
  const transforms = algorithm('Transform', CANONICAL_XML) + algorithm('Transform', XPATH, `<ds:XPath>${FILTER}</ds:XPath>`);
  return [
    '<ds:SignedInfo>',
    algorithm('CanonicalizationMethod', CANONICAL_XML),
    algorithm('SignatureMethod', RSA_SHA256),
    `<ds:Reference URI=""><ds:Transforms>${transforms}</ds:Transforms>`,
    algorithm('DigestMethod', SHA256),
    `<ds:DigestValue>${digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>`,
  ].join('');
}

/** The SignedInfo as it is signed: canonical in its place, where the root's namespaces are in scope. */
export function signedInfoInPlace(digest: string, rootScope: Scope): string {
  const namespaces = new Map([...rootScope, [SIGNATURE_PREFIX, SIGNATURE_NAMESPACE]]);
  return signedInfo(digest).replace('<ds:SignedInfo>', () => `<ds:SignedInfo${canonicalDeclarations(namespaces)}>`);
}
