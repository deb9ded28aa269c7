/** RevReqContent and RevRepContent (RFC 9810 5.3.9 and 5.3.10). */
import { expectTag, objectIdentifier, octetString, readDer, sequence, type DerNode } from '../asn1/reader.ts';
import { contextTag, TAG } from '../asn1/tags.ts';
import * as der from '../asn1/writer.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { malformed, strictly } from './malformed.ts';
import { fewOf } from './message.ts';
import { CMP_OID } from './oids.ts';
import { readStatusInfo, writeStatusInfo, type StatusInfo } from './status.ts';
import { readTemplate, writeTemplate } from './template.ts';

/** CRLReason (RFC 5280 5.3.1), of which a person can mean these. */
export const REVOCATION_REASONS = {
  keyCompromise: 1,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  /** A pause: the certificate may come back. */
  hold: 6,
  /** The end of a pause. */
  release: 8,
} as const;
export type RevocationReason = keyof typeof REVOCATION_REASONS;

export interface Revocation {
  /** The issuer's Name as DER, from the certificate. */
  readonly issuer: Bytes;
  /** Content octets of the serial INTEGER, from the certificate. */
  readonly serial: Bytes;
  readonly reason: RevocationReason;
}

function readReason(extensions: DerNode | undefined): RevocationReason {
  for (const extension of sequence(extensions)) {
    const parts = sequence(extension);
    if (objectIdentifier(parts[0]) !== CMP_OID.reasonCode) continue;
    const { content } = expectTag(readDer(octetString(parts.at(-1))), TAG.ENUMERATED);
    const reasons = Object.keys(REVOCATION_REASONS) as RevocationReason[];
    const reason = reasons.find((name) => content.length === 1 && REVOCATION_REASONS[name] === content[0]);
    if (reason !== undefined) return reason;
  }
  throw malformed('revocation reason');
}

/** @throws `request.malformed`, also where a certificate is not named by issuer and serial, or the reason is none of those above */
export function readRevocations(content: DerNode): Revocation[] {
  return strictly(() =>
    fewOf(content).map((node) => {
      const [template, extensions, more] = sequence(node);
      const { issuer, serial } = readTemplate(template);
      if (issuer === null || serial === null || more !== undefined) throw malformed('revocation');
      return { issuer, serial, reason: readReason(extensions) };
    }),
  );
}

export function writeRevocations(revocations: readonly Revocation[]): Bytes {
  const written = revocations.map(({ issuer, serial, reason }) => {
    const value = der.element(TAG.ENUMERATED, Uint8Array.of(REVOCATION_REASONS[reason]));
    const extension = der.sequence(der.objectIdentifier(CMP_OID.reasonCode), der.octetString(value));
    return der.sequence(writeTemplate({ issuer, serial }), der.sequence(extension));
  });
  return der.sequence(...written);
}

/** The status of each revocation, in the order they were asked for. Certificate ids and lists beside them are passed over. @throws `request.malformed` */
export function readRevocationAnswer(content: DerNode): StatusInfo[] {
  return strictly(() => {
    const [statuses, ...rest] = sequence(content);
    if (statuses === undefined || rest.some(({ tag }) => tag !== contextTag(0) && tag !== contextTag(1))) throw malformed('revocation answer');
    return fewOf(statuses).map(readStatusInfo);
  });
}

export function writeRevocationAnswer(statuses: readonly Parameters<typeof writeStatusInfo>[0][]): Bytes {
  return der.sequence(der.sequence(...statuses.map((status) => writeStatusInfo(status))));
}
