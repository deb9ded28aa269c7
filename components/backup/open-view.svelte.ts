import { failureOf, type Failure } from '../failure.ts';
import type { SecretField } from '../form/secret-field.ts';

/** Picking a copy of a wallet (a backup file, a sync copy) and opening it with its secret; what is done with it is the owner's. */
export class OpenView<Picked, Opened> {
  picked = $state.raw<Picked | null>(null);
  busy = $state(false);
  missing = $state<'pick' | 'secret' | null>(null);
  failure = $state.raw<Failure | null>(null);
  opened = $state.raw<Opened | null>(null);
  readonly #open: (picked: Picked, secret: string) => Promise<Opened>;

  constructor(open: (picked: Picked, secret: string) => Promise<Opened>) {
    this.#open = open;
  }

  /** Whether the failure is of what was typed. */
  get ofSecret(): boolean {
    const { code = '' } = this.failure ?? {};
    return code === 'backup.secret' || code === 'sync.secret' || code.startsWith('password.');
  }

  pick(picked: Picked | null): void {
    this.picked = picked;
    this.failure = this.missing = this.opened = null;
  }

  async submit(field: SecretField): Promise<void> {
    if (this.busy) return;
    const secret = field.take();
    this.failure = this.opened = null;
    this.missing = this.picked === null ? 'pick' : secret === '' ? 'secret' : null;
    if (this.missing === 'secret') field.focus();
    if (this.missing || this.picked === null) return;
    this.busy = true;
    try {
      this.opened = await this.#open(this.picked, secret);
    } catch (thrown) {
      this.failure = failureOf(thrown);
    } finally {
      this.busy = false;
    }
  }
}
