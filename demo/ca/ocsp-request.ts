/** OCSP requests (RFC 6960 4.1), strictly as DER. A signature on the request is not looked at. */
import { children, explicit, integerBytes, objectIdentifier, octetString, readDer, sequence, type DerNode } from '../../lib/asn1/reader.ts';
import { contextTag } from '../../lib/asn1/tags.ts';
import type { Bytes } from '../../lib/bytes/bytes.ts';
import { toHex } from '../../lib/bytes/hex.ts';
import { WalletError } from '../../lib/errors.ts';

export const OCSP_NONCE = '1.3.6.1.5.5.7.48.1.2';
const MAX_ASKED = 16;

export interface AskedCertificate {
  /** CertID as it came, to be copied into the answer. */
  readonly id: Bytes;
  /** OID of the hash of the next two. */
  readonly hash: string;
  readonly issuerNameHash: Bytes;
  readonly issuerKeyHash: Bytes;
  readonly serial: string;
}

export interface OcspRequest {
  readonly asked: readonly AskedCertificate[];
  /** Value of the nonce extension, with its own OCTET STRING around the nonce (RFC 9654); null where it is absent. */
  readonly nonce: Bytes | null;
}

function malformed(detail: string): WalletError {
  return new WalletError('request.malformed', { detail: `ocsp ${detail}` });
}

function readAsked(node: DerNode): AskedCertificate {
  const [id] = sequence(node);
  const [hash, name, key, serial, more] = sequence(id);
  if (id === undefined || more !== undefined) throw malformed('certificate id');
  return {
    id: id.raw,
    hash: objectIdentifier(sequence(hash)[0]),
    issuerNameHash: octetString(name),
    issuerKeyHash: octetString(key),
    serial: toHex(integerBytes(serial)),
  };
}

function readNonce(extensions: DerNode | undefined): Bytes | null {
  if (extensions === undefined) return null;
  const values = sequence(explicit(extensions, contextTag(2))).map(sequence);
  const found = values.find(([id]) => objectIdentifier(id) === OCSP_NONCE);
  return found === undefined ? null : octetString(found[found.length - 1]);
}

/** @throws `request.malformed`, `file.*` */
export function readOcspRequest(bytes: Bytes): OcspRequest {
  const [toBeSigned] = children(readDer(bytes));
  const parts = sequence(toBeSigned);
  const list = parts.find(({ tag }) => tag === 0x30);
  const asked = sequence(list).map(readAsked);
  if (asked.length === 0 || asked.length > MAX_ASKED) throw malformed('count');
  return { asked, nonce: readNonce(parts.find(({ tag }) => tag === contextTag(2))) };
}
