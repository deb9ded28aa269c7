import type { WalletApi } from '../../lib/wallet/api.ts';
import type { CertificateRow } from '../../lib/wallet/model.ts';
import type { LanguageView } from '../language/language-view.svelte.ts';
import { chosenRows, listedRow } from './listed-rows.ts';
import { NO_CHOICE, readChoice, writeChoice, type Column, type ListChoice } from './list-choice.ts';
import { Selection } from './selection.svelte.ts';

const PAGE = 50;

export interface ListAddress {
  /** What follows `?` in the address. */
  query(): string;
  /** Writes it there: as a new step of the way back, or in place of the last. */
  go(query: string, how: 'push' | 'replace'): void;
}

export type ListApi = Pick<WalletApi, 'backup' | 'basket' | 'label'>;

/** The list as the person searched, filtered and sorted it. The address keeps that, so that back and forward work. */
export class ListView {
  readonly selection: Selection;
  readonly #rows: () => readonly CertificateRow[];
  readonly #language: LanguageView;
  readonly #address: ListAddress;

  constructor(rows: () => readonly CertificateRow[], language: LanguageView, address: ListAddress) {
    this.#rows = rows;
    this.#language = language;
    this.#address = address;
    this.selection = new Selection(rows);
  }

  choice = $derived.by(() => readChoice(this.#address.query()));

  /** Every certificate with its words. */
  all = $derived.by(() => {
    const { t, now } = this.#language;
    const time = now();
    return this.#rows().map((row) => listedRow(t, row, time));
  });

  /** What the choice leaves, on all pages. */
  found = $derived.by(() => chosenRows(this.all, this.choice));
  pages = $derived(Math.max(1, Math.ceil(this.found.length / PAGE)));
  page = $derived(this.choice.page === null ? null : Math.min(this.choice.page, this.pages - 1));
  /** Rows before those of the page. */
  skipped = $derived((this.page ?? 0) * PAGE);
  shown = $derived(this.page === null ? this.found : this.found.slice(this.skipped, this.skipped + PAGE));

  order(column: Column): 'ascending' | 'descending' | undefined {
    if (column !== this.choice.sort) return undefined;
    return this.choice.falling ? 'descending' : 'ascending';
  }

  sortBy(sort: Column): void {
    this.choose({ sort, falling: sort === this.choice.sort && !this.choice.falling });
  }

  /** Other filters start from the first page again. */
  choose(change: Partial<ListChoice>, how: 'push' | 'replace' = 'push'): void {
    const page = this.choice.page === null ? null : 0;
    this.#address.go(writeChoice({ ...this.choice, page, ...change }), how);
  }

  /** Each letter is no step back of its own; beginning to look for something, and ending it, is. */
  search(typed: string): void {
    this.choose({ search: typed }, (typed === '') === (this.choice.search === '') ? 'replace' : 'push');
  }

  clear(): void {
    const { sort, falling } = this.choice;
    this.choose({ ...NO_CHOICE, sort, falling, page: this.choice.page === null ? null : 0 });
  }
}
