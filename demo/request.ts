/** Reading what browsers send to the demo bank. */
import type { IncomingMessage } from 'node:http';
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

/**
 * Reads a JSON body.
 * @throws `request.malformed` for another type or no JSON; `request.too-large`
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  if (request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() !== 'application/json')
    throw new WalletError('request.malformed', { detail: 'content type' });
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > BODY_LIMIT) throw new WalletError('request.too-large');
    pieces.push(piece);
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch (cause) {
    throw new WalletError('request.malformed', { detail: 'json', cause });
  }
}
