import type { WalletApi } from '../../lib/wallet/api.ts';
import type { CertificateRow, Labels } from '../../lib/wallet/model.ts';
import { failureOf, type Failure } from '../failure.ts';

/** What was typed and not saved, by the certificate: it outlives the view, and a lock of the wallet. It is never stored. */
export type LabelDrafts = Map<string, { readonly seen: Labels; readonly typed: Labels }>;

function same(one: Labels, other: Labels): boolean {
  return one.nickname === other.nickname && one.group === other.group && one.note === other.note;
}

/** The labels of one certificate while somebody writes them. */
export class LabelView {
  typed = $state.raw<Labels>({ nickname: '', group: '', note: '' });
  busy = $state(false);
  saved = $state(false);
  failure = $state.raw<Failure | null>(null);
  /** What another window saved since these were seen. */
  theirs = $state.raw<Labels | null>(null);
  #seen: Labels;
  readonly #id: string;
  readonly #api: Pick<WalletApi, 'label'>;
  readonly #drafts: LabelDrafts;

  constructor(api: Pick<WalletApi, 'label'>, { id, labels }: CertificateRow, drafts: LabelDrafts) {
    this.#api = api;
    this.#id = id;
    this.#drafts = drafts;
    const draft = drafts.get(id) ?? { seen: labels, typed: labels };
    this.#seen = draft.seen;
    this.typed = draft.typed;
  }

  /** The wallet has these now: shown at once where nothing is typed, beside what is typed elsewhere. */
  follow(labels: Labels): void {
    if (same(this.typed, this.#seen)) {
      this.#seen = this.typed = labels;
      this.theirs = null;
    } else {
      this.theirs = same(labels, this.#seen) || same(labels, this.typed) ? null : labels;
    }
  }

  write(change: Partial<Labels>): void {
    this.typed = { ...this.typed, ...change };
    this.saved = false;
    this.#keep();
  }

  /** What the other window saved, in place of what is typed here. */
  takeTheirs(): void {
    if (!this.theirs) return;
    this.#seen = this.typed = this.theirs;
    this.theirs = this.failure = null;
    this.#keep();
  }

  async save(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.saved = false;
    this.failure = null;
    const { typed } = this;
    try {
      await this.#api.label([{ id: this.#id, seen: this.theirs ?? this.#seen, labels: typed }]);
      this.#seen = typed;
      this.theirs = null;
      this.saved = true;
      this.#keep();
    } catch (thrown) {
      this.failure = failureOf(thrown);
    } finally {
      this.busy = false;
    }
  }

  #keep(): void {
    if (same(this.typed, this.#seen)) this.#drafts.delete(this.#id);
    else this.#drafts.set(this.#id, { seen: this.#seen, typed: this.typed });
  }
}
