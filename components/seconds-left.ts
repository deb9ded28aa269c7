/** Seconds that count down on every screen that shows them, and on no other. */
import { createSubscriber } from 'svelte/reactivity';

const TICK_MS = 500;

let follow: (() => void) | undefined;

/** Whole seconds until a time (milliseconds since 1970), never below 0. What reads it in a template is drawn again as it changes. */
export function secondsLeft(until: number): number {
  follow ??= createSubscriber((update) => {
    const ticking = setInterval(update, TICK_MS);
    return () => {
      clearInterval(ticking);
    };
  });
  follow();
  return Math.max(0, Math.ceil((until - Date.now()) / 1000));
}

/** The same in minutes, begun ones too. */
export function minutesLeft(until: number): number {
  return Math.ceil(secondsLeft(until) / 60);
}
