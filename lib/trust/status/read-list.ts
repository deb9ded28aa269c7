/**
 * Certificate revocation lists of version 2 (RFC 5280 5), strictly as DER. A list may have a hundred thousand entries: they are
 * walked one by one and none is kept, so what a list costs is its octets and one pass over them.
 */
import {
  bitString,
  eachChild,
  explicit,
  expectTag,
  integerBytes,
  objectIdentifier,
  readDer,
  sequence,
  smallInteger,
  time,
  unsignedBytes,
  type DerNode,
} from '../../asn1/reader.ts';
import { contextTag, TAG } from '../../asn1/tags.ts';
import { equal, type Bytes } from '../../bytes/bytes.ts';
import { WalletError } from '../../errors.ts';
import { readExtensionList, type Extension } from '../../npki/extensions.ts';
import { STATUS_LIMITS } from './limits.ts';
import { STATUS_OID } from './oids.ts';
import { malformed } from './malformed.ts';
import { readReason } from './reason.ts';
import type { RevocationReason } from './state.ts';

export interface RevocationList {
  /** The signed part, as encoded. */
  readonly signed: Bytes;
  /** OID; inner and outer are equal. */
  readonly signatureAlgorithm: string;
  readonly signature: Bytes;
  /** Name of the issuer as DER. */
  readonly issuer: Bytes;
  /** Milliseconds since 1970 UTC. */
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  readonly extensions: ReadonlyMap<string, Extension>;
  /** Magnitude of the CRL number, big-endian; null where it has none. */
  readonly number: Bytes | null;
  /** The SEQUENCE of entries, not looked into; null where nothing is revoked. */
  readonly entries: DerNode | null;
}

export interface ListedEntry {
  /** Milliseconds since 1970 UTC. */
  readonly at: number;
  readonly reason: RevocationReason | null;
}

/** What a walk over all entries tells. */
export interface Lookup {
  /** The entry of the serial, or null. */
  readonly found: ListedEntry | null;
  /** Whether any entry, of whichever certificate, has a critical extension that is not known here (RFC 5280 5.3). */
  readonly hasCritical: boolean;
}

type Fields = Pick<RevocationList, 'issuer' | 'thisUpdate' | 'nextUpdate' | 'extensions' | 'number' | 'entries'>;

function readNumber(extensions: ReadonlyMap<string, Extension>): Bytes | null {
  const value = extensions.get(STATUS_OID.crlNumber)?.value;
  if (value === undefined) return null;
  const number = unsignedBytes(readDer(value));
  if (number.length > STATUS_LIMITS.serialBytes) throw malformed('list: number');
  return number;
}

/** The fields behind version and algorithm. */
function readFields([issuer, thisUpdate, nextUpdate, ...rest]: readonly DerNode[]): Fields {
  const entries = rest[0]?.tag === TAG.SEQUENCE ? rest[0] : null;
  const [extensionsNode, more] = entries === null ? rest : rest.slice(1);
  if (more !== undefined) throw malformed('list: fields');
  const extensions = extensionsNode === undefined ? new Map<string, Extension>() : readExtensionList(explicit(extensionsNode, contextTag(0)));
  return {
    issuer: expectTag(issuer, TAG.SEQUENCE).raw,
    thisUpdate: time(thisUpdate),
    nextUpdate: time(nextUpdate),
    extensions,
    number: readNumber(extensions),
    entries,
  };
}

/** @throws `file.too-large`, `file.unreadable`, `file.hostile`, `file.unsupported` (not version 2) */
export function readRevocationList(bytes: Bytes): RevocationList {
  if (bytes.length > STATUS_LIMITS.listBytes) throw new WalletError('file.too-large', { detail: 'list' });
  const [signed, outer, signature, more] = sequence(readDer(bytes, { elements: STATUS_LIMITS.listElements }));
  const [version, inner, ...fields] = sequence(signed);
  if (signed === undefined || outer === undefined || inner === undefined || more !== undefined) throw malformed('list');
  if (smallInteger(version) !== 1) throw new WalletError('file.unsupported', { detail: 'list version' });
  // RFC 5280 5.1.1.2: the two are the same.
  if (!equal(inner.raw, outer.raw)) throw malformed('list: signature algorithms differ');
  const { unused, bytes: signatureBytes } = bitString(signature);
  if (unused !== 0) throw malformed('list: signature');
  return { signed: signed.raw, signatureAlgorithm: objectIdentifier(sequence(outer)[0]), signature: signatureBytes, ...readFields(fields) };
}

const KNOWN_IN_ENTRIES: readonly string[] = [STATUS_OID.reasonCode, STATUS_OID.invalidityDate];

function isTime(node: DerNode | undefined): boolean {
  return node?.tag === TAG.UTC_TIME || node?.tag === TAG.GENERALIZED_TIME;
}

function readEntryExtensions(node: DerNode | undefined): Map<string, Extension> {
  return node === undefined ? new Map<string, Extension>() : readExtensionList(node);
}

function readEntry(at: DerNode | undefined, extensions: ReadonlyMap<string, Extension>): ListedEntry {
  const reason = extensions.get(STATUS_OID.reasonCode);
  return { at: time(at), reason: reason === undefined ? null : readReason(readDer(reason.value)) };
}

/**
 * Looks one serial up, walking all entries.
 *
 * @param serial content octets, compared as they are
 * @throws `file.unreadable` where an entry does not read or the serial is listed twice
 */
export function lookUp({ entries }: Pick<RevocationList, 'entries'>, serial: Bytes): Lookup {
  let found: ListedEntry | null = null;
  let hasCritical = false;
  for (const entry of entries === null ? [] : eachChild(entries)) {
    const [number, at, list, more] = sequence(entry);
    if (more !== undefined || !isTime(at)) throw malformed('list: entry');
    const extensions = readEntryExtensions(list);
    for (const [id, { critical }] of extensions) hasCritical ||= critical && !KNOWN_IN_ENTRIES.includes(id);
    if (!equal(integerBytes(number), serial)) continue;
    if (found !== null) throw malformed('list: serial twice');
    found = readEntry(at, extensions);
  }
  return { found, hasCritical };
}
