/**
 * Certification path check (RFC 5280 6) for the short chains of Korean joint certificates: holder, one or two authorities,
 * root. Written here because it takes two or three RSA operations and little else, and because every rule that refuses a
 * chain should be readable in one place.
 *
 * Not done here: revocation, and what the holder's certificate may be used for (`certificate.wrong-use` of a caller).
 */
import { equal } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { Certificate } from '../npki/certificate.ts';
import { sameName } from '../npki/name.ts';
import { checkPolicies } from './path-policy.ts';
import { isSignedBy, SIGNATURE_HASHES } from './rsa-signature.ts';

export interface PathInput {
  readonly leaf: Certificate;
  /** Certificates that may stand between leaf and anchor, in any order; nothing in them is believed. */
  readonly intermediates: readonly Certificate[];
  /** Roots that are trusted by themselves; their own signatures are not checked. */
  readonly anchors: readonly Certificate[];
  /** The time the path must be valid at, in milliseconds since 1970 UTC. */
  readonly at: number;
}

/** From the leaf (first) to the anchor (last). */
export type Path = readonly Certificate[];

/** Most certificates in a path, and most signatures verified in search of one: a message may bring certificates to burn time. */
const MAX_LENGTH = 6;
const MAX_VERIFICATIONS = 24;

function untrusted(detail: string): WalletError {
  return new WalletError('certificate.untrusted', { detail });
}

/** Whether names and, where both have them, key identifiers say that `issuer` issued `subject` (RFC 5280 4.2.1.1). */
function mayHaveIssued(issuer: Certificate, subject: Certificate): boolean {
  if (!sameName(issuer.subject, subject.issuer)) return false;
  const { subjectKeyId } = issuer;
  const { authorityKeyId } = subject;
  return subjectKeyId === null || authorityKeyId === null || equal(subjectKeyId, authorityKeyId);
}

function holds(path: Path, certificate: Certificate): boolean {
  return path.some(({ der }) => equal(der, certificate.der));
}

/** Whether the signature on `subject` verifies under `issuer`; algorithms without SHA-2 never do. */
async function verifies(issuer: Certificate, subject: Certificate): Promise<boolean> {
  const hash = SIGNATURE_HASHES.get(subject.signatureAlgorithm);
  return hash !== undefined && (await isSignedBy(issuer, hash, subject.signature, subject.tbs));
}

/** Looks for signed paths from leaf to anchor and gives each to `judge`; remembers why the best one failed. */
class Search {
  readonly #input: PathInput;
  #verifications = 0;
  #refusal: WalletError | null = null;

  constructor(input: PathInput) {
    this.#input = input;
  }

  async find(): Promise<Path> {
    const found = await this.#extend([this.#input.leaf]);
    if (found === null) throw this.#refusal ?? untrusted('no path to a trusted root');
    return found;
  }

  async #extend(path: Path): Promise<Path | null> {
    const last = path[path.length - 1];
    if (last === undefined || path.length >= MAX_LENGTH) return null;
    for (const anchor of this.#input.anchors) {
      if (!mayHaveIssued(anchor, last) || !(await this.#verifies(anchor, last))) continue;
      const whole = [...path, anchor];
      if (this.#isGood(whole)) return whole;
    }
    for (const issuer of this.#input.intermediates) {
      if (!mayHaveIssued(issuer, last) || holds(path, issuer) || !(await this.#verifies(issuer, last))) continue;
      const found = await this.#extend([...path, issuer]);
      if (found !== null) return found;
    }
    return null;
  }

  #verifies(issuer: Certificate, subject: Certificate): Promise<boolean> {
    if (++this.#verifications > MAX_VERIFICATIONS) throw untrusted('too many certificates to try');
    return verifies(issuer, subject);
  }

  #isGood(path: Path): boolean {
    try {
      judge(path, this.#input.at);
      return true;
    } catch (thrown) {
      if (!(thrown instanceof WalletError)) throw thrown;
      this.#refusal ??= thrown;
      return false;
    }
  }
}

/** RFC 5280 6.1.3 (a)(2): every certificate of the path is valid at the time, the anchor too. */
function checkTime(path: Path, at: number): void {
  for (const { notBefore, notAfter } of path) {
    if (at < notBefore) throw new WalletError('certificate.not-yet-valid');
    // notAfter is inclusive to the second.
    if (at >= notAfter + 1000) throw new WalletError('certificate.expired');
  }
}

/** RFC 5280 6.1.4 (k) to (n): only authorities issue, and no deeper than they may. */
function checkAuthority(authority: Certificate, below: Path, isAnchor: boolean): void {
  const { basicConstraints, keyUsage } = authority;
  // A root of version 1 has no extensions; an anchor is trusted as it is, but not against its own words.
  if (basicConstraints === null ? !isAnchor : !basicConstraints.ca) throw untrusted('issuer is not an authority');
  if (keyUsage !== null && !keyUsage.includes('keyCertSign')) throw untrusted('issuer may not sign certificates');
  const counted = below.slice(1).filter(({ issuer, subject }) => !sameName(issuer, subject)).length;
  const pathLength = basicConstraints?.pathLength ?? null;
  if (pathLength !== null && counted > pathLength) throw untrusted('path longer than allowed');
}

/** RFC 5280 6.1.4 (o): what is critical and not understood refuses the path. Name constraints are not understood here. */
function checkCriticals(path: Path): void {
  for (const { unknownCritical, hasNameConstraints } of path) {
    if (unknownCritical.length > 0) throw untrusted(`critical extension ${unknownCritical.join(' ')}`);
    if (hasNameConstraints) throw untrusted('name constraints');
  }
}

function judge(path: Path, at: number): void {
  checkCriticals(path);
  path.forEach((authority, index) => {
    if (index > 0) checkAuthority(authority, path.slice(0, index), index === path.length - 1);
  });
  checkPolicies(path);
  checkTime(path, at);
}

/**
 * Finds a path from the leaf to one of the anchors that holds at the given time.
 *
 * @returns the certificates from leaf to anchor
 * @throws `certificate.untrusted`; `certificate.expired` or `certificate.not-yet-valid` where the path would be good at
 * another time
 */
export async function checkPath(input: PathInput): Promise<Path> {
  return new Search(input).find();
}
