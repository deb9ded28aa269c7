/** Writes key files. */
import * as der from '../asn1/writer.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { sealOctets, type SealForm, type SealOptions } from './encrypt.ts';

export interface WriteKeyOptions extends SealOptions {
  /** `seed` where it is left out: the form that every Korean program reads. */
  readonly form?: SealForm;
}

/**
 * EncryptedPrivateKeyInfo (RFC 5208 6) with a fresh salt. The octets of `privateKeyInfo` are kept as they are, so that R
 * goes along. The password is taken as UTF-8 (as UTF-16 in the PKCS#12 form).
 */
export async function writePrivateKey(privateKeyInfo: Bytes, password: string, { form = 'seed', ...options }: WriteKeyOptions): Promise<Bytes> {
  const { algorithm, encrypted } = await sealOctets(form, privateKeyInfo, password, options);
  return der.sequence(algorithm, der.octetString(encrypted));
}
