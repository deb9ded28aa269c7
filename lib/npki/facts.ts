/** The facts of a certificate that lists show. */
import type { Certificate } from './certificate.ts';
import { holderName } from './holder.ts';
import { issuerName, issuerOf, registeringBank, type Issuer } from './issuer.ts';
import { certificatePurpose, type Purpose } from './policy.ts';

/** Times are milliseconds since 1970 UTC. */
export interface CertificateFacts {
  /** Name of the holder without the digits that banks append. */
  readonly holder: string;
  readonly purpose: Purpose;
  /** First policy OID, or null where the certificate names none. */
  readonly policy: string | null;
  readonly issuer: Issuer;
  /** O of the issuer's name as written, for issuers that are not in the list. */
  readonly issuerName: string;
  /** Id of the bank that registered the person, where the subject tells it ('woori', 'shinhan', …). */
  readonly bank: string | null;
  readonly notBefore: number;
  readonly notAfter: number;
  /** Content octets of the serial number in lower-case hex. */
  readonly serialHex: string;
  /** SHA-256 of the certificate in lower-case hex. */
  readonly fingerprint: string;
}

/** @param fingerprint from `certificateFingerprint` */
export function certificateFacts(certificate: Certificate, fingerprint: string): CertificateFacts {
  const { subject, issuer, policies, identity, notBefore, notAfter, serialHex } = certificate;
  return {
    holder: holderName(subject, identity),
    purpose: certificatePurpose(policies),
    policy: policies[0] ?? null,
    issuer: issuerOf(issuer),
    issuerName: issuerName(issuer),
    bank: registeringBank(subject),
    notBefore,
    notAfter,
    serialHex,
    fingerprint,
  };
}
