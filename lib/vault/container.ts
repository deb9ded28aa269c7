/**
 * The container inside an item's sealed body: octet 1 is the version 1, then parts of tag (1 octet), length (4 octets,
 * big-endian) and value, tags rising. Certificates and sealed keys are octets here; the wallet knows what they are.
 */
import { concat, copy, type Bytes } from '../bytes/bytes.ts';
import { fromUtf8, utf8 } from '../bytes/text.ts';
import { damaged } from './fault.ts';
import { CHAIN_MAX } from './limits.ts';

export interface ItemContent {
  /** A JSON object of the wallet's: labels, import time. Only that it is an object is checked here. */
  readonly meta: object;
  readonly signCertificate: Bytes | null;
  readonly kmCertificate: Bytes | null;
  /** CA certificates, at most four. */
  readonly chain: readonly Bytes[];
  readonly sealedSignKey: Bytes | null;
  readonly sealedKmKey: Bytes | null;
}

const CONTAINER_VERSION = 1;
const HEADER_SIZE = 5;
const TAG = { meta: 1, signCertificate: 2, kmCertificate: 3, chain: 4, signKey: 5, kmKey: 6 } as const;

function part(tag: number, value: Uint8Array): Bytes {
  const header = new Uint8Array(HEADER_SIZE);
  header[0] = tag;
  new DataView(header.buffer).setUint32(1, value.length);
  return concat(header, value);
}

export function writeContainer(content: ItemContent): Bytes {
  const { meta, signCertificate, kmCertificate, chain, sealedSignKey, sealedKmKey } = content;
  const parts: Bytes[] = [new Uint8Array([CONTAINER_VERSION]), part(TAG.meta, utf8(JSON.stringify(meta)))];
  if (signCertificate) parts.push(part(TAG.signCertificate, signCertificate));
  if (kmCertificate) parts.push(part(TAG.kmCertificate, kmCertificate));
  for (const certificate of chain) parts.push(part(TAG.chain, certificate));
  if (sealedSignKey) parts.push(part(TAG.signKey, sealedSignKey));
  if (sealedKmKey) parts.push(part(TAG.kmKey, sealedKmKey));
  return concat(...parts);
}

function readParts(octets: Bytes): Map<number, Bytes[]> {
  if (octets[0] !== CONTAINER_VERSION) throw damaged('container version');
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  const parts = new Map<number, Bytes[]>();
  let last = 0;
  for (let at = 1; at < octets.length;) {
    if (at + HEADER_SIZE > octets.length) throw damaged('container part');
    const tag = view.getUint8(at);
    const end = at + HEADER_SIZE + view.getUint32(at + 1);
    if (end > octets.length || tag < last || tag > TAG.kmKey || tag < TAG.meta) throw damaged('container part');
    if (tag === last && tag !== TAG.chain) throw damaged('container part twice');
    const value = copy(octets.subarray(at + HEADER_SIZE, end));
    parts.set(tag, [...(parts.get(tag) ?? []), value]);
    last = tag;
    at = end;
  }
  return parts;
}

function readMeta(octets: Bytes | undefined): object {
  if (!octets) throw damaged('container meta');
  let meta: unknown;
  try {
    meta = JSON.parse(fromUtf8(octets));
  } catch (cause) {
    throw damaged('container meta', cause);
  }
  if (typeof meta !== 'object' || meta === null || Array.isArray(meta)) throw damaged('container meta');
  return meta;
}

/** @throws `vault.damaged` */
export function readContainer(octets: Bytes): ItemContent {
  const parts = readParts(octets);
  const first = (tag: number): Bytes | null => parts.get(tag)?.[0] ?? null;
  const chain = parts.get(TAG.chain) ?? [];
  if (chain.length > CHAIN_MAX) throw damaged('container chain');
  return {
    meta: readMeta(parts.get(TAG.meta)?.[0]),
    signCertificate: first(TAG.signCertificate),
    kmCertificate: first(TAG.kmCertificate),
    chain,
    sealedSignKey: first(TAG.signKey),
    sealedKmKey: first(TAG.kmKey),
  };
}
