/** What has to hold before a certificate that was replaced is tidied up. */
import type { CertificateRow } from './model.ts';

/**
 * `opens`: the new one's key opened and signed on trial. `proved`: it was used, or its owner says that it works. `status`:
 * its authority was asked. `backup`: a backup file holds it. `places`: the list is done, or put off.
 */
export const TIDY_NAMES = ['opens', 'proved', 'status', 'backup', 'places'] as const;
export type TidyName = (typeof TIDY_NAMES)[number];

export interface TidyCondition {
  readonly name: TidyName;
  /** `unknown` holds nothing up, but is said; `failed` is worse than not done yet. */
  readonly state: 'met' | 'open' | 'unknown' | 'failed';
}

export interface TidyFacts {
  readonly certificate: Pick<CertificateRow, 'canSign' | 'notBefore' | 'notAfter'>;
  readonly now: number;
  /** When it signed on trial, and when its owner said that it works; null for never. */
  readonly tried: number | null;
  readonly proved: number | null;
  readonly later: number | null;
  /** Whether it was used by this wallet. */
  readonly used: boolean;
  /** What its authority says. */
  readonly status: 'good' | 'revoked' | 'unknown';
  /** Whether a backup file holds it as it is. */
  readonly saved: boolean;
  /** Places of the list, and those of them that are done. */
  readonly places: number;
  readonly done: number;
}

const STATUS = { good: 'met', revoked: 'failed', unknown: 'unknown' } as const;

function opens({ certificate, now, tried, used }: TidyFacts): TidyCondition['state'] {
  const { canSign, notBefore, notAfter } = certificate;
  if (!canSign || now < notBefore || now > notAfter) return 'failed';
  return tried !== null || used ? 'met' : 'open';
}

/** The five conditions, in the order in which they are shown. */
export function tidyConditions(facts: TidyFacts): readonly TidyCondition[] {
  const { proved, used, later, status, saved, places, done } = facts;
  const state = (met: boolean): TidyCondition['state'] => (met ? 'met' : 'open');
  const states: Readonly<Record<TidyName, TidyCondition['state']>> = {
    opens: opens(facts),
    proved: state(used || proved !== null),
    status: STATUS[status],
    backup: state(saved),
    places: state(later !== null || (places > 0 && done === places)),
  };
  return TIDY_NAMES.map((name) => ({ name, state: states[name] }));
}

/** The first condition that does not hold, or null where all do. */
export function missingCondition(conditions: readonly TidyCondition[]): TidyName | null {
  return conditions.find(({ state }) => state === 'open' || state === 'failed')?.name ?? null;
}
