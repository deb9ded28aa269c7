/**
 * Key derivation of DJW1: HKDF-SHA-256 (RFC 5869) through WebCrypto, with infos that name what a key is for. Fields of
 * an info or of associated data are joined with their lengths, so that no two lists of fields give the same octets.
 */
import { concat, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { WalletError } from '../errors.ts';

/** Each field as a 2-octet big-endian length and its octets: texts as UTF-8, numbers as decimal text, ids as raw octets. */
export function lp(...fields: readonly (string | number | Uint8Array)[]): Bytes {
  const parts: Uint8Array[] = [];
  for (const field of fields) {
    const octets = field instanceof Uint8Array ? field : utf8(String(field));
    if (octets.length > 0xffff) throw new WalletError('internal', { detail: 'lp' });
    parts.push(new Uint8Array([octets.length >> 8, octets.length & 0xff]), octets);
  }
  return concat(...parts);
}

/** Input keying material as a key that only derives. */
export function importSecret(secret: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits', 'deriveKey']);
}

function hkdf(salt: Bytes, info: Bytes): HkdfParams {
  return { name: 'HKDF', hash: 'SHA-256', salt, info };
}

/** HKDF-SHA-256: `length` octets. */
export async function deriveBytes(secret: CryptoKey, salt: Bytes, info: Bytes, length: number): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.deriveBits(hkdf(salt, info), secret, length * 8));
}

/** The same 32 octets as an AES-256-GCM key that never shows itself. */
export function deriveCipher(secret: CryptoKey, salt: Bytes, info: Bytes): Promise<CryptoKey> {
  return crypto.subtle.deriveKey(hkdf(salt, info), secret, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

/** The same 32 octets as an HMAC-SHA-256 key. */
export function deriveMac(secret: CryptoKey, salt: Bytes, info: Bytes): Promise<CryptoKey> {
  return crypto.subtle.deriveKey(hkdf(salt, info), secret, { name: 'HMAC', hash: 'SHA-256', length: 256 }, false, ['sign']);
}
