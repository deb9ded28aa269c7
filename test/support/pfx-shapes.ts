/** PKCS#12 files of every shape, also of those that no program would write. */
import { children, readDer } from '../../lib/asn1/reader.ts';
import * as der from '../../lib/asn1/writer.ts';
import { concat, type Bytes } from '../../lib/bytes/bytes.ts';
import { fromHex } from '../../lib/bytes/hex.ts';
import { passwordHash, type HashName } from '../../lib/npki/legacy/hashes.ts';
import { PKCS12_PURPOSE, pkcs12Derive, pkcs12Password } from '../../lib/npki/legacy/pkcs12-kdf.ts';
import { tripleDesCbcEncrypt } from '../../lib/npki/legacy/triple-des.ts';
import { OID } from '../../lib/npki/oids.ts';

export const PFX_SALT = fromHex('a0a1a2a3a4a5a6a7');
export const PFX_PASSWORD = 'Shapes!2026pw';

/** An octet string in pieces of two lengths, with an empty one among them. */
function inPieces(tag: number, octets: Bytes): Bytes {
  const middle = Math.min(3, octets.length);
  const pieces = [octets.subarray(0, middle), octets.subarray(0, 0), octets.subarray(middle)].map((piece) => der.octetString(piece));
  return concat(Uint8Array.of(tag, 0x80), ...pieces, Uint8Array.of(0, 0));
}

/** DER as BER: every constructed element of indefinite length, every OCTET STRING in pieces, other lengths not minimal. */
export function toBer(octets: Bytes): Bytes {
  const node = readDer(octets);
  if (node.tag === 0x04) return inPieces(0x24, node.content);
  if (node.tag === 0x80) return inPieces(0xa0, node.content);
  // Programs write the version in three octets, whatever else they do.
  if (octets.length <= 3) return octets;
  if ((node.tag & 0x20) === 0) return concat(Uint8Array.of(node.tag, 0x83, 0, node.content.length >> 8, node.content.length), node.content);
  return concat(Uint8Array.of(node.tag, 0x80), ...children(node).map(({ raw }) => toBer(raw)), Uint8Array.of(0, 0));
}

export function bag(type: string, value: Bytes, ...attributes: readonly Bytes[]): Bytes {
  return der.sequence(der.objectIdentifier(type), der.context(0, value), ...attributes);
}

export function certificateBag(certificate: Bytes, type: string = OID.x509Certificate): Bytes {
  return bag(OID.certificateBag, der.sequence(der.objectIdentifier(type), der.context(0, der.octetString(certificate))));
}

export function keyBag(privateKeyInfo: Bytes): Bytes {
  return bag(OID.keyBag, privateKeyInfo);
}

export function shroudedBag(algorithm: Bytes, encrypted: Bytes): Bytes {
  return bag(OID.shroudedKeyBag, der.sequence(algorithm, der.octetString(encrypted)));
}

export function nestedBag(...bags: readonly Bytes[]): Bytes {
  return bag(OID.safeContentsBag, der.sequence(...bags));
}

export interface Numbers {
  readonly salt?: Bytes;
  readonly iterations?: number | Bytes;
}

/** AlgorithmIdentifier of a scheme with salt and count. A count in octets is the whole INTEGER. */
export function pbe(oid: string, { salt = PFX_SALT, iterations = 1 }: Numbers = {}): Bytes {
  const count = typeof iterations === 'number' ? der.integer(iterations) : iterations;
  return der.sequence(der.objectIdentifier(oid), der.sequence(der.octetString(salt), count));
}

/** Encrypted with three-key triple DES after one round. */
export function withTripleDes(plain: Bytes, secret: Bytes = pkcs12Password(PFX_PASSWORD)): Bytes {
  const derivation = { hash: 'SHA-1', salt: PFX_SALT, iterations: 1 } as const;
  const derive = (purpose: number, length: number): Bytes => pkcs12Derive(purpose, secret, derivation, length);
  return tripleDesCbcEncrypt(derive(PKCS12_PURPOSE.key, 24), derive(PKCS12_PURPOSE.iv, 8), plain);
}

export function dataSafe(safeContents: Bytes): Bytes {
  return content(OID.data, der.octetString(safeContents));
}

export function encryptedSafe(algorithm: Bytes, encrypted: Bytes): Bytes {
  const info = der.sequence(der.objectIdentifier(OID.data), algorithm, der.element(0x80, encrypted));
  return content(OID.encryptedData, der.sequence(der.integer(0), info));
}

export function content(type: string, value: Bytes): Bytes {
  return der.sequence(der.objectIdentifier(type), der.context(0, value));
}

const HASH_OIDS: Readonly<Record<HashName, string>> = {
  'SHA-1': OID.sha1,
  'SHA-224': OID.sha224,
  'SHA-256': OID.sha256,
  'SHA-384': OID.sha384,
  'SHA-512': OID.sha512,
};

export interface MacShape extends Numbers {
  readonly hash?: HashName;
  /** Named in place of that of the hash. */
  readonly oid?: string;
  readonly secret?: Bytes;
  readonly withoutCount?: boolean;
}

export function macData(authenticated: Bytes, shape: MacShape = {}): Bytes {
  const { hash = 'SHA-1', salt = PFX_SALT, iterations = 1, secret = pkcs12Password(PFX_PASSWORD) } = shape;
  const { size, mac } = passwordHash(hash);
  // Where the count is absurd no MAC is of interest: it must be refused before.
  const rounds = typeof iterations === 'number' && iterations >= 1 && iterations < 10_000 ? iterations : 1;
  const digest = mac(pkcs12Derive(PKCS12_PURPOSE.mac, secret, { hash, salt, iterations: rounds }, size), authenticated);
  const info = der.sequence(der.sequence(der.objectIdentifier(shape.oid ?? HASH_OIDS[hash]), der.nullValue()), der.octetString(digest));
  const count = typeof iterations === 'number' ? der.integer(iterations) : iterations;
  return der.sequence(info, der.octetString(salt), ...(shape.withoutCount === true ? [] : [count]));
}

/** A whole file of safes. `mac: null` leaves the MAC out; `ber` writes every level of the file in BER. */
export function pfxFile(safes: readonly Bytes[], { mac = {}, ber = false }: { mac?: MacShape | null; ber?: boolean } = {}): Bytes {
  const authenticated = ber ? toBer(der.sequence(...safes)) : der.sequence(...safes);
  const parts = [der.integer(3), dataSafe(authenticated), ...(mac === null ? [] : [macData(authenticated, mac)])];
  return ber ? toBer(der.sequence(...parts)) : der.sequence(...parts);
}
