/** The words for runs with an authority. */
import { keyOf, type TextKey, type TextParams } from '../../lib/i18n/texts.ts';
import type { AuthorityRow, LifecycleRun } from '../../lib/wallet/lifecycle-api.ts';
import type { Locale } from '../../lib/i18n/locale.ts';

type Translate = (key: TextKey, params?: TextParams) => string;

/** Whether an act changes the state of a certificate, and makes no new one. */
export function isAboutState(act: LifecycleRun['act']): act is 'revoke' | 'hold' | 'release' {
  return act === 'revoke' || act === 'hold' || act === 'release';
}

/** A test is called one wherever its name stands. */
export function authorityName(t: Translate, locale: Locale, { name, test }: Pick<AuthorityRow, 'name' | 'test'>): string {
  return test ? t('test_authority_mark', { name: name[locale] }) : name[locale];
}

interface Times {
  readonly time: (at: number) => string;
  readonly day: (at: number) => string;
}

function failedSentence(t: Translate, { act, refusal }: LifecycleRun): string {
  if (refusal === null) return '';
  if (refusal.flaw === 'not-sent') return t('refusal_not_sent');
  if (refusal.flaw === 'not-arrived') return t('refusal_not_arrived');
  // What the usual sentence says of renewal is none of its matter.
  if (refusal.word === 'not-allowed' && isAboutState(act)) return t('refusal_not_allowed_state');
  return t(`refusal_${keyOf(refusal.word)}`);
}

function confirmedSentence(t: Translate, { act }: LifecycleRun): string {
  if (act === 'renew' || isAboutState(act)) return t(`run_confirmed_${act}`);
  return t('run_confirmed_issue');
}

/** Where a run stands, and what that means. */
export function runSentence(t: Translate, run: LifecycleRun, { time, day }: Times): string {
  switch (run.state) {
    case 'PREPARED':
      return t('run_prepared');
    case 'SENT':
      return t(isAboutState(run.act) ? 'run_sent_state' : 'run_sent');
    case 'WAITING':
      return t('run_waiting', { time: time(run.dueAt ?? 0) });
    case 'SAVED':
      return t('run_saved');
    case 'CONFIRMED':
      return confirmedSentence(t, run);
    case 'FAILED':
      return failedSentence(t, run);
    case 'UNKNOWN':
      return isAboutState(run.act) ? t('run_unknown_state') : t('run_unknown', { date: day(run.dueAt ?? 0) });
  }
}
