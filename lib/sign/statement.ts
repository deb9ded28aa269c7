/**
 * The sign-in statement: what the wallet signs when a person signs in to a site. UTF-8 JSON with sorted keys and no
 * blanks (RFC 8785), written by the wallet alone; the origin of the asking document lies under the signature, so a
 * signature that a look-alike site collects names the look-alike.
 */
import type { Bytes } from '../bytes/bytes.ts';
import { fromUtf8, utf8 } from '../bytes/text.ts';
import { WalletError } from '../errors.ts';

export interface Statement {
  /** Serialized origin of the asking document, e.g. `https://bank.example`. */
  readonly origin: string;
  /** The server's nonce: 32 to 96 random octets in base64url. */
  readonly nonce: string;
  /** When the wallet wrote it, in milliseconds since 1970 UTC; the statement keeps whole seconds. */
  readonly issuedAt: number;
}

const NONCE = /^[A-Za-z0-9_-]{43,128}$/;
/** A host name has at most 253 characters; with scheme, port, nonce and the fixed parts 1 KiB is more than enough. */
const MAX_BYTES = 1024;

function malformed(detail: string): WalletError {
  return new WalletError('request.malformed', { detail });
}

/** Scheme, host and port by their characters; URL parsers let quotes and the like into host names, DNS does not. */
const ORIGIN = /^https?:\/\/[a-z0-9._:[\]-]{1,290}$/;

/** Whether a text is an http(s) origin in the one form browsers serialize it (never `null`, a path, or upper case). */
export function isOrigin(text: string): boolean {
  return ORIGIN.test(text) && URL.parse(text)?.origin === text;
}

/** Whether a text is a nonce of a bank's server. */
export function isNonce(text: string): boolean {
  return NONCE.test(text);
}

function writeTime(milliseconds: number): string {
  if (!(milliseconds >= 0 && milliseconds < 253_402_300_800_000)) throw malformed('statement time');
  return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/**
 * Writes the statement's octets.
 * @throws `request.malformed` where the origin is not a serialized http(s) origin, the nonce is not 43 to 128 base64url
 * characters, or the time lies outside the years 1970 to 9999
 */
export function writeStatement({ origin, nonce, issuedAt }: Statement): Bytes {
  if (!isOrigin(origin)) throw malformed('statement origin');
  if (!isNonce(nonce)) throw malformed('statement nonce');
  // The keys stand in the order of RFC 8785, 3.2.3; its strings are those of JSON.stringify (3.2.2.2).
  return utf8(JSON.stringify({ iat: writeTime(issuedAt), nonce, origin, purpose: 'sign-in', type: 'dojang/1' }));
}

function parse(bytes: Bytes): ReadonlyMap<string, unknown> {
  if (bytes.length > MAX_BYTES) throw malformed('statement size');
  try {
    return new Map(Object.entries(JSON.parse(fromUtf8(bytes)) as object));
  } catch (cause) {
    throw malformed(cause instanceof WalletError ? 'statement encoding' : 'statement json');
  }
}

function textOf(fields: ReadonlyMap<string, unknown>, name: string): string {
  const value = fields.get(name);
  if (typeof value !== 'string') throw malformed(`statement ${name}`);
  return value;
}

/**
 * Reads a statement. Only the octets `writeStatement` makes are taken: what was read is written again and must be equal,
 * so a further key, a blank, another order, an escape or a repeated key is refused.
 * @throws `request.malformed`
 */
export function readStatement(bytes: Bytes): Statement {
  const fields = parse(bytes);
  const statement = { origin: textOf(fields, 'origin'), nonce: textOf(fields, 'nonce'), issuedAt: Date.parse(textOf(fields, 'iat')) };
  if (fromUtf8(writeStatement(statement)) !== fromUtf8(bytes)) throw malformed('statement not canonical');
  return statement;
}
