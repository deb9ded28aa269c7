import type { TextKey, TextParams } from '../../lib/i18n/texts.ts';
import type { WalletStatus } from '../../lib/wallet/model.ts';

type Translate = (key: TextKey, params?: TextParams) => string;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** In the largest unit that it fills. @param off milliseconds */
function difference(t: Translate, off: number): string {
  const [key, unit] =
    off >= DAY ? (['clock_days', DAY] as const) : off >= HOUR ? (['clock_hours', HOUR] as const) : (['clock_minutes', MINUTE] as const);
  return t(key, { n: Math.floor(off / unit) });
}

/** By how much the clock is off, and which way; null where it may be right. */
export function clockSentence(t: Translate, { clockBehind, clockAhead }: Pick<WalletStatus, 'clockBehind' | 'clockAhead'>): string | null {
  if (clockAhead !== null) return t('clock_ahead', { diff: difference(t, clockAhead) });
  return clockBehind === null ? null : t('clock_behind', { diff: difference(t, clockBehind) });
}
