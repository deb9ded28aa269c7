/** Object identifiers of certificate management (RFC 9810, RFC 9481, RFC 4211, KCAC.TS.SIVID). */
export const CMP_OID = {
  // Protection (RFC 9481 6.1, RFC 9579)
  passwordBasedMac: '1.2.840.113533.7.66.13',
  pbmac1: '1.2.840.113549.1.5.14',
  /** HMAC-SHA1 under the name that RFC 4210 gave it. */
  hmacSha1: '1.3.6.1.5.5.8.1.2',

  // Information (RFC 9810 5.3.19)
  caProtEncCert: '1.3.6.1.5.5.7.4.1',
  implicitConfirm: '1.3.6.1.5.5.7.4.13',
  confirmWaitTime: '1.3.6.1.5.5.7.4.14',

  /** Control of a request that names the certificate to be replaced (RFC 4211 6.5). */
  oldCertId: '1.3.6.1.5.5.7.5.1.5',

  // Who may answer for an authority (RFC 9480 2.2)
  cmcCa: '1.3.6.1.5.5.7.3.27',
  cmcRa: '1.3.6.1.5.5.7.3.28',

  /** The virtual identifier and R for the authority's eyes alone. */
  encryptedVid: '1.2.410.200004.10.1.1.2',

  // Entry extensions of revocation lists (RFC 5280 5.3)
  reasonCode: '2.5.29.21',
} as const;
