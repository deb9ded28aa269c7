/** PKIHeader (RFC 9810 5.1.1). All its tags are EXPLICIT. */
import { children, explicit, octetString, sequence, smallInteger, type DerNode } from '../asn1/reader.ts';
import { contextTag, TAG } from '../asn1/tags.ts';
import * as der from '../asn1/writer.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { readAlgorithm, type Algorithm } from './algorithm.ts';
import { readFreeText } from './free-text.ts';
import { readInfos, readMessageTime, type Info } from './info.ts';
import { malformed } from './malformed.ts';

export interface Header {
  readonly version: number;
  /** The sender's Name as encoded; null where it is another kind of GeneralName. */
  readonly sender: Bytes | null;
  readonly recipient: Bytes | null;
  /** Milliseconds since 1970 UTC, as the sender claims. */
  readonly messageTime: number | null;
  readonly protection: Algorithm | null;
  /** The reference number, or the identifier of the signer's key. */
  readonly senderKeyId: Bytes | null;
  readonly transactionId: Bytes | null;
  readonly senderNonce: Bytes | null;
  readonly recipientNonce: Bytes | null;
  readonly text: string | null;
  readonly info: readonly Info[];
}

const DIRECTORY_NAME = contextTag(4);
/** A Name without any part: the sender whose name the authority will choose. */
export const NULL_NAME: Bytes = der.sequence();

function readGeneralName(node: DerNode | undefined): Bytes | null {
  if (node === undefined || (node.tag & 0xc0) !== 0x80) throw malformed('general name');
  if (node.tag !== DIRECTORY_NAME) return null;
  const name = explicit(node, DIRECTORY_NAME);
  sequence(name);
  return name.raw;
}

/** The optional fields by number, in order, each at most once. */
function readOptional(nodes: readonly DerNode[]): ReadonlyMap<number, DerNode> {
  const found = new Map<number, DerNode>();
  let last = -1;
  for (const node of nodes) {
    const number = node.tag - contextTag(0);
    if (number <= last || number > 8) throw malformed('header fields');
    const only = children(node)[0];
    if (only === undefined || only.raw.length !== node.content.length) throw malformed('header field');
    found.set(number, only);
    last = number;
  }
  return found;
}

/** @throws `file.unreadable`, `request.malformed` */
export function readHeader(node: DerNode): Header {
  const [version, sender, recipient, ...rest] = sequence(node);
  const optional = readOptional(rest);
  function read<Value>(number: number, reader: (field: DerNode) => Value): Value | null {
    const field = optional.get(number);
    return field === undefined ? null : reader(field);
  }
  return {
    version: smallInteger(version),
    sender: readGeneralName(sender),
    recipient: readGeneralName(recipient),
    messageTime: read(0, readMessageTime),
    protection: read(1, readAlgorithm),
    senderKeyId: read(2, octetString),
    transactionId: read(4, octetString),
    senderNonce: read(5, octetString),
    recipientNonce: read(6, octetString),
    text: read(7, readFreeText),
    info: read(8, readInfos) ?? [],
  };
}

export interface HeaderFields {
  /** 2, or 3 where a confirmation names its hash (RFC 9810 7). */
  readonly version?: 2 | 3;
  /** Names as DER; `NULL_NAME` where unknown. */
  readonly sender: Bytes;
  readonly recipient: Bytes;
  /** Milliseconds since 1970 UTC. Left out of what may be sent much later. */
  readonly messageTime?: number;
  readonly senderKeyId?: Bytes;
  readonly transactionId: Bytes;
  readonly senderNonce: Bytes;
  readonly recipientNonce?: Bytes;
  /** InfoTypeAndValue elements. */
  readonly info?: readonly Bytes[];
}

/** @param protection AlgorithmIdentifier; left out of messages that are not protected */
export function writeHeader(fields: HeaderFields, protection?: Bytes): Bytes {
  const octets = (bytes: Bytes | undefined): Bytes | undefined => bytes && der.octetString(bytes);
  const optional: readonly (Bytes | undefined)[] = [
    fields.messageTime === undefined ? undefined : der.generalizedTime(fields.messageTime),
    protection,
    octets(fields.senderKeyId),
    undefined,
    octets(fields.transactionId),
    octets(fields.senderNonce),
    octets(fields.recipientNonce),
    undefined,
    fields.info && der.element(TAG.SEQUENCE, ...fields.info),
  ];
  return der.sequence(
    der.integer(fields.version ?? 2),
    der.context(4, fields.sender),
    der.context(4, fields.recipient),
    ...optional.flatMap((field, number) => (field === undefined ? [] : [der.context(number, field)])),
  );
}
