/** Object identifiers of certificates, key files and names, as dotted text. */
export const OID = {
  // PKCS#1 and PKCS#9 (RFC 8017, RFC 2985)
  rsaEncryption: '1.2.840.113549.1.1.1',
  sha1WithRsa: '1.2.840.113549.1.1.5',
  sha256WithRsa: '1.2.840.113549.1.1.11',
  sha384WithRsa: '1.2.840.113549.1.1.12',
  sha512WithRsa: '1.2.840.113549.1.1.13',
  emailAddress: '1.2.840.113549.1.9.1',

  // PKCS#7 (RFC 5652)
  signedData: '1.2.840.113549.1.7.2',

  /** Keys on elliptic curves (RFC 5480), which the wallet does not take. */
  ecPublicKey: '1.2.840.10045.2.1',

  // PKCS#5 and PKCS#12 (RFC 8018, RFC 7292 appendix C)
  pbkdf2: '1.2.840.113549.1.5.12',
  pbes2: '1.2.840.113549.1.5.13',
  pkcs12Rc4Of128: '1.2.840.113549.1.12.1.1',
  pkcs12Rc4Of40: '1.2.840.113549.1.12.1.2',
  pkcs12TripleDes: '1.2.840.113549.1.12.1.3',
  pkcs12TripleDesOfTwoKeys: '1.2.840.113549.1.12.1.4',
  pkcs12Rc2Of128: '1.2.840.113549.1.12.1.5',
  pkcs12Rc2Of40: '1.2.840.113549.1.12.1.6',
  hmacWithSha1: '1.2.840.113549.2.7',
  hmacWithSha224: '1.2.840.113549.2.8',
  hmacWithSha256: '1.2.840.113549.2.9',
  hmacWithSha384: '1.2.840.113549.2.10',
  hmacWithSha512: '1.2.840.113549.2.11',

  // What PKCS#12 files are made of (RFC 7292 4, RFC 5652, RFC 2985)
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  safeContentsBag: '1.2.840.113549.1.12.10.1.6',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',

  // Content encryption
  desEde3Cbc: '1.2.840.113549.3.7',
  aes128Cbc: '2.16.840.1.101.3.4.1.2',
  aes192Cbc: '2.16.840.1.101.3.4.1.22',
  aes256Cbc: '2.16.840.1.101.3.4.1.42',

  // KISA (KCAC.TS.ENC, KCAC.TS.SIVID; RFC 4010 for SEED)
  seedCbc: '1.2.410.200004.1.4',
  pbeWithSha1AndSeedCbc: '1.2.410.200004.1.15',
  identifyData: '1.2.410.200004.10.1.1',
  virtualId: '1.2.410.200004.10.1.1.1',
  randomNumber: '1.2.410.200004.10.1.1.3',

  // Hashes
  sha1: '1.3.14.3.2.26',
  sha224: '2.16.840.1.101.3.4.2.4',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',

  // Attribute types of names (RFC 4519)
  commonName: '2.5.4.3',
  serialNumber: '2.5.4.5',
  country: '2.5.4.6',
  locality: '2.5.4.7',
  state: '2.5.4.8',
  street: '2.5.4.9',
  organization: '2.5.4.10',
  organizationalUnit: '2.5.4.11',
  userId: '0.9.2342.19200300.100.1.1',
  domainComponent: '0.9.2342.19200300.100.1.25',

  // Certificate extensions (RFC 5280 4.2)
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  anyPolicy: '2.5.29.32.0',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
} as const;
