/**
 * Which content may be signed as a document. One key signs for everything that its holder does, so what is signed as a document
 * must never be of use as another protocol's message.
 */
import { readDer } from '../asn1/reader.ts';
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { SHAPES, type SignedDataForm } from './forms.ts';

/** Without signed attributes the signature is over the content itself, and shorter ones could be anybody's challenge. */
const MIN_BARE = 16;
/** Octets of one or two hash values: a signature over them is one over a ready hash, or a Web eID token. */
const HASH_SIZES: ReadonlySet<number> = new Set([20, 28, 32, 48, 64, 96, 128]);
/** More than the header of a JSON web signature has room for. */
const LOOKED_AT = 16 * 1024;

function refused(detail: string): WalletError {
  return new WalletError('request.malformed', { detail: `document: ${detail}` });
}

function isDer(content: Bytes): boolean {
  try {
    readDer(content);
    return true;
  } catch (thrown) {
    return thrown instanceof WalletError && thrown.code === 'file.hostile';
  }
}

export type Charset = 'utf-8' | 'windows-949';

/** Valid in its charset, without control characters but tabs and line ends. */
function isText(content: Bytes, charset: Charset): boolean {
  const printable = content.every((octet) => (octet >= 0x20 && octet !== 0x7f) || octet === 0x09 || octet === 0x0a || octet === 0x0d);
  if (!printable) return false;
  try {
    new TextDecoder(charset, { fatal: true }).decode(content);
    return true;
  } catch {
    return false;
  }
}

/** The beginning as ASCII, without byte order mark and blanks in front. */
function beginning(content: Bytes): string {
  const text = String.fromCharCode(...content.subarray(0, LOOKED_AT));
  return text.replace(/^\u00ef\u00bb\u00bf/, '').trimStart();
}

/**
 * Whether content begins as the sign-in statement does, whose first key is `iat`. A verifier takes only the octets that the wallet
 * writes; here everything that comes near is one.
 */
export function startsLikeStatement(content: Bytes): boolean {
  return /^\{\s*"iat"/.test(beginning(content));
}

/** `SignedInfo` under whatever prefix, or a name whose end is out of sight. */
const SIGNED_INFO = /^<(?:[^ \t\r\n/>]*$|(?:[^ \t\r\n/>]*:)?SignedInfo[ \t\r\n/>])/;

/** Whether a word is an object of JSON in base64url; bits that are left over at its end count for nothing. */
function isJsonObject(word: string): boolean {
  try {
    const value: unknown = JSON.parse(atob(word.replaceAll('-', '+').replaceAll('_', '/')));
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

/**
 * What the same signature would be elsewhere: XML signatures sign `SignedInfo`, JSON web signatures a header in base64url, a dot,
 * and what may be any text (RFC 7515 5.1, RFC 7797 3).
 */
function startsLikeSignature(content: Bytes): boolean {
  const text = beginning(content);
  const [, header] = /^([\w-]+)\./.exec(text) ?? [];
  return SIGNED_INFO.test(text) || (header !== undefined && isJsonObject(header));
}

/**
 * @param charset of content that is said to be text; UTF-8 for all other
 * @throws `request.malformed` for a sign-in statement in every form, and in forms without signed attributes for what could be
 * another protocol's message: content of less than 16 octets, of the length of hash values, DER, octets that are neither text
 * nor PDF, the part of an XML or JSON signature that is signed
 */
export function checkDocumentContent(content: Bytes, form: SignedDataForm, charset: Charset = 'utf-8'): void {
  if (startsLikeStatement(content)) throw refused('sign-in statement');
  if (SHAPES[form].attributes) return;
  const text = isText(content, charset);
  if (content.length < MIN_BARE) throw refused('too short for this form');
  if (HASH_SIZES.has(content.length) && !text) throw refused('length of a hash');
  if (isDer(content)) throw refused('DER');
  if (!text && !beginning(content).startsWith('%PDF-')) throw refused('neither text nor PDF');
  if (startsLikeSignature(content)) throw refused('content of another signature');
}
