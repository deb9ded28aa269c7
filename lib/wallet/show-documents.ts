/** Documents as the approval window shows them: read from the very octets that are signed. */
import type { Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { isText, type Charset } from '../protocol/documents.ts';
import { readRows } from '../protocol/fields.ts';
import type { KeptDocuments } from '../protocol/kept-documents.ts';
import type { ShownDocument } from './api.ts';
import { splitDocuments } from './documents.ts';

/** A byte order mark stays in the text, and shows itself as a mark. */
function textOf(octets: Bytes, charset: Charset): string {
  try {
    return new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(octets);
  } catch (cause) {
    throw new WalletError('request.forbidden', { detail: 'charset', cause });
  }
}

/** @throws `request.forbidden` where the octets are not those that were asked for, or are no text in their charset */
export async function showDocuments(asked: KeptDocuments, octets: Bytes): Promise<readonly ShownDocument[]> {
  const contents = await splitDocuments(asked, octets);
  return asked.documents.map(({ title, mediaType, charset, size, digest }, at) => {
    const content = contents[at];
    const text = content !== undefined && isText(mediaType) ? textOf(content, charset) : null;
    return { title, mediaType, size, digest, text, rows: text !== null && mediaType === 'text/x-fields' ? readRows(text) : null };
  });
}
