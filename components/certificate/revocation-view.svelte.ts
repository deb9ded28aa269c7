import type { RevocationApi, RevocationPlace } from '../../lib/wallet/revocation-api.ts';
import { failureOf, type Failure } from '../failure.ts';

/** Asks for leave to reach hosts, in the click. */
export type AskHosts = (patterns: readonly string[]) => Promise<boolean>;

/** Checking one certificate: whom that would ask, and doing it. */
export class RevocationView {
  /** Undefined until it is known, null where nobody may be asked. */
  place = $state.raw<RevocationPlace | null | undefined>();
  busy = $state(false);
  /** The browser was not let reach the authority. */
  refused = $state(false);
  failure = $state.raw<Failure | null>(null);
  readonly #api: RevocationApi;
  readonly #askHosts: AskHosts;

  constructor(api: RevocationApi, askHosts: AskHosts) {
    this.#api = api;
    this.#askHosts = askHosts;
  }

  async load(id: string): Promise<void> {
    this.refused = false;
    this.failure = null;
    try {
      this.place = await this.#api.place(id);
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }

  async check(id: string): Promise<void> {
    if (this.busy || !this.place) return;
    // Before anything else: browsers forget the click at the first wait.
    const leave = this.#askHosts(this.place.patterns);
    this.busy = true;
    this.failure = null;
    try {
      this.refused = !(await leave);
      if (!this.refused) await this.#api.check([id]);
    } catch (thrown) {
      this.failure = failureOf(thrown);
    } finally {
      this.busy = false;
    }
  }
}
