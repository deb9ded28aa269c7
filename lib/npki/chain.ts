/** Puts certificates of authorities in order by names and key identifiers. Signatures are checked where trust is decided. */
import { equal } from '../bytes/bytes.ts';
import type { Certificate } from './certificate.ts';
import { NPKI_LIMITS } from './limits.ts';
import { sameName } from './name.ts';

/** How well the key identifiers (RFC 5280 4.2.1.1 and 4.2.1.2) of two certificates go together: 2 equal, 1 unknown, 0 different. */
function fit({ authorityKeyId }: Certificate, { subjectKeyId }: Certificate): number {
  if (authorityKeyId === null || subjectKeyId === null) return 1;
  return equal(authorityKeyId, subjectKeyId) ? 2 : 0;
}

/** Those that may have issued `certificate`: authorities renew their keys under one name, and only the identifiers tell them apart. */
function issuersOf(certificate: Certificate, material: readonly Certificate[]): Certificate[] {
  const named = material.filter(({ subject }) => sameName(subject, certificate.issuer));
  const best = Math.max(...named.map((one) => fit(certificate, one)));
  return named.filter((one) => fit(certificate, one) === best);
}

/**
 * From the issuer of `certificate` upwards, as far as `material` goes; what does not lead on is left out. Where several may have
 * issued one, all of them stay, side by side. At most as many as a CaPubs file may hold.
 */
export function issuerChain(certificate: Certificate, material: readonly Certificate[]): Certificate[] {
  const chain: Certificate[] = [];
  const next = [certificate];
  for (let last = next.shift(); last !== undefined; last = next.shift()) {
    if (sameName(last.issuer, last.subject)) continue;
    for (const issuer of issuersOf(last, material)) {
      if (chain.length === NPKI_LIMITS.chainCertificates) return chain;
      if (chain.some(({ der }) => equal(der, issuer.der))) continue;
      chain.push(issuer);
      next.push(issuer);
    }
  }
  return chain;
}
