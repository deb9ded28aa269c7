/** CertConfirmContent (RFC 9810 5.3.18): what became of the certificates at our end. */
import { explicit, octetString, sequence, signedInteger, type DerNode } from '../asn1/reader.ts';
import { contextTag, TAG } from '../asn1/tags.ts';
import * as der from '../asn1/writer.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { readAlgorithm, writeAlgorithm } from './algorithm.ts';
import { malformed, strictly } from './malformed.ts';
import { fewOf } from './message.ts';
import { readStatusInfo, writeStatusInfo, type StatusInfo } from './status.ts';

export interface Confirmation {
  readonly requestId: number;
  /** Hash of the certificate's DER, by the hash of its signature algorithm. */
  readonly hash: Bytes;
  /** Null means accepted. */
  readonly status: StatusInfo | null;
  /** OID, where the hash is not that of the signature algorithm (version 3 only). */
  readonly hashAlgorithm: string | null;
}

function readOne(node: DerNode): Confirmation {
  const [hash, id, ...rest] = sequence(node);
  const status = rest[0]?.tag === TAG.SEQUENCE ? rest.shift() : undefined;
  const algorithm = rest[0]?.tag === contextTag(0) ? rest.shift() : undefined;
  if (rest.length > 0) throw malformed('confirmation');
  return {
    requestId: signedInteger(id),
    hash: octetString(hash),
    status: status === undefined ? null : readStatusInfo(status),
    hashAlgorithm: algorithm === undefined ? null : readAlgorithm(explicit(algorithm, contextTag(0))).id,
  };
}

/** @throws `request.malformed`; an empty list, which rejects everything (RFC 9810 5.3.18), is taken */
export function readConfirmations(content: DerNode): Confirmation[] {
  return strictly(() => (sequence(content).length === 0 ? [] : fewOf(content).map(readOne)));
}

export interface ConfirmationFields {
  readonly requestId: number;
  readonly hash: Bytes;
  readonly status?: Parameters<typeof writeStatusInfo>[0];
  readonly hashAlgorithm?: string;
}

export function writeConfirmations(confirmations: readonly ConfirmationFields[]): Bytes {
  const written = confirmations.map(({ requestId, hash, status, hashAlgorithm }) => {
    const info = status === undefined ? [] : [writeStatusInfo(status)];
    const algorithm = hashAlgorithm === undefined ? [] : [der.context(0, writeAlgorithm(hashAlgorithm))];
    return der.sequence(der.octetString(hash), der.integer(requestId), ...info, ...algorithm);
  });
  return der.sequence(...written);
}

/** PKIConfirmContent: NULL. @throws `request.malformed` */
export function readConfirmed({ tag, content }: DerNode): void {
  if (tag !== TAG.NULL || content.length > 0) throw malformed('pkiConf');
}
