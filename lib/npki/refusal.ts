/** Why a file cannot be taken, in the words that a screen can use. */
import { errorCode, WalletError, type ErrorCode } from '../errors.ts';

export interface Refusal {
  readonly code: ErrorCode;
  /** The OID of an algorithm that is not known, else the name of the file that is damaged or missing. */
  readonly detail: string;
}

const DOTTED = /^\d+(?:\.\d+)+$/;

/** Says why with the OID where one is at fault, else with the name of the file. */
export function refusalOf(thrown: unknown, name: string): Refusal {
  const oid = thrown instanceof WalletError && thrown.detail !== undefined && DOTTED.test(thrown.detail) ? thrown.detail : null;
  return { code: errorCode(thrown), detail: oid ?? name };
}

/** Whether something thrown, or a refusal, is about an algorithm: the file is of our kind, only this wallet cannot open it. */
export function namesAlgorithm(why: unknown): boolean {
  const detail = typeof why === 'object' && why !== null && 'detail' in why ? why.detail : null;
  return typeof detail === 'string' && DOTTED.test(detail);
}
