/** Reading what browsers and programs send to the servers of the demo. */
import type { IncomingMessage } from 'node:http';
import { concat, type Bytes } from '../lib/bytes/bytes.ts';
import { WalletError } from '../lib/errors.ts';
import { LANGUAGES, type Language } from './texts.ts';

/** A sign-in of a wallet is a few kilobytes; the page protocol allows 256 KiB. */
const BODY_LIMIT = 300 * 1024;

/** Cookies of a request; of a name that comes twice the first counts. */
export function readCookies(request: IncomingMessage): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, at).trim();
    if (at > 0 && !cookies.has(name)) cookies.set(name, pair.slice(at + 1).trim());
  }
  return cookies;
}

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.some((language) => language === value);
}

/** `lang` of the query, then of the cookie, then the first language of the browser that we speak; else Korean. */
export function readLanguage(request: IncomingMessage, query: URLSearchParams, cookie: string | undefined): Language {
  const asked = [query.get('lang'), cookie, ...(request.headers['accept-language'] ?? '').split(',').map((part) => part.trim().slice(0, 2))];
  return asked.find(isLanguage) ?? 'ko';
}

export function hasType({ headers }: IncomingMessage, type: string): boolean {
  return headers['content-type']?.split(';')[0]?.trim().toLowerCase() === type;
}

/**
 * Reads a body of the given type.
 * @throws `request.malformed` for another type; `request.too-large`
 */
export async function readBytes(request: IncomingMessage, type: string, limit: number): Promise<Bytes> {
  if (!hasType(request, type)) throw new WalletError('request.malformed', { detail: 'content type' });
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > limit) throw new WalletError('request.too-large');
    pieces.push(piece);
  }
  return concat(...pieces);
}

const FORM_LIMIT = 4 * 1024;

/**
 * Reads the fields of a form that a page of ours posts.
 * @throws `request.malformed` for another type; `request.too-large`
 */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  return new URLSearchParams(Buffer.from(await readBytes(request, 'application/x-www-form-urlencoded', FORM_LIMIT)).toString('utf8'));
}

/**
 * Reads a JSON body.
 * @throws `request.malformed` for another type or no JSON; `request.too-large`
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBytes(request, 'application/json', BODY_LIMIT);
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch (cause) {
    throw new WalletError('request.malformed', { detail: 'json', cause });
  }
}
