/**
 * The owner's brightness, in the one storage that a page reads before its first paint. The style sheet goes by
 * `data-theme` of the root element.
 */
import type { Theme, ThemePort } from '../wallet/theme-api.ts';

const KEY = 'theme';

/** Where storage is switched off it is that of the system. */
function chosen(): Theme {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === 'light' || stored === 'dark' ? stored : 'system';
  } catch {
    return 'system';
  }
}

function show(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

/** Shows the choice in this document, now and when another of our windows changes it. */
export function followTheme(): void {
  show(chosen());
  addEventListener('storage', ({ key }) => {
    if (key === KEY || key === null) show(chosen());
  });
}

export const themes: ThemePort = {
  chosen,
  choose(theme) {
    show(theme);
    try {
      if (theme === 'system') localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, theme);
    } catch {
      // Where it cannot be kept, the choice lasts as long as the window.
    }
  },
};
