/** Base64 as it stands in texts: from octets to octets, with blanks and line ends anywhere. */
import type { Bytes } from '../bytes/bytes.ts';

const PAD = 0x3d;
const NO_DIGIT = -1;
const BLANK = -2;

function digitOf(octet: number): number {
  if (octet >= 0x41 && octet <= 0x5a) return octet - 0x41;
  if (octet >= 0x61 && octet <= 0x7a) return octet - 0x61 + 26;
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30 + 52;
  if (octet === 0x2b) return 62;
  if (octet === 0x2f) return 63;
  return octet === 0x20 || (octet >= 0x09 && octet <= 0x0d) ? BLANK : NO_DIGIT;
}

/**
 * Reads one value of base64 (RFC 4648 4). Padding may be missing, but not wrong.
 *
 * @returns a view of its own; null where there is anything else but base64 and blanks
 */
export function decodeBase64Text(octets: Bytes): Bytes | null {
  const decoded = new Uint8Array(Math.ceil((octets.length * 3) / 4));
  let length = 0;
  let digits = 0;
  let pads = 0;
  let bits = 0;
  for (const octet of octets) {
    if (octet === PAD) {
      pads++;
      continue;
    }
    const digit = digitOf(octet);
    if (digit === BLANK) continue;
    if (digit === NO_DIGIT || pads > 0) return null;
    bits = ((bits << 6) | digit) & 0xfff;
    if (++digits % 4 !== 1) decoded[length++] = bits >> (6 - 2 * ((digits - 1) % 4));
  }
  const rest = digits % 4;
  if (rest === 1 || (pads > 0 && rest + pads !== 4)) return null;
  // Bits behind the last octet are zero in every honest encoding.
  if (rest > 0 && (bits & (rest === 2 ? 0xf : 0x3)) !== 0) return null;
  return decoded.subarray(0, length);
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** One line of base64 with padding, from octets to octets. */
export function encodeBase64Text(bytes: Bytes): Bytes {
  const text = new Uint8Array(4 * Math.ceil(bytes.length / 3)).fill(PAD);
  for (let at = 0, to = 0; at < bytes.length; at += 3, to += 4) {
    const digits = Math.min(3, bytes.length - at) + 1;
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (let i = 0; i < digits; i++) text[to + i] = DIGITS.charCodeAt((group >> (18 - 6 * i)) & 63);
  }
  return text;
}
