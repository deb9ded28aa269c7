/**
 * Writing the history, in the background: a page has its answer before anything of it is written, and nothing that is
 * written holds up or undoes what was done. What cannot be written waits in `PendingHistory` and is tried again at every
 * use, at every opening of the wallet and at every start of the background.
 */
import { wipe } from '../bytes/bytes.ts';
import { koreanDay } from '../calendar/korea.ts';
import { appendHistory, removeHistory, type HistoryChange } from '../vault/history.ts';
import type { HistoryEntry } from '../vault/history-page.ts';
import type { Copies } from '../vault/copies.ts';
import type { VaultHead } from '../vault/head.ts';
import type { SealedRecord } from '../vault/next-head.ts';
import { settle } from '../vault/repair.ts';
import { openSettings, sealSettings, settingsEntry } from '../vault/settings-record.ts';
import { DEFAULT_SETTINGS, type PrivateSettings, type SiteNote } from '../vault/settings-text.ts';
import { WRITE_LOCK } from '../vault/store.ts';
import { clockJumped } from '../vault/wastebasket-time.ts';
import type { BlockedSites } from './blocked-sites.ts';
import { HISTORY_LOCK, type PendingHistory } from './pending-history.ts';
import type { Clock, Random, WithLock } from './ports.ts';
import type { OpenSession, Sessions } from './session.ts';
import { withSite } from './site-notes.ts';

const DAY_MS = 86_400_000;

export interface HistoryLogPorts {
  readonly store: Copies;
  readonly sessions: Sessions;
  readonly pending: PendingHistory;
  readonly blocked: BlockedSites;
  readonly withLock: WithLock;
  readonly clock: Clock;
  readonly random: Random;
  /** Version of the extension. */
  readonly app: string;
}

interface Writing extends HistoryChange {
  /** Null where they do not open; they are left alone then. */
  readonly settings: PrivateSettings | null;
}

/** The notes of sites after an entry: when one was used, or whether it is blocked. */
function afterEntry(sites: readonly SiteNote[], { origin, purpose, item, at, result }: HistoryEntry): readonly SiteNote[] {
  if (origin === '' || result !== 'done') return sites;
  if (purpose === 'block' || purpose === 'unblock') return withSite(sites, origin, (site) => ({ ...site, blocked: purpose === 'block' }));
  return withSite(sites, origin, (site) => ({ ...site, item, used: Math.max(at, site.used) }));
}

/** The record of the settings, where the entries change what is noted of sites. */
async function notedSites({ head, listKey, random, settings }: Writing, entries: readonly HistoryEntry[]): Promise<readonly SealedRecord[]> {
  if (!settings) return [];
  const sites = entries.reduce(afterEntry, settings.sites);
  return sites === settings.sites ? [] : [await sealSettings(head, listKey, { ...settings, sites }, random)];
}

/** Where no history is kept, blocking is all that is written. */
function isDecision({ purpose }: HistoryEntry): boolean {
  return purpose === 'block' || purpose === 'unblock';
}

export class HistoryLog {
  readonly #ports: HistoryLogPorts;
  /** Day of the last look for entries that are past their time, as far as this background knows. */
  #looked: number | null = null;

  constructor(ports: HistoryLogPorts) {
    this.#ports = ports;
  }

  /** Never throws. */
  async note(entries: readonly HistoryEntry[]): Promise<void> {
    await this.#ports.pending.put(entries).catch(() => undefined);
    await this.flush();
  }

  /** Writes what waits, where the wallet is open. Never throws. */
  flush(): Promise<void> {
    const { pending } = this.#ports;
    return this.#quietly(async (session) => {
      const entries = await pending.list();
      if (entries.length === 0) return;
      await this.#write(session, async (writing) => {
        const kept = writing.settings?.historyDays !== 0;
        const others = await notedSites(writing, kept ? entries : entries.filter(isDecision));
        return appendHistory({ ...writing, others }, kept ? entries : []);
      });
      await pending.remove(entries);
    });
  }

  /** After the wallet was opened: what waits is written, and once a day what is past its time goes. Never throws. */
  async keep(): Promise<void> {
    await this.#quietly((session) => this.#prune(session));
    await this.flush();
    await this.#quietly((session) => this.#blockAgain(session));
  }

  /** Sites that are blocked by the settings and not here: a backup brought them. */
  async #blockAgain({ listKey, vid }: OpenSession): Promise<void> {
    const { store, blocked } = this.#ports;
    const choice = await store.choice();
    if (choice.state !== 'ready' || choice.head.vid !== vid || !settingsEntry(choice.head)) return;
    const { sites } = await openSettings(store, choice.head, listKey);
    for (const site of sites) if (site.blocked && !(await blocked.has(site.origin))) await blocked.add(site.origin);
  }

  async #prune(opened: OpenSession): Promise<void> {
    const { store, clock } = this.#ports;
    const today = koreanDay(clock());
    const choice = await store.choice();
    if (this.#looked === today || choice.state !== 'ready' || !choice.head.items.some(({ k }) => k === 'L')) return;
    await this.#write(opened, (writing) => {
      const { head, now } = writing;
      const { historyDays } = writing.settings ?? DEFAULT_SETTINGS;
      // A wrong clock must throw nothing away.
      if (writing.settings === null || clockJumped(head.ts, now)) return Promise.resolve(head);
      return removeHistory(writing, ({ at }) => now - at > historyDays * DAY_MS);
    });
    this.#looked = today;
  }

  /** Alone among all our contexts, and only while the wallet is open. */
  async #quietly(act: (session: OpenSession) => Promise<void>): Promise<void> {
    const { sessions, withLock } = this.#ports;
    try {
      await withLock(HISTORY_LOCK, async () => {
        const session = await sessions.current();
        if (!session) return;
        try {
          await act(session);
        } finally {
          wipe(session.listKey);
        }
      });
    } catch {
      // What waits goes on waiting.
    }
  }

  /** The rows of the lists are those of before; they are kept for the new generation, so that nobody makes them again. */
  async #write({ vid, listKey }: OpenSession, act: (writing: Writing) => Promise<VaultHead>): Promise<void> {
    const { store, sessions, withLock, clock, random, app } = this.#ports;
    await withLock(WRITE_LOCK, async () => {
      const { head } = await settle({ copies: store, vid, listKey, depth: 'heads' });
      const settings = await openSettings(store, head, listKey).catch(() => null);
      const saved = await act({ store, head, listKey, random, app, now: clock(), settings });
      if (saved.gen === head.gen) return;
      const rows = await sessions.rows(head.gen);
      if (rows !== undefined) await sessions.putRows({ generation: saved.gen, text: rows });
    });
  }
}
