/**
 * EncryptedPrivateKeyInfo (RFC 5208 6) and every way in which key files of this field are encrypted. All numbers are
 * bounded here, before any password is derived from.
 */
import { objectIdentifier, octetString, readDerPrefix, sequence, smallInteger, type DerNode } from '../asn1/reader.ts';
import { TAG } from '../asn1/tags.ts';
import { copy, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { NPKI_LIMITS } from './limits.ts';
import { OID } from './oids.ts';

export type Prf = 'SHA-1' | 'SHA-224' | 'SHA-256' | 'SHA-384' | 'SHA-512';

export interface Cipher {
  readonly name: 'SEED' | 'AES-128' | 'AES-192' | 'AES-256' | '3DES';
  /** In octets. */
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
  | ({ readonly scheme: 'pbes2'; readonly prf: Prf; readonly cipher: Cipher; readonly iv: Bytes } & Derivation)
  /** pbeWithSHA1And3-KeyTripleDES-CBC (RFC 7292 appendix C). */
  | ({ readonly scheme: 'pkcs12-3des' } & Derivation);

export interface EncryptedKey {
  readonly encryption: Encryption;
  /** Whole blocks, at least one. */
  readonly encrypted: Bytes;
}

const CIPHERS: ReadonlyMap<string, Cipher> = new Map<string, Cipher>([
  [OID.seedCbc, { name: 'SEED', key: 16, block: 16 }],
  [OID.aes128Cbc, { name: 'AES-128', key: 16, block: 16 }],
  [OID.aes192Cbc, { name: 'AES-192', key: 24, block: 16 }],
  [OID.aes256Cbc, { name: 'AES-256', key: 32, block: 16 }],
  [OID.desEde3Cbc, { name: '3DES', key: 24, block: 8 }],
]);

const PRFS: ReadonlyMap<string, Prf> = new Map<string, Prf>([
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

function readDerivation(salt: DerNode | undefined, iterations: DerNode | undefined): Derivation {
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

function readPrf(node: DerNode | undefined): Prf {
  if (node === undefined) return 'SHA-1'; // the default of RFC 8018
  const oid = objectIdentifier(sequence(node)[0]);
  const prf = PRFS.get(oid);
  if (prf === undefined) throw unsupported(oid);
  return prf;
}

function readPbkdf2(parameters: DerNode | undefined, cipher: Cipher): Derivation & { prf: Prf } {
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
  const cipher = CIPHERS.get(cipherOid);
  if (cipher === undefined) throw unsupported(cipherOid);
  const octets = octetString(iv);
  if (more !== undefined || octets.length !== cipher.block) throw damaged('PBES2 parameters');
  return { scheme: 'pbes2', cipher, iv: octets, ...readPbkdf2(kdfParameters, cipher) };
}

function readEncryption(identifier: DerNode): Encryption {
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
    case OID.pkcs12Pbe3Des:
      return { scheme: 'pkcs12-3des', ...readPbeParameters(parameters) };
    default:
      throw unsupported(oid);
  }
}

function blockOf(encryption: Encryption): number {
  if (encryption.scheme === 'pbes2') return encryption.cipher.block;
  return encryption.scheme === 'pkcs12-3des' ? 8 : 16;
}

/** Whether an element has the shape of EncryptedPrivateKeyInfo: an algorithm and octets, nothing else. */
export function looksLikeEncryptedKey(parts: readonly DerNode[]): boolean {
  return parts.length === 2 && parts[0]?.tag === TAG.SEQUENCE && parts[0].content[0] === TAG.OID && parts[1]?.tag === TAG.OCTET_STRING;
}

/**
 * Reads a key file. Octets behind the outer SEQUENCE are ignored: some programs wrote a file over a longer one.
 *
 * @throws `file.too-large`, `file.unreadable`, `file.hostile` (counts out of bounds), `file.unsupported` (detail: the
 *   OID of the algorithm that is not known, or `key` where it is no encrypted key at all)
 */
export function readEncryptedKey(file: Bytes): EncryptedKey {
  if (file.length > NPKI_LIMITS.fileBytes) throw new WalletError('file.too-large', { detail: 'key' });
  const { length } = readDerPrefix(file);
  // A copy of its own, so that nothing of the stale octets is kept.
  const parts = sequence(readDerPrefix(copy(file.subarray(0, length))).node);
  const [identifier, octets] = parts;
  if (!looksLikeEncryptedKey(parts) || identifier === undefined) throw new WalletError('file.unsupported', { detail: 'key' });
  const encryption = readEncryption(identifier);
  const encrypted = octetString(octets);
  if (encrypted.length === 0 || encrypted.length % blockOf(encryption) !== 0) throw damaged('encrypted key length');
  return { encryption, encrypted };
}
