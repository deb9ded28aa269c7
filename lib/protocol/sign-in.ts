import { LIMITS } from './limits.ts';
import { malformed, readRecord, readText, readTexts } from './read.ts';

/** Which certificates a page takes. What does not fit is shown to the person greyed, with the reason. */
export interface Accept {
  /** Policy OIDs in dotted text; empty or absent: any. */
  readonly policies?: readonly string[];
  /** O of the issuer's name, compared without regard to case; empty or absent: any. */
  readonly issuers?: readonly string[];
}

/** A wish for the identity value (R, 신원확인값) of the key that signs: the person releases it apart, or does not. */
export interface IdentityWish {
  /** Certificate of the server that it is encrypted to: DER in base64, RSA of 2048 to 4096 bits, keyEncipherment, valid now. */
  readonly recipient: string;
}

export interface SignInRequest {
  /** From the bank's server: 32 or more random octets in base64url, used once. */
  readonly nonce: string;
  readonly accept?: Accept;
  readonly identity?: IdentityWish;
}

export interface SignInResult {
  /** CMS SignedData over the sign-in statement: DER in base64. */
  readonly cms: string;
  /** The signer's certificate: DER in base64. */
  readonly certificate: string;
  /** The identity value for the server named in the request: CMS EnvelopedData, DER in base64. Absent where the person did not release it. */
  readonly identity?: string;
}

const NONCE = /^[A-Za-z0-9_-]+$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** @throws `request.malformed` */
export function readAccept(value: unknown): Accept {
  const fields = readRecord(value, [], ['policies', 'issuers']);
  const policies = fields.get('policies');
  const issuers = fields.get('issuers');
  return {
    ...(policies === undefined ? {} : { policies: readTexts(policies, 'policies', LIMITS.policies, LIMITS.name) }),
    ...(issuers === undefined ? {} : { issuers: readTexts(issuers, 'issuers', LIMITS.issuers, LIMITS.name) }),
  };
}

/** By its letters alone: the certificate is read where it is acted upon. */
function readIdentity(value: unknown): IdentityWish {
  const recipient = readText(readRecord(value, ['recipient']).get('recipient'), 'recipient', 1, LIMITS.recipient);
  if (!BASE64.test(recipient)) throw malformed('recipient');
  return { recipient };
}

/** Reads the payload of `signIn`. @throws `request.malformed` */
export function readSignInRequest(value: unknown): SignInRequest {
  const fields = readRecord(value, ['nonce'], ['accept', 'identity']);
  const nonce = readText(fields.get('nonce'), 'nonce', LIMITS.nonceMin, LIMITS.nonceMax);
  if (!NONCE.test(nonce)) throw malformed('nonce');
  const accept = fields.get('accept');
  const identity = fields.get('identity');
  return {
    nonce,
    ...(accept === undefined ? {} : { accept: readAccept(accept) }),
    ...(identity === undefined ? {} : { identity: readIdentity(identity) }),
  };
}

/** Reads the result of `signIn`, as the page library gets it. @throws `request.malformed` */
export function readSignInResult(value: unknown): SignInResult {
  const fields = readRecord(value, ['cms', 'certificate'], ['identity']);
  const identity = fields.get('identity');
  return {
    cms: readText(fields.get('cms'), 'cms', 1, LIMITS.request),
    certificate: readText(fields.get('certificate'), 'certificate', 1, LIMITS.request),
    ...(identity === undefined ? {} : { identity: readText(identity, 'identity', 1, LIMITS.request) }),
  };
}
