import type { WalletApi } from '../../lib/wallet/api.ts';
import type { CertificateDetails } from '../../lib/wallet/model.ts';
import { failureOf, type Failure } from '../failure.ts';

type Api = Pick<WalletApi, 'details' | 'remove' | 'backup'>;

/** One certificate, read when its view opens, and its way to the wastebasket. */
export class DetailsView {
  details = $state.raw<CertificateDetails | null>(null);
  failure = $state.raw<Failure | null>(null);
  busy = $state(false);
  /** Whether no backup file holds it as it is. */
  noBackup = $state(false);
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  async load(id: string): Promise<void> {
    this.details = null;
    this.failure = null;
    this.noBackup = false;
    try {
      this.details = await this.#api.details(id);
      this.noBackup = await this.#isUnsaved(id);
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }

  /** What cannot be told is taken for saved: a warning needs a reason. */
  async #isUnsaved(id: string): Promise<boolean> {
    try {
      return (await this.#api.backup.status()).unsaved.includes(id);
    } catch {
      return false;
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
