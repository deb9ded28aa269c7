/** Documents on their way to the wallet, and their signatures on the way back. */
import { fromBase64, toBase64 } from '../bytes/base64.ts';
import { concat, copy, type Bytes } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/text.ts';
import { readSignatures, type Charset, type DocumentForm, type OpaqueType, type SentSignature, type TextType } from '../protocol/documents.ts';
import type { Accept } from '../protocol/sign-in.ts';
import { DojangError } from './error.ts';

/** A document that the person reads in the wallet's window before signing. */
export interface TextDocument {
  /** One line of 1 to 200 characters. It is shown, and stands in the person's history afterwards. */
  readonly title: string;
  /** `text/x-fields` has lines `label: value`, each label once, at most 500 and 64 Ki characters; it is shown as a table. */
  readonly mediaType: TextType;
  readonly content: string;
  /** How the text is written as the octets that are signed; UTF-8 unless told otherwise. */
  readonly charset?: Charset;
}

/** A document that the wallet cannot show, which it tells the person. */
export interface OpaqueDocument {
  readonly title: string;
  readonly mediaType: OpaqueType;
  readonly content: Uint8Array;
}

export interface SignOptions {
  /** 1 to 100 documents, 8 MiB in all (1 MiB in windows-949). */
  readonly documents: readonly (TextDocument | OpaqueDocument)[];
  /** Shape of the signatures; `cms` unless told otherwise. */
  readonly form?: DocumentForm;
  readonly accept?: Accept;
}

export interface SignResult {
  /** One CMS message for each document, in their order: DER in base64. */
  readonly signatures: readonly string[];
  /** The signer's certificate: DER in base64. */
  readonly certificate: string;
}

/** A request whose octets are those of this moment, whatever becomes of the page's own arrays meanwhile. */
export interface OutgoingDocuments {
  readonly payload: unknown;
  /** Reads what the wallet answers. */
  readonly read: (value: unknown) => SignResult;
}

interface Taken {
  readonly sent: unknown;
  /** The octets that are signed; of a text in UTF-8. */
  readonly octets: () => Bytes;
}

function take(document: TextDocument | OpaqueDocument): Taken {
  const { content } = document;
  if (typeof content === 'string') return { sent: document, octets: () => utf8(content) };
  const octets = copy(content);
  return { sent: { ...document, content: toBase64(octets) }, octets: () => octets };
}

function joined(signature: SentSignature, { octets }: Taken): string {
  if (typeof signature === 'string') return signature;
  return toBase64(concat(fromBase64(signature.before), octets(), fromBase64(signature.after)));
}

/** @throws {DojangError} `request.malformed` where it is no list of documents at all */
export function outgoing({ documents, ...rest }: SignOptions): OutgoingDocuments {
  let all: readonly Taken[];
  try {
    all = Array.from(documents, take);
  } catch {
    throw new DojangError('request.malformed');
  }
  return {
    payload: { documents: all.map(({ sent }) => sent), ...rest },
    read(value) {
      const { signatures, certificate } = readSignatures(value, all.length);
      return { signatures: all.map((taken, at) => joined(signatures[at] ?? '', taken)), certificate };
    },
  };
}
