/** The brightness that the owner chose: kept where a page reads it before its first paint, shown in all windows. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { followTheme, themes } from '../../../lib/platform/theme.ts';
import type { Theme } from '../../../lib/wallet/theme-api.ts';

let dataset: Record<string, string>;
let stored: Map<string, string>;
let hear: (event: { key: string | null }) => void;

const storage = {
  getItem: (key: string) => stored.get(key) ?? null,
  setItem: (key: string, value: string) => void stored.set(key, value),
  removeItem: (key: string) => void stored.delete(key),
};
const deaf = {
  getItem() {
    throw new DOMException('no', 'SecurityError');
  },
  setItem() {
    throw new DOMException('full', 'QuotaExceededError');
  },
};

beforeEach(() => {
  dataset = {};
  stored = new Map();
  vi.stubGlobal('document', { documentElement: { dataset } });
  vi.stubGlobal('localStorage', storage);
  vi.stubGlobal('addEventListener', (_: string, listener: typeof hear) => (hear = listener));
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the brightness', () => {
  test.each<[Theme, string | undefined]>([
    ['light', 'light'],
    ['dark', 'dark'],
    ['system', undefined],
  ])('%s is shown at once, and by each page that opens later', (theme, shown) => {
    dataset['theme'] = 'dark';
    themes.choose(theme);
    expect([dataset['theme'], themes.chosen()]).toEqual([shown, theme]);
    dataset['theme'] = 'light';
    followTheme();
    expect(dataset['theme']).toBe(shown);
  });

  test.each([[null], [''], ['Dark'], ['"><script>']])('is that of the system where %j is stored', (value) => {
    if (value !== null) stored.set('theme', value);
    followTheme();
    expect([dataset['theme'], themes.chosen()]).toEqual([undefined, 'system']);
  });

  test('follows another window, and nothing else that is stored', () => {
    followTheme();
    stored.set('theme', 'dark');
    hear({ key: 'other' });
    expect(dataset['theme']).toBeUndefined();
    hear({ key: 'theme' });
    expect(dataset['theme']).toBe('dark');
    stored.clear();
    hear({ key: null });
    expect(dataset['theme']).toBeUndefined();
  });

  test('that cannot be kept lasts as long as the window', () => {
    vi.stubGlobal('localStorage', deaf);
    themes.choose('dark');
    expect([dataset['theme'], themes.chosen()]).toEqual(['dark', 'system']);
  });
});
