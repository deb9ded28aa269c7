/** What screens may ask of revocation: what an authority said of a certificate, and asking it anew. */
import type { RevocationReason, UnknownReason } from '../trust/status/state.ts';
import type { RevocationChoice } from '../vault/revocation-choice.ts';

export type { RevocationReason, UnknownReason } from '../trust/status/state.ts';
export type { RevocationChoice } from '../vault/revocation-choice.ts';

export const REVOCATION_SOURCES = ['ocsp', 'crl', 'cmp'] as const;
export type RevocationSource = (typeof REVOCATION_SOURCES)[number];

/** What an authority said. Times in milliseconds since 1970. */
export interface RevocationWord {
  /** On hold (효력정지) it may be released again; revoked is for ever. */
  readonly state: 'good' | 'revoked' | 'on-hold';
  /** When it was asked, and who answered: the responder, the list, or the authority as it revoked, held or released it for a request from here. */
  readonly at: number;
  readonly source: RevocationSource;
  /** When it was revoked, and why where that was told; null where it is good. */
  readonly since: number | null;
  readonly reason: RevocationReason | null;
}

/** What is known of one certificate; one of the two at least. */
export interface RevocationNote {
  /** The newest answer that was believed. */
  readonly word: RevocationWord | null;
  /** A try after that which brought no answer to be believed. It makes nothing good, and nothing revoked good again. */
  readonly failed: { readonly at: number; readonly why: UnknownReason } | null;
}

/** Whom a check of one certificate asks. */
export interface RevocationPlace {
  readonly authority: { readonly ko: string; readonly en: string };
  /** Hosts that learn of it, as people read them. */
  readonly hosts: readonly string[];
  /** Match patterns of these: leave for them is asked for in the click, before anything else. */
  readonly patterns: readonly string[];
}

export interface RevocationApi {
  /** Whom a check would ask; null where nobody may be asked. @throws `vault.locked`, `certificate.not-found`, `vault.*` */
  place(id: string): Promise<RevocationPlace | null>;
  /**
   * Asks the authorities of these certificates, one after the other, and keeps what they say; the rows tell it. What nobody
   * answers is told there too and does not throw. @throws `vault.locked`, `certificate.not-found`, `vault.*`
   */
  check(ids: readonly string[]): Promise<void>;
  /** @throws `vault.locked`, `vault.*` */
  choice(): Promise<RevocationChoice>;
  choose(choice: RevocationChoice): Promise<void>;
  /** Does what was chosen for each day, where it was not done today; whether anybody was asked. @throws `vault.locked`, `vault.*` */
  checkDaily(): Promise<boolean>;
  /** Does what was chosen for the renewal guide of a certificate; whether anybody was asked. Throws as `check`. */
  checkForRenewal(id: string): Promise<boolean>;
}
