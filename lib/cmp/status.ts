/** PKIStatusInfo (RFC 9810 5.2.3): what became of a request. */
import { sequence, signedInteger, type DerNode } from '../asn1/reader.ts';
import { TAG } from '../asn1/tags.ts';
import * as der from '../asn1/writer.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { readFailInfo, writeFailInfo, type Failure } from './fail-info.ts';
import { readFreeText, writeFreeText } from './free-text.ts';
import { malformed } from './malformed.ts';

/** In the order of their numbers. */
export const STATUSES = [
  'accepted',
  'grantedWithMods',
  'rejection',
  'waiting',
  'revocationWarning',
  'revocationNotification',
  'keyUpdateWarning',
] as const;
export type Status = (typeof STATUSES)[number];

export interface StatusInfo {
  readonly status: Status;
  /** What the authority says to a person, made harmless; null where it says nothing. */
  readonly text: string | null;
  readonly failures: readonly Failure[];
}

/** @throws `file.unreadable`, `request.malformed` for a status that is none */
export function readStatusInfo(node: DerNode | undefined): StatusInfo {
  const [number, ...rest] = sequence(node);
  const status = STATUSES[signedInteger(number)];
  if (status === undefined) throw malformed('status');
  const text = rest[0]?.tag === TAG.SEQUENCE ? rest.shift() : undefined;
  const failures = rest[0]?.tag === TAG.BIT_STRING ? rest.shift() : undefined;
  if (rest.length > 0) throw malformed('status');
  return { status, text: text === undefined ? null : readFreeText(text), failures: failures === undefined ? [] : readFailInfo(failures) };
}

export function writeStatusInfo({ status, text = null, failures = [] }: Pick<StatusInfo, 'status'> & Partial<StatusInfo>): Bytes {
  const parts = [der.integer(STATUSES.indexOf(status))];
  if (text !== null) parts.push(writeFreeText(text));
  if (failures.length > 0) parts.push(writeFailInfo(failures));
  return der.sequence(...parts);
}
