/**
 * BER (X.690 8) as PKCS#12 files have it: indefinite lengths, lengths that are not minimal, OCTET STRINGs in pieces. What is
 * read is written again as DER in one buffer, so that everything above reads DER only. Bounded like the strict reader.
 */
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { DEFAULT_DEPTH, DEFAULT_ELEMENTS, readDer, type DerLimits, type DerNode } from './reader.ts';
import { TAG } from './tags.ts';
import { elementHeader } from './writer.ts';

const CONSTRUCTED = 0x20;

/** An element to be written: its content is octets as they are, or elements. Lengths are those of DER. */
interface Piece {
  readonly tag: number;
  readonly length: number;
  readonly parts: readonly (Bytes | Piece)[];
}

interface Walk {
  readonly bytes: Bytes;
  readonly depth: number;
  readonly elements: number;
  /** Where the next header is. */
  at: number;
  /** Elements read so far. */
  seen: number;
}

interface Header {
  readonly tag: number;
  /** Null where the length is indefinite. */
  readonly length: number | null;
}

function damaged(detail: string): WalletError {
  return new WalletError('file.unreadable', { detail });
}

function hostile(detail: string): WalletError {
  return new WalletError('file.hostile', { detail });
}

function nextOctet(walk: Walk, limit: number): number {
  const octet = walk.bytes[walk.at];
  if (octet === undefined || walk.at >= limit) throw damaged('truncated header');
  walk.at++;
  return octet;
}

function readHeader(walk: Walk, limit: number): Header {
  const tag = nextOctet(walk, limit);
  if ((tag & 0x1f) === 0x1f) throw damaged('high tag number');
  const first = nextOctet(walk, limit);
  if (first < 0x80) return { tag, length: first };
  const count = first & 0x7f;
  if (count === 0) return { tag, length: null };
  if (count > 4) throw damaged('length too long');
  let length = 0;
  for (let i = 0; i < count; i++) length = length * 256 + nextOctet(walk, limit);
  return { tag, length };
}

function isEndOfContents(walk: Walk, limit: number): boolean {
  return walk.at + 2 <= limit && walk.bytes[walk.at] === 0 && walk.bytes[walk.at + 1] === 0;
}

/** The elements up to `end`, or up to the end-of-contents octets where the length is indefinite. */
function readInside(walk: Walk, end: number | null, limit: number, level: number): Piece[] {
  const inside: Piece[] = [];
  while (end === null ? !isEndOfContents(walk, limit) : walk.at < end) inside.push(readPiece(walk, end ?? limit, level));
  if (end === null) walk.at += 2;
  return inside;
}

function octetsOf({ tag, parts }: Piece): readonly (Bytes | Piece)[] {
  if (tag !== TAG.OCTET_STRING) throw damaged('pieces of an octet string');
  return parts;
}

function sizeOf(part: Bytes | Piece): number {
  return part instanceof Uint8Array ? part.length : elementHeader(part.tag, part.length).length + part.length;
}

function pieceOf(tag: number, parts: readonly (Bytes | Piece)[]): Piece {
  return { tag, parts, length: parts.reduce((sum, part) => sum + sizeOf(part), 0) };
}

function readPiece(walk: Walk, limit: number, level: number): Piece {
  if (++walk.seen > walk.elements) throw hostile('too many elements');
  const { tag, length } = readHeader(walk, limit);
  const end = length === null ? null : walk.at + length;
  if (end !== null && end > limit) throw damaged('length runs past the end');
  if (tag === 0) throw damaged('end of contents');
  if ((tag & CONSTRUCTED) === 0) {
    if (end === null) throw damaged('indefinite length');
    const content = walk.bytes.subarray(walk.at, end);
    walk.at = end;
    return { tag, length: content.length, parts: [content] };
  }
  if (level >= walk.depth) throw hostile('nested too deep');
  const inside = readInside(walk, end, limit, level + 1);
  return tag === (TAG.OCTET_STRING | CONSTRUCTED) ? pieceOf(TAG.OCTET_STRING, inside.flatMap(octetsOf)) : pieceOf(tag, inside);
}

/** Writes the octets of a part at `at`; answers where it ends. */
function writePart(out: Bytes, at: number, part: Bytes | Piece): number {
  if (part instanceof Uint8Array) {
    out.set(part, at);
    return at + part.length;
  }
  const header = elementHeader(part.tag, part.length);
  out.set(header, at);
  return part.parts.reduce((next: number, inner) => writePart(out, next, inner), at + header.length);
}

/**
 * Reads the first BER element of `bytes` and says how many octets it took; whatever follows is not looked at. The node is
 * DER in a buffer of its own (`raw` is all of it, so that wiping that wipes what was copied).
 *
 * @throws `file.unreadable` where it is not BER or is cut short, `file.hostile` where it passes the limits
 */
export function readBerPrefix(bytes: Bytes, limits: DerLimits = {}): { readonly node: DerNode; readonly length: number } {
  const depth = limits.depth ?? DEFAULT_DEPTH;
  const walk: Walk = { bytes, depth, elements: limits.elements ?? DEFAULT_ELEMENTS, at: 0, seen: 0 };
  const piece = readPiece(walk, bytes.length, 0);
  const out = new Uint8Array(sizeOf(piece));
  writePart(out, 0, piece);
  return { node: readDer(out, limits), length: walk.at };
}

/** Reads exactly one BER element; trailing octets are refused. Throws as `readBerPrefix`. */
export function readBer(bytes: Bytes, limits: DerLimits = {}): DerNode {
  const { node, length } = readBerPrefix(bytes, limits);
  if (length !== bytes.length) throw damaged('trailing octets');
  return node;
}
