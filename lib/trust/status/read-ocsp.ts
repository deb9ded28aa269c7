/** OCSP answers (RFC 6960 4.2), strictly as DER. Nothing is verified here but the form. */
import {
  bitString,
  children,
  expectTag,
  explicit,
  integerBytes,
  objectIdentifier,
  octetString,
  readDer,
  sequence,
  time,
  type DerNode,
} from '../../asn1/reader.ts';
import { contextTag, TAG } from '../../asn1/tags.ts';
import type { Bytes } from '../../bytes/bytes.ts';
import { WalletError } from '../../errors.ts';
import { readExtensionList, type Extension } from '../../npki/extensions.ts';
import { STATUS_LIMITS } from './limits.ts';
import { malformed } from './malformed.ts';
import { STATUS_OID } from './oids.ts';
import { enumerated, readReason } from './reason.ts';
import type { RevocationReason } from './state.ts';

export interface SingleAnswer {
  /** OID of the hash of the next two. */
  readonly hash: string;
  readonly nameHash: Bytes;
  readonly keyHash: Bytes;
  /** Content octets. */
  readonly serial: Bytes;
  readonly status: 'good' | 'unknown' | { readonly at: number; readonly reason: RevocationReason | null };
  /** Milliseconds since 1970 UTC. */
  readonly thisUpdate: number;
  readonly nextUpdate: number | null;
  readonly hasCritical: boolean;
}

export interface BasicAnswer {
  /** Name as DER, or SHA-1 of the signer's key. */
  readonly responder: { readonly name: Bytes } | { readonly keyHash: Bytes };
  readonly producedAt: number;
  readonly answers: readonly SingleAnswer[];
  /** Null where it repeats none. */
  readonly nonce: Bytes | null;
  readonly hasCritical: boolean;
  /** The signed part, as encoded. */
  readonly signed: Bytes;
  /** OID. */
  readonly signatureAlgorithm: string;
  readonly signature: Bytes;
  /** Certificates that came along, in DER. */
  readonly certificates: readonly Bytes[];
}

/** An answer, or the responder's word that there is none (RFC 6960 4.2.1). */
export type OcspAnswer = BasicAnswer | 'try-later' | 'refused';

const TRY_LATER = 3;

function generalizedTime(node: DerNode | undefined): number {
  return time(expectTag(node, TAG.GENERALIZED_TIME));
}

function readCertStatus(node: DerNode | undefined): SingleAnswer['status'] {
  if (node?.tag === contextTag(1)) {
    const [at, reason, more] = children(node);
    if (more !== undefined) throw malformed('ocsp: revoked');
    return { at: generalizedTime(at), reason: reason === undefined ? null : readReason(explicit(reason, contextTag(0))) };
  }
  if (node?.content.length !== 0) throw malformed('ocsp: status');
  if (node.tag === contextTag(0, false)) return 'good';
  if (node.tag === contextTag(2, false)) return 'unknown';
  throw malformed('ocsp: status');
}

function readSerial(node: DerNode | undefined): Bytes {
  const serial = integerBytes(node);
  if (serial.length > STATUS_LIMITS.serialBytes) throw malformed('ocsp: serial');
  return serial;
}

function readExtensions(node: DerNode | undefined): Map<string, Extension> {
  return node === undefined ? new Map<string, Extension>() : readExtensionList(explicit(node, contextTag(1)));
}

function hasCritical(extensions: ReadonlyMap<string, Extension>): boolean {
  return [...extensions].some(([id, { critical }]) => critical && id !== STATUS_OID.nonce);
}

function readSingle(node: DerNode): SingleAnswer {
  const [id, status, thisUpdate, ...rest] = sequence(node);
  const [hash, nameHash, keyHash, serial, more] = sequence(id);
  const next = rest[0]?.tag === contextTag(0) ? rest.shift() : undefined;
  if (more !== undefined || rest.length > 1) throw malformed('ocsp: single answer');
  return {
    hash: objectIdentifier(sequence(hash)[0]),
    nameHash: octetString(nameHash),
    keyHash: octetString(keyHash),
    serial: readSerial(serial),
    status: readCertStatus(status),
    thisUpdate: generalizedTime(thisUpdate),
    nextUpdate: next === undefined ? null : generalizedTime(explicit(next, contextTag(0))),
    hasCritical: hasCritical(readExtensions(rest[0])),
  };
}

function readResponder(node: DerNode | undefined): BasicAnswer['responder'] {
  if (node?.tag === contextTag(1)) return { name: expectTag(explicit(node, contextTag(1)), TAG.SEQUENCE).raw };
  return { keyHash: octetString(explicit(node, contextTag(2))) };
}

type ResponseData = Pick<BasicAnswer, 'responder' | 'producedAt' | 'answers' | 'nonce' | 'hasCritical'>;

/** ResponseData of version 1, whose number DER does not write. */
function readData(node: DerNode): ResponseData {
  const [responder, producedAt, list, extensions, more] = sequence(node);
  const singles = sequence(list);
  if (more !== undefined || singles.length === 0 || singles.length > STATUS_LIMITS.answers) throw malformed('ocsp: answers');
  const found = readExtensions(extensions);
  const nonce = found.get(STATUS_OID.nonce);
  return {
    responder: readResponder(responder),
    producedAt: generalizedTime(producedAt),
    answers: singles.map(readSingle),
    nonce: nonce === undefined ? null : octetString(readDer(nonce.value)),
    hasCritical: hasCritical(found),
  };
}

function readBasic(bytes: Bytes): BasicAnswer {
  const [data, algorithm, signature, along, more] = sequence(readDer(bytes));
  const certificates = along === undefined ? [] : sequence(explicit(along, contextTag(0)));
  if (data === undefined || more !== undefined || certificates.length > STATUS_LIMITS.certificates) throw malformed('ocsp: basic answer');
  const { unused, bytes: signed } = bitString(signature);
  if (unused !== 0) throw malformed('ocsp: signature');
  return {
    ...readData(data),
    signed: data.raw,
    signatureAlgorithm: objectIdentifier(sequence(algorithm)[0]),
    signature: signed,
    certificates: certificates.map(({ raw }) => raw),
  };
}

/** @throws `file.too-large`, `file.unreadable`, `file.hostile` */
export function readOcspAnswer(bytes: Bytes): OcspAnswer {
  if (bytes.length > STATUS_LIMITS.ocspBytes) throw new WalletError('file.too-large', { detail: 'ocsp' });
  const [status, body, more] = sequence(readDer(bytes));
  const code = enumerated(status);
  if (more !== undefined || (body !== undefined) !== (code === 0)) throw malformed('ocsp: answer');
  if (code !== 0) return code === TRY_LATER ? 'try-later' : 'refused';
  const [type, response, surplus] = sequence(explicit(body, contextTag(0)));
  if (surplus !== undefined || objectIdentifier(type) !== STATUS_OID.basicResponse) throw malformed('ocsp: type');
  return readBasic(octetString(response));
}
