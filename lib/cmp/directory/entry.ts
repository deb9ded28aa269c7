/** Certificate authorities as data: who they are, and how one talks to them. Pages name them by id, never by address. */

/** How an authority differs from what RFC 9810 leaves open. */
export interface Adapter {
  /** Certificates that one request may ask for. With 1 the km certificate follows in a request of its own. */
  readonly requests: 1 | 2;
  readonly mac: 'pbm' | 'pbmac1';
  /** Rounds of the MAC's key derivation in our messages. */
  readonly macIterations: number;
  /** Whether requests carry the virtual identifier, encrypted. */
  readonly vid: 'no' | 'optional' | 'required';
  /** `ask`: the person types the number. `dummy`: the authority knows it and makes the identifier anew from R. */
  readonly vidNumber: 'ask' | 'dummy';
  /** Whether the very same request, sent again, gets the very same answer. */
  readonly resend: boolean;
  /** Whether any answer to a MAC may be signed, not only an error. */
  readonly signedAnswers: boolean;
  /** Whether one message may revoke several certificates. */
  readonly revokeMany: boolean;
  /** Whether the holder's own message may hold a certificate and release it; elsewhere the bank does. */
  readonly holds: boolean;
  /** Whether hyphens in an authorization code are only for reading. */
  readonly stripHyphens: boolean;
  /** Hours that keys are kept for an answer that never came. */
  readonly confirmGraceHours: number;
}

/** Steps of a life cycle for which the authority's own pages are the way. Null until somebody has looked. */
export interface Guides {
  readonly issue: string | null;
  readonly reissue: string | null;
  readonly renew: string | null;
  readonly revoke: string | null;
}

export interface CaEntry {
  /** Lower-case letters, digits and hyphens. */
  readonly id: string;
  readonly name: { readonly ko: string; readonly en: string };
  /** Shown as a test wherever it appears; its certificates never count as joint certificates. */
  readonly test: boolean;
  /** Null where certificate management over HTTP is not offered to the public: there the guides are the way. */
  readonly cmp: { readonly url: string; readonly adapter: Adapter } | null;
  /** SHA-256 of issuing certificates and of roots, in lower-case hex. */
  readonly issuers: readonly string[];
  readonly roots: readonly string[];
  /** Hosts that may be asked about the state of certificates; no other is ever asked. */
  readonly ocspHosts: readonly string[];
  readonly crlHosts: readonly string[];
  /** Days before the end from which renewal is usual. */
  readonly renewalDays: number;
  /** Months that a certificate may be on hold before it is revoked by itself; null where not known. */
  readonly holdMonths: number | null;
  readonly guides: Guides;
  /** Where this was learnt, and when (YYYY-MM-DD). */
  readonly source: string;
  readonly date: string;
}
