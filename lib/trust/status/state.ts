/** What is known of a certificate's revocation. Only an answer that passed every check makes it `good` or `revoked`. */

/** Why a certificate was revoked (RFC 5280 5.3.1), by the words of the standard. */
export const REVOCATION_REASONS = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  null, // 7 is not used
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
] as const;
export type RevocationReason = NonNullable<(typeof REVOCATION_REASONS)[number]>;

/** Why nothing is known. */
export const UNKNOWN_REASONS = [
  /** Neither the certificate nor a list names a place that may be asked. */
  'no-address',
  /** No answer came: no connection, another media type, too large. */
  'unreachable',
  /** What came is no answer of this kind. */
  'malformed',
  /** The responder asks to come later. */
  'try-later',
  /** The responder answered with another error of its own. */
  'refused',
  /** The responder says that it does not know the certificate. */
  'not-known',
  /** It speaks of another certificate. */
  'other-certificate',
  /** Signed by nobody who speaks for the authority. */
  'untrusted',
  /** It repeats another question's nonce. */
  'nonce',
  /** Its time is over. */
  'stale',
  /** Made later than now: a clock is wrong, here or there. */
  'future',
  /** A list that does not speak for this certificate, or not wholly. */
  'scope',
  /** Marked with a rule that has to be followed and is not understood. */
  'critical',
  /** A list with a lower number than one seen before. */
  'older',
  /** Lists leave out certificates that have ended. */
  'expired',
] as const;
export type UnknownReason = (typeof UNKNOWN_REASONS)[number];

export interface Good {
  readonly state: 'good';
  /** When the answer was true, and when a newer one is due; milliseconds since 1970 UTC. */
  readonly thisUpdate: number;
  readonly nextUpdate: number | null;
  /** Not made for this question: others may have been given the same answer before. */
  readonly reused: boolean;
}

export interface Revoked {
  readonly state: 'revoked';
  /** When it was revoked, milliseconds since 1970 UTC. */
  readonly at: number;
  readonly reason: RevocationReason | null;
  readonly thisUpdate: number;
  readonly nextUpdate: number | null;
}

export interface Unknown {
  readonly state: 'unknown';
  readonly why: UnknownReason;
}

export type CertificateState = Good | Revoked | Unknown;

export function unknown(why: UnknownReason): Unknown {
  return { state: 'unknown', why };
}
