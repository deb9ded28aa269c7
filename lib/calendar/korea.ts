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
