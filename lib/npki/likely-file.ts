/** Tells by its first octets whether a file is worth reading whole. */
import { TAG } from '../asn1/tags.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { readFileName } from './file-name.ts';

const ZIP = [0x50, 0x4b];
/** What certificate files are called when they are called anything. */
const CALLED_SO = /\.(?:pfx|p12|pem|der|cer|crt|key|p7b|zip)$/i;

/** Base64 from the first octet on, or the dashes of a tag; a mark of UTF-8 or UTF-16 in front. */
function maybeText(first: Bytes): boolean {
  const [a, b, c] = first;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return true;
  const text = a === 0xef && b === 0xbb && c === 0xbf ? first.subarray(3) : first;
  // 'M' is how base64 of a SEQUENCE begins.
  return text.subarray(0, 24).includes(0x2d) || text[0] === 0x4d;
}

/**
 * Whether a file of a folder may be a certificate, a key, or an archive of them. A file that is called like one of ours is
 * read whatever is in it, so that its damage is told.
 *
 * @param first the first 64 octets, or all of a shorter file
 */
export function mayBeOurs(first: Bytes, path: string): boolean {
  const { slot, isChain, name } = readFileName(path);
  if (slot !== null || isChain || CALLED_SO.test(name)) return true;
  return first[0] === TAG.SEQUENCE || ZIP.every((octet, at) => first[at] === octet) || maybeText(first);
}
