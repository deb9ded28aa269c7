/** As much of a browser's window as the page library and the content script touch, around Node's own MessageChannel. */
import { afterEach, vi } from 'vitest';

export interface WindowMessage {
  readonly data: unknown;
  readonly ports: readonly MessagePort[];
  readonly source: unknown;
  readonly isTrusted: boolean;
}

export class FakeWindow {
  origin = 'https://bank.example';
  isSecureContext = true;
  top: unknown = this;
  /** Every message that was posted to this window. */
  readonly messages: WindowMessage[] = [];
  /** Types of events that somebody listens to. */
  readonly listened: string[] = [];
  /** What stands where a content script would. */
  onMessage: (message: WindowMessage) => void = () => undefined;

  /** Clones and transfers at once, delivers later, as a browser does. */
  postMessage(data: unknown, target: string, transfer: MessagePort[]): void {
    if (target === 'null') throw new SyntaxError('target');
    const posted = structuredClone({ data, ports: transfer }, { transfer });
    if (target !== this.origin) return;
    const message = { ...posted, source: this, isTrusted: true };
    this.messages.push(message);
    queueMicrotask(() => this.onMessage(message));
  }

  addEventListener(type: string): void {
    this.listened.push(type);
  }
}

/** Puts a fresh window in the place of the global one until the test ends. */
export function openWindow(): FakeWindow {
  const window = new FakeWindow();
  vi.stubGlobal('window', window);
  return window;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Lets messages that are on their way arrive: ports deliver from a queue of their own, which no fake clock moves. */
export async function delivered(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await turn();
}

/** Waits, for as long as it takes, until something that is on its way is there. */
export async function arrival(isThere: () => boolean): Promise<void> {
  for (let turns = 0; turns < 100_000 && !isThere(); turns++) await turn();
}

/** All that came over a port so far, in order. */
export function inbox(port: MessagePort): unknown[] {
  const received: unknown[] = [];
  port.onmessage = ({ data }: MessageEvent<unknown>): void => void received.push(data);
  return received;
}
