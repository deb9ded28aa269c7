/**
 * The holder's name and virtual identifier (VID) inside subjectAltName (KCAC.TS.SIVID, KCAC.TS.CERTPROF):
 *
 * ```
 * otherName { 1.2.410.200004.10.1.1, [0] EXPLICIT SEQUENCE { UTF8String realName,
 *   SEQUENCE OF SEQUENCE { OID, SEQUENCE { hash AlgorithmIdentifier, [0] EXPLICIT OCTET STRING } } OPTIONAL } }
 * ```
 * The general-purpose libraries show such a name as empty, so the extension is read here from its octets.
 */
import { children, explicit, objectIdentifier, octetString, readDer, sequence, text, type DerNode } from '../asn1/reader.ts';
import { contextTag } from '../asn1/tags.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { OID } from './oids.ts';

export type VidHash = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512';

export interface VirtualId {
  /** Null where the certificate names a hash that is not known here. */
  readonly hash: VidHash | null;
  readonly value: Bytes;
}

export interface IdentifyData {
  readonly realName: string | null;
  /** Absent in the certificates of authorities. */
  readonly vid: VirtualId | null;
}

const HASHES: ReadonlyMap<string, VidHash> = new Map([
  [OID.sha1, 'SHA-1'],
  [OID.sha256, 'SHA-256'],
  [OID.sha384, 'SHA-384'],
  [OID.sha512, 'SHA-512'],
]);

const OTHER_NAME = contextTag(0);

function readVid(attributes: DerNode | undefined): VirtualId | null {
  if (attributes === undefined) return null;
  for (const attribute of sequence(attributes)) {
    const [type, value] = sequence(attribute);
    if (objectIdentifier(type) !== OID.virtualId) continue;
    const [hash, id] = sequence(value);
    // The hash comes without parameters from the authorities and with NULL from some issuing scripts.
    return { hash: HASHES.get(objectIdentifier(sequence(hash)[0])) ?? null, value: octetString(explicit(id, contextTag(0))) };
  }
  return null;
}

/** Reads the value of a subjectAltName extension; null where it holds no identifyData. @throws `file.unreadable` */
export function readIdentifyData(subjectAltName: Bytes): IdentifyData | null {
  for (const generalName of sequence(readDer(subjectAltName))) {
    if (generalName.tag !== OTHER_NAME) continue;
    const [type, value] = children(generalName);
    if (objectIdentifier(type) !== OID.identifyData) continue;
    const [realName, attributes] = sequence(explicit(value, contextTag(0)));
    return { realName: realName === undefined ? null : text(realName), vid: readVid(attributes) };
  }
  return null;
}
