/** What went wrong, as a screen keeps it: the code, and the detail that its sentence may name. */
import { WalletError, type ErrorCode } from '../lib/errors.ts';
import { errorKey, type TextKey, type TextParams } from '../lib/i18n/texts.ts';
import { secondsLeft } from './seconds-left.ts';

export interface Failure {
  readonly code: ErrorCode;
  readonly detail: string | null;
  /** When a secret may be tried again, milliseconds since 1970. */
  readonly until?: number;
}

export function failure(code: ErrorCode, detail: string | null = null): Failure {
  return { code, detail };
}

/** That the next try has to wait so many seconds from now. */
export function waiting(seconds: number): Failure {
  return { ...failure('password.wait', String(seconds)), until: Date.now() + seconds * 1000 };
}

export function failureOf(thrown: unknown): Failure {
  if (!(thrown instanceof WalletError)) return failure('internal');
  const { code, detail } = thrown;
  return code === 'password.wait' ? waiting(Number(detail ?? LONGEST_GUESS)) : failure(code, detail ?? null);
}

/** Seconds to wait where nobody says how long. */
const LONGEST_GUESS = 30;
const OID = /^\d+(\.\d+)+$/;

type Words = (key: TextKey, params?: TextParams) => string;

/** Counts down where it is shown. */
function waitSentence(t: Words, { detail, until }: Failure): string {
  const n = until === undefined ? Number(detail ?? LONGEST_GUESS) : secondsLeft(until);
  return n > 0 ? t('password_wait', { n }) : t('password_wait_over');
}

/** The sentence of a failure, in the words of the screen. */
export function failureSentence(t: Words, why: Failure): string {
  const { code, detail } = why;
  if (code === 'file.unsupported' && detail !== null && OID.test(detail)) return t('file_unsupported_algorithm');
  if (code === 'file.pair-missing') return t('file_pair_missing', { name: detail ?? 'signCert.der, signPri.key' });
  if (code === 'password.wait') return waitSentence(t, why);
  return t(errorKey(code));
}
