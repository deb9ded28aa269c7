import type { HistoryApi, HistoryDays } from '../../lib/wallet/history-api.ts';
import { failureOf, type Failure } from '../failure.ts';

/** How long the history is kept. Keeping it longer is saved at once; keeping it shorter removes entries, and asks first. */
export class KeepView {
  /** Null until it is known. */
  kept = $state.raw<HistoryDays | null>(null);
  /** A shorter time that was chosen and not confirmed. */
  asked = $state.raw<HistoryDays | null>(null);
  failure = $state.raw<Failure | null>(null);
  readonly #api: Pick<HistoryApi, 'retention' | 'setRetention'>;
  readonly #told: () => void;

  constructor(api: Pick<HistoryApi, 'retention' | 'setRetention'>, told: () => void) {
    this.#api = api;
    this.#told = told;
  }

  load(): Promise<void> {
    return this.#run(async () => {
      this.kept = await this.#api.retention();
    });
  }

  async choose(days: HistoryDays): Promise<void> {
    this.asked = this.kept !== null && days < this.kept ? days : null;
    if (this.asked === null && days !== this.kept) await this.#save(days);
  }

  async confirm(): Promise<void> {
    if (this.asked !== null) await this.#save(this.asked);
  }

  #save(days: HistoryDays): Promise<void> {
    return this.#run(async () => {
      await this.#api.setRetention(days);
      this.kept = days;
      this.asked = null;
      this.#told();
    });
  }

  async #run(act: () => Promise<void>): Promise<void> {
    this.failure = null;
    try {
      await act();
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }
}
