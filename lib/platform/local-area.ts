/** The browser's local storage as the vault's mirror uses it. */
import { browser } from './browser.ts';
import type { LocalArea } from './mirror-store.ts';

/** Newer browsers name the keys without reading the values. */
type Listing = { getKeys?: () => Promise<unknown> };

export const localArea: LocalArea = {
  async get(keys) {
    return new Map(Object.entries(await browser.storage.local.get([...keys])));
  },
  async set(entries) {
    await browser.storage.local.set(Object.fromEntries(entries));
  },
  async remove(keys) {
    await browser.storage.local.remove([...keys]);
  },
  async keys() {
    const named = await (browser.storage.local as Listing).getKeys?.();
    if (Array.isArray(named)) return named.filter((key) => typeof key === 'string');
    return Object.keys(await browser.storage.local.get(null));
  },
};
