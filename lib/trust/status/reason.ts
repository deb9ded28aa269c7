import { expectTag, smallInteger, type DerNode } from '../../asn1/reader.ts';
import { TAG } from '../../asn1/tags.ts';
import { REVOCATION_REASONS, type RevocationReason } from './state.ts';

/** A small ENUMERATED. @throws `file.unreadable`, `file.hostile` */
export function enumerated(node: DerNode | undefined): number {
  return smallInteger({ ...expectTag(node, TAG.ENUMERATED), tag: TAG.INTEGER });
}

/** CRLReason; a number that the standard does not have is no reason to take a revoked certificate for good. */
export function readReason(node: DerNode | undefined): RevocationReason | null {
  return REVOCATION_REASONS[enumerated(node)] ?? null;
}
