/** AlgorithmIdentifier (RFC 5280 4.1.1.2), as protection, proofs and hashes carry it. */
import { objectIdentifier, sequence, type DerNode } from '../asn1/reader.ts';
import { TAG } from '../asn1/tags.ts';
import * as der from '../asn1/writer.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { malformed } from './malformed.ts';

export interface Algorithm {
  readonly id: string;
  /** Null where there are none. NULL is told from none by nobody here, since both are met for the same algorithm. */
  readonly parameters: DerNode | null;
}

/** @throws `file.unreadable`, `request.malformed` */
export function readAlgorithm(node: DerNode | undefined): Algorithm {
  const [id, parameters, more] = sequence(node);
  if (more !== undefined) throw malformed('algorithm');
  return { id: objectIdentifier(id), parameters: parameters === undefined || parameters.tag === TAG.NULL ? null : parameters };
}

export function writeAlgorithm(id: string, parameters?: Bytes): Bytes {
  return der.sequence(der.objectIdentifier(id), ...(parameters === undefined ? [] : [parameters]));
}
