import { WalletError } from '../errors.ts';

/** What a message is called that is not one, or passes a bound. */
export function malformed(detail: string, cause?: unknown): WalletError {
  return new WalletError('request.malformed', { detail: `cmp: ${detail}`, cause });
}

/** Gives every error of a reader one name: `request.malformed`. */
export function strictly<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof WalletError) || thrown.code === 'request.malformed') throw thrown;
    throw malformed(thrown.detail ?? thrown.code, thrown);
  }
}
