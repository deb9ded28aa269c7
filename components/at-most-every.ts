/** The act, done at most once in so many milliseconds; what comes between is dropped. */
export function atMostEvery(period: number, clock: () => number, act: () => void): () => void {
  let last = -Infinity;
  return () => {
    const now = clock();
    if (now - last < period) return;
    last = now;
    act();
  };
}

/** How often the wallet is told that the person uses a window, which keeps it open. */
export const TOUCH_EVERY_MS = 10_000;
