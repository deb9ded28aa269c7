/**
 * A strict, bounded DER reader (X.690). It checks the whole tree once, before anything is interpreted: definite and
 * minimal lengths, low tag numbers only, bounded depth and element count. What it returns are views, not copies.
 *
 * Why not a library here: the libraries of this field read BER, accept indefinite and over-long lengths, and build an
 * object per node; a key file must be DER, and the background pays for every module at each wake-up.
 */
import { WalletError } from '../errors.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { TAG } from './tags.ts';

/** One element: its identifier octet, its content octets and all its octets. */
export interface DerNode {
  readonly tag: number;
  readonly content: Bytes;
  readonly raw: Bytes;
}

export interface DerLimits {
  /** Deepest nesting allowed; 32 by default. */
  readonly depth?: number;
  /** Most elements allowed; 10,000 by default. */
  readonly elements?: number;
}

export const DEFAULT_DEPTH = 32;
export const DEFAULT_ELEMENTS = 10_000;

function damaged(detail: string): WalletError {
  return new WalletError('file.unreadable', { detail });
}

function hostile(detail: string): WalletError {
  return new WalletError('file.hostile', { detail });
}

interface Header {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/** Reads identifier and length octets at `at`; the content must end at or before `limit`. */
function readHeader(bytes: Bytes, at: number, limit: number): Header {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || at + 2 > limit) throw damaged('truncated header');
  if ((tag & 0x1f) === 0x1f) throw damaged('high tag number');
  if (first < 0x80) return within(tag, at + 2, first, limit);
  const count = first & 0x7f;
  if (count === 0) throw damaged('indefinite length');
  if (count > 4) throw damaged('length too long');
  let length = 0;
  for (let i = 0; i < count; i++) {
    const octet = bytes[at + 2 + i];
    if (octet === undefined) throw damaged('truncated length');
    length = length * 256 + octet;
  }
  // X.690 10.1: the length takes the fewest octets that can hold it.
  if (length < 0x80 || length < 2 ** (8 * (count - 1))) throw damaged('length not minimal');
  return within(tag, at + 2 + count, length, limit);
}

function within(tag: number, start: number, length: number, limit: number): Header {
  if (start + length > limit) throw damaged('length runs past the end');
  return { tag, start, end: start + length };
}

/** Walks the tree without recursion, so that no nesting can exhaust the stack. */
function checkTree(bytes: Bytes, root: Header, depthLimit: number, elementLimit: number): void {
  const ends: number[] = [];
  let elements = 1;
  let at = root.start;
  if ((root.tag & 0x20) === 0) return;
  ends.push(root.end);
  while (ends.length > 0) {
    const end = ends[ends.length - 1] ?? 0;
    if (at === end) {
      ends.pop();
      continue;
    }
    if (++elements > elementLimit) throw hostile('too many elements');
    const header = readHeader(bytes, at, end);
    if ((header.tag & 0x20) !== 0) {
      if (ends.length >= depthLimit) throw hostile('nested too deep');
      ends.push(header.end);
      at = header.start;
    } else {
      at = header.end;
    }
  }
}

/**
 * Reads the first DER element of `bytes` and says how many octets it took; whatever follows is not looked at.
 * Old key files carry stale octets behind the element.
 *
 * @throws `file.unreadable` where it is not DER or is cut short, `file.hostile` where it passes the limits.
 */
export function readDerPrefix(bytes: Bytes, limits: DerLimits = {}): { readonly node: DerNode; readonly length: number } {
  if (bytes.length === 0) throw damaged('empty');
  const header = readHeader(bytes, 0, bytes.length);
  checkTree(bytes, header, limits.depth ?? DEFAULT_DEPTH, limits.elements ?? DEFAULT_ELEMENTS);
  return { node: nodeOf(bytes, 0, header), length: header.end };
}

/** Reads exactly one DER element; trailing octets are refused. Throws as `readDerPrefix`. */
export function readDer(bytes: Bytes, limits: DerLimits = {}): DerNode {
  const { node, length } = readDerPrefix(bytes, limits);
  if (length !== bytes.length) throw damaged('trailing octets');
  return node;
}

function nodeOf(bytes: Bytes, at: number, header: Header): DerNode {
  return { tag: header.tag, content: bytes.subarray(header.start, header.end), raw: bytes.subarray(at, header.end) };
}

/** The elements inside a constructed element one after the other, for lists too long to be kept. */
export function* eachChild(node: DerNode): Generator<DerNode, void> {
  if ((node.tag & 0x20) === 0) throw damaged('not constructed');
  let at = 0;
  while (at < node.content.length) {
    const header = readHeader(node.content, at, node.content.length);
    yield nodeOf(node.content, at, header);
    at = header.end;
  }
}

/** The elements inside a constructed element, in order. */
export function children(node: DerNode): DerNode[] {
  return [...eachChild(node)];
}

/** The elements of a SEQUENCE. */
export function sequence(node: DerNode | undefined): DerNode[] {
  return children(expectTag(node, TAG.SEQUENCE));
}

/** The elements of a SET. */
export function set(node: DerNode | undefined): DerNode[] {
  return children(expectTag(node, TAG.SET));
}

/** The one element inside an EXPLICIT tag. */
export function explicit(node: DerNode | undefined, tag: number): DerNode {
  const inside = children(expectTag(node, tag));
  const only = inside[0];
  if (only === undefined || inside.length !== 1) throw damaged('explicit tag');
  return only;
}

/** Asserts the tag of an element that must be there. */
export function expectTag(node: DerNode | undefined, tag: number): DerNode {
  if (node?.tag !== tag) throw damaged(`expected tag ${tag.toString(16)}, found ${node?.tag.toString(16) ?? 'nothing'}`);
  return node;
}

/** A number of 54 to 128 bits in base 128 (X.690 8.19.2). */
function largeArc(octets: Bytes): bigint {
  const arc = octets.reduce((sum, octet) => sum * 128n + BigInt(octet & 0x7f), 0n);
  if (arc >> 128n > 0n) throw damaged('object identifier arc');
  return arc;
}

/**
 * The dotted text of an OBJECT IDENTIFIER; at most 64 octets are taken, the longest in use has 20. An arc has at most 128 bits, as
 * those made of UUIDs have (ITU-T X.667).
 */
export function objectIdentifier(node: DerNode | undefined): string {
  const { content } = expectTag(node, TAG.OID);
  if (content.length === 0 || content.length > 64) throw damaged('object identifier length');
  const arcs: (number | bigint)[] = [];
  let arc = 0;
  let start = 0;
  for (const [at, octet] of content.entries()) {
    if (at === start && octet === 0x80) throw damaged('object identifier not minimal');
    arc = arc * 128 + (octet & 0x7f);
    if (octet >= 0x80) continue;
    arcs.push(Number.isSafeInteger(arc) ? arc : largeArc(content.subarray(start, at + 1)));
    arc = 0;
    start = at + 1;
  }
  if (start !== content.length) throw damaged('object identifier cut');
  const head = arcs[0];
  if (typeof head !== 'number') throw damaged('object identifier arc');
  const first = Math.min(2, Math.floor(head / 40));
  return [first, head - 40 * first, ...arcs.slice(1)].join('.');
}

/** The content octets of an INTEGER in two's complement, checked to be minimal. */
export function integerBytes(node: DerNode | undefined): Bytes {
  const { content } = expectTag(node, TAG.INTEGER);
  const [first, second] = content;
  if (first === undefined) throw damaged('empty integer');
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) throw damaged('integer not minimal');
  return content;
}

/** A non-negative INTEGER as its magnitude without the leading zero octet. */
export function unsignedBytes(node: DerNode | undefined): Bytes {
  const content = integerBytes(node);
  if ((content[0] ?? 0) >= 0x80) throw damaged('negative integer');
  return content.length > 1 && content[0] === 0 ? content.subarray(1) : content;
}

/** A small non-negative INTEGER; more than 2^48 or a negative one throws `file.hostile`, since it is a count here. */
export function smallInteger(node: DerNode | undefined): number {
  const content = integerBytes(node);
  if ((content[0] ?? 0) >= 0x80 || content.length > 6) throw hostile('integer out of range');
  let value = 0;
  for (const octet of content) value = value * 256 + octet;
  return value;
}

/** A small INTEGER of either sign; one of more than 48 bits throws `file.hostile`. */
export function signedInteger(node: DerNode | undefined): number {
  const content = integerBytes(node);
  if (content.length > 6) throw hostile('integer out of range');
  let value = 0;
  for (const octet of content) value = value * 256 + octet;
  return (content[0] ?? 0) >= 0x80 ? value - 256 ** content.length : value;
}

/** BOOLEAN; DER knows 00 and FF only (X.690 11.1). */
export function boolean(node: DerNode | undefined): boolean {
  const { content } = expectTag(node, TAG.BOOLEAN);
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) throw damaged('boolean');
  return content[0] === 0xff;
}

/** The octets of an OCTET STRING. */
export function octetString(node: DerNode | undefined): Bytes {
  return expectTag(node, TAG.OCTET_STRING).content;
}

/** The octets of a BIT STRING and the number of unused bits in the last one. */
export function bitString(node: DerNode | undefined): { readonly unused: number; readonly bytes: Bytes } {
  const { content } = expectTag(node, TAG.BIT_STRING);
  const unused = content[0];
  if (unused === undefined || unused > 7 || (content.length === 1 && unused > 0)) throw damaged('bit string');
  return { unused, bytes: content.subarray(1) };
}

/** UTCTime or GeneralizedTime in the form of RFC 5280 4.1.2.5 (seconds, `Z`), as milliseconds since 1970. */
export function time(node: DerNode | undefined): number {
  if (node?.tag !== TAG.UTC_TIME && node?.tag !== TAG.GENERALIZED_TIME) throw damaged('time');
  const text = String.fromCharCode(...node.content.subarray(0, 20));
  const match = (node.tag === TAG.UTC_TIME ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/ : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/).exec(text);
  if (!match) throw damaged('time');
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const fullYear = node.tag === TAG.UTC_TIME ? (year < 50 ? 2000 : 1900) + year : year;
  const value = Date.UTC(fullYear, month - 1, day, hour, minute, second);
  const back = new Date(value);
  if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) throw damaged('time');
  return value;
}

const MAX_TEXT = 4096;

/** A character string of any of the types names use, as text; invalid bytes throw `file.unreadable`. */
export function text(node: DerNode | undefined): string {
  if (node === undefined || node.content.length > MAX_TEXT) throw damaged('text');
  try {
    switch (node.tag) {
      case TAG.UTF8_STRING:
        return new TextDecoder('utf-8', { fatal: true }).decode(node.content);
      case TAG.BMP_STRING:
        return new TextDecoder('utf-16be', { fatal: true }).decode(node.content);
      case TAG.PRINTABLE_STRING:
      case TAG.IA5_STRING:
      case TAG.NUMERIC_STRING:
      case TAG.VISIBLE_STRING:
        if (node.content.some((octet) => octet > 0x7f)) throw damaged('text');
        return String.fromCharCode(...node.content);
      case TAG.T61_STRING:
        // RFC 5280 appendix B: T61 is read as Latin-1 in practice.
        return String.fromCharCode(...node.content);
      default:
        throw damaged(`text type ${node.tag.toString(16)}`);
    }
  } catch (cause) {
    throw cause instanceof WalletError ? cause : damaged('text encoding');
  }
}
