/** Whether the clock of this computer can be right, by what the wallet itself wrote. It can only be caught being early. */

/** Clocks differ by so much (milliseconds) and nobody is told. */
const TOLERANCE_MS = 600_000;
/** No wallet was ever made before. */
const NO_EARLIER = Date.UTC(2026, 0, 1);

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
