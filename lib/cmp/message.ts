/**
 * PKIMessage (RFC 9810 5.1). MACs and signatures are over header and body as they stand, so nothing of a message that was read
 * is ever written again: the raw octets go along.
 */
import { bitString, children, expectTag, explicit, readDer, sequence, type DerNode } from '../asn1/reader.ts';
import { contextTag, TAG } from '../asn1/tags.ts';
import * as der from '../asn1/writer.ts';
import { copy, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { bodyNumber, bodyType, type BodyType } from './body-types.ts';
import { readHeader, writeHeader, type Header, type HeaderFields } from './header.ts';
import { CMP_LIMITS } from './limits.ts';
import { malformed, strictly } from './malformed.ts';

export interface Body {
  readonly type: BodyType;
  /** What is inside the tag that says the type; read by the reader of that type, once the message is believed. */
  readonly content: DerNode;
}

/** A message with all its views into one own copy of the octets. */
export interface Message {
  readonly der: Bytes;
  readonly header: Header;
  readonly body: Body;
  /** DER of `SEQUENCE { header, body }`: what the protection is over. */
  readonly protectedPart: Bytes;
  /** The MAC or signature; null where the message has none. */
  readonly protection: Bytes | null;
  /** Certificates as DER, at most 16 of at most 32 KiB; nothing in them is believed. */
  readonly extraCerts: readonly Bytes[];
}

/** SEQUENCE OF CMPCertificate, of which only X.509 certificates are taken. @throws `file.unreadable`, `request.malformed` */
export function readCertificates(node: DerNode): Bytes[] {
  const found = sequence(node);
  if (found.length > CMP_LIMITS.certificates) throw malformed('too many certificates');
  return found.map((certificate) => {
    const { raw } = expectTag(certificate, TAG.SEQUENCE);
    if (raw.length > CMP_LIMITS.certificateBytes) throw malformed('certificate too large');
    return raw;
  });
}

function readBody(node: DerNode | undefined): Body {
  const type = node === undefined ? null : bodyType(node.tag - contextTag(0));
  if (node === undefined || type === null) throw malformed('body type');
  return { type, content: explicit(node, node.tag) };
}

function readProtection(node: DerNode): Bytes {
  const { unused, bytes } = bitString(explicit(node, contextTag(0)));
  if (unused !== 0) throw malformed('protection');
  return bytes;
}

function readParts(bytes: Bytes): Message {
  const own = copy(bytes);
  const [header, body, ...rest] = sequence(readDer(own));
  if (header === undefined || body === undefined) throw malformed('message');
  const protection = rest[0]?.tag === contextTag(0) ? rest.shift() : undefined;
  const extra = rest[0]?.tag === contextTag(1) ? rest.shift() : undefined;
  if (rest.length > 0) throw malformed('message');
  return {
    der: own,
    header: readHeader(header),
    body: readBody(body),
    protectedPart: der.sequence(header.raw, body.raw),
    protection: protection === undefined ? null : readProtection(protection),
    extraCerts: extra === undefined ? [] : readCertificates(explicit(extra, contextTag(1))),
  };
}

/**
 * Reads one message. Nothing is verified but its form, and the content of its body is not looked at.
 *
 * @throws `request.too-large` above `maxBytes`; `request.malformed` where it is not strict DER, passes a bound (depth 32,
 *   10,000 elements, 16 certificates) or has a body that is not spoken here
 */
export function readMessage(bytes: Bytes, maxBytes: number = CMP_LIMITS.answerBytes): Message {
  if (bytes.length > maxBytes) throw new WalletError('request.too-large', { detail: 'cmp' });
  return strictly(() => readParts(bytes));
}

/** Makes the protection of a message, and names how. */
export interface Protector {
  /** AlgorithmIdentifier. */
  readonly algorithm: Bytes;
  protect(part: Bytes): Promise<Bytes>;
}

export interface MessageFields {
  readonly header: HeaderFields;
  readonly type: BodyType;
  /** DER of the body's content, without the tag that says its type. */
  readonly body: Bytes;
  /** Null only in tests of what must not be believed. */
  readonly protector: Protector | null;
  readonly extraCerts?: readonly Bytes[];
}

/** Writes a message. @throws what the protector throws */
export async function writeMessage({ header, type, body, protector, extraCerts = [] }: MessageFields): Promise<Bytes> {
  const parts = [writeHeader(header, protector?.algorithm), der.context(bodyNumber(type), body)];
  if (protector !== null) parts.push(der.context(0, der.bitString(await protector.protect(der.sequence(...parts)))));
  if (extraCerts.length > 0) parts.push(der.context(1, der.sequence(...extraCerts)));
  return der.sequence(...parts);
}

/** Asserts that a body is a SEQUENCE OF between one and sixteen. @throws `file.unreadable`, `request.malformed` */
export function fewOf(node: DerNode): DerNode[] {
  const found = children(expectTag(node, TAG.SEQUENCE));
  if (found.length === 0 || found.length > CMP_LIMITS.requests) throw malformed('count');
  return found;
}
