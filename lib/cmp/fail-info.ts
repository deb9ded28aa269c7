/** PKIFailureInfo (RFC 9810 5.2.3): why a request was refused, in the order of its bits. */
import { bitString, type DerNode } from '../asn1/reader.ts';
import * as der from '../asn1/writer.ts';
import type { Bytes } from '../bytes/bytes.ts';

export const FAILURES = [
  'badAlg',
  'badMessageCheck',
  'badRequest',
  'badTime',
  'badCertId',
  'badDataFormat',
  'wrongAuthority',
  'incorrectData',
  'missingTimeStamp',
  'badPOP',
  'certRevoked',
  'certConfirmed',
  'wrongIntegrity',
  'badRecipientNonce',
  'timeNotAvailable',
  'unacceptedPolicy',
  'unacceptedExtension',
  'addInfoNotAvailable',
  'badSenderNonce',
  'badCertTemplate',
  'signerNotTrusted',
  'transactionIdInUse',
  'unsupportedVersion',
  'notAuthorized',
  'systemUnavail',
  'systemFailure',
  'duplicateCertReq',
] as const;
export type Failure = (typeof FAILURES)[number];

/** The bits that are set; bits beyond the list are passed over. Several are legal, and none. @throws `file.unreadable` */
export function readFailInfo(node: DerNode): Failure[] {
  const { bytes } = bitString(node);
  return FAILURES.filter((_, bit) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

/** No trailing zero bits: X.690 11.2.2. */
export function writeFailInfo(failures: readonly Failure[]): Bytes {
  const bits = failures.map((failure) => FAILURES.indexOf(failure));
  const last = Math.max(-1, ...bits);
  const octets = new Uint8Array(Math.ceil((last + 1) / 8));
  for (const bit of bits) octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return der.bitString(octets, last < 0 ? 0 : 7 - (last & 7));
}
