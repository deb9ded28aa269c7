import type { ErrorCode } from '../errors.ts';

const FOR_DEVELOPERS: Partial<Record<ErrorCode, string>> = {
  'wallet.absent': 'No wallet answered. Dojang is not installed, or not enabled on this site.',
  'user.cancelled': 'The person closed the approval window or said no.',
  'user.timeout': 'Nobody decided within the time limit.',
  'request.busy': 'Another request of this page, or too many in all, are waiting for the person, or the site is muted for a minute.',
  'request.insecure': 'Only secure, top-level documents with an origin of their own are served.',
  'request.malformed': 'The request has a field that is missing, unknown or out of bounds.',
  'request.too-large': 'The request is over the size limit.',
  'request.duplicate': 'A request id was used twice.',
  'request.unsupported-version': 'The wallet speaks another version of the page protocol.',
  'ca.refused': 'The authority refused; the wallet told the person why.',
  'ca.waiting': 'The authority decides later; the wallet goes on by itself.',
  'ca.unreachable': 'The wallet does not know the authority, or got no answer that it could believe.',
  'ca.unconfirmed': 'The certificate is in the wallet, and the authority has not confirmed it yet.',
  'request.forbidden': 'This document may not ask.',
  'request.recipient':
    'The certificate of identity.recipient does not read, is not valid now, or is not for encrypting keys (keyEncipherment, RSA of 2048 to 4096 bits).',
};

/** What every call of this library rejects with. `code` is stable; the message is for the developer's console. */
export class DojangError extends Error {
  override readonly name = 'DojangError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode) {
    super(FOR_DEVELOPERS[code] ?? code);
    this.code = code;
  }
}
