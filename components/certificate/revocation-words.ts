/** The words for what an authority said of a certificate. */
import { keyOf, type TextKey, type TextParams } from '../../lib/i18n/texts.ts';
import type { RevocationNote } from '../../lib/wallet/model.ts';
import type { RevocationReason, RevocationWord, UnknownReason } from '../../lib/wallet/revocation-api.ts';
import type { IconName } from '../icons/icon-paths.ts';

type Translate = (key: TextKey, params?: TextParams) => string;

const REASONS: Partial<Record<RevocationReason, TextKey>> = {
  keyCompromise: 'revocation_reason_key',
  cACompromise: 'revocation_reason_authority',
  aACompromise: 'revocation_reason_authority',
  affiliationChanged: 'revocation_reason_changed',
  superseded: 'revocation_reason_superseded',
  cessationOfOperation: 'revocation_reason_unused',
  privilegeWithdrawn: 'revocation_reason_withdrawn',
};

const FAILURES: Partial<Record<UnknownReason, TextKey>> = {
  unreachable: 'revocation_failed_connection',
  'try-later': 'revocation_failed_connection',
  future: 'revocation_failed_clock',
  stale: 'revocation_failed_clock',
  'not-known': 'revocation_failed_unknown',
  expired: 'revocation_failed_expired',
  'no-address': 'revocation_nobody',
};

/** One sentence and how it looks. */
export interface RevocationLine {
  readonly tone: 'good' | 'warn' | 'bad';
  readonly icon: IconName;
  readonly text: string;
}

function wordLine(t: Translate, day: (time: number) => string, word: RevocationWord): RevocationLine {
  if (word.state === 'good') return { tone: 'good', icon: 'check', text: t('revocation_good') };
  const date = day(word.since ?? word.at);
  if (word.state === 'on-hold') return { tone: 'bad', icon: 'stop', text: t('revocation_on_hold', { date }) };
  const reason = REASONS[word.reason ?? 'unspecified'];
  const why = reason === undefined ? '' : ` ${t('revocation_reason', { reason: t(reason) })}`;
  return { tone: 'bad', icon: 'stop', text: `${t('revocation_revoked', { date })}${why}` };
}

/** What is known, and what the last try came to; what was not answered is never good. */
export function revocationLines(t: Translate, day: (time: number) => string, note: RevocationNote | null): readonly RevocationLine[] {
  if (note === null) return [];
  const { word, failed } = note;
  const failure = failed && ({ tone: 'warn', icon: 'warn', text: t(FAILURES[failed.why] ?? 'revocation_failed_answer') } as const);
  return [...(word ? [wordLine(t, day, word)] : []), ...(failure ? [failure] : [])];
}

/** When it was asked and who answered. */
export function revocationSource(t: Translate, time: (at: number) => string, { word, failed }: RevocationNote): string {
  if (word === null) return t('revocation_tried', { time: time(failed?.at ?? 0) });
  return t(`revocation_asked_${keyOf(word.source)}`, { time: time(word.at) });
}
