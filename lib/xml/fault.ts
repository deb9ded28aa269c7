import { WalletError } from '../errors.ts';

/** What is no XML, or none that is read here. The detail names the rule and never quotes the document. */
export function malformed(detail: string): WalletError {
  return new WalletError('request.malformed', { detail: `xml: ${detail}` });
}

/** What passes one of the bounds. */
export function tooLarge(detail: string): WalletError {
  return new WalletError('request.too-large', { detail: `xml: ${detail}` });
}
