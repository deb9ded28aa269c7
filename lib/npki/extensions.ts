/** Certificate extensions (RFC 5280 4.2) that path checking and display need. */
import { bitString, boolean, children, objectIdentifier, octetString, readDer, sequence, smallInteger, type DerNode } from '../asn1/reader.ts';
import { contextTag, TAG } from '../asn1/tags.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { readIdentifyData, type IdentifyData } from './identify-data.ts';
import { OID } from './oids.ts';

/** RFC 5280 4.2.1.3, in the order of its bits. */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUsage = (typeof KEY_USAGES)[number];

export interface CertificateExtensions {
  /** Null where the extension is absent. */
  readonly keyUsage: readonly KeyUsage[] | null;
  /** OIDs; null where the extension is absent. */
  readonly extendedKeyUsage: readonly string[] | null;
  /** Policy OIDs in encoded order; empty where the extension is absent. */
  readonly policies: readonly string[];
  readonly basicConstraints: { readonly ca: boolean; readonly pathLength: number | null } | null;
  /** Both numbers of policyConstraints; null where the extension is absent. */
  readonly policyConstraints: { readonly requireExplicitPolicy: number | null; readonly inhibitPolicyMapping: number | null } | null;
  /** Whether nameConstraints is there. Its content is not read. */
  readonly hasNameConstraints: boolean;
  readonly subjectKeyId: Bytes | null;
  readonly authorityKeyId: Bytes | null;
  readonly identity: IdentifyData | null;
  /** Values of the extensions that say where the certificate's status is asked, as encoded: nothing in them is read here. */
  readonly authorityInfoAccess: Bytes | null;
  readonly crlDistributionPoints: Bytes | null;
  /** OIDs of critical extensions that are not read here: such a certificate must not be trusted for anything. */
  readonly unknownCritical: readonly string[];
}

export interface Extension {
  readonly critical: boolean;
  readonly value: Bytes;
}

function damaged(detail: string): WalletError {
  return new WalletError('file.unreadable', { detail });
}

function readOne(node: DerNode): [string, Extension] {
  const parts = sequence(node);
  const [id, second] = parts;
  const critical = second?.tag === TAG.BOOLEAN;
  // X.690 11.5: the default FALSE is not written.
  if (critical && !boolean(second)) throw damaged('critical FALSE written');
  if (parts.length !== (critical ? 3 : 2)) throw damaged('extension');
  return [objectIdentifier(id), { critical, value: octetString(parts[critical ? 2 : 1]) }];
}

/** Extensions (RFC 5280 4.1) by their OIDs, of certificates, revocation lists and OCSP answers alike. @throws `file.unreadable` */
export function readExtensionList(list: DerNode): Map<string, Extension> {
  const found = new Map<string, Extension>();
  for (const node of sequence(list)) {
    const [id, extension] = readOne(node);
    if (found.has(id)) throw damaged(`extension ${id} twice`);
    found.set(id, extension);
  }
  return found;
}

function readKeyUsage(value: Bytes): KeyUsage[] {
  const { bytes } = bitString(readDer(value));
  return KEY_USAGES.filter((_, bit) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

function readBasicConstraints(value: Bytes): { ca: boolean; pathLength: number | null } {
  const parts = sequence(readDer(value));
  const ca = parts[0]?.tag === TAG.BOOLEAN && boolean(parts[0]);
  const rest = parts[0]?.tag === TAG.BOOLEAN ? parts.slice(1) : parts;
  if (rest.length > 1) throw damaged('basicConstraints');
  return { ca, pathLength: rest[0] === undefined ? null : smallInteger(rest[0]) };
}

/** An IMPLICIT `[number]` INTEGER among parts. */
function implicitInteger(parts: readonly DerNode[], number: number): number | null {
  const node = parts.find(({ tag }) => tag === contextTag(number, false));
  return node === undefined ? null : smallInteger({ ...node, tag: TAG.INTEGER });
}

function readPolicyConstraints(value: Bytes): NonNullable<CertificateExtensions['policyConstraints']> {
  const parts = sequence(readDer(value));
  return { requireExplicitPolicy: implicitInteger(parts, 0), inhibitPolicyMapping: implicitInteger(parts, 1) };
}

/** The key identifier in a value of authorityKeyIdentifier, or null. */
export function readAuthorityKeyId(value: Bytes): Bytes | null {
  return children(readDer(value)).find(({ tag }) => tag === contextTag(0, false))?.content ?? null;
}

function readPolicies(value: Bytes): string[] {
  return sequence(readDer(value)).map((information) => objectIdentifier(sequence(information)[0]));
}

const READ_HERE: ReadonlySet<string> = new Set([
  OID.keyUsage,
  OID.extendedKeyUsage,
  OID.certificatePolicies,
  OID.basicConstraints,
  OID.policyConstraints,
  OID.nameConstraints,
  OID.subjectKeyIdentifier,
  OID.authorityKeyIdentifier,
  OID.subjectAltName,
]);

/** Reads the Extensions of a certificate, or none of them. @throws `file.unreadable` on any that is twice or malformed */
export function readExtensions(list: DerNode | null): CertificateExtensions {
  const all = list === null ? new Map<string, Extension>() : readExtensionList(list);
  function read<Value>(id: string, reader: (value: Bytes) => Value): Value | null {
    const extension = all.get(id);
    return extension === undefined ? null : reader(extension.value);
  }
  return {
    keyUsage: read(OID.keyUsage, readKeyUsage),
    extendedKeyUsage: read(OID.extendedKeyUsage, (value) => sequence(readDer(value)).map(objectIdentifier)),
    policies: read(OID.certificatePolicies, readPolicies) ?? [],
    basicConstraints: read(OID.basicConstraints, readBasicConstraints),
    policyConstraints: read(OID.policyConstraints, readPolicyConstraints),
    hasNameConstraints: all.has(OID.nameConstraints),
    subjectKeyId: read(OID.subjectKeyIdentifier, (value) => octetString(readDer(value))),
    authorityKeyId: read(OID.authorityKeyIdentifier, readAuthorityKeyId),
    identity: read(OID.subjectAltName, readIdentifyData),
    authorityInfoAccess: read(OID.authorityInfoAccess, (value) => value),
    crlDistributionPoints: read(OID.crlDistributionPoints, (value) => value),
    unknownCritical: [...all].filter(([id, { critical }]) => critical && !READ_HERE.has(id)).map(([id]) => id),
  };
}
