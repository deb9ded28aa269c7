/**
 * The page's side of the content script: takes window messages that are addressed to the wallet and answers each over its
 * own port. It holds no secret and no authority; who asks is what the browser tells the background.
 */
import { errorCode, WalletError, type ErrorCode } from '../errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import { FEATURES, PROTOCOL_VERSION } from '../protocol/version.ts';
import { isAddressedToWallet, isCancel, readPageRequest, type PageRequest } from '../protocol/wire.ts';

export interface Background {
  wake(): void;
  open(request: PageRequest): Promise<void>;
  cancel(id: string): void;
}

export class PagePort {
  readonly #background: Background;
  readonly #version: string;
  readonly #waiting = new Map<string, MessagePort>();
  readonly #seen = new Set<string>();
  #retired = false;

  constructor(background: Background, version: string) {
    this.#background = background;
    this.#version = version;
  }

  /** Whether the page still waits for that request. */
  isWaiting(id: string): boolean {
    return this.#waiting.has(id);
  }

  /** Passes a message of the background on to the page; true where a port took it. */
  answer(id: string, message: unknown): boolean {
    const port = this.#waiting.get(id);
    if (!port) return false;
    port.postMessage(message);
    const isLast = !(typeof message === 'object' && message !== null && Object.hasOwn(message, 'extend'));
    if (isLast) this.#waiting.delete(id);
    return true;
  }

  /** The document goes away: all its requests end. It may come back out of the browser's cache, so it is told. */
  leave(): void {
    for (const [id, port] of this.#waiting) {
      this.#background.cancel(id);
      refuse(port, 'user.cancelled');
    }
    this.#waiting.clear();
  }

  /** The extension was updated or removed under the page: what waits is told so, and nothing is answered any more. */
  retire(): void {
    this.#retired = true;
    for (const port of this.#waiting.values()) refuse(port, 'wallet.absent');
    this.#waiting.clear();
  }

  /** Takes one message event of the window. */
  receive(event: MessageEvent<unknown>): void {
    const port = event.ports[0];
    if (this.#retired || event.source !== window || !event.isTrusted || !port || !isAddressedToWallet(event.data)) return;
    try {
      if (window.origin === 'null' || !window.isSecureContext || window !== window.top) throw new WalletError('request.insecure');
      this.#serve(readPageRequest(event.data), port);
    } catch (thrown) {
      refuse(port, errorCode(thrown));
    }
  }

  #serve(request: PageRequest, port: MessagePort): void {
    if (this.#seen.has(request.id)) throw new WalletError('request.duplicate');
    if (this.#seen.size >= LIMITS.perDocument) throw new WalletError('request.busy');
    this.#seen.add(request.id);
    if (request.action === 'connect') {
      this.#background.wake();
      port.postMessage({ result: { protocol: PROTOCOL_VERSION, wallet: { name: 'Dojang', version: this.#version }, features: [...FEATURES] } });
      return;
    }
    if (this.#waiting.size >= LIMITS.pendingPerDocument) throw new WalletError('request.busy');
    this.#waiting.set(request.id, port);
    port.onmessage = ({ data }): void => {
      if (!isCancel(data) || !this.#waiting.delete(request.id)) return;
      this.#background.cancel(request.id);
    };
    port.postMessage({ ack: true });
    this.#background.open(request).catch((thrown: unknown) => {
      this.answer(request.id, { error: { code: errorCode(thrown) } });
    });
  }
}

function refuse(port: MessagePort, code: ErrorCode): void {
  port.postMessage({ error: { code } });
}
