/** Whether a certificate may be used to sign in here: its key usage, and what the bank asks for besides. */
import { WalletError } from '../errors.ts';
import type { Certificate } from '../npki/certificate.ts';
import { issuerName } from '../npki/issuer.ts';
import { checkPolicies } from '../trust/path-policy.ts';
import type { Path } from '../trust/path.ts';

export interface AcceptOptions {
  /** Policy OIDs, one of which the certificate must carry, valid along its path; empty or absent: any. The same list as the page's `accept.policies`. */
  readonly policies?: readonly string[];
  /** O of the issuer's name, compared without regard to case; empty or absent: any. */
  readonly issuers?: readonly string[];
}

/** Extended key usages (RFC 5280 4.2.1.12) under which a person may sign: any, client authentication, e-mail. */
const PERSONAL_USES: ReadonlySet<string> = new Set(['2.5.29.37.0', '1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.4']);

/**
 * Joint certificates always carry keyUsage; one without it, an authority's, one for encryption (km) and one of a responder
 * do not sign anybody in.
 */
function maySignIn({ keyUsage, extendedKeyUsage, basicConstraints }: Certificate): boolean {
  const signs = keyUsage?.includes('digitalSignature') === true;
  const isAuthority = basicConstraints?.ca === true;
  const forPeople = extendedKeyUsage === null || extendedKeyUsage.some((use) => PERSONAL_USES.has(use));
  return signs && !isAuthority && forPeople;
}

/** A policy counts where the authorities above may issue under it: an authority that is limited cannot lend itself others. */
function carries(certificate: Certificate, path: Path, wanted: readonly string[]): boolean {
  const valid = checkPolicies(path);
  return certificate.policies.some((policy) => wanted.includes(policy) && (valid === 'any' || valid.has(policy)));
}

/**
 * @param path from the certificate to a trusted root, as `checkPath` gave it
 * @returns which of the bank's own conditions were checked
 * @throws `certificate.wrong-use`, `certificate.not-accepted`
 */
export function acceptCertificate(certificate: Certificate, path: Path, { policies = [], issuers = [] }: AcceptOptions): ('policy' | 'issuer')[] {
  if (!maySignIn(certificate)) throw new WalletError('certificate.wrong-use');
  if (policies.length > 0 && !carries(certificate, path, policies)) {
    throw new WalletError('certificate.not-accepted', { detail: 'policy' });
  }
  const issuer = issuerName(certificate.issuer).toLowerCase();
  if (issuers.length > 0 && !issuers.some((one) => one.toLowerCase() === issuer)) {
    throw new WalletError('certificate.not-accepted', { detail: 'issuer' });
  }
  return [...(policies.length > 0 ? (['policy'] as const) : []), ...(issuers.length > 0 ? (['issuer'] as const) : [])];
}
