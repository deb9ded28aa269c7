import { failureOf, type Failure } from '../failure.ts';
import type { SecretField } from '../form/secret-field.ts';

/** One act that the wallet password is asked for again. */
export class SecretView {
  busy = $state(false);
  /** What is waited for is a touch. */
  touching = $state(false);
  missing = $state(false);
  failure = $state.raw<Failure | null>(null);

  /** Whether the act was done. */
  async submit(field: SecretField, act: (password: string) => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    const password = field.take();
    this.failure = null;
    this.missing = password === '';
    if (this.missing) {
      field.focus();
      return false;
    }
    return this.#attempt(() => act(password), field);
  }

  /** The same by the touch of a passkey. */
  async touch(field: SecretField, act: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    field.take();
    this.reset();
    this.touching = true;
    return this.#attempt(act, field);
  }

  reset(): void {
    this.missing = false;
    this.failure = null;
  }

  async #attempt(act: () => Promise<void>, field: SecretField): Promise<boolean> {
    this.busy = true;
    try {
      await act();
      return true;
    } catch (thrown) {
      this.failure = failureOf(thrown);
      field.focus();
      return false;
    } finally {
      this.busy = this.touching = false;
    }
  }
}
