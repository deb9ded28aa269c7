/** What a verified message tells the bank's server. */
import type { Bytes } from '../bytes/bytes.ts';
import type { Certificate } from '../npki/certificate.ts';
import { holderName } from '../npki/holder.ts';
import { nameText } from '../npki/name.ts';
import { certificatePurpose, type Purpose } from '../npki/policy.ts';
import type { InvoiceFacts } from '../sign/tax-invoice/facts.ts';

/**
 * What was checked, in that order. `policy`, `issuer` and `status` only where they were asked for and answered; `content` where the server
 * gave the document; `origin` and `time` of a document only in forms with signed attributes.
 */
export type Check =
  'statement' | 'content' | 'origin' | 'nonce' | 'time' | 'certificate-binding' | 'signature' | 'path' | 'key-usage' | 'policy' | 'issuer' | 'status';

/** Who signed. Find the account by `issuer` and `serialHex`, or by `subject`; never by `holder`, which is no identifier. */
interface SignedBy {
  /** Name to greet people with. */
  readonly holder: string;
  /** Subject and issuer as RFC 4514 texts, most specific part first. */
  readonly subject: string;
  readonly issuer: string;
  /** Content octets of the serial number in lower-case hex. */
  readonly serialHex: string;
  /** First policy OID, and what it stands for (words for display, never a gate). */
  readonly policy: string | null;
  readonly purpose: Purpose;
  /** End of the certificate, in milliseconds since 1970 UTC. */
  readonly notAfter: number;
  /** The certificate in DER, to keep with the session's record. */
  readonly certificate: Bytes;
  readonly checks: readonly Check[];
}

/** Who signed in. */
export interface SignIn extends SignedBy {
  /** Time of the signature, in milliseconds since 1970 UTC. */
  readonly signedAt: number;
}

/** Who signed a document, and what it was. */
export interface SignedDocument extends SignedBy {
  /** Time of the signature, in milliseconds since 1970 UTC; null where the form has no signed attributes. */
  readonly signedAt: number | null;
  /** The octets that are signed. */
  readonly content: Bytes;
}

/** Who signed a tax invoice, and what it says. */
export interface SignedInvoice extends SignedBy {
  /** Parties, date and sums: nothing that is not under the signature. */
  readonly facts: InvoiceFacts;
}

export function describeSigner(certificate: Certificate): Omit<SignedBy, 'checks'> {
  const { subject, issuer, identity, serialHex, policies, notAfter, der } = certificate;
  return {
    holder: holderName(subject, identity),
    subject: nameText(subject),
    issuer: nameText(issuer),
    serialHex,
    policy: policies[0] ?? null,
    purpose: certificatePurpose(policies),
    notAfter,
    certificate: der,
  };
}
