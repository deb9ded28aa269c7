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

/**
 * Ids of those that one of the same issuer and subject with a later start has replaced, by renewal or reissue, each with the
 * id of the newest one.
 */
export function replacements(certificates: readonly NamedCertificate[]): ReadonlyMap<string, string> {
  const newest = new Map<string, NamedCertificate>();
  for (const one of certificates) {
    if (one.canSign && one.notBefore > (newest.get(one.names)?.notBefore ?? -Infinity)) newest.set(one.names, one);
  }
  return new Map(
    certificates.flatMap(({ id, names, notBefore }) => {
      const newer = newest.get(names);
      return newer && notBefore < newer.notBefore ? [[id, newer.id] as const] : [];
    }),
  );
}
