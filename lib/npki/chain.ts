/** Puts certificates of authorities in order by their names. Signatures are checked where trust is decided. */
import type { Certificate } from './certificate.ts';
import { sameName } from './name.ts';

/** From the issuer of `certificate` upwards, as far as `material` goes; what does not lead on is left out. */
export function issuerChain(certificate: Certificate, material: readonly Certificate[]): Certificate[] {
  const chain: Certificate[] = [];
  let last = certificate;
  while (!sameName(last.issuer, last.subject)) {
    const { issuer } = last;
    const next = material.find((candidate) => sameName(candidate.subject, issuer) && !chain.includes(candidate));
    if (next === undefined) break;
    chain.push(next);
    last = next;
  }
  return chain;
}
