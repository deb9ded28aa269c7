/** Whether a revocation list speaks for a certificate, and wholly (RFC 5280 5.2.5 and 6.3.3 (b)). */
import { boolean, readDer, sequence, type DerNode } from '../../asn1/reader.ts';
import { contextTag, TAG } from '../../asn1/tags.ts';
import { equal } from '../../bytes/bytes.ts';
import type { Certificate } from '../../npki/certificate.ts';
import { distributionPoints, fullNames } from './addresses.ts';
import { STATUS_OID } from './oids.ts';
import { malformed } from './malformed.ts';
import type { RevocationList } from './read-list.ts';

interface Scope {
  /** DistributionPointName of the part that the list is; null where it is a whole. */
  readonly point: DerNode | null;
  readonly onlyUsers: boolean;
  readonly onlyAuthorities: boolean;
  /** Some reasons only, certificates of others too, or attribute certificates: nothing of ours. */
  readonly foreign: boolean;
}

const POINT = contextTag(0);
const ONLY_USERS = contextTag(1, false);
const ONLY_AUTHORITIES = contextTag(2, false);
const ONLY_REASONS = contextTag(3, false);
const INDIRECT = contextTag(4, false);
const ONLY_ATTRIBUTES = contextTag(5, false);
const ORDER: readonly number[] = [POINT, ONLY_USERS, ONLY_AUTHORITIES, ONLY_REASONS, INDIRECT, ONLY_ATTRIBUTES];

function isSet(node: DerNode | undefined): boolean {
  return node !== undefined && boolean({ ...node, tag: TAG.BOOLEAN });
}

function readScope(value: RevocationList['signed'] | undefined): Scope {
  const parts = value === undefined ? [] : sequence(readDer(value));
  if (parts.some(({ tag }) => !ORDER.includes(tag))) throw malformed('list: scope');
  const part = (tag: number): DerNode | undefined => parts.find((node) => node.tag === tag);
  return {
    point: part(POINT) ?? null,
    onlyUsers: isSet(part(ONLY_USERS)),
    onlyAuthorities: isSet(part(ONLY_AUTHORITIES)),
    foreign: part(ONLY_REASONS) !== undefined || isSet(part(INDIRECT)) || isSet(part(ONLY_ATTRIBUTES)),
  };
}

/** Whether the certificate names the part that the list is: one name that both have, as encoded. */
function isItsPart(point: DerNode, certificate: Certificate): boolean {
  const named = distributionPoints(certificate).flatMap(fullNames);
  return fullNames(point).some(({ raw }) => named.some((name) => equal(name.raw, raw)));
}

/** @throws `file.unreadable` */
export function covers({ extensions }: Pick<RevocationList, 'extensions'>, certificate: Certificate): boolean {
  const { point, onlyUsers, onlyAuthorities, foreign } = readScope(extensions.get(STATUS_OID.issuingDistributionPoint)?.value);
  const isAuthority = certificate.basicConstraints?.ca === true;
  if (foreign || (isAuthority ? onlyUsers : onlyAuthorities)) return false;
  return point === null || isItsPart(point, certificate);
}
