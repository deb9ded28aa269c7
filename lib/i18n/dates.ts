/** Days and times as people read them, always on Korean time. */
import { KST_MS } from '../calendar/korea.ts';
import type { Locale } from './locale.ts';

const MINUTE_MS = 60_000;
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

const inKorea = (time: number): Date => new Date(time + KST_MS);
const two = (value: number): string => String(value).padStart(2, '0');

/** `2026-12-20`, for lists. */
export function listDay(time: number): string {
  const day = inKorea(time);
  return `${day.getUTCFullYear()}-${two(day.getUTCMonth() + 1)}-${two(day.getUTCDate())}`;
}

/** `10:02` on a clock with this offset (as `Date.getTimezoneOffset` gives it, in minutes); Korea's when left out. */
export function clockTime(time: number, offset = -KST_MS / MINUTE_MS): string {
  const day = new Date(time - offset * MINUTE_MS);
  return `${two(day.getUTCHours())}:${two(day.getUTCMinutes())}`;
}

/** `2026-11-23 10:02`. */
export function listTime(time: number): string {
  return `${listDay(time)} ${clockTime(time)}`;
}

/** `2026년 12월 20일` or `20 December 2026`, for sentences. */
export function sentenceDay(locale: Locale, time: number): string {
  const day = inKorea(time);
  const [year, month, date] = [day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate()];
  return locale === 'ko' ? `${year}년 ${month + 1}월 ${date}일` : `${date} ${MONTHS[month] ?? ''} ${year}`;
}

/** The offset of this computer's own clock at a time, in minutes as `Date.getTimezoneOffset` gives it. */
export function ownOffset(time: number): number {
  return new Date(time).getTimezoneOffset();
}

/** Whether a clock with this offset (as `Date.getTimezoneOffset` gives it, in minutes) shows other hours than Korea's. */
export function isElsewhere(offset: number): boolean {
  return offset * MINUTE_MS !== -KST_MS;
}
