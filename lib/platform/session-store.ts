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

/** Closes the storage areas to content scripts where the browser can (Firefox cannot); repeated at every start. */
export async function closeStorageToPages(): Promise<void> {
  type Closable = { setAccessLevel?: (options: { accessLevel: 'TRUSTED_CONTEXTS' }) => Promise<void> };
  for (const area of [browser.storage.local, browser.storage.session, browser.storage.sync] as unknown as Closable[]) {
    await area.setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' });
  }
}
