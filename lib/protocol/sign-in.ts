import { LIMITS } from './limits.ts';
import { malformed, readRecord, readText, readTexts } from './read.ts';

/** Which certificates a page takes. What does not fit is shown to the person greyed, with the reason. */
export interface Accept {
  /** Policy OIDs in dotted text; empty or absent: any. */
  readonly policies?: readonly string[];
  /** O of the issuer's name, compared without regard to case; empty or absent: any. */
  readonly issuers?: readonly string[];
}

export interface SignInRequest {
  /** From the bank's server: 32 or more random octets in base64url, used once. */
  readonly nonce: string;
  readonly accept?: Accept;
}

export interface SignInResult {
  /** CMS SignedData over the sign-in statement: DER in base64. */
  readonly cms: string;
  /** The signer's certificate: DER in base64. */
  readonly certificate: string;
}

const NONCE = /^[A-Za-z0-9_-]+$/;

export function readAccept(value: unknown): Accept {
  const fields = readRecord(value, [], ['policies', 'issuers']);
  const policies = fields.get('policies');
  const issuers = fields.get('issuers');
  return {
    ...(policies === undefined ? {} : { policies: readTexts(policies, 'policies', LIMITS.policies, LIMITS.name) }),
    ...(issuers === undefined ? {} : { issuers: readTexts(issuers, 'issuers', LIMITS.issuers, LIMITS.name) }),
  };
}

/** Reads the payload of `signIn`. @throws `request.malformed` */
export function readSignInRequest(value: unknown): SignInRequest {
  const fields = readRecord(value, ['nonce'], ['accept']);
  const nonce = readText(fields.get('nonce'), 'nonce', LIMITS.nonceMin, LIMITS.nonceMax);
  if (!NONCE.test(nonce)) throw malformed('nonce');
  const accept = fields.get('accept');
  return accept === undefined ? { nonce } : { nonce, accept: readAccept(accept) };
}

/** Reads the result of `signIn`, as the page library gets it. @throws `request.malformed` */
export function readSignInResult(value: unknown): SignInResult {
  const fields = readRecord(value, ['cms', 'certificate']);
  return {
    cms: readText(fields.get('cms'), 'cms', 1, LIMITS.request),
    certificate: readText(fields.get('certificate'), 'certificate', 1, LIMITS.request),
  };
}
