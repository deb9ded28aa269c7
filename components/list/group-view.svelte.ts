import type { CertificateRow } from '../../lib/wallet/model.ts';
import { failureOf, type Failure } from '../failure.ts';
import type { ListApi } from './list-view.svelte.ts';

/** Putting all certificates that the person picked into a client group. */
export class GroupView {
  busy = $state(false);
  failure = $state.raw<Failure | null>(null);
  readonly #api: ListApi;

  constructor(api: ListApi) {
    this.#api = api;
  }

  /** Whether all of them have that group now. */
  async group(rows: readonly CertificateRow[], group: string): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.failure = null;
    try {
      await this.#api.label(rows.map(({ id, labels }) => ({ id, seen: labels, labels: { ...labels, group } })));
      return true;
    } catch (thrown) {
      this.failure = failureOf(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
