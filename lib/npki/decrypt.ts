/** Decrypts a key with one password. Every derivation here is bounded by what `readEncryptedKey` let through. */
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { encodeWindows949 } from '../bytes/windows-949.ts';
import type { Cipher, EncryptedKey, Encryption, Prf } from './encryption.ts';
import { aes192CbcDecrypt } from './legacy/aes192.ts';
import { pbkdf1Sha1 } from './legacy/pbkdf1.ts';
import { PKCS12_PURPOSE, pkcs12Derive, pkcs12Password } from './legacy/pkcs12-kdf.ts';
import { seedCbcDecrypt } from './legacy/seed.ts';
import { sha1 } from './legacy/sha1.ts';
import { pbkdf2Sha224 } from './legacy/sha224.ts';
import { tripleDesCbcDecrypt } from './legacy/triple-des.ts';

/** `0123456789012345` in ASCII. */
const FIXED_IV = '0123456789012345';

/**
 * The octets under which a password may have been used, most likely first. The authorities allow ASCII only; for others
 * programs differ, and Korean Windows programs took the code page of the system.
 */
export function passwordEncodings(password: string, { scheme }: Encryption): Bytes[] {
  if (scheme === 'pkcs12-3des') return password === '' ? [pkcs12Password(''), new Uint8Array(0)] : [pkcs12Password(password)];
  const encodings = [utf8(password)];
  const other = /^[\0-\x7f]*$/.test(password) ? null : encodeWindows949(password);
  if (other !== null) encodings.push(other);
  return encodings;
}

async function pbkdf2(secret: Bytes, prf: Prf, salt: Bytes, iterations: number, length: number): Promise<Bytes> {
  if (prf === 'SHA-224') return pbkdf2Sha224(secret, salt, iterations, length);
  const key = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveBits']);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: prf, salt, iterations }, key, 8 * length));
}

async function aesCbcDecrypt(key: Bytes, iv: Bytes, encrypted: Bytes): Promise<Bytes | null> {
  const imported = await crypto.subtle.importKey('raw', key, 'AES-CBC', false, ['decrypt']);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-CBC', iv }, imported, encrypted));
  } catch {
    return null; // the padding; WebCrypto tells nothing else
  }
}

function decryptBlocks({ name }: Cipher, key: Bytes, iv: Bytes, encrypted: Bytes): Bytes | null | Promise<Bytes | null> {
  switch (name) {
    case 'SEED':
      return seedCbcDecrypt(key, iv, encrypted);
    case '3DES':
      return tripleDesCbcDecrypt(key, iv, encrypted);
    case 'AES-192':
      return aes192CbcDecrypt(key, iv, encrypted);
    default:
      return aesCbcDecrypt(key, iv, encrypted);
  }
}

/** KCAC.TS.ENC: the key is the front of the derived octets, the IV the hash of the last four. */
function decryptSeed(secret: Bytes, encryption: Encryption, encrypted: Bytes): Bytes | null {
  const derived = pbkdf1Sha1(secret, encryption.salt, encryption.iterations);
  const iv = encryption.scheme === 'seed' ? sha1(derived.subarray(16)).subarray(0, 16) : utf8(FIXED_IV);
  try {
    return seedCbcDecrypt(derived.subarray(0, 16), iv, encrypted);
  } finally {
    wipe(derived, iv);
  }
}

function decryptPkcs12(secret: Bytes, { salt, iterations }: Encryption, encrypted: Bytes): Bytes | null {
  const key = pkcs12Derive(PKCS12_PURPOSE.key, secret, salt, iterations, 24);
  const iv = pkcs12Derive(PKCS12_PURPOSE.iv, secret, salt, iterations, 8);
  try {
    return tripleDesCbcDecrypt(key, iv, encrypted);
  } finally {
    wipe(key, iv);
  }
}

/** The decrypted octets, or null where the padding says that the password is wrong. Nothing else is checked. */
export async function decryptKey({ encryption, encrypted }: EncryptedKey, secret: Bytes): Promise<Bytes | null> {
  switch (encryption.scheme) {
    case 'seed':
    case 'seed-fixed-iv':
      return decryptSeed(secret, encryption, encrypted);
    case 'pkcs12-3des':
      return decryptPkcs12(secret, encryption, encrypted);
    case 'pbes2': {
      const { prf, salt, iterations, cipher, iv } = encryption;
      const key = await pbkdf2(secret, prf, salt, iterations, cipher.key);
      try {
        return await decryptBlocks(cipher, key, iv, encrypted);
      } finally {
        wipe(key);
      }
    }
  }
}
