import type { TextKey, TextParams } from '../../lib/i18n/texts.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** By how much the clock is off, in the largest unit that it fills. @param behind milliseconds */
export function clockSentence(t: (key: TextKey, params?: TextParams) => string, behind: number): string {
  const [key, unit] =
    behind >= DAY ? (['clock_days', DAY] as const) : behind >= HOUR ? (['clock_hours', HOUR] as const) : (['clock_minutes', MINUTE] as const);
  return t('clock_behind', { diff: t(key, { n: Math.floor(behind / unit) }) });
}
