/** Bounds of the page protocol, in one place for the page library, the content script and the background. */
export const LIMITS = {
  /** Characters of one request as JSON. */
  request: 256 * 1024,
  /** Octets of all documents of one request. */
  documents: 8 * 1024 * 1024,
  documentCount: 100,
  /** Characters of a document's title. */
  title: 200,
  /** Characters of a request for signatures as JSON: the octets in base64, titles and names. */
  signRequest: 12 * 1024 * 1024,
  /** Octets of all documents of a request in windows-949, whose signatures come back whole: the page cannot write that charset. */
  korean: 1024 * 1024,
  /** Characters in base64 of a signature that comes back whole. */
  wholeSignature: 2 * 1024 * 1024,
  /** A nonce is 32 to 96 random octets in base64url: 43 to 128 characters. */
  nonceMin: 43,
  nonceMax: 128,
  /** Tax invoices of one request, characters of all of them, and of the request as JSON. */
  invoices: 100,
  invoicesLength: 512 * 1024,
  invoicesRequest: 544 * 1024,
  /** Characters that a signature adds to an invoice, at most. */
  invoiceSignature: 16 * 1024,
  policies: 64,
  issuers: 32,
  /** Characters of a policy OID or an issuer's organisation name. */
  name: 128,
  /** Characters of an authority's id, and of the numbers of its registration office. */
  ca: 64,
  referenceNumber: 64,
  authorizationCode: 128,
  /** Characters of a server's certificate in base64: 12 KiB of DER. */
  recipient: 16 * 1024,
  /** Requests waiting for the person, in all and for each document. */
  pending: 3,
  pendingPerDocument: 1,
  /** Requests of one document over its whole life; a page that needs more is broken. */
  perDocument: 10_000,
  /** How long a request waits for the person, and how long they may stretch it. */
  waitMs: 120_000,
  waitMaxMs: 600_000,
  extendMs: 120_000,
  /** Refusals by the person within `muteMs` after which an origin is mute for `muteMs`. */
  refusals: 3,
  /** Requests that a page took back within `muteMs` after which its origin is mute too: each has opened a window. */
  withdrawals: 10,
  muteMs: 60_000,
  /** How long the page library waits for the first sign of a wallet. */
  ackMs: 1_000,
} as const;
