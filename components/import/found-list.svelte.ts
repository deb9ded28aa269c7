import { SvelteSet } from 'svelte/reactivity';
import { createFinder } from '../../lib/i18n/find-text.ts';
import type { ImportCandidate } from '../../lib/wallet/model.ts';
import { passwordKeys } from './password-rows.ts';
import { countStates, isKmClosed, isOffered, isUnopened, inOrder } from './candidate-words.ts';

const PAGE = 25;
/** Rows above which a search field helps. */
const SEARCHED_FROM = 10;

export type StateFilter = ImportCandidate['state'] | null;

/** The rows of an import as the person looks at them, a page at a time, and which of them are wanted. */
export class FoundList {
  all = $state.raw<readonly ImportCandidate[]>([]);
  /** Only rows of this state are shown; null: of every one. */
  state = $state<StateFilter>(null);
  search = $state('');
  page = $state(0);
  readonly #unwanted = new SvelteSet<string>();
  readonly #words: (candidate: ImportCandidate) => string;

  constructor(words: (candidate: ImportCandidate) => string) {
    this.#words = words;
  }

  #searched = $derived(this.all.map((candidate) => ({ candidate, words: this.#words(candidate) })));

  counts = $derived(countStates(this.all));
  isLong = $derived(this.all.length > SEARCHED_FROM);

  /** What the filters leave, on all pages. */
  filtered = $derived.by(() => {
    const finds = createFinder(this.search);
    return this.#searched.flatMap(({ candidate, words }) =>
      (this.state === null || candidate.state === this.state) && finds(words) ? [candidate] : [],
    );
  });

  offered = $derived(this.filtered.filter(isOffered));
  pages = $derived(Math.max(1, Math.ceil(this.filtered.length / PAGE)));
  at = $derived(Math.min(this.page, this.pages - 1));
  shown = $derived(this.filtered.slice(this.at * PAGE, (this.at + 1) * PAGE));

  opened = $derived(this.all.filter(({ state }) => state === 'opened'));
  /** What is ready to be stored and wanted. */
  wanted = $derived(this.opened.filter(({ key }) => !this.#unwanted.has(key)));
  /** Wanted rows that wait for a password. */
  closed = $derived(this.all.filter((candidate) => isUnopened(candidate) && !this.#unwanted.has(candidate.key)));
  /** Wanted rows that are open but for their encryption key. */
  kmClosed = $derived(this.wanted.filter(isKmClosed));
  chosen = $derived(this.all.filter((candidate) => isOffered(candidate) && !this.#unwanted.has(candidate.key)).length);

  isWanted(key: string): boolean {
    return !this.#unwanted.has(key);
  }

  want(key: string, wanted: boolean): void {
    if (wanted) this.#unwanted.delete(key);
    else this.#unwanted.add(key);
  }

  /** All that the filters show, or none of it. */
  wantAll(wanted: boolean): void {
    for (const { key } of this.offered) this.want(key, wanted);
  }

  /** Shows rows of one state, or of every one. */
  filter(state: StateFilter): void {
    this.state = state;
    this.page = 0;
  }

  /** Rows that the next password is for. */
  passwordKeys(): readonly string[] {
    return passwordKeys(this.all, (key) => this.isWanted(key));
  }

  /** Takes the rows anew, in order. A filter for a state that none has any more is given up. */
  take(candidates: readonly ImportCandidate[]): void {
    this.all = inOrder(candidates);
    this.page = 0;
    if (this.state !== null && !candidates.some(({ state }) => state === this.state)) this.state = null;
  }

  clear(): void {
    this.take([]);
    this.state = null;
    this.search = '';
    this.#unwanted.clear();
  }
}
