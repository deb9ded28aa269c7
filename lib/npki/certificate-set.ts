/** SignedData without any signature (RFC 5652 5.1), as `.p7b` files have it: certificates in a CMS message, nothing else. */
import { children, explicit, expectTag, objectIdentifier, sequence, set, type DerNode } from '../asn1/reader.ts';
import { contextTag, TAG } from '../asn1/tags.ts';
import { WalletError } from '../errors.ts';
import { OID } from './oids.ts';

/** Whether the parts of an element are those of a signed message. */
export function looksLikeCertificateSet([type, content, more]: readonly DerNode[]): boolean {
  if (type?.tag !== TAG.OID || content?.tag !== contextTag(0) || more !== undefined) return false;
  return objectIdentifier(type) === OID.signedData;
}

/**
 * The certificates in it.
 *
 * @throws `file.unsupported` for a message that somebody signed, or without certificates; `file.unreadable`
 */
export function readCertificateSet([, content]: readonly DerNode[]): DerNode[] {
  const [, algorithms, encapsulated, certificates, ...rest] = sequence(explicit(content, contextTag(0)));
  set(algorithms);
  expectTag(encapsulated, TAG.SEQUENCE);
  const signers = rest.at(-1);
  if (certificates?.tag !== contextTag(0) || signers?.tag !== TAG.SET || signers.content.length > 0)
    throw new WalletError('file.unsupported', { detail: 'message' });
  return children(certificates);
}
