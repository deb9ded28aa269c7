import { sessionStore } from './session-store.ts';

/**
 * Calls back after changes of the session store, a burst at a time; locks, unlocks and saves of any window show there.
 */
export function onWalletChange(keys: readonly string[], listener: () => void): () => void {
  let due: ReturnType<typeof setTimeout> | undefined;
  const stop = sessionStore.onChange((changed) => {
    if (!changed.some((key) => keys.includes(key))) return;
    clearTimeout(due);
    due = setTimeout(listener, 20);
  });
  return () => {
    clearTimeout(due);
    stop();
  };
}
