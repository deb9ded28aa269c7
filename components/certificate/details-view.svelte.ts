import type { WalletApi } from '../../lib/wallet/api.ts';
import type { CertificateDetails } from '../../lib/wallet/model.ts';
import { failureOf, type Failure } from '../failure.ts';

/** One certificate, read when its view opens. */
export class DetailsView {
  details = $state.raw<CertificateDetails | null>(null);
  failure = $state.raw<Failure | null>(null);
  readonly #api: Pick<WalletApi, 'details'>;

  constructor(api: Pick<WalletApi, 'details'>) {
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
}
