import type { WalletApi } from '../../lib/wallet/api.ts';
import type { Mark } from '../../lib/wallet/model.ts';
import { failure, failureOf, type Failure } from '../failure.ts';
import { passwordStrength, type Strength } from '../form/password-strength.ts';
import type { SecretField } from '../form/secret-field.ts';

/** Making the wallet: one form, then what the person should know. */
export class StartView {
  mark = $state.raw<Mark>('tiger');
  strength = $state<Strength | null>(null);
  busy = $state(false);
  done = $state(false);
  failure = $state.raw<Failure | null>(null);
  missing = $state(false);
  readonly #api: Pick<WalletApi, 'create'>;

  constructor(api: Pick<WalletApi, 'create'>, mark: Mark) {
    this.#api = api;
    this.mark = mark;
  }

  readonly judge = (password: string): void => {
    this.strength = password === '' ? null : passwordStrength(password);
  };

  async submit(field: SecretField, again: SecretField): Promise<void> {
    if (this.busy) return;
    const password = field.take();
    const repeated = again.take();
    this.missing = password === '';
    this.failure = !this.missing && password !== repeated ? failure('password.mismatch') : null;
    if (!this.missing && !this.failure) await this.#create(password);
    if (!this.done) field.focus();
  }

  async #create(password: string): Promise<void> {
    this.busy = true;
    try {
      await this.#api.create(password, this.mark);
      this.done = true;
    } catch (thrown) {
      this.failure = failureOf(thrown);
    } finally {
      this.busy = false;
    }
  }
}
