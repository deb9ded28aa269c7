import { WalletError } from '../errors.ts';
import type { Bytes } from './bytes.ts';

/** UTF-8 bytes of a text. */
export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

/** Text of UTF-8 bytes; invalid sequences throw `request.malformed` and a byte order mark stays in the text. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new WalletError('request.malformed', { detail: 'utf-8', cause });
  }
}
