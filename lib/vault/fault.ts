/** The two ways stored vault data can be bad. They are told apart, because the person is told different things. */
import { WalletError } from '../errors.ts';

/** Checksum, grammar, a field or a bound is wrong: storage lost something. */
export function damaged(detail: string, cause?: unknown): WalletError {
  return new WalletError('vault.damaged', { detail, cause });
}

/** Well-formed, but not what we sealed: somebody changed it. */
export function changed(detail: string, cause?: unknown): WalletError {
  return new WalletError('vault.changed', { detail, cause });
}
