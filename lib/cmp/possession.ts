/** Proof of possession of a new key (RFC 4211 4.1), always by a signature, for keys that will decipher too. */
import * as der from '../asn1/writer.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { OID } from '../npki/oids.ts';
import { writeAlgorithm } from './algorithm.ts';
import type { Protector } from './message.ts';

/** RSASSA-PKCS1-v1_5 with SHA-256 over the octets it is given. */
export type Signer = (toBeSigned: Bytes) => Promise<Bytes>;

/** sha256WithRSAEncryption with NULL parameters (RFC 5754 3.2). */
export const SHA256_WITH_RSA: Bytes = writeAlgorithm(OID.sha256WithRsa, der.nullValue());

function proof(signature: Bytes, input: readonly Bytes[] | null): Bytes {
  return der.context(1, ...(input === null ? [] : [der.context(0, ...input)]), SHA256_WITH_RSA, der.bitString(signature));
}

/** Where subject and key stand in the request: the new key signs the request itself. */
export async function proveByRequest(certificateRequest: Bytes, sign: Signer): Promise<Bytes> {
  return proof(await sign(certificateRequest), null);
}

/**
 * Where the authority will choose the name: the code ties the key to the person by a MAC of its own over the key, and the new
 * key signs that. What is signed has the tag of a SEQUENCE; what travels has `[0]`.
 *
 * @param mac a PasswordBasedMac with a salt of its own, not the message's
 */
export async function proveByMac(spki: Bytes, sign: Signer, mac: Protector): Promise<Bytes> {
  const value = der.sequence(mac.algorithm, der.bitString(await mac.protect(spki)));
  return proof(await sign(der.sequence(value, spki)), [value, spki]);
}
