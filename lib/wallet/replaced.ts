/** Which certificates a newer one of the same holder and authority has taken the place of. */
import { toHex } from '../bytes/hex.ts';
import type { Certificate } from '../npki/certificate.ts';

/** Issuer and subject as one text, for comparing. Both are DER, so that their ends are certain. */
export function namesOf({ issuer, subject }: Pick<Certificate, 'issuer' | 'subject'>): string {
  return toHex(issuer.der) + toHex(subject.der);
}

export interface NamedCertificate {
  readonly id: string;
  /** As `namesOf`. */
  readonly names: string;
  readonly notBefore: number;
  /** Whether its key is here and may sign: nothing is replaced by a certificate that cannot be used. */
  readonly canSign: boolean;
}

/** Ids of those that one of the same issuer and subject with a later start has replaced, by renewal or reissue. */
export function replacedIds(certificates: readonly NamedCertificate[]): ReadonlySet<string> {
  const newest = new Map<string, number>();
  for (const { names, notBefore, canSign } of certificates) {
    if (canSign) newest.set(names, Math.max(notBefore, newest.get(names) ?? -Infinity));
  }
  return new Set(certificates.filter(({ names, notBefore }) => notBefore < (newest.get(names) ?? -Infinity)).map(({ id }) => id));
}
