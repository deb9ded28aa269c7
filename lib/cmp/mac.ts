/**
 * MACs from a shared secret: PasswordBasedMac (RFC 4211 4.4, RFC 9481 6.1.1) and PBMAC1 (RFC 8018 7.1, RFC 9481 6.1.2).
 * The secret comes as UTF-8. Rounds and salts are bounded before anything is derived.
 */
import { octetString, sequence, smallInteger, type DerNode } from '../asn1/reader.ts';
import * as der from '../asn1/writer.ts';
import { concat, equal, wipe, type Bytes } from '../bytes/bytes.ts';
import { passwordHash, type HashName } from '../npki/legacy/hashes.ts';
import { OID } from '../npki/oids.ts';
import { readAlgorithm, writeAlgorithm, type Algorithm } from './algorithm.ts';
import { CMP_LIMITS } from './limits.ts';
import { malformed, strictly } from './malformed.ts';
import type { Protector } from './message.ts';
import { CMP_OID } from './oids.ts';

export type MacWay = 'pbm' | 'pbmac1';

export interface MacAlgorithm {
  readonly way: MacWay;
  readonly salt: Bytes;
  readonly iterations: number;
  /** Hash of the derivation: one-way function of PasswordBasedMac, HMAC in PBKDF2 of PBMAC1. */
  readonly derivation: HashName;
  /** Hash of the HMAC over the message. */
  readonly mac: HashName;
  /** Octets of the derived key. */
  readonly keyLength: number;
}

const ONE_WAY: ReadonlyMap<string, HashName> = new Map([
  [OID.sha256, 'SHA-256'],
  [OID.sha384, 'SHA-384'],
  [OID.sha512, 'SHA-512'],
]);

/** SHA-1 stays good in an HMAC, and OpenSSL's server answers with it whatever it was asked with. */
const HMACS: ReadonlyMap<string, HashName> = new Map([
  [CMP_OID.hmacSha1, 'SHA-1'],
  [OID.hmacWithSha1, 'SHA-1'],
  [OID.hmacWithSha256, 'SHA-256'],
  [OID.hmacWithSha384, 'SHA-384'],
  [OID.hmacWithSha512, 'SHA-512'],
]);

function hashOf(table: ReadonlyMap<string, HashName>, node: DerNode | undefined): HashName {
  const { id, parameters } = readAlgorithm(node);
  const hash = table.get(id);
  if (hash === undefined || parameters !== null) throw malformed(`MAC algorithm ${id}`);
  return hash;
}

function readSalt(node: DerNode | undefined): Bytes {
  const salt = octetString(node);
  if (salt.length < CMP_LIMITS.saltLeast || salt.length > CMP_LIMITS.saltMost) throw malformed('salt');
  return salt;
}

function readIterations(node: DerNode | undefined): number {
  const iterations = smallInteger(node);
  if (iterations < CMP_LIMITS.iterationsLeast || iterations > CMP_LIMITS.iterationsMost) throw malformed('iterations');
  return iterations;
}

/** PBMParameter (RFC 4211 4.4). */
function readPbm(node: DerNode): MacAlgorithm {
  const [salt, oneWay, iterations, mac, more] = sequence(node);
  if (more !== undefined) throw malformed('PasswordBasedMac');
  const derivation = hashOf(ONE_WAY, oneWay);
  const common = { salt: readSalt(salt), iterations: readIterations(iterations) };
  return { way: 'pbm', ...common, derivation, mac: hashOf(HMACS, mac), keyLength: passwordHash(derivation).size };
}

/** PBMAC1-params (RFC 8018 A.5) with PBKDF2; the length of the key must be told (RFC 9481 6.1.2). */
function readPbmac1(node: DerNode): MacAlgorithm {
  const [derivation, mac, more] = sequence(node);
  const { id, parameters } = readAlgorithm(derivation);
  if (id !== OID.pbkdf2 || parameters === null || more !== undefined) throw malformed('PBMAC1');
  const [salt, iterations, length, prf, surplus] = sequence(parameters);
  const keyLength = smallInteger(length);
  if (surplus !== undefined || keyLength < 16 || keyLength > 64) throw malformed('PBMAC1');
  const hash = prf === undefined ? 'SHA-1' : hashOf(HMACS, prf);
  return { way: 'pbmac1', salt: readSalt(salt), iterations: readIterations(iterations), derivation: hash, mac: hashOf(HMACS, mac), keyLength };
}

/**
 * What a MAC is made with; null where the algorithm is none of the two.
 *
 * @throws `request.malformed` for hashes that are not taken, less than 100 or more than 200,000 rounds, salts of less than 8 or
 *   more than 64 octets
 */
export function readMacAlgorithm({ id, parameters }: Algorithm): MacAlgorithm | null {
  const reader = id === CMP_OID.passwordBasedMac ? readPbm : id === CMP_OID.pbmac1 ? readPbmac1 : null;
  if (reader === null) return null;
  if (parameters === null) throw malformed('MAC parameters');
  return strictly(() => reader(parameters));
}

/** Order of the two: secret, then salt (RFC 4211 4.4); the old Korean specification had it the other way round. */
function derivePbm({ salt, iterations, derivation }: MacAlgorithm, secret: Bytes): Bytes {
  const start = concat(secret, salt);
  try {
    return passwordHash(derivation).chain(start, iterations);
  } finally {
    wipe(start);
  }
}

async function derivePbmac1({ salt, iterations, derivation, keyLength }: MacAlgorithm, secret: Bytes): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveBits']);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'PBKDF2', salt, iterations, hash: derivation }, key, keyLength * 8));
}

async function macOf(algorithm: MacAlgorithm, secret: Bytes, part: Bytes): Promise<Bytes> {
  const key = algorithm.way === 'pbm' ? derivePbm(algorithm, secret) : await derivePbmac1(algorithm, secret);
  try {
    return passwordHash(algorithm.mac).mac(key, part);
  } finally {
    wipe(key);
  }
}

/** Whether `mac` over `part` was made with this secret. */
export async function isMacOf(algorithm: MacAlgorithm, secret: Bytes, part: Bytes, mac: Bytes): Promise<boolean> {
  return equal(await macOf(algorithm, secret, part), mac);
}

export interface MacOptions {
  /** UTF-8 of the authorization code. */
  readonly secret: Bytes;
  /** 16 random octets. */
  readonly salt: Bytes;
  readonly iterations: number;
}

function writeParameters(way: MacWay, salt: Bytes, iterations: number): Bytes {
  if (way === 'pbm') {
    const sha256 = writeAlgorithm(OID.sha256);
    return der.sequence(der.octetString(salt), sha256, der.integer(iterations), writeAlgorithm(OID.hmacWithSha256));
  }
  const hmac = writeAlgorithm(OID.hmacWithSha256, der.nullValue()); // RFC 8018 B.1.2
  const pbkdf2 = writeAlgorithm(OID.pbkdf2, der.sequence(der.octetString(salt), der.integer(iterations), der.integer(32), hmac));
  return der.sequence(pbkdf2, hmac);
}

/** Protects with HMAC-SHA256 under a key derived with SHA-256. */
export function macProtector(way: MacWay, { secret, salt, iterations }: MacOptions): Protector {
  const id = way === 'pbm' ? CMP_OID.passwordBasedMac : CMP_OID.pbmac1;
  const algorithm: MacAlgorithm = { way, salt, iterations, derivation: 'SHA-256', mac: 'SHA-256', keyLength: 32 };
  return { algorithm: writeAlgorithm(id, writeParameters(way, salt, iterations)), protect: (part) => macOf(algorithm, secret, part) };
}
