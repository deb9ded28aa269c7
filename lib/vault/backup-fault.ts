/** Faults of a backup file. A person must not read that the wallet is damaged where only a file is. */
import { errorCode, WalletError, type ErrorCode } from '../errors.ts';

const FAULTS: ReadonlyMap<ErrorCode, ErrorCode> = new Map([
  ['vault.damaged', 'backup.damaged'],
  ['vault.changed', 'backup.damaged'],
  ['vault.newer-version', 'backup.newer-version'],
]);

/** The same fault, said of a file instead of the wallet. */
export function faultOfFile(thrown: unknown): unknown {
  const code = FAULTS.get(errorCode(thrown));
  return code ? new WalletError(code, { cause: thrown }) : thrown;
}
