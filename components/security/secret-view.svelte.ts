import { failureOf, type Failure } from '../failure.ts';
import type { SecretField } from '../form/secret-field.ts';

/** One act that the wallet password is asked for again. */
export class SecretView {
  busy = $state(false);
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
    this.busy = true;
    try {
      await act(password);
      return true;
    } catch (thrown) {
      this.failure = failureOf(thrown);
      field.focus();
      return false;
    } finally {
      this.busy = false;
    }
  }

  reset(): void {
    this.missing = false;
    this.failure = null;
  }
}
