/** Tells an input guard what happens to this window. */
import type { InputGuard } from '../input-guard.ts';

/** There is no event for a window that moves. */
const LOOK_EVERY_MS = 100;

/** Starts telling; returns the way to stop. */
export function watchWindow(guard: InputGuard): () => void {
  const stop = new AbortController();
  const on = <Name extends keyof WindowEventMap>(name: Name, act: (event: WindowEventMap[Name]) => void): void => {
    addEventListener(name, act, { signal: stop.signal, capture: true, passive: true });
  };

  on('focus', ({ target }) => {
    if (target === window) guard.focus(true);
  });
  on('blur', ({ target }) => {
    if (target === window) guard.focus(false);
  });
  document.addEventListener(
    'visibilitychange',
    () => {
      guard.show(!document.hidden);
    },
    { signal: stop.signal },
  );
  on('resize', () => {
    guard.disturb();
  });
  for (const name of ['pointerdown', 'keydown'] as const) {
    on(name, (event) => {
      guard.press(event);
    });
  }
  for (const name of ['pointerup', 'pointercancel', 'keyup'] as const) {
    on(name, () => {
      guard.release();
    });
  }

  let [x, y] = [screenX, screenY];
  const looking = setInterval(() => {
    if (screenX !== x || screenY !== y) guard.disturb();
    [x, y] = [screenX, screenY];
  }, LOOK_EVERY_MS);

  guard.show(!document.hidden);
  guard.focus(document.hasFocus());
  return () => {
    stop.abort();
    clearInterval(looking);
  };
}
