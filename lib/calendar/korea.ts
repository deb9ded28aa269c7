/** The Korean calendar day of an instant. Korea has been at UTC+9 without summer time since 1988. */

export const KST_MS = 9 * 3_600_000;
const DAY_MS = 86_400_000;

/** Number of the calendar day in Korea; the day of 1970-01-01 is 0. @param time milliseconds since 1970 */
export function koreanDay(time: number): number {
  return Math.floor((time + KST_MS) / DAY_MS);
}

/** Calendar days in Korea from now to a time: 0 on that day, negative after it. */
export function daysUntil(now: number, time: number): number {
  return koreanDay(time) - koreanDay(now);
}

/** The first instant of a day in Korea, milliseconds since 1970; null for a text that is no day such as `2026-12-20`. */
export function startOfKoreanDay(day: string): number | null {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00+09:00`) : NaN;
  return Number.isNaN(time) ? null : time;
}
