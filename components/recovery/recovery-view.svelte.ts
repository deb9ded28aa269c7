import type { FileSaver } from '../../lib/wallet/api.ts';
import type { RecoveryApi } from '../../lib/wallet/keeping-api.ts';
import type { FoundState, RecoveryReport, Recovered } from '../../lib/wallet/keeping-api.ts';
import { failureOf, type Failure } from '../failure.ts';
import type { SecretField } from '../form/secret-field.ts';

/** The recovery screen: what is left, and one act at a time on it. */
export class RecoveryView {
  report = $state.raw<RecoveryReport | null>(null);
  /** Key of the state to go on from. */
  chosen = $state<string | null>(null);
  busy = $state<'open' | 'touch' | null>(null);
  /** A backup file that fills what the chosen state lost. */
  file = $state.raw<File | null>(null);
  missing = $state(false);
  /** Of looking or saving the records, and of opening: each is told beside its button. */
  lookFailure = $state.raw<Failure | null>(null);
  openFailure = $state.raw<Failure | null>(null);
  /** Name of the file with the records that was handed to the downloads. */
  saved = $state<string | null>(null);
  readonly #api: RecoveryApi;

  constructor(api: RecoveryApi) {
    this.#api = api;
  }

  /** Each state once, as both copies may hold it; those of this wallet first, newest first. */
  get states(): readonly FoundState[] {
    const all = (this.report?.copies ?? []).flatMap(({ states }) => states);
    const once = all.filter(({ key }, at) => all.findIndex((state) => state.key === key) === at);
    return once.sort((a, b) => Number(a.foreign) - Number(b.foreign) || b.generation - a.generation);
  }

  get state(): FoundState | undefined {
    return this.states.find(({ key }) => key === this.chosen);
  }

  /** The failure is about the backup file, not about the secret. */
  get ofFile(): boolean {
    const code = this.openFailure?.code ?? '';
    return (code.startsWith('backup.') && code !== 'backup.secret') || code === 'file.unreadable';
  }

  async look(): Promise<void> {
    try {
      this.report = await this.#api.report();
      this.lookFailure = null;
      if (!this.states.some(({ key }) => key === this.chosen)) this.chosen = this.states[0]?.key ?? null;
    } catch (thrown) {
      this.lookFailure = failureOf(thrown);
    }
  }

  async saveRecords(saver: FileSaver): Promise<void> {
    try {
      const { path, bytes } = await this.#api.rawFile();
      saver.download(path, bytes);
      this.saved = path;
      this.lookFailure = null;
    } catch (thrown) {
      this.lookFailure = failureOf(thrown);
    }
  }

  async open(field: SecretField): Promise<Recovered | null> {
    if (this.busy || this.chosen === null) return null;
    const secret = field.take();
    this.openFailure = null;
    this.missing = secret === '';
    if (this.missing) {
      field.focus();
      return null;
    }
    const { chosen } = this;
    return this.#attempt('open', field, () => this.#api.openFrom(chosen, secret, this.#wantedFile()));
  }

  async touch(field: SecretField): Promise<Recovered | null> {
    if (this.busy || this.chosen === null) return null;
    field.take();
    this.openFailure = null;
    this.missing = false;
    const { chosen } = this;
    return this.#attempt('touch', field, () => this.#api.openFromByTouch(chosen, this.#wantedFile()));
  }

  /** A state that lost nothing needs no file, whatever was picked for another one. */
  #wantedFile(): File | null {
    return (this.state?.missing ?? 0) > 0 ? this.file : null;
  }

  async #attempt(how: 'open' | 'touch', field: SecretField, act: () => Promise<Recovered>): Promise<Recovered | null> {
    this.busy = how;
    try {
      return await act();
    } catch (thrown) {
      this.openFailure = failureOf(thrown);
      if (!this.ofFile) field.focus();
      return null;
    } finally {
      this.busy = null;
    }
  }
}
