/** Which certificates a request may use, and why others are not offered. */
import type { Accept } from '../protocol/sign-in.ts';
import type { NotOffered, Offer } from './api.ts';
import type { SiteNote } from '../vault/settings-text.ts';
import type { CertificateRow } from './model.ts';

function accepts(accept: Accept | undefined, row: CertificateRow): boolean {
  const policies = accept?.policies ?? [];
  const issuers = accept?.issuers ?? [];
  const issuer = row.issuerName.toLowerCase();
  if (policies.length > 0 && !policies.includes(row.policy ?? '')) return false;
  return issuers.length === 0 || issuers.some((name) => name.toLowerCase() === issuer);
}

/**
 * The first reason that applies, or null where the certificate can be used now. @param behind the clock cannot be right, so that
 *   what seems too early may be none
 */
export function whyNotOffered(row: CertificateRow, accept: Accept | undefined, now: number, behind = false): NotOffered | null {
  const said = row.revocation?.word?.state ?? 'good';
  if (row.unconfirmed && said !== 'revoked') return 'ca.unconfirmed';
  if (!row.canSign) return 'certificate.wrong-use';
  if (said !== 'good') return `certificate.${said}`;
  if (now > row.notAfter) return 'certificate.expired';
  if (now < row.notBefore) return behind ? 'clock.wrong' : 'certificate.not-yet-valid';
  return accepts(accept, row) ? null : 'certificate.not-accepted';
}

interface OfferCircumstances extends Partial<Pick<SiteNote, 'preset' | 'item'>> {
  /** The clock is before the wallet's own last save. */
  readonly behind?: boolean;
}

/**
 * All certificates: usable ones first, of those the one that the owner chose for the site (`preset`) and the one used there
 * last (`item`), then by the latest end.
 */
export function offersFor(
  rows: readonly CertificateRow[],
  accept: Accept | undefined,
  now: number,
  { preset = null, item = null, behind = false }: OfferCircumstances = {},
): readonly Offer[] {
  const offers = rows.map((row) => ({ row, reason: whyNotOffered(row, accept, now, behind), preset: row.id === preset }));
  const rank = ({ row, reason }: Offer): number => (reason !== null ? 3 : row.id === preset ? 0 : row.id === item ? 1 : 2);
  return offers.sort((a, b) => rank(a) - rank(b) || b.row.notAfter - a.row.notAfter);
}
