/**
 * The part of policy processing (RFC 5280 6.1.3 to 6.1.5) that Korean chains use: their authorities carry anyPolicy and a
 * critical policyConstraints that asks for a policy in every certificate below. Policy mapping does not occur; it is critical
 * where it does, and then refused as unknown, as inhibitAnyPolicy is.
 */
import { WalletError } from '../errors.ts';
import type { Certificate } from '../npki/certificate.ts';
import { OID } from '../npki/oids.ts';

/** Policies valid along a path: all of them, or these. */
export type ValidPolicies = 'any' | ReadonlySet<string>;

function narrow(valid: ValidPolicies, { policies }: Certificate): ValidPolicies {
  if (policies.includes(OID.anyPolicy)) return valid;
  return new Set(valid === 'any' ? policies : policies.filter((policy) => valid.has(policy)));
}

/**
 * @param path from leaf to anchor
 * @returns the policies under which the whole path holds; empty where it holds under none and none is required
 * @throws `certificate.untrusted` where a policy is required and none is valid along the path
 */
export function checkPolicies(path: readonly Certificate[]): ValidPolicies {
  let valid: ValidPolicies = 'any';
  let certificatesUntilRequired = path.length;
  // From the anchor's child down; the anchor itself is not part of what is checked (RFC 5280 6.1).
  for (const certificate of [...path].reverse().slice(1)) {
    valid = narrow(valid, certificate);
    if (certificatesUntilRequired <= 0 && valid !== 'any' && valid.size === 0) throw refusal();
    certificatesUntilRequired--;
    const required = certificate.policyConstraints?.requireExplicitPolicy ?? null;
    if (required !== null) certificatesUntilRequired = Math.min(certificatesUntilRequired, required);
  }
  // RFC 5280 6.1.5 (b): a constraint of zero in the last certificate binds that certificate too.
  if (certificatesUntilRequired <= 0 && valid !== 'any' && valid.size === 0) throw refusal();
  return valid;
}

function refusal(): WalletError {
  return new WalletError('certificate.untrusted', { detail: 'no valid policy' });
}
