/** How long deleted certificates stay, and what a clock that jumps may not do to them. */
import type { HeadItem } from './head.ts';

/** Seconds that a deleted certificate can be put back. */
export const KEPT_SECONDS = 30 * 86_400;
/** A clock that went forward by so many days since it was last seen may be a wrong one. */
export const CLOCK_JUMP_DAYS = 45;
const CLOCK_JUMP_MS = CLOCK_JUMP_DAYS * 86_400_000;

export function secondsOf(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

/** Whether the clock went forward so far since `seen` (both milliseconds) that nothing may be thrown away by it. */
export function clockJumped(seen: number, now: number): boolean {
  return now - seen >= CLOCK_JUMP_MS;
}

/**
 * Where the clock jumped since the last save, or says an earlier time than a deletion, the days of what is in the
 * wastebasket start again: a computer that started in 2016 must not shorten them, and one that went through 2036 must
 * not make them endless. Nothing is ever removed by this.
 */
export function settleDeletionTimes(items: readonly HeadItem[], seen: number, now: number): readonly HeadItem[] {
  const today = secondsOf(now);
  const jumped = clockJumped(seen, now);
  return items.map((item) => (item.del !== undefined && (jumped || item.del > today) ? { ...item, del: today } : item));
}

/** Ids of deleted certificates whose days are over. */
export function dueForPurge(items: readonly HeadItem[], now: number): readonly string[] {
  return items.filter(({ del }) => del !== undefined && secondsOf(now) - del >= KEPT_SECONDS).map(({ id }) => id);
}
