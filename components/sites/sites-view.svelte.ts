import type { SiteRow, SitesApi } from '../../lib/wallet/sites-api.ts';
import { failureOf, type Failure } from '../failure.ts';

export type SiteDone = 'blocked' | 'unblocked' | 'off' | 'forgotten' | 'preferred' | 'added' | 'refused';

/** The sites that the wallet knows of, and what the person decides of them. */
export class SitesView {
  rows = $state.raw<readonly SiteRow[] | null>(null);
  busy = $state(false);
  failure = $state.raw<Failure | null>(null);
  /** What was done last, and of which site. */
  done = $state.raw<{ readonly how: SiteDone; readonly origin: string } | null>(null);
  /** What stands wrong in the address field. */
  wrong = $state(false);
  /** The listed address that the typed one resembles, once the person tried to add that; the next press adds it. */
  warned = $state<string | null>(null);
  #typed = '';
  /** What the typed address resembles. */
  #resembles: string | null = null;
  readonly #api: SitesApi;

  constructor(api: SitesApi) {
    this.#api = api;
  }

  async load(): Promise<void> {
    try {
      this.rows = await this.#api.rows();
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }

  block({ origin, blocked }: SiteRow): Promise<boolean> {
    return this.#act(origin, blocked ? 'unblocked' : 'blocked', () => this.#api.block(origin, !blocked));
  }

  turnOff({ origin }: SiteRow): Promise<boolean> {
    return this.#act(origin, 'off', () => this.#api.turnOff(origin));
  }

  forget({ origin }: SiteRow): Promise<boolean> {
    return this.#act(origin, 'forgotten', () => this.#api.forget(origin));
  }

  prefer({ origin }: SiteRow, certificate: string | null): Promise<boolean> {
    return this.#act(origin, 'preferred', () => this.#api.prefer(origin, certificate));
  }

  /** To be told of each change of the typed address, so that the answer is there when it is added. */
  async look(address: string): Promise<void> {
    this.#typed = address;
    this.#resembles = this.warned = null;
    const resembles = await this.#api.resembles(address);
    if (this.#typed === address) this.#resembles = resembles;
  }

  /** Warns of an address that resembles a listed one; false where that was done already, or is not needed. */
  warn(): boolean {
    if (this.#resembles === null || this.warned !== null) return false;
    this.warned = this.#resembles;
    this.failure = this.done = null;
    this.wrong = false;
    return true;
  }

  /** The first thing in a click: the browser forgets it at the first wait. */
  async add(address: string): Promise<boolean> {
    this.wrong = false;
    this.failure = this.done = null;
    try {
      const allowed = await this.#api.add(address);
      this.done = { how: allowed ? 'added' : 'refused', origin: address.trim() };
      await this.load();
      return allowed;
    } catch (thrown) {
      const why = failureOf(thrown);
      this.wrong = why.code === 'request.malformed';
      if (!this.wrong) this.failure = why;
      return false;
    }
  }

  async #act(origin: string, how: SiteDone, act: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.failure = this.done = null;
    try {
      await act();
      this.done = { how, origin };
    } catch (thrown) {
      this.failure = failureOf(thrown);
    } finally {
      this.busy = false;
    }
    await this.load();
    return this.failure === null;
  }
}
