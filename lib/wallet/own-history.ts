/** The history as our windows ask for it. */
import { wipe } from '../bytes/bytes.ts';
import { openHistory, removeHistory, type HistoryPage } from '../vault/history.ts';
import { nameOfEntry, type HistoryEntry } from '../vault/history-page.ts';
import { saveSettings } from '../vault/settings-record.ts';
import type { Door } from './door.ts';
import type { History, HistoryApi, HistoryDays, HistoryRow, OwnAct, SiteUse } from './history-api.ts';
import { ownEntries, rowOfEntry, usesOf } from './history-entry.ts';
import { changeOpen, type NewestPorts } from './newest.ts';
import type { PendingHistory } from './pending-history.ts';
import type { Clock, Random } from './ports.ts';

/** Notes an act of ours with certificates, by their record ids; nobody waits for it, and it never throws. */
export type NoteAct = (act: OwnAct, items?: readonly string[], result?: HistoryRow['result']) => void;

export interface NotingPorts {
  readonly pending: PendingHistory;
  readonly clock: Clock;
  /** Asks the background to write what waits. */
  readonly writeHistory: () => Promise<void>;
}

export function noteActs({ pending, clock, writeHistory }: NotingPorts): NoteAct {
  return (act, items = [], result = 'done') => {
    pending
      .put(ownEntries(act, items, clock(), result))
      .then(writeHistory)
      .catch(() => undefined);
  };
}

const DAY_MS = 86_400_000;

export interface OwnHistoryPorts extends NewestPorts {
  readonly door: Door;
  readonly random: Random;
  readonly pending: PendingHistory;
}

function entriesOf(pages: readonly HistoryPage[]): readonly HistoryEntry[] {
  return pages.flatMap(({ entries }) => entries ?? []);
}

export class OwnHistory implements HistoryApi {
  readonly #ports: OwnHistoryPorts;

  constructor(ports: OwnHistoryPorts) {
    this.#ports = ports;
  }

  async read(): Promise<History> {
    const [pages, waiting] = await Promise.all([this.#pages(), this.#ports.pending.list()]);
    const rows = entriesOf(pages).map(rowOfEntry);
    return {
      rows: rows.sort((a, b) => b.at - a.at),
      unreadable: pages.filter(({ entries }) => entries === null).length,
      unwritten: waiting.length,
    };
  }

  async remove(keys: readonly string[]): Promise<void> {
    const wanted = new Set(keys);
    await this.#take((entry) => wanted.has(nameOfEntry(entry)));
  }

  async clear(): Promise<void> {
    const { pending } = this.#ports;
    await pending.remove(await pending.list());
    await this.#take(() => true, true);
  }

  async usedAt(certificate: string): Promise<readonly SiteUse[]> {
    return usesOf(entriesOf(await this.#pages()), certificate);
  }

  async retention(): Promise<HistoryDays> {
    return (await this.#ports.door.settings()).historyDays;
  }

  async setRetention(days: HistoryDays): Promise<void> {
    const { random, clock } = this.#ports;
    await changeOpen(this.#ports, (base) => saveSettings({ ...base, random, change: (settings) => ({ ...settings, historyDays: days }) }));
    const now = clock();
    await this.#take(({ at }) => now - at > days * DAY_MS || days === 0, days === 0);
  }

  #take(goes: (entry: HistoryEntry) => boolean, whole = false): Promise<void> {
    const { random } = this.#ports;
    return changeOpen(this.#ports, (base) => removeHistory({ ...base, random }, goes, whole));
  }

  async #pages(): Promise<readonly HistoryPage[]> {
    const { store, door } = this.#ports;
    const { head, listKey } = await door.requireOpen();
    try {
      return await openHistory(store, head, listKey);
    } finally {
      wipe(listKey);
    }
  }
}
