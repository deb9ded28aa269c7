import { WalletError } from '../../errors.ts';

/** What an answer is called that is not one, or passes a bound. */
export function malformed(detail: string): WalletError {
  return new WalletError('file.unreadable', { detail });
}
