/**
 * EncryptedVID (KCAC.TS.SIVID): the virtual identifier and R for the authority alone, in regInfo of the request for a sign
 * certificate. All tags are EXPLICIT:
 *
 * ```
 * SEQUENCE { [0] INTEGER 0, [1] hash AlgorithmIdentifier, [2] rsaEncryption, [3] IssuerAndSerialNumber,
 *   [4] OCTET STRING: RSAES-PKCS1-v1_5 of SEQUENCE { SEQUENCE { hash, [0] OCTET STRING vid }, BIT STRING R } }
 * ```
 */
import { bitString, explicit, expectTag, octetString, readDer, sequence, smallInteger, type DerNode } from '../asn1/reader.ts';
import { contextTag, TAG } from '../asn1/tags.ts';
import * as der from '../asn1/writer.ts';
import { wipe, type Bytes } from '../bytes/bytes.ts';
import type { Certificate } from '../npki/certificate.ts';
import { encryptRsaes, type Random } from '../npki/encrypt-rsaes.ts';
import { virtualId } from '../npki/identity.ts';
import { OID } from '../npki/oids.ts';
import { usableKey } from '../npki/rsa.ts';
import { readAlgorithm, writeAlgorithm } from './algorithm.ts';
import { malformed, strictly } from './malformed.ts';
import { CMP_OID } from './oids.ts';

/** The number in requests to authorities that know the true one and make the identifier anew from R. */
export const DUMMY_NUMBER = '1234561234567';

export interface EncryptedVidInput {
  /** 13 or 10 digits. */
  readonly idNumber: string;
  /** R: 20 octets. */
  readonly random: Bytes;
  /** The authority's certificate for encryption. */
  readonly certificate: Certificate;
}

/** The value of the regInfo attribute. @throws `request.malformed`; what `usableKey` throws */
export async function writeEncryptedVid({ idNumber, random, certificate }: EncryptedVidInput, fill: Random): Promise<Bytes> {
  const hash = writeAlgorithm(OID.sha256);
  const vid = await virtualId('SHA-256', idNumber, random);
  const content = der.sequence(der.sequence(hash, der.context(0, der.octetString(vid))), der.bitString(random));
  const encrypted = encryptRsaes(usableKey(certificate), content, fill);
  wipe(content);
  return der.sequence(
    der.context(0, der.integer(0)),
    der.context(1, hash),
    der.context(2, writeAlgorithm(OID.rsaEncryption, der.nullValue())),
    der.context(3, der.sequence(certificate.issuer.der, certificate.serialDer)),
    der.context(4, der.octetString(encrypted)),
  );
}

/** AttributeTypeAndValue for the request. */
export function encryptedVidAttribute(value: Bytes): Bytes {
  return der.sequence(der.objectIdentifier(CMP_OID.encryptedVid), value);
}

export interface EncryptedVid {
  /** Issuer and serial of the certificate it was encrypted for, as DER. */
  readonly recipient: Bytes;
  readonly encrypted: Bytes;
}

/** @throws `request.malformed` */
export function readEncryptedVid(node: DerNode): EncryptedVid {
  return strictly(() => {
    const [version, hash, cipher, recipient, encrypted, more] = sequence(node);
    if (smallInteger(explicit(version, contextTag(0))) !== 0 || more !== undefined) throw malformed('EncryptedVID');
    if (readAlgorithm(explicit(hash, contextTag(1))).id !== OID.sha256) throw malformed('EncryptedVID hash');
    if (readAlgorithm(explicit(cipher, contextTag(2))).id !== OID.rsaEncryption) throw malformed('EncryptedVID cipher');
    return {
      recipient: expectTag(explicit(recipient, contextTag(3)), TAG.SEQUENCE).raw,
      encrypted: octetString(explicit(encrypted, contextTag(4))),
    };
  });
}

/** What was encrypted: the virtual identifier (SHA-256) and R. Views of `content`. @throws `request.malformed` */
export function readVidAndRandom(content: Bytes): { readonly vid: Bytes; readonly random: Bytes } {
  return strictly(() => {
    const [identifier, random, more] = sequence(readDer(content));
    const [hash, vid, surplus] = sequence(identifier);
    const { unused, bytes } = bitString(random);
    if (more !== undefined || surplus !== undefined || unused !== 0) throw malformed('EncryptedVID content');
    if (readAlgorithm(hash).id !== OID.sha256) throw malformed('EncryptedVID hash');
    return { vid: octetString(explicit(vid, contextTag(0))), random: bytes };
  });
}
