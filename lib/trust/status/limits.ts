/** Bounds on what is asked and answered about revocation. They come before any work. */
export const STATUS_LIMITS = {
  /** Octets of an OCSP answer and of a revocation list. */
  ocspBytes: 64 * 1024,
  listBytes: 8 * 1024 * 1024,
  /** Elements of a list: half as many as it has octets, so that the octets are what counts. */
  listElements: 4 * 1024 * 1024,
  /** Certificates and single answers in one OCSP answer. */
  certificates: 4,
  answers: 16,
  /** Octets of the nonce that we send (RFC 9654 2.1). */
  nonceBytes: 32,
  /** Octets of a serial number as it is compared. */
  serialBytes: 21,
  /** Addresses taken from one certificate, and characters of each. */
  addresses: 4,
  addressLength: 512,
  /** How far the clocks of both sides may be apart, in milliseconds. */
  skewMs: 5 * 60_000,
  /** How old an answer may be that names no end, or was not made for the question, in milliseconds. */
  ageMs: 24 * 3_600_000,
} as const;
