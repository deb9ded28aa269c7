/** Makes of a directory entry the authority that a run talks to. */
import { WalletError } from '../../errors.ts';
import { certificateFingerprint, type Certificate } from '../../npki/certificate.ts';
import type { Authority } from '../authority.ts';
import type { Adapter, CaEntry } from './entry.ts';

/** An authority with its certificates at hand. */
export interface Partner extends Authority {
  readonly id: string;
  readonly adapter: Adapter;
}

async function withFingerprints(wanted: readonly string[], certificates: readonly Certificate[]): Promise<Certificate[]> {
  const fingerprints = await Promise.all(certificates.map(certificateFingerprint));
  return certificates.filter((_, at) => wanted.includes(fingerprints[at] ?? ''));
}

/**
 * @param certificates where those that the entry names by fingerprint are found: shipped ones, or those beside a test authority
 * @throws `ca.unreachable` where the authority offers no certificate management over HTTP, or a
 *   certificate that the entry names is not at hand
 */
export async function partnerOf({ id, cmp, issuers, roots }: CaEntry, certificates: readonly Certificate[]): Promise<Partner> {
  const partner = { issuers: await withFingerprints(issuers, certificates), roots: await withFingerprints(roots, certificates) };
  if (cmp === null || partner.issuers.length === 0 || partner.roots.length === 0) throw new WalletError('ca.unreachable', { detail: id });
  return { id, adapter: cmp.adapter, ...partner };
}
