/** The octets of documents that a page asks to have signed: made once, when it asks, and signed as they are. */
import { fromBase64, toBase64, toBase64Url } from '../bytes/base64.ts';
import { concat, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { WalletError } from '../errors.ts';
import { isText, type AskedDocument, type SentSignatures, type SignRequest } from '../protocol/documents.ts';
import type { KeptDocument, KeptDocuments } from '../protocol/kept-documents.ts';
import { LIMITS } from '../protocol/limits.ts';
import { signedDataParts } from '../sign/cms.ts';
import { checkDocumentContent } from '../sign/document-content.ts';
import { SHAPES } from '../sign/forms.ts';
import type { Signer } from './signer.ts';

/** Writes a text in windows-949; null where a character has no place in it. */
export type EncodeKorean = (text: string) => Bytes | null;

function octetsOf({ mediaType, charset, content }: AskedDocument, encodeKorean: EncodeKorean): Bytes {
  if (!isText(mediaType)) return fromBase64(content);
  if (charset === 'utf-8') return utf8(content);
  const octets = encodeKorean(content);
  if (octets === null) throw new WalletError('request.malformed', { detail: 'no such character in windows-949' });
  return octets;
}

/** SHA-256 in base64url. */
export async function digestOf(octets: Bytes): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', octets)));
}

function sizeOf(documents: readonly { readonly size: number }[]): number {
  return documents.reduce((sum, { size }) => sum + size, 0);
}

/**
 * @returns what waits of the documents, and all their octets in a row
 * @throws `request.malformed` for a character without a place in its charset, and for content that is not signed as a document;
 * `request.too-large`
 */
export async function takeDocuments(
  { documents, form }: SignRequest,
  encodeKorean: EncodeKorean,
): Promise<{ readonly kept: readonly KeptDocument[]; readonly octets: Bytes }> {
  const all: Bytes[] = [];
  const kept: KeptDocument[] = [];
  for (const document of documents) {
    const octets = octetsOf(document, encodeKorean);
    checkDocumentContent(octets, form, document.charset);
    const { title, mediaType, charset } = document;
    kept.push({ title, mediaType, charset, size: octets.length, digest: await digestOf(octets) });
    all.push(octets);
  }
  const korean = kept.filter(({ charset }) => charset === 'windows-949');
  if (sizeOf(kept) > LIMITS.documents || sizeOf(korean) > LIMITS.korean) throw new WalletError('request.too-large', { detail: 'documents' });
  return { kept, octets: concat(...all) };
}

/** The octets of each document again. @throws `request.forbidden` where they are not those that were asked for */
export async function splitDocuments({ documents }: KeptDocuments, octets: Bytes): Promise<readonly Bytes[]> {
  if (octets.length !== sizeOf(documents)) throw new WalletError('request.forbidden', { detail: 'documents' });
  let at = 0;
  return Promise.all(
    documents.map(async ({ size, digest }) => {
      const content = octets.subarray(at, (at += size));
      if ((await digestOf(content)) !== digest) throw new WalletError('request.forbidden', { detail: 'documents' });
      return content;
    }),
  );
}

/** Signs every document, in their order, with one key. @throws `request.forbidden`, `request.malformed` */
export async function signDocuments(origin: string, asked: KeptDocuments, octets: Bytes, signer: Signer): Promise<SentSignatures> {
  const { certificate, intermediates, now, sign } = signer;
  const { form, documents } = asked;
  const signatures = [];
  for (const [at, content] of (await splitDocuments(asked, octets)).entries()) {
    const charset = documents[at]?.charset ?? 'utf-8';
    checkDocumentContent(content, form, charset);
    const parts = await signedDataParts({ content, certificate: certificate.der, chain: intermediates, signingTime: now, form, origin, sign });
    if (!SHAPES[form].attached) signatures.push(toBase64(parts.before));
    else if (charset === 'windows-949') signatures.push(toBase64(concat(parts.before, content, parts.after)));
    else signatures.push({ before: toBase64(parts.before), after: toBase64(parts.after) });
  }
  return { signatures, certificate: toBase64(certificate.der) };
}
