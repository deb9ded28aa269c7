/** What the wallet's use cases need of the world, in memory: a session store, locks, documents, windows, alarms, a clock. */
import { IDBFactory } from 'fake-indexeddb';
import { encodeWindows949 } from '../../../lib/bytes/windows-949.ts';
import { snapshotDatabase } from '../../../lib/platform/snapshot-database.ts';
import type { Asker, AskerPort, Delivery, SchedulePort, SessionStore, WindowPort, WithLock } from '../../../lib/wallet/ports.ts';
import type { RequestEnd } from '../../../lib/wallet/history-entry.ts';
import { PageRequests, type PageRequestPorts } from '../../../lib/wallet/page-requests.ts';
import { Requests } from '../../../lib/wallet/requests.ts';
import { Snapshots } from '../../../lib/wallet/snapshots.ts';
import type { PendingRequest } from '../../../lib/wallet/stored-requests.ts';
import { WaitingDocuments } from '../../../lib/wallet/waiting-documents.ts';

export const NOW = Date.parse('2026-11-23T00:00:00Z');
export const NONCE = 'Az09-_'.padEnd(43, 'n');

/** Texts that live as long as the browser session; every access takes a turn, as in a browser. */
export class MemorySession implements SessionStore {
  readonly texts = new Map<string, string>();
  /** Every text that ever stood here. */
  readonly history: string[] = [];
  /** Every key that was read, in order. */
  readonly asked: string[] = [];
  readonly #listeners = new Set<(keys: readonly string[]) => void>();

  async get(keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
    await Promise.resolve();
    this.asked.push(...keys);
    return new Map(keys.flatMap((key) => (this.texts.has(key) ? [[key, this.texts.get(key) ?? '']] : [])));
  }

  async set(entries: ReadonlyMap<string, string>): Promise<void> {
    await Promise.resolve();
    for (const [key, text] of entries) {
      this.texts.set(key, text);
      this.history.push(text);
    }
    this.#tell([...entries.keys()]);
  }

  async remove(keys: readonly string[]): Promise<void> {
    await Promise.resolve();
    for (const key of keys) this.texts.delete(key);
    this.#tell(keys);
  }

  onChange(listener: (keys: readonly string[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tell(keys: readonly string[]): void {
    for (const listener of this.#listeners) listener(keys);
  }
}

/** One at a time for each name, as the browser's locks; a name inside itself would wait for ever, as there. */
export function locks(): WithLock {
  const last = new Map<string, Promise<unknown>>();
  return (name, act) => {
    const turn = (last.get(name) ?? Promise.resolve()).then(act);
    last.set(
      name,
      turn.catch(() => undefined),
    );
    return turn;
  };
}

export interface Delivered extends Delivery {
  readonly documentId: string;
}

/** The browser around the background: what documents wait for, our windows, alarms. */
export class World {
  now = NOW;
  readonly session = new MemorySession();
  withLock = locks();
  /** Page ids that each document waits for; a document that is not here is gone. */
  readonly documents = new Map<string, Set<string>>();
  readonly delivered: Delivered[] = [];
  /** Request ids of the approval windows that are open. */
  readonly open = new Map<number, string>();
  readonly alarms = new Map<string, number>();
  /** Alarms that come every day, by name, and when each was first asked for. */
  readonly daily = new Map<string, number>();
  /** Runs while an approval window opens. */
  whileOpening: (requestId: string) => Promise<void> = () => Promise.resolve();
  isBlocked: PageRequestPorts['isBlocked'] = () => Promise.resolve(false);
  /** Every request that ended, and how. */
  readonly ended: { readonly request: PendingRequest; readonly end: RequestEnd }[] = [];
  #windows = 100;

  clock = (): number => this.now;

  readonly askers: AskerPort = {
    deliver: async ({ documentId }, delivery) => {
      await Promise.resolve();
      const waiting = this.documents.get(documentId);
      if (!waiting?.has(delivery.id)) return false;
      if (delivery.extend === undefined) waiting.delete(delivery.id);
      this.delivered.push({ documentId, ...delivery });
      return true;
    },
    isWaiting: async ({ documentId }, pageId) => {
      await Promise.resolve();
      return this.documents.get(documentId)?.has(pageId) ?? false;
    },
  };

  /** Where documents wait: a database that outlives the session. */
  readonly waitingOctets = snapshotDatabase(new IDBFactory());

  readonly windows: WindowPort = {
    openApproval: async (requestId) => {
      const id = ++this.#windows;
      this.open.set(id, requestId);
      await this.whileOpening(requestId);
      return id;
    },
    isOpen: (windowId) => Promise.resolve(this.open.has(windowId)),
    close: (windowId) => void this.open.delete(windowId),
  };

  readonly schedule: SchedulePort = {
    at: async (name, time) => {
      await Promise.resolve();
      this.alarms.set(name, time);
    },
    daily: async (name) => {
      await Promise.resolve();
      if (!this.daily.has(name)) this.daily.set(name, this.now);
    },
    clear: async (name) => {
      await Promise.resolve();
      this.alarms.delete(name);
    },
  };

  snapshots(): Snapshots {
    return new Snapshots(this.waitingOctets, (length) => crypto.getRandomValues(new Uint8Array(length)));
  }

  /** The text is written by the table of ours: Node's decoder, unlike a browser's, knows half of it. */
  waitingDocuments(): WaitingDocuments {
    return new WaitingDocuments(this.snapshots(), encodeWindows949);
  }

  /** A background that has just started: it knows nothing but what the session store holds. */
  start(heard: PageRequestPorts['ended'] = () => undefined): Background {
    const isBlocked: PageRequestPorts['isBlocked'] = (origin) => this.isBlocked(origin);
    const requests = new Requests(this.session, this.withLock, this.clock);
    const { askers, windows, schedule, clock } = this;
    const documents = this.waitingDocuments();
    const ended: PageRequestPorts['ended'] = (request, end) => {
      this.ended.push({ request, end });
      heard(request, end);
    };
    return {
      requests,
      documents,
      pageRequests: new PageRequests({ requests, askers, windows, schedule, clock, uuid: () => crypto.randomUUID(), isBlocked, documents, ended }),
    };
  }
}

export interface Background {
  readonly documents: WaitingDocuments;
  readonly requests: Requests;
  readonly pageRequests: PageRequests;
}

export function asker(name: string, origin = 'https://bank.example', tabId = 7): Asker {
  return { origin, tabId, documentId: name };
}

/** A document asks to sign in, as its content script does; gives the page's own id of the request. */
export async function ask(world: World, { pageRequests }: Background, from: Asker, pageId: string = crypto.randomUUID()): Promise<string> {
  world.documents.set(from.documentId, (world.documents.get(from.documentId) ?? new Set()).add(pageId));
  await pageRequests.open(from, { id: pageId, action: 'signIn', payload: { nonce: NONCE } });
  return pageId;
}

/** The one request that waits. */
export async function onlyRequest({ requests }: Background): Promise<PendingRequest> {
  const [request, ...more] = await requests.list();
  if (!request || more.length > 0) throw new Error(`${more.length + (request ? 1 : 0)} requests wait`);
  return request;
}
