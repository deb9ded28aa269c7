import type { History, HistoryApi } from '../../lib/wallet/history-api.ts';
import type { CertificateRow } from '../../lib/wallet/model.ts';
import { failureOf, type Failure } from '../failure.ts';
import type { LanguageView } from '../language/language-view.svelte.ts';
import { chosenEntries, EVERYTHING, toldEntries, type HistoryChoice, type ToldEntry } from './history-words.ts';

/** The history as the person filtered it, and what they take out of it. */
export class HistoryView {
  history = $state.raw<History | null>(null);
  choice = $state.raw<HistoryChoice>(EVERYTHING);
  busy = $state(false);
  failure = $state.raw<Failure | null>(null);
  /** How many entries were taken out just now. */
  removed = $state(0);
  readonly #api: HistoryApi;
  readonly #language: LanguageView;
  readonly #certificates: () => readonly CertificateRow[];

  constructor(api: HistoryApi, language: LanguageView, certificates: () => readonly CertificateRow[]) {
    this.#api = api;
    this.#language = language;
    this.#certificates = certificates;
  }

  all = $derived.by(() => toldEntries(this.#language.t, this.history?.rows ?? [], this.#certificates()));
  found = $derived.by(() => chosenEntries(this.all, this.choice, this.#language.now()));
  narrows = $derived(Object.values(this.choice).some((one) => one !== null && one !== ''));

  async load(): Promise<void> {
    try {
      this.history = await this.#api.read();
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }

  choose(change: Partial<HistoryChoice>): void {
    this.choice = { ...this.choice, ...change };
    this.removed = 0;
  }

  /** Whether they are gone now. */
  async remove(entries: readonly ToldEntry[]): Promise<boolean> {
    return this.#take(entries.length, () => this.#api.remove(entries.map(({ entry }) => entry.key)));
  }

  /** Whether all of it is gone now. */
  async clear(): Promise<boolean> {
    return this.#take(this.all.length, () => this.#api.clear());
  }

  async #take(count: number, act: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.failure = null;
    this.removed = 0;
    try {
      await act();
      this.removed = count;
    } catch (thrown) {
      this.failure = failureOf(thrown);
    } finally {
      this.busy = false;
    }
    await this.load();
    return this.failure === null;
  }
}
