/** Octets of several parts: a version octet, then parts of tag (1 octet), length (4 octets, big-endian) and value, tags rising. */
import { concat, copy, type Bytes } from '../bytes/bytes.ts';
import { damaged } from './fault.ts';

const HEADER_SIZE = 5;

export interface PartsForm {
  readonly version: number;
  /** Highest tag; the lowest is 1. */
  readonly last: number;
  /** The one tag that may stand more than once. */
  readonly repeated: number;
}

export function writePart(tag: number, value: Uint8Array): Bytes {
  const header = new Uint8Array(HEADER_SIZE);
  header[0] = tag;
  new DataView(header.buffer).setUint32(1, value.length);
  return concat(header, value);
}

/** Copies of the parts by tag. @throws `vault.damaged` */
export function readParts(octets: Bytes, form: PartsForm): ReadonlyMap<number, readonly Bytes[]> {
  if (octets[0] !== form.version) throw damaged('container version');
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  const parts = new Map<number, Bytes[]>();
  let before = 0;
  for (let at = 1; at < octets.length;) {
    if (at + HEADER_SIZE > octets.length) throw damaged('container part');
    const tag = view.getUint8(at);
    const end = at + HEADER_SIZE + view.getUint32(at + 1);
    if (end > octets.length || tag < before || tag > form.last || tag < 1) throw damaged('container part');
    if (tag === before && tag !== form.repeated) throw damaged('container part twice');
    const value = copy(octets.subarray(at + HEADER_SIZE, end));
    parts.set(tag, [...(parts.get(tag) ?? []), value]);
    before = tag;
    at = end;
  }
  return parts;
}
