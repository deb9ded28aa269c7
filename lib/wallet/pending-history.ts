/**
 * What was done and does not stand in the vault yet: for a moment after each answer, and for as long as the wallet is
 * locked or cannot be written. It lies in the session store, as the requests do that it tells of: origins and record ids,
 * no name of a person, and gone with the browser.
 */
import { fromBase64Url, toBase64Url } from '../bytes/base64.ts';
import { nameOfEntry, readHistoryPage, writeHistoryPage, type HistoryEntry } from '../vault/history-page.ts';
import type { SessionStore, WithLock } from './ports.ts';

export const PENDING_KEY = 'djw1.history';
/** Held while the background writes the history, and what goes with it, of an open wallet. */
export const HISTORY_LOCK = 'djw1-write-history';
const LOCK = 'djw1-pending-history';
/** Entries that wait; the oldest go first where there are more. */
export const PENDING_MAX = 1_000;
/** Entries in one text. */
const CHUNK = 100;

/** What the vault's own reader would refuse never gets as far. */
function isWritable(entry: HistoryEntry): boolean {
  try {
    readHistoryPage(writeHistoryPage([entry]));
    return true;
  } catch {
    return false;
  }
}

function readChunk(text: string): readonly HistoryEntry[] {
  try {
    return readHistoryPage(fromBase64Url(text));
  } catch {
    return [];
  }
}

function writeChunks(entries: readonly HistoryEntry[]): string {
  const starts = Array.from({ length: Math.ceil(entries.length / CHUNK) }, (_, nth) => nth * CHUNK);
  return starts.map((start) => toBase64Url(writeHistoryPage(entries.slice(start, start + CHUNK)))).join('.');
}

export class PendingHistory {
  readonly #store: SessionStore;
  readonly #withLock: WithLock;

  constructor(store: SessionStore, withLock: WithLock) {
    this.#store = store;
    this.#withLock = withLock;
  }

  /** In the order they were put. */
  async list(): Promise<readonly HistoryEntry[]> {
    const text = (await this.#store.get([PENDING_KEY])).get(PENDING_KEY) ?? '';
    return text === '' ? [] : text.split('.').flatMap(readChunk);
  }

  async put(entries: readonly HistoryEntry[]): Promise<void> {
    await this.#change((list) => [...list, ...entries.filter(isWritable)].slice(-PENDING_MAX));
  }

  /** They stand in the vault now, or are not to. */
  async remove(entries: readonly HistoryEntry[]): Promise<void> {
    const names = new Set(entries.map(nameOfEntry));
    await this.#change((list) => list.filter((entry) => !names.has(nameOfEntry(entry))));
  }

  #change(change: (list: readonly HistoryEntry[]) => readonly HistoryEntry[]): Promise<void> {
    return this.#withLock(LOCK, async () => {
      const next = change(await this.list());
      if (next.length > 0) await this.#store.set(new Map([[PENDING_KEY, writeChunks(next)]]));
      else await this.#store.remove([PENDING_KEY]);
    });
  }
}
