/**
 * Sites that were turned off since the browser started. The browser keeps our script in their open pages until these are loaded
 * anew; what it asks meanwhile is refused.
 */
import { readText } from '../protocol/read.ts';
import type { SessionStore, WithLock } from './ports.ts';
import { readEach } from './stored-requests.ts';

const KEY = 'djw1.off';
const LOCK = 'djw1-off';
/** The oldest goes where there are more. */
const MOST = 300;

const readOrigin = (value: unknown): string => readText(value, 'origin', 1, 512);

/** Leave counts for a host, whatever the port. */
export function withoutPort(origin: string): string {
  const url = URL.parse(origin);
  return url ? `${url.protocol}//${url.hostname}` : origin;
}

export class TurnedOff {
  readonly #store: SessionStore;
  readonly #withLock: WithLock;

  constructor(store: SessionStore, withLock: WithLock) {
    this.#store = store;
    this.#withLock = withLock;
  }

  async has(origin: string): Promise<boolean> {
    return (await this.#list()).includes(withoutPort(origin));
  }

  add(origin: string): Promise<void> {
    return this.#change(origin, (others, site) => [...others, site].slice(-MOST));
  }

  remove(origin: string): Promise<void> {
    return this.#change(origin, (others) => others);
  }

  async #list(): Promise<readonly string[]> {
    return readEach((await this.#store.get([KEY])).get(KEY), readOrigin);
  }

  #change(origin: string, change: (others: readonly string[], site: string) => readonly string[]): Promise<void> {
    const site = withoutPort(origin);
    return this.#withLock(LOCK, async () => {
      const others = (await this.#list()).filter((other) => other !== site);
      await this.#store.set(new Map([[KEY, JSON.stringify(change(others, site))]]));
    });
  }
}
