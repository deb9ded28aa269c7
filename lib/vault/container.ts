/** The container inside an item's sealed body (`parts.ts`). Certificates and sealed keys are octets here; the wallet knows what they are. */
import { concat, type Bytes } from '../bytes/bytes.ts';
import { fromUtf8, utf8 } from '../bytes/text.ts';
import { damaged } from './fault.ts';
import { CHAIN_MAX } from './limits.ts';
import { readParts, writePart as part, type PartsForm } from './parts.ts';

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

const TAG = { meta: 1, signCertificate: 2, kmCertificate: 3, chain: 4, signKey: 5, kmKey: 6 } as const;
const FORM: PartsForm = { version: 1, last: TAG.kmKey, repeated: TAG.chain };

export function writeContainer(content: ItemContent): Bytes {
  const { meta, signCertificate, kmCertificate, chain, sealedSignKey, sealedKmKey } = content;
  const parts: Bytes[] = [Uint8Array.of(FORM.version), part(TAG.meta, utf8(JSON.stringify(meta)))];
  if (signCertificate) parts.push(part(TAG.signCertificate, signCertificate));
  if (kmCertificate) parts.push(part(TAG.kmCertificate, kmCertificate));
  for (const certificate of chain) parts.push(part(TAG.chain, certificate));
  if (sealedSignKey) parts.push(part(TAG.signKey, sealedSignKey));
  if (sealedKmKey) parts.push(part(TAG.kmKey, sealedKmKey));
  return concat(...parts);
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
  const parts = readParts(octets, FORM);
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
