/**
 * Requests of pages that wait for the person. They live in the session store, so that the background may stop at any
 * moment; each is answered once, since taking one removes it under a lock.
 */
import { WalletError } from '../errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { Asker, Clock, Delivery, SessionStore, WithLock } from './ports.ts';
import { isMute, readAnswering, readEach, readPending, readRefusals, type Answering, type PendingRequest, type Refusal } from './stored-requests.ts';

export const REQUESTS_KEY = 'djw1.requests';
const REFUSALS = 'djw1.refusals';
const OUTBOX = 'djw1.outbox';
const LOCK = 'djw1-requests';

function requireRoom({ documentId, origin }: Asker, list: readonly PendingRequest[], refusals: readonly Refusal[], now: number): void {
  const own = list.filter(({ asker }) => asker.documentId === documentId).length;
  if (list.length >= LIMITS.pending || own >= LIMITS.pendingPerDocument || isMute(refusals, origin, now)) throw new WalletError('request.busy');
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
    return readEach((await this.#store.get([REQUESTS_KEY])).get(REQUESTS_KEY), readPending);
  }

  /** The live request of that id. @throws `request.gone` */
  async get(id: string): Promise<PendingRequest> {
    const found = (await this.list()).find((request) => request.id === id);
    if (!found || found.expiresAt <= this.#clock()) throw new WalletError('request.gone');
    return found;
  }

  /** Whether there is room for one more of that document, before work is done for it. @throws `request.busy` */
  async checkRoom(asker: Asker): Promise<void> {
    const stored = await this.#store.get([REQUESTS_KEY, REFUSALS]);
    const now = this.#clock();
    requireRoom(asker, readEach(stored.get(REQUESTS_KEY), readPending), readRefusals(stored.get(REFUSALS), now), now);
  }

  /** Remembers a request. @throws `request.busy`, `request.duplicate` */
  put(request: PendingRequest): Promise<void> {
    return this.#change((list, refusals) => {
      if (list.some((other) => other.pageId === request.pageId)) throw new WalletError('request.duplicate');
      requireRoom(request.asker, list, refusals, this.#clock());
      return { list: [...list, request], result: undefined };
    });
  }

  /**
   * Removes the request: whoever gets it answers it, nobody else can. The answer that `answer` makes of it, if any, stands
   * in the outbox from the same moment. Null where the request is gone.
   */
  take(matches: (request: PendingRequest) => boolean, answer: (request: PendingRequest) => Delivery | null): Promise<PendingRequest | null> {
    return this.#withLock(LOCK, async () => {
      const stored = await this.#store.get([REQUESTS_KEY, OUTBOX]);
      const list = readEach(stored.get(REQUESTS_KEY), readPending);
      const taken = list.find(matches);
      if (!taken) return null;
      const delivery = answer(taken);
      const outbox = readEach(stored.get(OUTBOX), readAnswering);
      if (delivery) outbox.push({ asker: taken.asker, delivery, windowId: taken.windowId });
      const rest = list.filter((request) => request !== taken);
      await this.#store.set(
        new Map([
          [REQUESTS_KEY, JSON.stringify(rest)],
          [OUTBOX, JSON.stringify(outbox)],
        ]),
      );
      return taken;
    });
  }

  /** Answers that nobody has handed over yet. */
  async outbox(): Promise<readonly Answering[]> {
    return readEach((await this.#store.get([OUTBOX])).get(OUTBOX), readAnswering);
  }

  /** The answer with that id was handed over, or its document is gone. */
  answered(id: string): Promise<void> {
    return this.#withLock(LOCK, async () => {
      const rest = (await this.outbox()).filter(({ delivery }) => delivery.id !== id);
      await this.#store.set(new Map([[OUTBOX, JSON.stringify(rest)]]));
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

  /** Counts a refusal by the person, or a withdrawal by the page; too many within a minute mute the origin for a minute. */
  refused(origin: string, by: Refusal['by']): Promise<void> {
    return this.#withLock(LOCK, async () => {
      const now = this.#clock();
      const refusals = readRefusals((await this.#store.get([REFUSALS])).get(REFUSALS), now);
      await this.#store.set(new Map([[REFUSALS, JSON.stringify([...refusals, { origin, at: now, by }])]]));
    });
  }

  #change<Result>(
    act: (list: readonly PendingRequest[], refusals: readonly Refusal[]) => { list: readonly PendingRequest[]; result: Result },
  ): Promise<Result> {
    return this.#withLock(LOCK, async () => {
      const stored = await this.#store.get([REQUESTS_KEY, REFUSALS]);
      const { list, result } = act(readEach(stored.get(REQUESTS_KEY), readPending), readRefusals(stored.get(REFUSALS), this.#clock()));
      await this.#store.set(new Map([[REQUESTS_KEY, JSON.stringify(list)]]));
      return result;
    });
  }
}
