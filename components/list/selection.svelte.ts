import { SvelteSet } from 'svelte/reactivity';
import type { CertificateRow } from '../../lib/wallet/model.ts';

/** The certificates that the person picked, on any page and behind any filter. What left the wallet is picked no more. */
export class Selection {
  readonly #ids = new SvelteSet<string>();
  readonly #all: () => readonly CertificateRow[];
  /** Picked or unpicked last: a range starts there. */
  #last: string | null = null;

  constructor(all: () => readonly CertificateRow[]) {
    this.#all = all;
  }

  rows = $derived.by(() => this.#all().filter(({ id }) => this.#ids.has(id)));

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  pick(id: string, wanted: boolean): void {
    if (wanted) this.#ids.add(id);
    else this.#ids.delete(id);
    this.#last = id;
  }

  /** From the one before to this one, in the order that is shown. */
  pickTo(id: string, wanted: boolean, shown: readonly string[]): void {
    const [from, to] = [shown.indexOf(this.#last ?? id), shown.indexOf(id)];
    for (const one of from < 0 ? [id] : shown.slice(Math.min(from, to), Math.max(from, to) + 1)) this.pick(one, wanted);
    this.#last = id;
  }

  pickAll(ids: readonly string[]): void {
    for (const id of ids) this.#ids.add(id);
  }

  none(): void {
    this.#ids.clear();
    this.#last = null;
  }
}
