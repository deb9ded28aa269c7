/** Bounds on what is read from files. They come before any work; above them a file is refused alone. */
export const NPKI_LIMITS = {
  /** Octets of one certificate or key file. */
  fileBytes: 64 * 1024,
  /** Octets of a CaPubs file, and of any other that is read at all. */
  chainBytes: 1024 * 1024,
  /** Certificates taken from one CaPubs file. */
  chainCertificates: 16,
  /** Values taken from one text, certificates and keys together. */
  textBlocks: 64,
  /** Rounds of one key derivation. Files in use have 1,024 or 2,048; converted ones up to 600,000. */
  iterations: 1_000_000,
  /** Work of all key derivations of one file, in rounds of SHA-1: about a second and a half. */
  workOfFile: 4_400_000,
  /** Octets of a PKCS#12 file, and the bags in it. */
  pfxBytes: 1024 * 1024,
  pfxBags: 64,
  /** Octets of a salt. Files in use have 8. */
  saltBytes: 64,
  /** Octets of a certificate password in its encoded form. */
  passwordBytes: 1024,
  /** Bits of an RSA modulus. */
  rsaBitsLeast: 2048,
  rsaBitsMost: 8192,
  /** Files and folders looked at in one picked folder, and how deep. */
  names: 5000,
  folderDepth: 8,
} as const;
