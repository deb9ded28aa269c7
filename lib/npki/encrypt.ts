/** Encrypts under a password, in the few ways that are written. `decrypt.ts` reads them and more. */
import * as der from '../asn1/writer.ts';
import { wipe, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { WalletError } from '../errors.ts';
import { pbkdf2 } from './decrypt.ts';
import { pbkdf1Sha1 } from './legacy/pbkdf1.ts';
import { PKCS12_PURPOSE, pkcs12Derive, pkcs12Password } from './legacy/pkcs12-kdf.ts';
import { seedCbcEncrypt } from './legacy/seed.ts';
import { sha1 } from './legacy/sha1.ts';
import { tripleDesCbcEncrypt } from './legacy/triple-des.ts';
import { NPKI_LIMITS } from './limits.ts';
import { OID } from './oids.ts';

export type SealForm =
  /** pbeWithSHA1AndSEED-CBC (KCAC.TS.ENC), which every Korean program reads. */
  | 'seed'
  /** PBES2 with SEED and HMAC-SHA-1, as some banks wrote it. */
  | 'pbes2-seed'
  /** PBES2 with AES-256 and HMAC-SHA-256. */
  | 'pbes2-aes'
  /** pbeWithSHA1And3-KeyTripleDES-CBC (RFC 7292 appendix C). */
  | 'pkcs12-3des';

export interface SealOptions {
  readonly random: (length: number) => Bytes;
  /** Rounds of the derivation; what programs in use write where it is left out. */
  readonly iterations?: number | undefined;
}

/** An AlgorithmIdentifier as encoded, and what was encrypted with it. */
export interface SealedOctets {
  readonly algorithm: Bytes;
  readonly encrypted: Bytes;
}

/** Programs in use write and expect 2,048; with AES nothing old has to read the file. */
const DEFAULT_ITERATIONS: Readonly<Record<SealForm, number>> = { seed: 2048, 'pbes2-seed': 2048, 'pkcs12-3des': 2048, 'pbes2-aes': 600_000 };

/** Programs in use expect salts of 8 octets. */
const SALT = 8;
const MODERN_SALT = 16;
const BLOCK = 16;

function pbeAlgorithm(oid: string, salt: Bytes, iterations: number): Bytes {
  return der.sequence(der.objectIdentifier(oid), der.sequence(der.octetString(salt), der.integer(iterations)));
}

/** `prf` is left out where it is HMAC-SHA-1, the default, and the key length always: the cipher says it (RFC 8018 A.2). */
function pbes2Algorithm(derivation: readonly Bytes[], cipher: string, iv: Bytes): Bytes {
  const kdf = der.sequence(der.objectIdentifier(OID.pbkdf2), der.sequence(...derivation));
  const scheme = der.sequence(der.objectIdentifier(cipher), der.octetString(iv));
  return der.sequence(der.objectIdentifier(OID.pbes2), der.sequence(kdf, scheme));
}

function sealSeed(plain: Bytes, secret: Bytes, salt: Bytes, iterations: number): SealedOctets {
  const derived = pbkdf1Sha1(secret, salt, iterations);
  const iv = sha1(derived.subarray(16)).subarray(0, 16);
  try {
    const encrypted = seedCbcEncrypt(derived.subarray(0, 16), iv, plain);
    return { algorithm: pbeAlgorithm(OID.pbeWithSha1AndSeedCbc, salt, iterations), encrypted };
  } finally {
    wipe(derived, iv);
  }
}

function sealTripleDes(plain: Bytes, secret: Bytes, salt: Bytes, iterations: number): SealedOctets {
  const key = pkcs12Derive(PKCS12_PURPOSE.key, secret, { hash: 'SHA-1', salt, iterations }, 24);
  const iv = pkcs12Derive(PKCS12_PURPOSE.iv, secret, { hash: 'SHA-1', salt, iterations }, 8);
  try {
    return { algorithm: pbeAlgorithm(OID.pkcs12TripleDes, salt, iterations), encrypted: tripleDesCbcEncrypt(key, iv, plain) };
  } finally {
    wipe(key, iv);
  }
}

async function sealPbes2Seed(plain: Bytes, secret: Bytes, salt: Bytes, iterations: number, iv: Bytes): Promise<SealedOctets> {
  const key = await pbkdf2(secret, 'SHA-1', salt, iterations, 16);
  try {
    const algorithm = pbes2Algorithm([der.octetString(salt), der.integer(iterations)], OID.seedCbc, iv);
    return { algorithm, encrypted: seedCbcEncrypt(key, iv, plain) };
  } finally {
    wipe(key);
  }
}

async function sealPbes2Aes(plain: Bytes, secret: Bytes, salt: Bytes, iterations: number, iv: Bytes): Promise<SealedOctets> {
  const key = await pbkdf2(secret, 'SHA-256', salt, iterations, 32);
  try {
    const prf = der.sequence(der.objectIdentifier(OID.hmacWithSha256), der.nullValue());
    const algorithm = pbes2Algorithm([der.octetString(salt), der.integer(iterations), prf], OID.aes256Cbc, iv);
    const imported = await crypto.subtle.importKey('raw', key, 'AES-CBC', false, ['encrypt']);
    return { algorithm, encrypted: new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, imported, plain)) };
  } finally {
    wipe(key);
  }
}

function seal(form: SealForm, plain: Bytes, secret: Bytes, iterations: number, random: SealOptions['random']): SealedOctets | Promise<SealedOctets> {
  switch (form) {
    case 'seed':
      return sealSeed(plain, secret, random(SALT), iterations);
    case 'pkcs12-3des':
      return sealTripleDes(plain, secret, random(SALT), iterations);
    case 'pbes2-seed':
      return sealPbes2Seed(plain, secret, random(SALT), iterations, random(BLOCK));
    case 'pbes2-aes':
      return sealPbes2Aes(plain, secret, random(MODERN_SALT), iterations, random(BLOCK));
  }
}

/**
 * Encrypts octets under a password, with a fresh salt. PKCS#12 takes the password as UTF-16, everything else as UTF-8.
 *
 * @throws `internal` where the count is one that nobody here would read
 */
export async function sealOctets(form: SealForm, plain: Bytes, password: string, { random, iterations }: SealOptions): Promise<SealedOctets> {
  const rounds = iterations ?? DEFAULT_ITERATIONS[form];
  if (rounds < 1 || rounds > NPKI_LIMITS.iterations) throw new WalletError('internal', { detail: 'iterations' });
  const secret = form === 'pkcs12-3des' ? pkcs12Password(password) : utf8(password);
  try {
    return await seal(form, plain, secret, rounds, random);
  } finally {
    wipe(secret);
  }
}
