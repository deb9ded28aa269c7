/**
 * Whether the clock of this computer can be right: by what the wallet itself wrote, which catches it being early, and by what
 * an authority told in an answer of the moment. No other server's time is believed.
 */
import type { ToldTime } from './revocation-notes.ts';

/** Clocks differ by so much (milliseconds) and nobody is told. */
const TOLERANCE_MS = 600_000;
/** No wallet was ever made before. */
const NO_EARLIER = Date.UTC(2026, 0, 1);
/** For so long what an authority told speaks of this clock; later it may have been set, more than once. */
const TOLD_HOLDS_MS = 7 * 86_400_000;

/**
 * How far the clock is behind what is known to have passed, in milliseconds; null where nothing speaks against it. A clock
 * that ran ahead when the wallet was saved looks like one that is behind now, until the next save: so it is told, and keeps
 * nobody from anything.
 * @param written when the wallet was saved last, milliseconds since 1970; null for never
 */
export function clockBehind(now: number, written: number | null): number | null {
  const behind = Math.max(written ?? NO_EARLIER, NO_EARLIER) - now;
  return behind > TOLERANCE_MS ? behind : null;
}

/**
 * How far the clock was ahead when an authority told the time, in milliseconds; null where nothing speaks against it. A clock
 * that is earlier now than it was then has been set since.
 */
export function clockAhead(now: number, told: ToldTime | null): number | null {
  if (!told || now < told.ours || now - told.ours > TOLD_HOLDS_MS) return null;
  const ahead = told.ours - told.theirs;
  return ahead > TOLERANCE_MS ? ahead : null;
}
