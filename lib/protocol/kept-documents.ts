/** What waits for the person of documents to be signed: all but their octets, which are kept apart. */
import { CHARSETS, DOCUMENT_FORMS, OPAQUE_TYPES, readTitle, TEXT_TYPES, type AskedDocument, type SignRequest, oneOf } from './documents.ts';
import { LIMITS } from './limits.ts';
import { malformed, readRecord, readText } from './read.ts';
import { readAccept } from './sign-in.ts';

export interface KeptDocument extends Omit<AskedDocument, 'content'> {
  /** Octets. */
  readonly size: number;
  /** SHA-256 of the octets, base64url. */
  readonly digest: string;
}

export interface KeptDocuments extends Omit<SignRequest, 'documents'> {
  readonly documents: readonly KeptDocument[];
  /** Opens the octets where they wait: 32 octets in base64. */
  readonly key: string;
}

function readKept(value: unknown): KeptDocument {
  const fields = readRecord(value, ['title', 'mediaType', 'charset', 'size', 'digest']);
  const size = fields.get('size');
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 1 || size > LIMITS.documents) throw malformed('size');
  return {
    title: readTitle(fields.get('title')),
    mediaType: oneOf([...TEXT_TYPES, ...OPAQUE_TYPES], fields.get('mediaType'), 'mediaType'),
    charset: oneOf(CHARSETS, fields.get('charset'), 'charset'),
    size,
    digest: readText(fields.get('digest'), 'digest', 43, 43),
  };
}

/** @throws `request.malformed` */
export function readKeptDocuments(value: unknown): KeptDocuments {
  const fields = readRecord(value, ['documents', 'form', 'key'], ['accept']);
  const documents = fields.get('documents');
  if (!Array.isArray(documents) || documents.length === 0 || documents.length > LIMITS.documentCount) throw malformed('documents');
  const accept = fields.get('accept');
  return {
    documents: Array.from(documents as readonly unknown[], readKept),
    form: oneOf(DOCUMENT_FORMS, fields.get('form'), 'form'),
    ...(accept === undefined ? {} : { accept: readAccept(accept) }),
    key: readText(fields.get('key'), 'key', 44, 44),
  };
}
