/** Decrypts with one password. Every derivation here is bounded by what `readEncryption` let through. */
import { concat, copy, wipe, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { encodeWindows949 } from '../bytes/windows-949.ts';
import { WalletError } from '../errors.ts';
import type { Cipher, Encryption } from './encryption-scheme.ts';
import type { Sealed } from './encryption.ts';
import { aes192CbcDecrypt } from './legacy/aes192.ts';
import { pbkdf2Sha224, type HashName } from './legacy/hashes.ts';
import { pbkdf1Sha1 } from './legacy/pbkdf1.ts';
import { PKCS12_PURPOSE, pkcs12Derive, pkcs12Password } from './legacy/pkcs12-kdf.ts';
import { rc2CbcDecrypt } from './legacy/rc2.ts';
import { rc4 } from './legacy/rc4.ts';
import { seedCbcDecrypt } from './legacy/seed.ts';
import { sha1 } from './legacy/sha1.ts';
import { tripleDesCbcDecrypt } from './legacy/triple-des.ts';

/** `0123456789012345` in ASCII. */
const FIXED_IV = '0123456789012345';

/** What RFC 7292 derives from. An empty password is two zero octets for some programs, nothing for others. */
export function pkcs12Passwords(password: string): Bytes[] {
  return password === '' ? [pkcs12Password(''), new Uint8Array(0)] : [pkcs12Password(password)];
}

/**
 * The octets under which a password may have been used, most likely first. The authorities allow ASCII only; for others
 * programs differ, and Korean Windows programs took the code page of the system.
 */
function passwordEncodings(password: string, { scheme }: Encryption): Bytes[] {
  if (scheme === 'pkcs12') return pkcs12Passwords(password);
  const encodings = [utf8(password)];
  const other = /^[\0-\x7f]*$/.test(password) ? null : encodeWindows949(password);
  if (other !== null) encodings.push(other);
  return encodings;
}

export async function pbkdf2(secret: Bytes, prf: HashName, salt: Bytes, iterations: number, length: number): Promise<Bytes> {
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

function tripleDesDecrypt(key: Bytes, iv: Bytes, encrypted: Bytes): Bytes | null {
  // With two keys the first is the third as well.
  const keys = concat(key, key.subarray(0, 24 - key.length));
  try {
    return tripleDesCbcDecrypt(keys, iv, encrypted);
  } finally {
    wipe(keys);
  }
}

function decryptBlocks({ name }: Cipher, key: Bytes, iv: Bytes, encrypted: Bytes): Bytes | null | Promise<Bytes | null> {
  switch (name) {
    case 'SEED':
      return seedCbcDecrypt(key, iv, encrypted);
    case '3DES':
      return tripleDesDecrypt(key, iv, encrypted);
    case 'RC2':
      return rc2CbcDecrypt(key, iv, encrypted);
    case 'RC4':
      return rc4(key, encrypted);
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

/** The key and the IV for `decryptBlocks`; a stream cipher has no IV. */
async function deriveKey(secret: Bytes, encryption: Encryption & { cipher: Cipher }): Promise<{ key: Bytes; iv: Bytes }> {
  const { cipher, salt, iterations } = encryption;
  if (encryption.scheme === 'pbes2') return { key: await pbkdf2(secret, encryption.prf, salt, iterations, cipher.key), iv: copy(encryption.iv) };
  const derivation = { hash: 'SHA-1', salt, iterations } as const;
  const iv = cipher.block === 1 ? new Uint8Array(0) : pkcs12Derive(PKCS12_PURPOSE.iv, secret, derivation, cipher.block);
  return { key: pkcs12Derive(PKCS12_PURPOSE.key, secret, derivation, cipher.key), iv };
}

/** The decrypted octets, or null where the padding says that the password is wrong. Nothing else is checked. */
async function decrypt({ encryption, encrypted }: Sealed, secret: Bytes): Promise<Bytes | null> {
  if (!('cipher' in encryption)) return decryptSeed(secret, encryption, encrypted);
  const { key, iv } = await deriveKey(secret, encryption);
  try {
    return await decryptBlocks(encryption.cipher, key, iv, encrypted);
  } finally {
    wipe(key, iv);
  }
}

/**
 * Decrypts with each form of the password until `read` takes what comes out. Padding is right by chance once in 256 wrong
 * passwords, so that `read` has to look; it answers null where that cannot be the plaintext. What it does not take is
 * wiped; what it takes is the caller's to wipe.
 *
 * @throws `password.wrong`, and whatever `read` throws
 */
export async function decryptAs<Read>(sealed: Sealed, password: string, read: (plain: Bytes) => Read | null): Promise<Read> {
  const secrets = passwordEncodings(password, sealed.encryption);
  try {
    for (const secret of secrets) {
      const plain = await decrypt(sealed, secret);
      const taken = plain === null ? null : readOrWipe(plain, read);
      if (taken !== null) return taken;
    }
  } finally {
    wipe(...secrets);
  }
  throw new WalletError('password.wrong');
}

function readOrWipe<Read>(plain: Bytes, read: (plain: Bytes) => Read | null): Read | null {
  let taken: Read | null = null;
  try {
    taken = read(plain);
    return taken;
  } finally {
    if (taken === null) wipe(plain);
  }
}
