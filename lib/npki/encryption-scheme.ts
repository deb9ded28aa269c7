/**
 * Every way in which key files and the bags of PKCS#12 files of this field are encrypted, read from the AlgorithmIdentifier.
 * All numbers are bounded here, before any password is derived from.
 */
import { objectIdentifier, octetString, sequence, smallInteger, type DerNode } from '../asn1/reader.ts';
import { TAG } from '../asn1/tags.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import type { HashName } from './legacy/hashes.ts';
import { NPKI_LIMITS } from './limits.ts';
import { OID } from './oids.ts';

export interface Cipher {
  readonly name: 'SEED' | 'AES-128' | 'AES-192' | 'AES-256' | '3DES' | 'RC2' | 'RC4';
  /** In octets; a stream cipher has blocks of one. */
  readonly key: number;
  readonly block: number;
}

interface Derivation {
  readonly salt: Bytes;
  readonly iterations: number;
}

export type Encryption =
  /** pbeWithSHA1AndSEED-CBC (KCAC.TS.ENC): PBKDF1, the IV from what is left of the derived octets. */
  | ({ readonly scheme: 'seed' } & Derivation)
  /** seedCBC used as if it were such a scheme, with a constant IV. */
  | ({ readonly scheme: 'seed-fixed-iv' } & Derivation)
  /** PBES2 with PBKDF2 (RFC 8018 6.2). */
  | ({ readonly scheme: 'pbes2'; readonly prf: HashName; readonly cipher: Cipher; readonly iv: Bytes } & Derivation)
  /** The schemes of RFC 7292 appendix C, all with SHA-1. */
  | ({ readonly scheme: 'pkcs12'; readonly cipher: Cipher } & Derivation);

const PBES2_CIPHERS: ReadonlyMap<string, Cipher> = new Map<string, Cipher>([
  [OID.seedCbc, { name: 'SEED', key: 16, block: 16 }],
  [OID.aes128Cbc, { name: 'AES-128', key: 16, block: 16 }],
  [OID.aes192Cbc, { name: 'AES-192', key: 24, block: 16 }],
  [OID.aes256Cbc, { name: 'AES-256', key: 32, block: 16 }],
  [OID.desEde3Cbc, { name: '3DES', key: 24, block: 8 }],
]);

const PKCS12_CIPHERS: ReadonlyMap<string, Cipher> = new Map<string, Cipher>([
  [OID.pkcs12Rc4Of128, { name: 'RC4', key: 16, block: 1 }],
  [OID.pkcs12Rc4Of40, { name: 'RC4', key: 5, block: 1 }],
  [OID.pkcs12TripleDes, { name: '3DES', key: 24, block: 8 }],
  [OID.pkcs12TripleDesOfTwoKeys, { name: '3DES', key: 16, block: 8 }],
  [OID.pkcs12Rc2Of128, { name: 'RC2', key: 16, block: 8 }],
  [OID.pkcs12Rc2Of40, { name: 'RC2', key: 5, block: 8 }],
]);

const PRFS: ReadonlyMap<string, HashName> = new Map<string, HashName>([
  [OID.hmacWithSha1, 'SHA-1'],
  [OID.hmacWithSha224, 'SHA-224'],
  [OID.hmacWithSha256, 'SHA-256'],
  [OID.hmacWithSha384, 'SHA-384'],
  [OID.hmacWithSha512, 'SHA-512'],
]);

function damaged(detail: string): WalletError {
  return new WalletError('file.unreadable', { detail });
}

function unsupported(oid: string): WalletError {
  return new WalletError('file.unsupported', { detail: oid });
}

/** Salt and count of a derivation, within the limits. @throws `file.hostile` */
export function readDerivation(salt: DerNode | undefined, iterations: DerNode | undefined): Derivation {
  const octets = octetString(salt);
  if (octets.length < 1 || octets.length > NPKI_LIMITS.saltBytes) throw new WalletError('file.hostile', { detail: 'salt' });
  const count = smallInteger(iterations);
  if (count < 1 || count > NPKI_LIMITS.iterations) throw new WalletError('file.hostile', { detail: 'iterations' });
  return { salt: octets, iterations: count };
}

function readPbeParameters(parameters: DerNode | undefined): Derivation {
  const [salt, iterations, more] = sequence(parameters);
  if (more !== undefined) throw damaged('parameters');
  return readDerivation(salt, iterations);
}

function readPrf(node: DerNode | undefined): HashName {
  if (node === undefined) return 'SHA-1'; // the default of RFC 8018
  const oid = objectIdentifier(sequence(node)[0]);
  const prf = PRFS.get(oid);
  if (prf === undefined) throw unsupported(oid);
  return prf;
}

function readPbkdf2(parameters: DerNode | undefined, cipher: Cipher): Derivation & { prf: HashName } {
  const [salt, iterations, ...rest] = sequence(parameters);
  if (salt?.tag !== TAG.OCTET_STRING) throw unsupported(OID.pbkdf2);
  const derivation = readDerivation(salt, iterations);
  const length = rest[0]?.tag === TAG.INTEGER ? rest.shift() : undefined;
  if (length !== undefined && smallInteger(length) !== cipher.key) throw unsupported(OID.pbkdf2);
  if (rest.length > 1) throw damaged('PBKDF2 parameters');
  return { ...derivation, prf: readPrf(rest[0]) };
}

function readPbes2(parameters: DerNode | undefined): Encryption {
  const [derivation, encryption, more] = sequence(parameters);
  const [kdf, kdfParameters] = sequence(derivation);
  const [cipherId, iv] = sequence(encryption);
  const kdfOid = objectIdentifier(kdf);
  const cipherOid = objectIdentifier(cipherId);
  if (kdfOid !== OID.pbkdf2) throw unsupported(kdfOid);
  const cipher = PBES2_CIPHERS.get(cipherOid);
  if (cipher === undefined) throw unsupported(cipherOid);
  const octets = octetString(iv);
  if (more !== undefined || octets.length !== cipher.block) throw damaged('PBES2 parameters');
  return { scheme: 'pbes2', cipher, iv: octets, ...readPbkdf2(kdfParameters, cipher) };
}

/**
 * Reads an AlgorithmIdentifier.
 *
 * @throws `file.unreadable`, `file.hostile` (counts out of bounds), `file.unsupported` (detail: the OID that is not known)
 */
export function readEncryption(identifier: DerNode | undefined): Encryption {
  const [id, parameters, more] = sequence(identifier);
  const oid = objectIdentifier(id);
  if (more !== undefined) throw damaged('algorithm');
  switch (oid) {
    case OID.pbeWithSha1AndSeedCbc:
      return { scheme: 'seed', ...readPbeParameters(parameters) };
    case OID.seedCbc:
      return { scheme: 'seed-fixed-iv', ...readPbeParameters(parameters) };
    case OID.pbes2:
      return readPbes2(parameters);
  }
  const cipher = PKCS12_CIPHERS.get(oid);
  if (cipher === undefined) throw unsupported(oid);
  return { scheme: 'pkcs12', cipher, ...readPbeParameters(parameters) };
}

/** Octets of one block of the cipher; 1 where it is a stream. */
export function blockOf(encryption: Encryption): number {
  return 'cipher' in encryption ? encryption.cipher.block : 16;
}
