/** Writes key files. */
import * as der from '../asn1/writer.ts';
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { WalletError } from '../errors.ts';
import { pbkdf1Sha1 } from './legacy/pbkdf1.ts';
import { seedCbcEncrypt } from './legacy/seed.ts';
import { sha1 } from './legacy/sha1.ts';
import { NPKI_LIMITS } from './limits.ts';
import { OID } from './oids.ts';

export interface WriteOptions {
  /** Fresh random octets for every file; programs in use expect 8. */
  readonly salt: Bytes;
  /** 2,048 is what programs in use write. */
  readonly iterations: number;
}

/**
 * EncryptedPrivateKeyInfo in the form that every Korean program reads: pbeWithSHA1AndSEED-CBC (KCAC.TS.ENC).
 * The octets of `privateKeyInfo` are kept as they are, so that R goes along. The password is taken as UTF-8.
 */
export function writePrivateKey(privateKeyInfo: Bytes, password: string, { salt, iterations }: WriteOptions): Bytes {
  if (iterations < 1 || iterations > NPKI_LIMITS.iterations) throw new WalletError('internal', { detail: 'iterations' });
  const secret = utf8(password);
  const derived = pbkdf1Sha1(secret, salt, iterations);
  const iv = sha1(derived.subarray(16)).subarray(0, 16);
  try {
    const parameters = der.sequence(der.octetString(salt), der.integer(iterations));
    const algorithm = der.sequence(der.objectIdentifier(OID.pbeWithSha1AndSeedCbc), parameters);
    return der.sequence(algorithm, der.octetString(seedCbcEncrypt(derived.subarray(0, 16), iv, privateKeyInfo)));
  } finally {
    wipe(secret, derived, iv);
  }
}
