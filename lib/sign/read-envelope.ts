/**
 * Reads CMS EnvelopedData (RFC 5652 6) strictly: DER, one recipient named by issuer and serial, RSAES-PKCS1-v1_5, AES-CBC. Nothing
 * is decrypted here.
 */
import { explicit, expectTag, objectIdentifier, octetString, readDer, sequence, set, smallInteger, type DerNode } from '../asn1/reader.ts';
import { contextTag, TAG } from '../asn1/tags.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { OID } from '../npki/oids.ts';
import { CMS_OID } from './oids.ts';

/** Parts of a message, as views of its octets. */
export interface Envelope {
  /** IssuerAndSerialNumber of the recipient's certificate, as encoded. */
  readonly recipient: Bytes;
  readonly encryptedKey: Bytes;
  /** Octets of the AES key. */
  readonly keyBytes: number;
  readonly iv: Bytes;
  readonly encrypted: Bytes;
}

const BLOCK_BYTES = 16;
const KEY_BYTES: ReadonlyMap<string, number> = new Map([
  [OID.aes128Cbc, 16],
  [OID.aes192Cbc, 24],
  [OID.aes256Cbc, 32],
]);

function malformed(detail: string, cause?: unknown): WalletError {
  return new WalletError('request.malformed', { detail: `envelope: ${detail}`, cause });
}

/** KeyTransRecipientInfo version 0 (RFC 5652 6.2.1). */
function readRecipientInfo(node: DerNode | undefined): Pick<Envelope, 'recipient' | 'encryptedKey'> {
  const [version, recipient, algorithm, encryptedKey, more] = sequence(node);
  const [oid, parameters, surplus] = sequence(algorithm);
  if (smallInteger(version) !== 0 || more !== undefined || surplus !== undefined) throw malformed('recipient');
  if (objectIdentifier(oid) !== OID.rsaEncryption || expectTag(parameters, TAG.NULL).content.length !== 0) throw malformed('key encryption');
  return { recipient: expectTag(recipient, TAG.SEQUENCE).raw, encryptedKey: octetString(encryptedKey) };
}

/** EncryptedContentInfo of type data (RFC 5652 6.1). */
function readContent(node: DerNode | undefined): Pick<Envelope, 'keyBytes' | 'iv' | 'encrypted'> {
  const [type, algorithm, content, more] = sequence(node);
  const [oid, parameters, surplus] = sequence(algorithm);
  const keyBytes = KEY_BYTES.get(objectIdentifier(oid));
  if (objectIdentifier(type) !== CMS_OID.data || more !== undefined || surplus !== undefined || keyBytes === undefined) throw malformed('content');
  const iv = octetString(parameters);
  const encrypted = expectTag(content, contextTag(0, false)).content;
  if (iv.length !== BLOCK_BYTES || encrypted.length === 0 || encrypted.length % BLOCK_BYTES !== 0) throw malformed('blocks');
  return { keyBytes, iv, encrypted };
}

function readFields(bytes: Bytes): Envelope {
  const [type, wrapped, more] = sequence(readDer(bytes));
  if (objectIdentifier(type) !== CMS_OID.envelopedData || more !== undefined) throw malformed('not EnvelopedData');
  const [version, recipients, content, surplus] = sequence(explicit(wrapped, contextTag(0)));
  const [recipient, another] = set(recipients);
  if (smallInteger(version) !== 0 || surplus !== undefined || another !== undefined) throw malformed('exactly one recipient');
  return { ...readRecipientInfo(recipient), ...readContent(content) };
}

/** Reads a message of at most `maxBytes` octets. @throws `request.too-large`; `request.malformed` for everything else */
export function readEnvelope(bytes: Bytes, maxBytes: number): Envelope {
  if (bytes.length > maxBytes) throw new WalletError('request.too-large', { detail: 'envelope' });
  try {
    return readFields(bytes);
  } catch (thrown) {
    if (thrown instanceof WalletError && thrown.code === 'request.malformed') throw thrown;
    throw malformed(thrown instanceof WalletError ? (thrown.detail ?? thrown.code) : 'internal', thrown);
  }
}
