import { failureOf, type Failure } from '../failure.ts';
import type { SecretField } from '../form/secret-field.ts';

/** Picking a backup file and opening it with its secret; what is done with it is the owner's. */
export class FileView<Opened> {
  file = $state.raw<File | null>(null);
  busy = $state(false);
  missing = $state<'file' | 'secret' | null>(null);
  failure = $state.raw<Failure | null>(null);
  opened = $state.raw<Opened | null>(null);
  readonly #open: (file: Blob, secret: string) => Promise<Opened>;

  constructor(open: (file: Blob, secret: string) => Promise<Opened>) {
    this.#open = open;
  }

  pick(file: File | null): void {
    this.file = file;
    this.failure = this.missing = this.opened = null;
  }

  async submit(field: SecretField): Promise<void> {
    if (this.busy) return;
    const secret = field.take();
    this.failure = this.opened = null;
    this.missing = this.file === null ? 'file' : secret === '' ? 'secret' : null;
    if (this.missing === 'secret') field.focus();
    if (this.missing || !this.file) return;
    this.busy = true;
    try {
      this.opened = await this.#open(this.file, secret);
    } catch (thrown) {
      this.failure = failureOf(thrown);
    } finally {
      this.busy = false;
    }
  }
}
