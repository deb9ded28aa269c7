/** Proves that a private key belongs to a certificate: by its numbers, then by using both once. */
import { equal, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { WalletError } from '../errors.ts';
import type { Certificate } from './certificate.ts';
import type { OpenedKey } from './private-key.ts';
import { usableKey } from './rsa.ts';

/** The sign key signs; the km key opens what was enveloped to its certificate. */
export type KeyRole = 'sign' | 'km';

const SIGNING = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;
const OPENING = { name: 'RSA-OAEP', hash: 'SHA-256' } as const;
const TRIAL = 'trial of a key pair';

async function imported(import_: Promise<CryptoKey>): Promise<CryptoKey> {
  try {
    return await import_;
  } catch (cause) {
    // The structure was read before: what WebCrypto refuses now are numbers that do not fit each other.
    throw new WalletError('file.unreadable', { detail: 'key', cause });
  }
}

async function signsFor({ spki }: Certificate, { privateKeyInfo }: OpenedKey, message: Bytes): Promise<boolean> {
  const { subtle } = crypto;
  const privateKey = await imported(subtle.importKey('pkcs8', privateKeyInfo, SIGNING, false, ['sign']));
  const publicKey = await imported(subtle.importKey('spki', spki, SIGNING, false, ['verify']));
  return subtle.verify(SIGNING, publicKey, await subtle.sign(SIGNING, privateKey, message), message);
}

async function opensFor({ spki }: Certificate, { privateKeyInfo }: OpenedKey, message: Bytes): Promise<boolean> {
  const { subtle } = crypto;
  const privateKey = await imported(subtle.importKey('pkcs8', privateKeyInfo, OPENING, false, ['decrypt']));
  const publicKey = await imported(subtle.importKey('spki', spki, OPENING, false, ['encrypt']));
  const opened = await subtle.decrypt(OPENING, privateKey, await subtle.encrypt(OPENING, publicKey, message));
  return equal(new Uint8Array(opened), message);
}

/**
 * @throws `file.pair-mismatch` where the two do not belong together, `file.unsupported` for keys that are not RSA or of
 *   a length that is not taken, `file.hostile` and `file.unreadable` for damaged keys
 */
export async function proveKey(certificate: Certificate, key: OpenedKey, role: KeyRole): Promise<void> {
  const { modulus, exponent } = usableKey(certificate);
  if (!equal(modulus, key.modulus) || !equal(exponent, key.exponent)) throw new WalletError('file.pair-mismatch');
  const works = role === 'sign' ? signsFor : opensFor;
  const proven = await works(certificate, key, utf8(TRIAL)).catch((thrown: unknown) => {
    if (thrown instanceof WalletError) throw thrown;
    return false;
  });
  if (!proven) throw new WalletError('file.pair-mismatch');
}
