import type { SessionStore } from '../wallet/ports.ts';
import { browser } from './browser.ts';

/** The browser's session storage; texts only, since Chromium turns keys and bytes into empty objects. */
export const sessionStore: SessionStore = {
  async get(keys) {
    const stored = await browser.storage.session.get([...keys]);
    const found = new Map<string, string>();
    for (const key of keys) {
      const value = stored[key];
      if (typeof value === 'string') found.set(key, value);
    }
    return found;
  },
  async set(entries) {
    await browser.storage.session.set(Object.fromEntries(entries));
  },
  async remove(keys) {
    await browser.storage.session.remove([...keys]);
  },
  onChange(listener) {
    const onChanged = (changes: Record<string, unknown>, area: string): void => {
      if (area === 'session') listener(Object.keys(changes));
    };
    browser.storage.onChanged.addListener(onChanged);
    return () => {
      browser.storage.onChanged.removeListener(onChanged);
    };
  },
};

type Closable = { setAccessLevel?: (options: { accessLevel: 'TRUSTED_CONTEXTS' }) => Promise<void> };

/**
 * Closes the storage areas to content scripts where the browser can (Firefox cannot); repeated at every start. Each area
 * by itself: one that refuses, or does not answer, leaves the others closed.
 */
export async function closeStorageToPages(): Promise<void> {
  const areas = [browser.storage.local, browser.storage.session, browser.storage.sync] as unknown as readonly Closable[];
  await Promise.allSettled(areas.map(async (area) => area.setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' })));
}
