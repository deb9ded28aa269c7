/** The words for what a page asks. */
import type { TextKey, TextParams } from '../../lib/i18n/texts.ts';
import type { WaitingCall } from '../../lib/wallet/api.ts';

type Translate = (key: TextKey, params?: TextParams) => string;

const WORDS = {
  signIn: { act: 'approve_sign_in', purpose: 'approve_purpose_sign_in' },
} as const satisfies Record<WaitingCall['action'], { readonly act: TextKey; readonly purpose: TextKey }>;

/** What is done, as the heading and the button say it. */
export function actWord(t: Translate, { action }: WaitingCall): string {
  return t(WORDS[action].act);
}

/** What it is for. */
export function purposeSentence(t: Translate, { action }: WaitingCall): string {
  return t(WORDS[action].purpose);
}
