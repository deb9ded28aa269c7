/** Calls from our own contexts to the background. */
import { isErrorCode, WalletError } from '../errors.ts';
import { browser } from '../platform/browser.ts';
import type { Verb } from './verbs.ts';

/** Sends one message and gives its value. @throws the code of the background's refusal; `internal` where nothing answers */
export async function call(verb: Verb, content: unknown = null): Promise<unknown> {
  const answer: unknown = await browser.runtime.sendMessage({ verb, content });
  if (typeof answer !== 'object' || answer === null) throw new WalletError('internal', { detail: 'no answer' });
  if (Reflect.get(answer, 'ok') === true) return Reflect.get(answer, 'value');
  const code: unknown = Reflect.get(answer, 'code');
  throw new WalletError(isErrorCode(code) ? code : 'internal');
}
