/**
 * Which certificates somebody must hear of, and when. Everything is computed from the index that the head keeps (record ids
 * and dates, no names), so it works while the wallet is locked. Days are calendar days in Korea.
 */
import { daysUntil, koreanDay } from '../calendar/korea.ts';
import type { HeadItem } from '../vault/head.ts';
import { CLOCK_JUMP_DAYS } from '../vault/wastebasket-time.ts';

/** A certificate whose end is watched. Times in milliseconds since 1970. */
export interface ExpiryEntry {
  readonly id: string;
  readonly notAfter: number;
  /** A day on which the owner asked to be reminded, or null. */
  readonly remindAt: number | null;
}

/** Days before the end on which somebody hears of it; the first of them may be `FIRST_EARLY`. */
const LADDER = [30, 15, 7, 3, 1, 0] as const;
export const FIRST_RUNGS = [60, 30] as const;
export type FirstRung = (typeof FIRST_RUNGS)[number];
/** The rung after the end. */
const ENDED = -1;
/** From so many days on a certificate counts as one that ends soon. */
const SOON_DAYS = 30;

/** What was told of one certificate: the Korean day (its number) on which each rung was. */
export type Told = ReadonlyMap<number, number>;

/** What was told of all of them. */
export interface Shown {
  /** The day of the last notice; null before any. */
  readonly lastDay: number | null;
  /** By `watchedKey`. A certificate that was seen and of which nothing was told yet has an empty entry. */
  readonly told: ReadonlyMap<string, Told>;
}

const NOTHING_TOLD: Told = new Map();
export const NOTHING_SHOWN: Shown = { lastDay: null, told: new Map() };

/** One notice: how many certificates, and the nearest end among those that have not ended. */
export interface Notice {
  /** Record ids of the certificates it is about. */
  readonly ids: readonly string[];
  readonly expired: number;
  readonly expiring: number;
  /** Milliseconds since 1970; null where all have ended. */
  readonly nearest: number | null;
}

export interface NoticeRules {
  readonly first: FirstRung;
  /** The owner has the wallet open. What is new is in front of their eyes then, and its past rungs count as told. */
  readonly watched: boolean;
}

/** The index of a head: certificates that are deleted, replaced or muted are not in it, nor those that are known to be revoked. */
export function expiryIndex(items: readonly HeadItem[], revoked: ReadonlySet<string>): readonly ExpiryEntry[] {
  return items.flatMap(({ id, na, rem }) =>
    na === undefined || revoked.has(id) ? [] : [{ id, notAfter: na * 1000, remindAt: rem === undefined ? null : rem * 1000 }],
  );
}

/** One certificate and its end: what was told of another date, perhaps a forged one, says nothing of this. */
export function watchedKey({ id, notAfter }: Pick<ExpiryEntry, 'id' | 'notAfter'>): string {
  return `${id}:${Math.floor(notAfter / 1000)}`;
}

function hasEnded({ notAfter }: ExpiryEntry, now: number): boolean {
  return now > notAfter;
}

function rungsOf({ notAfter, remindAt }: ExpiryEntry, first: FirstRung): readonly number[] {
  const own = remindAt === null ? [] : [daysUntil(remindAt, notAfter)];
  return [...new Set([first, ...LADDER, ...own])];
}

/** The rungs that are behind: those of the ladder, the day the owner chose, and the end. */
function passedRungs(entry: ExpiryEntry, now: number, first: FirstRung): readonly number[] {
  const rungs = rungsOf(entry, first);
  if (hasEnded(entry, now)) return [...rungs, ENDED];
  const left = daysUntil(now, entry.notAfter);
  return rungs.filter((rung) => rung >= left);
}

/** Whether it counts today that something was told on a day. One so far ahead was a wrong clock's. */
function counts(day: number, today: number): boolean {
  return day - today < CLOCK_JUMP_DAYS;
}

/** Whether the last of some passed rungs was told, or a later one: a clock that was set back tells nothing again. */
function wasTold(told: Told, passed: readonly number[], today: number): boolean {
  const last = Math.min(...passed);
  return [...told].some(([rung, day]) => rung <= last && counts(day, today));
}

function withTold(told: Told, passed: readonly number[], today: number): Told {
  const next = new Map(told);
  for (const rung of passed) if (!counts(next.get(rung) ?? Infinity, today)) next.set(rung, today);
  return next;
}

function noticeOf(due: readonly ExpiryEntry[], now: number): Notice {
  const living = due.filter((entry) => !hasEnded(entry, now));
  return {
    ids: due.map(({ id }) => id),
    expired: due.length - living.length,
    expiring: living.length,
    nearest: living.length > 0 ? Math.min(...living.map(({ notAfter }) => notAfter)) : null,
  };
}

/**
 * The one notice that is due now, or null, and what counts as shown from then on. One rung of one certificate is told once;
 * rungs that were missed are told together with the last of them; everything due on a day stands in one notice.
 * @param now milliseconds since 1970
 */
export function dueNotices(
  index: readonly ExpiryEntry[],
  now: number,
  shown: Shown,
  { first, watched }: NoticeRules,
): { readonly notice: Notice | null; readonly shown: Shown } {
  const today = koreanDay(now);
  const due: ExpiryEntry[] = [];
  const told = new Map<string, Told>();
  for (const entry of index) {
    const key = watchedKey(entry);
    const before = shown.told.get(key) ?? NOTHING_TOLD;
    const passed = passedRungs(entry, now, first);
    const silent = watched && !shown.told.has(key);
    const news = !silent && passed.length > 0 && !wasTold(before, passed, today);
    // What comes up on a day that had its notice waits for the next day's.
    const waits = news && shown.lastDay === today;
    if (news && !waits) due.push(entry);
    told.set(key, silent || (news && !waits) ? withTold(before, passed, today) : before);
  }
  const notice = due.length > 0 ? noticeOf(due, now) : null;
  return { notice, shown: { lastDay: notice ? today : shown.lastDay, told } };
}

/** What the index says altogether, for the badge and the first line of our windows. */
export interface Ending extends Notice {
  /** Days until the first end, negative after it; null where the index is empty. */
  readonly daysLeft: number | null;
}

/** Certificates that have ended or end within `SOON_DAYS`. */
export function endingSoon(index: readonly ExpiryEntry[], now: number): Ending {
  const soon = index.filter(({ notAfter }) => daysUntil(now, notAfter) <= SOON_DAYS).sort((a, b) => a.notAfter - b.notAfter);
  const first = soon[0];
  const days = first ? daysUntil(now, first.notAfter) : null;
  return { ...noticeOf(soon, now), daysLeft: days === 0 && first && hasEnded(first, now) ? -1 : days };
}
