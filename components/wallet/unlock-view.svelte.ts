import type { WalletApi } from '../../lib/wallet/api.ts';
import { failureOf, waiting, type Failure } from '../failure.ts';
import type { SecretField } from '../form/secret-field.ts';

type UnlockApi = Pick<WalletApi, 'unlock' | 'ways'>;

/** One attempt at a time to open the wallet: with its password, or by the touch of a passkey. */
export class UnlockView {
  busy = $state<'password' | 'touch' | null>(null);
  missing = $state(false);
  failure = $state.raw<Failure | null>(null);
  canTouch = $state(false);
  hasCode = $state(false);
  readonly #api: UnlockApi;

  constructor(api: UnlockApi) {
    this.#api = api;
  }

  /** Looks which ways in there are, and whether earlier tries still have to be waited for. */
  async look(): Promise<void> {
    try {
      const [{ support, passkeys, sheet }, seconds] = await Promise.all([this.#api.ways.list(), this.#api.ways.waitSeconds()]);
      this.canTouch = support === 'ready' && passkeys.length > 0;
      this.hasCode = sheet !== null;
      if (seconds > 0 && !this.busy) this.failure ??= waiting(seconds);
    } catch {
      // The password is there in any case, and says what is wrong.
    }
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
    await this.#attempt('password', () => this.#api.unlock(password), field);
  }

  async touch(field: SecretField): Promise<void> {
    if (this.busy) return;
    field.take();
    this.failure = null;
    this.missing = false;
    await this.#attempt('touch', () => this.#api.ways.unlockByTouch(), field);
  }

  async #attempt(how: 'password' | 'touch', open: () => Promise<void>, field: SecretField): Promise<void> {
    this.busy = how;
    try {
      await open();
    } catch (thrown) {
      this.failure = failureOf(thrown);
      field.focus();
    } finally {
      this.busy = null;
    }
  }
}
