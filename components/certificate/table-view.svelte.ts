import { SvelteSet } from 'svelte/reactivity';
import type { CertificateRow } from '../../lib/wallet/model.ts';

export const COLUMNS = ['purpose', 'holder', 'expires', 'issuer'] as const;
export type Column = (typeof COLUMNS)[number];

const PAGE = 50;

/** The rows of the list as the person ordered them, a page at a time. */
export class TableView {
  column = $state<Column>('expires');
  rising = $state(true);
  page = $state(0);
  readonly #selected = new SvelteSet<string>();
  readonly #rows: () => readonly CertificateRow[];
  readonly #words: (row: CertificateRow, column: Column) => string;

  constructor(rows: () => readonly CertificateRow[], words: (row: CertificateRow, column: Column) => string) {
    this.#rows = rows;
    this.#words = words;
  }

  #sorted = $derived.by(() => {
    const sign = this.rising ? 1 : -1;
    return this.#rows().toSorted((a, b) => sign * this.#compare(a, b) || a.notAfter - b.notAfter);
  });

  pages = $derived(Math.max(1, Math.ceil(this.#sorted.length / PAGE)));

  shown = $derived.by(() => {
    const first = Math.min(this.page, this.pages - 1) * PAGE;
    return this.#sorted.slice(first, first + PAGE);
  });

  /** The rows that the person picked, on any page, in the order of the list. */
  selected = $derived(this.#sorted.filter(({ id }) => this.#selected.has(id)));

  isSelected(id: string): boolean {
    return this.#selected.has(id);
  }

  select(id: string, wanted: boolean): void {
    if (wanted) this.#selected.add(id);
    else this.#selected.delete(id);
  }

  selectAll(): void {
    for (const { id } of this.#rows()) this.#selected.add(id);
  }

  selectNone(): void {
    this.#selected.clear();
  }

  sortBy(column: Column): void {
    this.rising = column === this.column ? !this.rising : true;
    this.column = column;
    this.page = 0;
  }

  order(column: Column): 'ascending' | 'descending' | undefined {
    if (column !== this.column) return undefined;
    return this.rising ? 'ascending' : 'descending';
  }

  #compare(a: CertificateRow, b: CertificateRow): number {
    if (this.column === 'expires') return a.notAfter - b.notAfter;
    return this.#words(a, this.column).localeCompare(this.#words(b, this.column), 'ko');
  }
}
