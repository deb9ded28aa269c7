/** Verifies a document that the wallet signed for a page of the bank. */
import { copy, equal, type Bytes } from '../bytes/bytes.ts';
import { WalletError } from '../errors.ts';
import { CHARSETS } from '../protocol/documents.ts';
import { LIMITS } from '../protocol/limits.ts';
import { checkDocumentContent, startsLikeStatement } from '../sign/document-content.ts';
import { SHAPES, type SignedDataForm } from '../sign/forms.ts';
import type { SignedData } from '../sign/read-cms.ts';
import type { AcceptOptions } from './acceptance.ts';
import { describeSigner, type Check, type SignedDocument } from './result.ts';
import { checkSigner, checkTime, readMessage, requireAttributes, type Trust } from './signer.ts';

export interface DocumentOptions extends AcceptOptions {
  /**
   * The octets that must be signed, as the server has them. Needed for `cms-detached`; for the other forms give it wherever the server
   * wrote the document, so that nobody signs something else.
   */
  readonly content?: Uint8Array;
  /** The form that the page asked for; `cms` unless told otherwise. */
  readonly form?: SignedDataForm;
  /** When the server received it, in milliseconds since 1970 UTC, for what is verified later; now unless told otherwise. */
  readonly receivedAt?: number;
}

/** The largest document in base64, and what stands around it. */
const MAX_MESSAGE = Math.ceil(LIMITS.documents / 3) * 4 + LIMITS.request;

function wrong(detail: string): WalletError {
  return new WalletError('verify.document', { detail });
}

/** What the form leaves open in a message is no reason to refuse it: how the algorithm is named, and what stands around it. */
function checkForm(message: SignedData, form: SignedDataForm): void {
  const { attached, attributes } = SHAPES[form];
  if ((message.content !== null) !== attached || (message.attributes !== null) !== attributes) throw wrong('form');
}

function isDocument(content: Bytes, form: SignedDataForm): boolean {
  return CHARSETS.some((charset) => {
    try {
      checkDocumentContent(content, form, charset);
      return true;
    } catch {
      return false;
    }
  });
}

function checkContent(content: Bytes | null, form: SignedDataForm, wanted: Uint8Array | undefined): void {
  if (content === null && wanted === undefined) throw wrong('content is not attached');
  if (content !== null && startsLikeStatement(content)) throw wrong('sign-in statement');
  // The attributes of any other message of the same key, above all of a sign-in, verify as the content of one that has none.
  if (content !== null && !SHAPES[form].attributes && !isDocument(content, form)) throw wrong('content of another message');
  if (content !== null && wanted !== undefined && !equal(content, wanted)) throw wrong('content');
}

/** Origin and time stand in the signed attributes; gives the time of the signature. */
function checkAttributes(message: SignedData, origin: string, receivedAt: number): number {
  const { origin: asked, signingTime } = requireAttributes(message);
  if (asked !== origin) throw new WalletError('verify.origin', { detail: asked ?? 'none' });
  checkTime(receivedAt, [signingTime]);
  return signingTime;
}

/** As `Verifier.verifyDocument`, for the origin of the bank. */
export async function verifyDocument(
  trust: Trust & { readonly origin: string; readonly clock: () => number },
  signature: Uint8Array | string,
  { content, form = 'cms', receivedAt = trust.clock(), ...accept }: DocumentOptions,
): Promise<SignedDocument> {
  const message = readMessage(signature, MAX_MESSAGE);
  checkForm(message, form);
  checkContent(message.content, form, content);
  const signedAt = SHAPES[form].attributes ? checkAttributes(message, trust.origin, receivedAt) : null;
  const detached = message.content === null && content !== undefined ? { detached: copy(content) } : {};
  const signer = await checkSigner(trust, message, { at: signedAt ?? receivedAt, accept, ...detached });
  const first: Check[] = [...(content === undefined ? [] : ['content' as const]), ...(signedAt === null ? [] : (['origin', 'time'] as const))];
  return { ...describeSigner(signer.certificate), signedAt, content: signer.content, checks: [...first, ...signer.checks] };
}
