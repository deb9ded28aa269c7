/** Documents that a page asks to have signed, and what it gets. */
import { STACKED } from '../characters.ts';
import { WalletError } from '../errors.ts';
import { readRows } from './fields.ts';
import { LIMITS } from './limits.ts';
import { isPlain, malformed, readRecord, readText } from './read.ts';
import { readAccept, type Accept } from './sign-in.ts';

/** Types that the person reads in the window. `text/x-fields` is a text of lines `label: value`. */
export const TEXT_TYPES = ['text/plain', 'application/json', 'text/x-fields', 'application/xml'] as const;
/** Types that the wallet cannot show; it says so. */
export const OPAQUE_TYPES = ['application/pdf', 'application/octet-stream'] as const;
/** Shapes of CMS SignedData. */
export const DOCUMENT_FORMS = ['cms', 'cms-detached', 'cms-rsa-encryption', 'cms-no-attributes', 'cms-bare'] as const;
export const CHARSETS = ['utf-8', 'windows-949'] as const;

export type TextType = (typeof TEXT_TYPES)[number];
export type OpaqueType = (typeof OPAQUE_TYPES)[number];
export type DocumentForm = (typeof DOCUMENT_FORMS)[number];
export type Charset = (typeof CHARSETS)[number];

export interface AskedDocument {
  /** One line of 1 to 200 characters; it goes into the person's history. */
  readonly title: string;
  readonly mediaType: TextType | OpaqueType;
  /** The text, or the octets in base64 where the type is opaque. */
  readonly content: string;
  /** How a text is written as octets, which are what is signed. */
  readonly charset: Charset;
}

export interface SignRequest {
  readonly documents: readonly AskedDocument[];
  readonly form: DocumentForm;
  readonly accept?: Accept;
}

export function oneOf<Word extends string>(words: readonly Word[], value: unknown, name: string): Word {
  const found = words.find((word) => word === value);
  if (found === undefined) throw malformed(name);
  return found;
}

export function isText(mediaType: string): mediaType is TextType {
  return (TEXT_TYPES as readonly string[]).includes(mediaType);
}

/** One line without control characters, line separators and half surrogates. */
const TITLE = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]{1,200}$/u;

export function readTitle(value: unknown): string {
  const title = readText(value, 'title', 1, 2 * LIMITS.title);
  if (!TITLE.test(title) || STACKED.test(title) || title.trim() === '') throw malformed('title');
  return title;
}

/** The encoding that an XML declaration names (XML 1.0, 2.8); without one it is UTF-8 (4.3.3). */
const DECLARED = /^<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"']*)/;
const XML_NAMES: Readonly<Record<Charset, RegExp>> = {
  'utf-8': /^utf-8$/i,
  'windows-949': /^(?:windows-949|x-windows-949|cp949|ms949|euc-kr|ks_c_5601-1987)$/i,
};

/** Whoever reads the octets goes by the declaration, the person saw them by the charset. */
function checkXml(text: string, charset: Charset): void {
  if (!XML_NAMES[charset].test(DECLARED.exec(text)?.[1] ?? 'utf-8')) throw malformed('content xml');
}

function checkText(mediaType: TextType, text: string, charset: Charset): void {
  // Half a surrogate pair has no octets in any charset.
  if (!text.isWellFormed()) throw malformed('content');
  if (mediaType === 'text/x-fields') readRows(text);
  if (mediaType === 'application/xml') checkXml(text, charset);
  if (mediaType !== 'application/json') return;
  try {
    JSON.parse(text);
  } catch {
    throw malformed('content json');
  }
}

function readDocument(value: unknown): AskedDocument {
  const fields = readRecord(value, ['title', 'mediaType', 'content'], ['charset']);
  const mediaType = oneOf([...TEXT_TYPES, ...OPAQUE_TYPES], fields.get('mediaType'), 'mediaType');
  // Opaque octets are a third longer in base64; `readSignRequest` looks at what all of them come to.
  const content = readText(fields.get('content'), 'content', 1, 2 * LIMITS.documents);
  const charset = fields.has('charset') ? oneOf(CHARSETS, fields.get('charset'), 'charset') : 'utf-8';
  if (isText(mediaType)) checkText(mediaType, content, charset);
  else if (fields.has('charset')) throw malformed('charset');
  return { title: readTitle(fields.get('title')), mediaType, content, charset };
}

/** The fewest octets that a document can have, without making them. */
function fewestOctets(value: unknown): number {
  if (!isPlain(value) || typeof value['content'] !== 'string') return 0;
  const { length } = value['content'];
  return (OPAQUE_TYPES as readonly unknown[]).includes(value['mediaType']) ? Math.floor(length / 4) * 3 - 2 : length;
}

/** Reads the payload of `sign`. @throws `request.malformed`, `request.too-large` */
export function readSignRequest(value: unknown): SignRequest {
  const fields = readRecord(value, ['documents'], ['form', 'accept']);
  const documents = fields.get('documents');
  if (!Array.isArray(documents) || documents.length === 0) throw malformed('documents');
  const list: readonly unknown[] = documents;
  if (list.length > LIMITS.documentCount) throw new WalletError('request.too-large', { detail: 'documents' });
  const octets = list.reduce<number>((sum, document) => sum + fewestOctets(document), 0);
  if (octets > LIMITS.documents) throw new WalletError('request.too-large', { detail: 'documents' });
  const accept = fields.get('accept');
  return {
    documents: Array.from(list, readDocument),
    form: fields.has('form') ? oneOf(DOCUMENT_FORMS, fields.get('form'), 'form') : 'cms',
    ...(accept === undefined ? {} : { accept: readAccept(accept) }),
  };
}

/**
 * A signature on its way to the page, in base64: the whole message, or what stands before and after the content in it, which the page
 * has itself, so that large documents travel once.
 */
export type SentSignature = string | { readonly before: string; readonly after: string };

export interface SentSignatures {
  readonly signatures: readonly SentSignature[];
  /** The signer's certificate: DER in base64. */
  readonly certificate: string;
}

function readSignature(value: unknown): SentSignature {
  if (typeof value === 'string') return readText(value, 'signature', 1, LIMITS.wholeSignature);
  const fields = readRecord(value, ['before', 'after']);
  return {
    before: readText(fields.get('before'), 'before', 1, LIMITS.request),
    after: readText(fields.get('after'), 'after', 1, LIMITS.request),
  };
}

/** Reads the result of `sign` for so many documents, as the page library gets it. @throws `request.malformed` */
export function readSignatures(value: unknown, count: number): SentSignatures {
  const fields = readRecord(value, ['signatures', 'certificate']);
  const signatures: unknown = fields.get('signatures');
  if (!Array.isArray(signatures) || signatures.length !== count) throw malformed('signatures');
  return {
    signatures: Array.from(signatures as readonly unknown[], readSignature),
    certificate: readText(fields.get('certificate'), 'certificate', 1, LIMITS.request),
  };
}
