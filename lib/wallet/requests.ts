/**
 * Requests of pages that wait for the person. They live in the session store, so that the background may stop at any
 * moment; each is answered once, since taking one removes it under a lock.
 */
import { WalletError } from '../errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import { malformed, readRecord, readText, readUuid } from '../protocol/read.ts';
import { readCall, type PageCall } from '../protocol/wire.ts';
import type { Asker, Clock, SessionStore, WithLock } from './ports.ts';

export type WaitingCall = Exclude<PageCall, { action: 'connect' }>;

export interface PendingRequest {
  /** Unguessable name of the request inside the extension. */
  readonly id: string;
  /** The page library's own id. */
  readonly pageId: string;
  readonly call: WaitingCall;
  readonly asker: Asker;
  readonly requestedAt: number;
  readonly expiresAt: number;
  readonly windowId: number | null;
}

export const REQUESTS_KEY = 'djw1.requests';
const REFUSALS = 'djw1.refusals';
const LOCK = 'djw1-requests';

function readNumber(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < -1) throw malformed(name);
  return value;
}

function readAsker(value: unknown): Asker {
  const fields = readRecord(value, ['origin', 'tabId', 'documentId']);
  return {
    origin: readText(fields.get('origin'), 'origin', 1, 512),
    tabId: readNumber(fields.get('tabId'), 'tabId'),
    documentId: readText(fields.get('documentId'), 'documentId', 1, 128),
  };
}

function readPending(value: unknown): PendingRequest {
  const fields = readRecord(value, ['id', 'pageId', 'call', 'asker', 'requestedAt', 'expiresAt', 'windowId']);
  const inner = readRecord(fields.get('call'), ['action', 'payload']);
  const call = readCall(inner.get('action'), inner.get('payload'));
  if (call.action === 'connect') throw malformed('call');
  const windowId = fields.get('windowId');
  return {
    id: readUuid(fields.get('id')),
    pageId: readUuid(fields.get('pageId')),
    call,
    asker: readAsker(fields.get('asker')),
    requestedAt: readNumber(fields.get('requestedAt'), 'requestedAt'),
    expiresAt: readNumber(fields.get('expiresAt'), 'expiresAt'),
    windowId: windowId === null ? null : readNumber(windowId, 'windowId'),
  };
}

function parse(text: string | undefined): unknown {
  if (text === undefined) return [];
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new WalletError('internal', { detail: 'requests', cause });
  }
}

function readList(text: string | undefined): PendingRequest[] {
  const list = parse(text);
  if (!Array.isArray(list)) throw malformed('requests');
  return list.map(readPending);
}

/** Times of the person's refusals within the last minute, by origin. */
function readRefusals(text: string | undefined, now: number): Map<string, number[]> {
  const list = parse(text);
  const found = new Map<string, number[]>();
  if (!Array.isArray(list)) return found;
  for (const entry of list as unknown[]) {
    const fields = readRecord(entry, ['origin', 'at']);
    const at = readNumber(fields.get('at'), 'at');
    if (at > now || at <= now - LIMITS.muteMs) continue;
    const origin = readText(fields.get('origin'), 'origin', 1, 512);
    found.set(origin, [...(found.get(origin) ?? []), at]);
  }
  return found;
}

export class Requests {
  readonly #store: SessionStore;
  readonly #withLock: WithLock;
  readonly #clock: Clock;

  constructor(store: SessionStore, withLock: WithLock, clock: Clock) {
    this.#store = store;
    this.#withLock = withLock;
    this.#clock = clock;
  }

  async list(): Promise<readonly PendingRequest[]> {
    return readList((await this.#store.get([REQUESTS_KEY])).get(REQUESTS_KEY));
  }

  /** The live request of that id. @throws `request.gone` */
  async get(id: string): Promise<PendingRequest> {
    const found = (await this.list()).find((request) => request.id === id);
    if (!found || found.expiresAt <= this.#clock()) throw new WalletError('request.gone');
    return found;
  }

  /** Remembers a request. @throws `request.busy`, `request.duplicate` */
  put(request: PendingRequest): Promise<void> {
    return this.#change((list, refusals) => {
      const { documentId, origin } = request.asker;
      if (list.some((other) => other.pageId === request.pageId)) throw new WalletError('request.duplicate');
      if (list.length >= LIMITS.pending) throw new WalletError('request.busy');
      if (list.filter((other) => other.asker.documentId === documentId).length >= LIMITS.pendingPerDocument) throw new WalletError('request.busy');
      if ((refusals.get(origin)?.length ?? 0) >= LIMITS.refusals) throw new WalletError('request.busy');
      return { list: [...list, request], result: undefined };
    });
  }

  /** Removes and returns the request: whoever gets it answers it, nobody else can. Null where it is gone. */
  take(matches: (request: PendingRequest) => boolean): Promise<PendingRequest | null> {
    return this.#change((list) => {
      const taken = list.find(matches) ?? null;
      return { list: list.filter((request) => request !== taken), result: taken };
    });
  }

  /** Changes a waiting request in place. @throws `request.gone` */
  update(id: string, change: (request: PendingRequest) => PendingRequest): Promise<PendingRequest> {
    return this.#change((list) => {
      const found = list.find((request) => request.id === id);
      if (!found) throw new WalletError('request.gone');
      const changed = change(found);
      return { list: list.map((request) => (request === found ? changed : request)), result: changed };
    });
  }

  /** Counts a refusal by the person; three within a minute mute the origin for a minute. */
  refused(origin: string): Promise<void> {
    return this.#withLock(LOCK, async () => {
      const now = this.#clock();
      const refusals = readRefusals((await this.#store.get([REFUSALS])).get(REFUSALS), now);
      refusals.set(origin, [...(refusals.get(origin) ?? []), now]);
      const entries = [...refusals].flatMap(([name, times]) => times.map((at) => ({ origin: name, at })));
      await this.#store.set(new Map([[REFUSALS, JSON.stringify(entries)]]));
    });
  }

  #change<Result>(
    act: (list: readonly PendingRequest[], refusals: ReadonlyMap<string, readonly number[]>) => { list: readonly PendingRequest[]; result: Result },
  ): Promise<Result> {
    return this.#withLock(LOCK, async () => {
      const stored = await this.#store.get([REQUESTS_KEY, REFUSALS]);
      const { list, result } = act(readList(stored.get(REQUESTS_KEY)), readRefusals(stored.get(REFUSALS), this.#clock()));
      await this.#store.set(new Map([[REQUESTS_KEY, JSON.stringify(list)]]));
      return result;
    });
  }
}
