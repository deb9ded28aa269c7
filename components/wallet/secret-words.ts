import type { TextKey, TextParams } from '../../lib/i18n/texts.ts';
import { failureSentence, type Failure } from '../failure.ts';

/** The sentence of a failure where passkeys are asked: a cancelled, a timed-out and a deleted one look alike. */
export function secretSentence(t: (key: TextKey, params?: TextParams) => string, why: Failure): string {
  return why.code === 'user.cancelled' ? t('passkey_failed') : failureSentence(t, why);
}
