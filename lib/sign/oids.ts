/** Object identifiers of CMS (RFC 5652, RFC 5035, RFC 6211). */
export const CMS_OID = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  envelopedData: '1.2.840.113549.1.7.3',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  algorithmProtection: '1.2.840.113549.1.9.52',
  rsaEncryption: '1.2.840.113549.1.1.1',
  /**
   * The wallet's own attribute: the origin of the page that asked, as a UTF8String. Made of the UUID
   * 6f8feb41-3ca9-481e-bb03-5ffa8a90441c (ITU-T X.667).
   */
  origin: '2.25.148291577517757313442994401170053678108',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha256WithRsa: '1.2.840.113549.1.1.11',
} as const;
