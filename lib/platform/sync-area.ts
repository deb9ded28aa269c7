/** The browser's own sync storage. */
import type { SyncArea } from '../vault/sync-copy.ts';
import { browser } from './browser.ts';
import { syncAreaOf } from './sync-store.ts';

export const syncArea: SyncArea = syncAreaOf({
  get: (keys) => browser.storage.sync.get(keys),
  set: (items) => browser.storage.sync.set(items),
  remove: (keys) => browser.storage.sync.remove(keys),
});
