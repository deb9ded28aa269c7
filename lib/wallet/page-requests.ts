/**
 * What becomes of a page's request: remembered, shown in a window of ours, decided by the person, answered once to the
 * document that asked. Nothing here waits for a person; the background may stop between any two calls.
 */
import { toBase64 } from '../bytes/base64.ts';
import { utf8 } from '../bytes/text.ts';
import { WalletError, type ErrorCode } from '../errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import { readRecord, readUuid } from '../protocol/read.ts';
import { readCall, type PageCall, type WaitingCall } from '../protocol/calls.ts';
import type { RequestEnd } from './history-entry.ts';
import { recipientOf } from './identity-release.ts';
import { identityWish } from './identity-wish.ts';
import type { Asker, AskerPort, Clock, Delivery, SchedulePort, WindowPort } from './ports.ts';
import type { Requests } from './requests.ts';
import { invoicesOf } from './tax-invoices.ts';
import type { PendingRequest } from './stored-requests.ts';
import type { WaitingDocuments } from './waiting-documents.ts';

const ALARM_PREFIX = 'request:';

/** The alarm that ends a request; other alarms give null. */
export function requestOfAlarm(name: string): string | null {
  return name.startsWith(ALARM_PREFIX) ? name.slice(ALARM_PREFIX.length) : null;
}

/** SHA-256 (base64) over everything of a request that the person is shown and that is signed. */
export async function requestDigest(request: PendingRequest): Promise<string> {
  const shown = JSON.stringify([request.id, request.asker.origin, request.call]);
  return toBase64(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(shown))));
}

export interface PageRequestPorts {
  readonly requests: Requests;
  readonly askers: AskerPort;
  readonly windows: WindowPort;
  readonly schedule: SchedulePort;
  readonly clock: Clock;
  readonly uuid: () => string;
  readonly documents: WaitingDocuments;
  /** Whether the owner wants no request of that origin. */
  readonly isBlocked: (origin: string) => Promise<boolean>;
  /** Hears of each request that ended, after its page has the answer; nobody waits for it. */
  readonly ended: (request: PendingRequest, end: RequestEnd) => void;
}

export interface Approval {
  readonly requestId: string;
  /** SHA-256 of what the window showed; must be that of the remembered request. */
  readonly shown: string;
  /** Record id of the chosen certificate; null where it is not in the wallet. */
  readonly itemId: string | null;
  /** The person releases the identity value too; absent: no. */
  readonly identity?: boolean;
}

export class PageRequests {
  readonly #ports: PageRequestPorts;

  constructor(ports: PageRequestPorts) {
    this.#ports = ports;
  }

  /** A content script hands over its page's request. @throws `request.*` */
  async open(asker: Asker, content: unknown): Promise<void> {
    const { requests, schedule, clock, uuid, isBlocked } = this.#ports;
    const fields = readRecord(content, ['id', 'action', 'payload']);
    const asked = readCall(fields.get('action'), fields.get('payload'));
    if (await isBlocked(asker.origin)) throw new WalletError('request.forbidden', { detail: 'blocked' });
    const now = clock();
    const wish = identityWish(asked);
    if (wish !== null) recipientOf(wish, now); // before any window opens
    const id = uuid();
    const expiresAt = now + LIMITS.waitMs;
    await this.expire();
    const pageId = readUuid(fields.get('id'));
    await requests.checkRoom(asker);
    try {
      const call = await this.#keep(id, asked);
      await requests.put({ id, pageId, call, asker, requestedAt: now, expiresAt, windowId: null });
    } catch (thrown) {
      await this.#forget(asked, id);
      throw thrown;
    }
    try {
      await schedule.at(ALARM_PREFIX + id, expiresAt);
      await this.#show(id, asker, pageId);
    } catch (thrown) {
      await requests.take(
        (request) => request.id === id,
        () => null,
      );
      await schedule.clear(ALARM_PREFIX + id);
      await this.#forget(asked, id);
      throw thrown;
    }
  }

  /** What waits of a call: the octets of documents wait apart. Refuses what cannot be signed, before any window opens. */
  async #keep(id: string, asked: PageCall): Promise<WaitingCall> {
    if (asked.action === 'sign') return { action: 'sign', payload: await this.#ports.documents.keep(id, asked.payload) };
    invoicesOf(asked);
    return asked;
  }

  async #forget({ action }: PageCall | WaitingCall, id: string): Promise<void> {
    if (action === 'sign') await this.#ports.documents.forget(id);
  }

  /** Opens the window of a request, then looks what has happened meanwhile that nobody could tell us. */
  async #show(id: string, asker: Asker, pageId: string): Promise<void> {
    const { requests, askers, windows } = this.#ports;
    const windowId = await windows.openApproval(id);
    try {
      await requests.update(id, (request) => ({ ...request, windowId }));
    } catch (thrown) {
      // Ended before its window had a number to be closed by.
      windows.close(windowId);
      throw thrown;
    }
    if (!(await windows.isOpen(windowId))) await this.windowClosed(windowId);
    // A page that takes its request back at once may do so before the request is remembered here.
    else if (!(await askers.isWaiting(asker, pageId))) await this.#end((request) => request.id === id, null, 'page');
  }

  /** The page takes its request back. Another document's id does nothing. */
  async cancel(asker: Asker, content: unknown): Promise<void> {
    const pageId = readUuid(readRecord(content, ['id']).get('id'));
    await this.#end((request) => request.pageId === pageId && request.asker.documentId === asker.documentId, null, 'page');
  }

  /**
   * The person says yes. `make` produces the result; it runs before the request is taken, so that a failure leaves the
   * window open for another try, and its result is dropped where the request was ended meanwhile.
   * @throws `request.gone`, `request.forbidden` where something else was shown, whatever `make` throws
   */
  async approve(approval: Approval, make: (request: PendingRequest) => Promise<unknown>): Promise<void> {
    const request = await this.#asShown(approval);
    await this.#requireWaiting(request);
    const result = await make(request);
    const taken = await this.#ports.requests.take(
      (other) => other.id === request.id,
      ({ pageId }) => ({ id: pageId, result }),
    );
    if (!taken) throw new WalletError('request.gone');
    const delivered = await this.#handOver(taken, { id: taken.pageId, result });
    this.#ports.ended(taken, { result: delivered ? 'done' : 'request.gone', item: approval.itemId, identity: approval.identity === true });
    if (!delivered) throw new WalletError('request.gone');
  }

  /** Hands over what a stopped background left behind; called whenever it starts. */
  async resume(): Promise<void> {
    const { requests, askers, windows } = this.#ports;
    for (const { asker, delivery, windowId } of await requests.outbox()) {
      await askers.deliver(asker, delivery);
      await requests.answered(delivery.id);
      if (windowId !== null) windows.close(windowId);
    }
  }

  /** Forgets documents that a browser which ended left behind; called when the browser starts, so that no other wake opens their database. */
  async sweep(): Promise<void> {
    const { requests, documents } = this.#ports;
    await documents.sweep((await requests.list()).map(({ id }) => id));
  }

  /** What the person approved could not be done. `why` may refuse to say so of such a request. @throws as `approve` */
  async refuse(approval: Pick<Approval, 'requestId' | 'shown'>, why: (request: PendingRequest) => ErrorCode): Promise<void> {
    const request = await this.#asShown(approval);
    const code = why(request);
    await this.#end(({ id }) => id === request.id, code);
  }

  /** The person says no; where it was said by blocking the site, to all that it asked. */
  async reject(requestId: string): Promise<void> {
    const { requests, isBlocked } = this.#ports;
    const origin = (await requests.list()).find(({ id }) => id === requestId)?.asker.origin;
    if (origin !== undefined && (await isBlocked(origin))) {
      while (await this.#end(({ id, asker }) => asker.origin === origin && id !== requestId, 'user.cancelled'));
    }
    // The window that asks goes with its own request, so that comes last: nothing may hold up the answer to it.
    await this.#end(({ id }) => id === requestId, 'user.cancelled', 'person');
  }

  /** The person asks for more time; gives the new end, never past the longest wait. @throws `request.gone` */
  async extend(requestId: string): Promise<number> {
    const { requests, askers, schedule, clock } = this.#ports;
    await requests.get(requestId);
    const request = await requests.update(requestId, (old) => ({
      ...old,
      expiresAt: Math.min(old.expiresAt + LIMITS.extendMs, old.requestedAt + LIMITS.waitMaxMs),
    }));
    await schedule.at(ALARM_PREFIX + request.id, request.expiresAt);
    // A clock set back must not make a wait that the page library refuses.
    const seconds = Math.ceil(Math.min(request.expiresAt - clock(), LIMITS.waitMaxMs) / 1000);
    await askers.deliver(request.asker, { id: request.pageId, extend: { seconds } });
    return request.expiresAt;
  }

  /** A window of ours was closed by hand: that is a no. */
  async windowClosed(windowId: number): Promise<void> {
    await this.#end((request) => request.windowId === windowId, 'user.cancelled', 'person');
  }

  /** A tab loads something or is gone: requests whose document no longer waits there end without an answer. */
  async tabChanged(tabId: number): Promise<void> {
    const { requests, askers } = this.#ports;
    for (const request of await requests.list()) {
      if (request.asker.tabId !== tabId || (await askers.isWaiting(request.asker, request.pageId))) continue;
      await this.#end((other) => other.id === request.id, null, 'page');
    }
  }

  /** Ends what is past its time. */
  async expire(): Promise<void> {
    const now = this.#ports.clock();
    while (await this.#end((request) => request.expiresAt <= now, 'user.timeout'));
  }

  /** A lock ends all that waits. */
  async endAll(): Promise<void> {
    while (await this.#end(() => true, 'user.cancelled'));
  }

  async #asShown({ requestId, shown }: Pick<Approval, 'requestId' | 'shown'>): Promise<PendingRequest> {
    const request = await this.#ports.requests.get(requestId);
    if ((await requestDigest(request)) !== shown) throw new WalletError('request.forbidden');
    return request;
  }

  async #requireWaiting(request: PendingRequest): Promise<void> {
    if (await this.#ports.askers.isWaiting(request.asker, request.pageId)) return;
    await this.#end((other) => other.id === request.id, null, 'page');
    throw new WalletError('request.gone');
  }

  /**
   * Takes one request, answers its document unless it took the request back itself, and closes our window. Who refused is
   * counted before, so that nothing follows the closing.
   */
  async #end(matches: (request: PendingRequest) => boolean, code: ErrorCode | null, by?: 'person' | 'page'): Promise<PendingRequest | null> {
    const answer = ({ pageId }: PendingRequest): Delivery | null => (code === null ? null : { id: pageId, error: { code } });
    const taken = await this.#ports.requests.take(matches, answer);
    if (!taken) return null;
    if (by) await this.#ports.requests.refused(taken.asker.origin, by);
    await this.#handOver(taken, answer(taken));
    this.#ports.ended(taken, { result: code ?? 'request.gone', item: null, identity: false });
    return taken;
  }

  /** Gives a taken request its answer; false where the document is gone. */
  async #handOver(taken: PendingRequest, delivery: Delivery | null): Promise<boolean> {
    const { requests, askers, windows, schedule } = this.#ports;
    const delivered = delivery !== null && (await askers.deliver(taken.asker, delivery));
    if (delivery) await requests.answered(delivery.id);
    await schedule.clear(ALARM_PREFIX + taken.id);
    if (taken.windowId !== null) windows.close(taken.windowId);
    await this.#forget(taken.call, taken.id);
    return delivered;
  }
}
