/**
 * DER in texts: PEM (RFC 7468) of any line length and line ends with anything around the tags, or the bare base64 of one
 * value; UTF-8, a Korean code page, or UTF-16 with its mark. All is read from octets: what is in such a text may be a
 * key that is not encrypted, and no string of it is made.
 */
import { concat, wipe, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { WalletError } from '../errors.ts';
import { decodeBase64Text, encodeBase64Text } from './base64-text.ts';
import { NPKI_LIMITS } from './limits.ts';

/** One block: its octets, or why it does not read, which spoils no other. */
export type TextBlock = {
  /** What stands behind BEGIN, as written; empty for base64 without tags. A hint: what is inside, its content says. */
  readonly label: string;
} & ({ readonly der: Bytes; readonly problem: null } | { readonly der: null; readonly problem: WalletError });

const BEGIN = '-----BEGIN ';
const END = '-----END ';
const DASHES = '-----';
const LABEL_OCTETS = 64;
/** Things that others keep in PEM. They are passed over unread, so that what is wrong with them spoils nothing. */
const NOT_OURS = /(?:CRL|REQUEST|PARAMETERS|PUBLIC KEY|BLOCK|ATTRIBUTE CERTIFICATE)$|^(?:OPENSSH|SSH2|PGP) /;

function damaged(detail: string): WalletError {
  return new WalletError('file.unreadable', { detail });
}

function standsAt(octets: Bytes, text: string, at: number): boolean {
  for (let i = 0; i < text.length; i++) if (octets[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Where an ASCII text stands first, or -1. */
function indexOfText(octets: Bytes, text: string, from = 0): number {
  const first = text.charCodeAt(0);
  for (let at = octets.indexOf(first, from); at >= 0; at = octets.indexOf(first, at + 1)) if (standsAt(octets, text, at)) return at;
  return -1;
}

/** One octet for each character: UTF-16 becomes ASCII with `?` for all else, and a mark in front is taken off. */
function narrowText(bytes: Bytes): Bytes {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return bytes.subarray(3);
  const low = first === 0xff && second === 0xfe ? 0 : first === 0xfe && second === 0xff ? 1 : null;
  if (low === null) return bytes;
  const narrow = new Uint8Array((bytes.length >> 1) - 1);
  for (let i = 0; i < narrow.length; i++) {
    const at = 2 * i + 2;
    narrow[i] = bytes[at + 1 - low] === 0 ? (bytes[at + low] ?? 0) : 0x3f;
  }
  return narrow;
}

/** Whether a text has a tag of PEM in it, sound or not. */
export function hasTags(bytes: Bytes): boolean {
  return indexOfText(narrowText(bytes), BEGIN) >= 0;
}

/** The label of a tag whose name starts at `at`; null where the dashes behind it are missing. */
function labelAt(octets: Bytes, at: number): string | null {
  const front = octets.subarray(at, at + LABEL_OCTETS + DASHES.length);
  const end = indexOfText(front, DASHES);
  if (end < 0) return null;
  const label = String.fromCharCode(...front.subarray(0, end));
  return /^[\x20-\x7e]*$/.test(label) ? label : null;
}

function decodeBody(body: Bytes): Bytes {
  // RFC 1421 headers: the one in use says that the key is encrypted in the old way of OpenSSL, with one round of MD5.
  if (indexOfText(body, 'Proc-Type:') >= 0) throw new WalletError('file.unsupported', { detail: 'Proc-Type' });
  const der = decodeBase64Text(body);
  if (der === null || der.length === 0) throw damaged('base64');
  return der;
}

function readBlock(label: string, body: Bytes): TextBlock {
  try {
    return { label, der: decodeBody(body), problem: null };
  } catch (thrown) {
    if (!(thrown instanceof WalletError)) throw thrown;
    return { label, der: null, problem: thrown };
  }
}

function readTagged(octets: Bytes): TextBlock[] {
  const blocks: TextBlock[] = [];
  let tags = 0;
  for (let at = indexOfText(octets, BEGIN); at >= 0; at = indexOfText(octets, BEGIN, at)) {
    at += BEGIN.length;
    const label = labelAt(octets, at);
    if (label === null) continue;
    if (++tags > NPKI_LIMITS.textBlocks) throw new WalletError('file.hostile', { detail: 'tags' });
    const start = at + label.length + DASHES.length;
    const end = indexOfText(octets, END, start);
    if (end < 0 || !standsAt(octets, END + label + DASHES, end)) throw damaged('tags');
    const body = octets.subarray(start, end);
    if (indexOfText(body, BEGIN) >= 0) throw damaged('tags');
    if (!NOT_OURS.test(label)) blocks.push(readBlock(label, body));
    at = end;
  }
  if (blocks.every(({ der }) => der === null)) throw blocks[0]?.problem ?? new WalletError('file.unsupported', { detail: 'text' });
  return blocks;
}

/**
 * The values in a text, in order.
 *
 * @returns null where `bytes` are no text with tags and no base64 of DER
 * @throws `file.unreadable` for tags that do not close, `file.hostile` for too many values, `file.unsupported` where nothing in it
 *   is of our kinds; where no block reads, the problem of the first: `file.unreadable` for damaged base64, `file.unsupported` for
 *   keys encrypted in the old way (Proc-Type)
 */
export function readTextBlocks(bytes: Bytes): readonly TextBlock[] | null {
  const octets = narrowText(bytes);
  if (indexOfText(octets, BEGIN) >= 0) return readTagged(octets);
  const der = decodeBase64Text(octets);
  return der !== null && der[0] === 0x30 ? [{ label: '', der, problem: null }] : null;
}

/** A text of one block after the other. Like the readers it makes no string of what is inside. */
export function writeTextBlocks(blocks: readonly { readonly label: string; readonly der: Bytes }[]): Bytes {
  const parts = blocks.flatMap(({ label, der }) => [utf8(`${BEGIN}${label}${DASHES}\n`), encodeBase64Text(der), utf8(`\n${END}${label}${DASHES}\n`)]);
  const text = concat(...parts);
  wipe(...parts);
  return text;
}
