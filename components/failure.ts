/** What went wrong, as a screen keeps it: the code, and the detail that its sentence may name. */
import { WalletError, type ErrorCode } from '../lib/errors.ts';
import { errorKey, type TextKey, type TextParams } from '../lib/i18n/texts.ts';

export interface Failure {
  readonly code: ErrorCode;
  readonly detail: string | null;
}

export function failure(code: ErrorCode, detail: string | null = null): Failure {
  return { code, detail };
}

export function failureOf(thrown: unknown): Failure {
  return thrown instanceof WalletError ? failure(thrown.code, thrown.detail ?? null) : failure('internal');
}

const OID = /^\d+(\.\d+)+$/;

/** The sentence of a failure, in the words of the screen. */
export function failureSentence(t: (key: TextKey, params?: TextParams) => string, { code, detail }: Failure): string {
  if (code === 'file.unsupported' && detail !== null && OID.test(detail)) return t('file_unsupported_algorithm');
  if (code === 'file.pair-missing') return t('file_pair_missing', { name: detail ?? 'signCert.der, signPri.key' });
  if (code === 'password.wait') return t('password_wait', { n: Number(detail ?? 30) });
  return t(errorKey(code));
}
