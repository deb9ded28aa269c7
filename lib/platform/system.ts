/** The small ports: clock, randomness, locks. */
import { WalletError } from '../errors.ts';
import type { Clock, Random, WithLock } from '../wallet/ports.ts';
import { browser } from './browser.ts';

export const clock: Clock = () => Date.now();

export const random: Random = (length) => crypto.getRandomValues(new Uint8Array(length));

/** One turn of the event loop. A timer would be slowed down to a second in a window that is not in front. */
export function pause(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Before a failed write is tried again: a tenth of a second, then half of one. */
export function pauseBeforeRetry(tries: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, tries > 1 ? 500 : 100));
}

/** Runs `act` once, after so many milliseconds; returns the way to stop. */
export function after(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  return () => {
    clearTimeout(timer);
  };
}

export const withLock: WithLock = (name, act) => navigator.locks.request(name, act);

/** The same, for what another context does already. @throws `ca.busy` */
export const alone: WithLock = (name, act) =>
  navigator.locks.request(name, { ifAvailable: true }, (lock) => {
    if (lock === null) throw new WalletError('ca.busy');
    return act();
  });

/** Whether this context still belongs to a running extension. In Chromium a content script outlives an update or removal. */
export function isExtensionThere(): boolean {
  return (browser.runtime.id as string | undefined) !== undefined;
}

/** The browser and its version, as it names itself to servers. */
export function browserName(): string {
  return navigator.userAgent;
}

/** Sentence version of this extension, e.g. `0.1.0`. */
export function ownVersion(): string {
  return browser.runtime.getManifest().version;
}
