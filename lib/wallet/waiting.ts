/** The requests of pages that wait for the person, for the windows that are not theirs: one may lie hidden behind others. */
import type { Clock } from './ports.ts';
import type { Requests } from './requests.ts';
import type { WaitingCall } from '../protocol/calls.ts';

export interface WaitingRequest {
  readonly id: string;
  /** What is asked for. */
  readonly call: WaitingCall;
  /** Serialized origin of the asking page, which its own window shows too, also while the wallet is locked. */
  readonly origin: string;
}

export interface WaitingApi {
  /** The one that waits longest first. It needs no open wallet. */
  list(): Promise<readonly WaitingRequest[]>;
  /** Brings the window of a request to the front, where it is still there. */
  show(id: string): Promise<void>;
}

export interface WaitingPorts {
  readonly requests: Pick<Requests, 'list'>;
  readonly clock: Clock;
  readonly showWindow: (windowId: number) => Promise<void>;
}

export class OwnWaiting implements WaitingApi {
  readonly #ports: WaitingPorts;

  constructor(ports: WaitingPorts) {
    this.#ports = ports;
  }

  async list(): Promise<readonly WaitingRequest[]> {
    const now = this.#ports.clock();
    const waiting = (await this.#ports.requests.list()).filter(({ expiresAt }) => expiresAt > now);
    return waiting.sort((a, b) => a.requestedAt - b.requestedAt).map(({ id, call, asker: { origin } }) => ({ id, call, origin }));
  }

  async show(id: string): Promise<void> {
    const windowId = (await this.#ports.requests.list()).find((request) => request.id === id)?.windowId ?? null;
    if (windowId !== null) await this.#ports.showWindow(windowId);
  }
}
