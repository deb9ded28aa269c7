/**
 * The browser's sync storage as the sync copy uses it. Whether it travels anywhere is the browser's own affair: it needs an account and the
 * owner's consent there, and nobody tells us. In Firefox every content script can write it.
 */
import { WalletError } from '../errors.ts';
import type { SyncArea } from '../vault/sync-copy.ts';
import { inTime } from './in-time.ts';

/** An area that does not answer for so long (ms) is taken as unavailable. */
const PATIENCE_MS = 5_000;

/** The calls of `browser.storage.sync` that are used here. */
export interface SyncStorage {
  get(keys: null): Promise<Record<string, unknown>>;
  set(items: Record<string, unknown>): Promise<void>;
  remove(keys: string[]): Promise<void>;
}

async function answered<Value>(act: () => Promise<Value>, patience: number): Promise<Value> {
  try {
    return await inTime(act(), patience);
  } catch (cause) {
    throw new WalletError('sync.unavailable', { cause });
  }
}

/** @param patience ms that it may take to answer */
export function syncAreaOf(storage: SyncStorage, patience = PATIENCE_MS): SyncArea {
  return {
    all: async () => new Map(Object.entries(await answered(() => storage.get(null), patience))),
    set: (entries) => answered(() => storage.set(Object.fromEntries(entries)), patience),
    remove: (names) => answered(() => storage.remove([...names]), patience),
  };
}
