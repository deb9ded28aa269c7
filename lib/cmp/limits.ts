/** Bounds on what is exchanged with an authority. They come before any work. */
export const CMP_LIMITS = {
  /** Octets of a message that we send, and of one that we read. */
  requestBytes: 64 * 1024,
  answerBytes: 256 * 1024,
  /** Certificates in each of extraCerts and caPubs. */
  certificates: 16,
  /** Octets of one certificate. */
  certificateBytes: 32 * 1024,
  generalInfo: 32,
  /** Texts in one PKIFreeText, and characters of the text that is made of them. */
  texts: 10,
  textLength: 1000,
  /** Requests, answers, revocations, confirmations or polls in one message. */
  requests: 16,
  /** Rounds of a MAC's key derivation (RFC 4211 4.4 wants at least 100). */
  iterationsLeast: 100,
  iterationsMost: 200_000,
  /** Octets of a MAC's salt. */
  saltLeast: 8,
  saltMost: 64,
  /** Octets of transactionID and nonces that we make, and of the nonces that we take (RFC 9810 5.1.1). */
  nonceBytes: 16,
  nonceMost: 64,
  /** Characters of an authorization code and of a reference number. */
  codeLeast: 8,
  codeMost: 128,
  referenceMost: 64,
  /** Bits of the RSA keys that we ask certificates for. */
  rsaBitsLeast: 2048,
  rsaBitsMost: 4096,
} as const;
