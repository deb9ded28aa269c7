/** Policy OIDs and what they say about the use of a certificate: words for display, never a gate. */

export const PURPOSES = [
  'personal-general',
  'personal-bank',
  'business-general',
  'business-bank',
  'corporate-banking',
  'card',
  'securities',
  'e-tax',
  'partner',
  'civil',
  'institution',
  'special-grade',
  'special',
  'finance',
  'other',
] as const;
/** What a certificate is for, from its policy OID. */
export type Purpose = (typeof PURPOSES)[number];

const KOREA = '1.2.410.';

/** OIDs behind the Korean arc. Arcs: yessign 200005.1.1, KICA 200004.5.2, SignKorea .5.1, NCASign .5.3, CrossCert .5.4, INIPASS .5.5, TradeSign 200012.1.1. */
const POLICIES: Readonly<Record<Exclude<Purpose, 'other'>, readonly string[]>> = {
  'personal-general': ['200005.1.1.1', '200004.5.2.1.2', '200004.5.1.1.5', '200004.5.4.1.1', '200012.1.1.1', '200004.5.3.1.9', '200004.5.5.1.1'],
  'personal-bank': ['200005.1.1.4', '200004.5.2.1.7.1', '200004.5.4.1.101', '200012.1.1.101', '200005.1.1.4.8'],
  'business-general': ['200005.1.1.5', '200004.5.2.1.1', '200004.5.1.1.7', '200004.5.4.1.2', '200012.1.1.3', '200004.5.3.1.2', '200004.5.5.1.2'],
  'business-bank': ['200005.1.1.2'],
  'corporate-banking': ['200005.1.1.6.1'],
  card: ['200005.1.1.6.2', '200004.5.2.1.7.3', '200004.5.4.1.103', '200004.5.1.1.9.2', '200012.1.1.105'],
  securities: ['200004.5.1.1.9', '200004.5.2.1.7.2', '200004.5.4.1.102', '200012.1.1.103'],
  'e-tax': ['200005.1.1.6.8', '200004.5.2.1.5001', '200004.5.2.1.6.257', '200004.5.4.2.80', '200012.5.19.1.1', '200004.5.5.1.4.2'],
  partner: ['200004.5.5.1.3.1', '200004.5.5.1.4.1'],
  civil: ['200004.5.4.1.104'],
  institution: ['200004.5.3.1.1'],
  'special-grade': ['200004.5.2.1.3'],
  special: ['200005.1.1.6.3', '200005.1.1.6.4', '200005.1.1.6.5', '200004.5.1.1.12.908'],
  finance: ['200005.1.1.1.10', '200005.1.1.8.11', '200005.1.1.8.12', '200005.1.1.8.13'],
};

/** What one policy OID means, by exact match; `other` where it is not known, which is normal. */
export function policyPurpose(policy: string): Purpose {
  if (!policy.startsWith(KOREA)) return 'other';
  const short = policy.slice(KOREA.length);
  for (const purpose of PURPOSES) {
    if (purpose !== 'other' && POLICIES[purpose].includes(short)) return purpose;
  }
  return 'other';
}

/** What a certificate with these policies is for: the first policy that is known says it. */
export function certificatePurpose(policies: readonly string[]): Purpose {
  return policies.map(policyPurpose).find((purpose) => purpose !== 'other') ?? 'other';
}
