import type { WalletApi } from '../../lib/wallet/api.ts';
import type { CertificateDetails } from '../../lib/wallet/model.ts';
import { failureOf, type Failure } from '../failure.ts';

/** One certificate, read when its view opens, and its removal. */
export class DetailsView {
  details = $state.raw<CertificateDetails | null>(null);
  failure = $state.raw<Failure | null>(null);
  busy = $state(false);
  readonly #api: Pick<WalletApi, 'details' | 'remove'>;

  constructor(api: Pick<WalletApi, 'details' | 'remove'>) {
    this.#api = api;
  }

  async load(id: string): Promise<void> {
    this.details = null;
    this.failure = null;
    try {
      this.details = await this.#api.details(id);
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }

  /** Whether it is gone now. */
  async remove(): Promise<boolean> {
    if (this.busy || !this.details) return false;
    this.busy = true;
    this.failure = null;
    try {
      await this.#api.remove(this.details.id);
      return true;
    } catch (thrown) {
      this.failure = failureOf(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
