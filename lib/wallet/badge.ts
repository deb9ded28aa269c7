/** What stands on the toolbar icon. This is the one place that decides it. */

export interface BadgeState {
  /** For how many minutes signing is still held open; null where it is not. */
  readonly signingMinutes: number | null;
  /** An authority was to be asked again, and nobody did. */
  readonly runsDue: boolean;
  /** Days until the first certificate ends, negative after its end; null where none ends soon. */
  readonly daysLeft: number | null;
}

export type Badge =
  | { readonly about: 'nothing' }
  /** Minutes that signing is still held open. */
  | { readonly about: 'signing'; readonly n: number }
  | { readonly about: 'runs' }
  /** A number of days until the first end, shown as such. */
  | { readonly about: 'days'; readonly n: number }
  /** So few days that a mark stands in place of the number. */
  | { readonly about: 'last-days'; readonly n: number }
  | { readonly about: 'ended' };

/** From so many days on a number no longer says how pressing it is. */
const LAST_DAYS = 3;

/** Signing that is held open comes before any date: whoever sits down at the computer could sign now. */
export function badgeOf({ signingMinutes, runsDue, daysLeft }: BadgeState): Badge {
  if (signingMinutes !== null) return { about: 'signing', n: signingMinutes };
  if (runsDue) return { about: 'runs' };
  if (daysLeft === null) return { about: 'nothing' };
  if (daysLeft < 0) return { about: 'ended' };
  return { about: daysLeft <= LAST_DAYS ? 'last-days' : 'days', n: daysLeft };
}
