/**
 * Base32 (RFC 4648 section 6) without padding. Its letters and digits are all in the alphanumeric mode of QR codes, and it
 * comes through a clipboard or a messenger as it is.
 */
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function toBase32(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const octet of bytes) {
    held = ((held & 0x1f) << 8) | octet;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET.charAt((held >> (bits - 5)) & 0x1f);
  }
  return bits > 0 ? text + ALPHABET.charAt((held << (5 - bits)) & 0x1f) : text;
}

/** Reads canonical base32 in capitals; anything else throws `transfer.malformed`. */
export function fromBase32(text: string): Bytes {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const character of text) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) throw new WalletError('transfer.malformed', { detail: 'base32' });
    held = ((held & 0xff) << 5) | value;
    bits += 5;
    if (bits >= 8) bytes[at++] = (held >> (bits -= 8)) & 0xff;
  }
  // Left-over bits of a shorter last group are zeros, and no group ends with a character that adds no octet.
  if (bits >= 5 || (held & ((1 << bits) - 1)) !== 0) throw new WalletError('transfer.malformed', { detail: 'base32' });
  return bytes;
}
