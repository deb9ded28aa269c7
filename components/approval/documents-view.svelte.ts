import type { ApprovalApi, ShownDocument } from '../../lib/wallet/api.ts';

/** The documents of a request, as far as the person has them in front of him. */
export class DocumentsView {
  /** Null: not read yet, or none are asked to be signed. */
  list = $state.raw<readonly ShownDocument[] | null>(null);
  /** Places of those that cannot be shown, and that the person says to know. */
  known = $state.raw<readonly number[]>([]);
  readonly #api: Pick<ApprovalApi, 'documents'>;

  constructor(api: Pick<ApprovalApi, 'documents'>) {
    this.#api = api;
  }

  unknown = $derived((this.list ?? []).some(({ text }, nth) => text === null && !this.known.includes(nth)));

  /** @throws `request.gone`, `request.forbidden` */
  async read(): Promise<void> {
    this.list ??= await this.#api.documents();
  }

  know(nth: number, known: boolean): void {
    const others = this.known.filter((one) => one !== nth);
    this.known = known ? [...others, nth] : others;
  }
}
