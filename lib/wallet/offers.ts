/** Which certificates a request may use, and why others are not offered. */
import type { Accept } from '../protocol/sign-in.ts';
import type { NotOffered, Offer, WaitingCall } from './api.ts';
import { identityWish } from './identity-wish.ts';
import type { SiteNote } from '../vault/settings-text.ts';
import type { Purpose } from '../npki/policy.ts';
import type { CertificateRow } from './model.ts';

function accepts(accept: Accept | undefined, row: CertificateRow): boolean {
  const policies = accept?.policies ?? [];
  const issuers = accept?.issuers ?? [];
  const issuer = row.issuerName.toLowerCase();
  if (policies.length > 0 && !policies.includes(row.policy ?? '')) return false;
  return issuers.length === 0 || issuers.some((name) => name.toLowerCase() === issuer);
}

/** Kinds that the tax office takes for invoices, and those of which public lists do not say it. */
const INVOICE_KINDS: ReadonlySet<Purpose> = new Set(['business-general', 'e-tax']);
const DOUBTFUL_KINDS: ReadonlySet<Purpose> = new Set(['partner', 'institution', 'special-grade', 'special', 'other']);

export interface UseCircumstances {
  /** The clock is before the wallet's own last save, so that what seems too early may be none. */
  readonly behind?: boolean;
  /** By how much (milliseconds) the clock is ahead of an authority's, so that what seems to have ended may not have. */
  readonly ahead?: number;
  /** Tax invoices are to be signed. */
  readonly taxInvoices?: boolean;
  /** The page asks for the identity value too. */
  readonly random?: boolean;
}

/** What a request asks of the certificate, beside what it accepts. */
export function useOf(call: WaitingCall): UseCircumstances {
  return { taxInvoices: call.action === 'signTaxInvoices', random: identityWish(call) !== null };
}

/** The first reason that applies, or null where the certificate can be used now. */
export function whyNotOffered(
  row: CertificateRow,
  accept: Accept | undefined,
  now: number,
  { behind = false, ahead = 0, taxInvoices = false, random = false }: UseCircumstances = {},
): NotOffered | null {
  const said = row.revocation?.word?.state ?? 'good';
  if (row.unconfirmed && said !== 'revoked') return 'ca.unconfirmed';
  if (!row.canSign) return 'certificate.wrong-use';
  if (said !== 'good') return `certificate.${said}`;
  if (now > row.notAfter) return now - ahead > row.notAfter ? 'certificate.expired' : 'clock.wrong';
  if (now < row.notBefore) return behind ? 'clock.wrong' : 'certificate.not-yet-valid';
  if (taxInvoices && !INVOICE_KINDS.has(row.purpose) && !DOUBTFUL_KINDS.has(row.purpose)) return 'etax.wrong-kind';
  if (!accepts(accept, row)) return 'certificate.not-accepted';
  return random && !row.hasRandom ? 'certificate.no-random' : null;
}

type OfferCircumstances = UseCircumstances & Partial<Pick<SiteNote, 'preset' | 'item'>>;

/**
 * All certificates: usable ones first, of those the one that the owner chose for the site (`preset`) and the one used there
 * last (`item`), then by the latest end.
 */
export function offersFor(
  rows: readonly CertificateRow[],
  accept: Accept | undefined,
  now: number,
  { preset = null, item = null, ...use }: OfferCircumstances = {},
): readonly Offer[] {
  const offers = rows.map((row) => ({
    row,
    reason: whyNotOffered(row, accept, now, use),
    preset: row.id === preset,
    doubtful: use.taxInvoices === true && DOUBTFUL_KINDS.has(row.purpose),
  }));
  const rank = ({ row, reason }: Offer): number => (reason !== null ? 3 : row.id === preset ? 0 : row.id === item ? 1 : 2);
  return offers.sort((a, b) => rank(a) - rank(b) || b.row.notAfter - a.row.notAfter);
}
