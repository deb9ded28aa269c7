import type { WalletApi } from '../../lib/wallet/api.ts';
import { failureOf, type Failure } from '../failure.ts';
import type { SecretField } from '../form/secret-field.ts';

/** One attempt at a time to open the wallet with its password. */
export class UnlockView {
  busy = $state(false);
  missing = $state(false);
  failure = $state.raw<Failure | null>(null);
  readonly #api: Pick<WalletApi, 'unlock'>;

  constructor(api: Pick<WalletApi, 'unlock'>) {
    this.#api = api;
  }

  async submit(field: SecretField): Promise<void> {
    if (this.busy) return;
    const password = field.take();
    this.failure = null;
    this.missing = password === '';
    if (this.missing) {
      field.focus();
      return;
    }
    this.busy = true;
    try {
      await this.#api.unlock(password);
    } catch (thrown) {
      this.failure = failureOf(thrown);
      field.focus();
    } finally {
      this.busy = false;
    }
  }
}
