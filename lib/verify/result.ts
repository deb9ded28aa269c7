/** What a verified sign-in tells the bank's server. */
import type { Bytes } from '../bytes/bytes.ts';
import type { Certificate } from '../npki/certificate.ts';
import { holderName } from '../npki/holder.ts';
import { nameText } from '../npki/name.ts';
import { certificatePurpose, type Purpose } from '../npki/policy.ts';
import type { Statement } from '../sign/statement.ts';

/** What was checked, in that order. `policy`, `issuer` and `status` only where they were asked for and answered. */
export type Check =
  'statement' | 'origin' | 'nonce' | 'time' | 'certificate-binding' | 'signature' | 'path' | 'key-usage' | 'policy' | 'issuer' | 'status';

/** Who signed in. Find the account by `issuer` and `serialHex`, or by `subject`; never by `holder`, which is no identifier. */
export interface SignIn {
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
  /** End of the certificate and time of the signature, in milliseconds since 1970 UTC. */
  readonly notAfter: number;
  readonly signedAt: number;
  /** The certificate in DER, to keep with the session's record. */
  readonly certificate: Bytes;
  readonly checks: readonly Check[];
}

export function describeSignIn(certificate: Certificate, { issuedAt }: Statement, checks: readonly Check[]): SignIn {
  const { subject, issuer, identity, serialHex, policies, notAfter, der } = certificate;
  return {
    holder: holderName(subject, identity),
    subject: nameText(subject),
    issuer: nameText(issuer),
    serialHex,
    policy: policies[0] ?? null,
    purpose: certificatePurpose(policies),
    notAfter,
    signedAt: issuedAt,
    certificate: der,
    checks,
  };
}
