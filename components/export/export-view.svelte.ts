import { SvelteSet } from 'svelte/reactivity';
import { WalletError } from '../../lib/errors.ts';
import type { FileSaver, WalletApi } from '../../lib/wallet/api.ts';
import type { CertificateRow, ExportForm, ExportResult, FilePasswordRule, Progress } from '../../lib/wallet/model.ts';
import { failureOf, type Failure } from '../failure.ts';
import { passwordStrength, type Strength } from '../form/password-strength.ts';
import type { SecretField, TypedField } from '../form/secret-field.ts';
import { exportForm, holdsKeys, type Place } from './export-choice.ts';

export type Step = 'place' | 'certificates' | 'passwords' | 'save';
export type Saved = { readonly how: 'folder'; readonly folder: string } | { readonly how: 'download'; readonly name: string };

const NO_FIELDS = { file: undefined, again: undefined };

/** One run of the export: where to, which, under which password, and then where the files go. Nothing lies on a disk before the last. */
export class ExportView {
  step = $state<Step>('place');
  /** Whether it is another step than the first that was shown. */
  moved = $state(false);
  place = $state<Place>('bank');
  bankForm = $state<'npki' | 'npki-pbes2'>('npki');
  pfxForm = $state<'pfx-legacy' | 'pfx-modern'>('pfx-legacy');
  appTakesFile = $state(false);
  withKm = $state(true);
  noneChosen = $state(false);
  busy = $state(false);
  cancelled = $state(false);
  progress = $state.raw<Progress | null>(null);
  /** Rules that the typed file password breaks; null while nothing is typed. */
  broken = $state.raw<readonly FilePasswordRule[] | null>(null);
  strength = $state<Strength | null>(null);
  fileProblem = $state<'missing' | 'rules' | null>(null);
  mismatch = $state(false);
  walletMissing = $state(false);
  /** What went wrong with the wallet password or the making of the files. */
  failure = $state.raw<Failure | null>(null);
  result = $state.raw<ExportResult | null>(null);
  saving = $state(false);
  saveProgress = $state.raw<Progress | null>(null);
  saved = $state.raw<Saved | null>(null);
  saveFailure = $state.raw<Failure | null>(null);
  readonly #chosen = new SvelteSet<string>();
  readonly #api: Pick<WalletApi, 'exportFiles' | 'archive' | 'filePasswordProblems'>;
  readonly #rows: () => readonly CertificateRow[];
  #stop = new AbortController();
  #typed = 0;

  constructor(
    api: Pick<WalletApi, 'exportFiles' | 'archive' | 'filePasswordProblems'>,
    rows: () => readonly CertificateRow[],
    ids: readonly string[],
    place: Place,
  ) {
    this.#api = api;
    this.#rows = rows;
    this.place = place;
    const [only, ...others] = rows();
    for (const id of ids.length === 0 && only && others.length === 0 ? [only.id] : ids) this.#chosen.add(id);
  }

  form: ExportForm | null = $derived(exportForm(this));
  chosen = $derived.by(() => this.#rows().filter(({ id }) => this.#chosen.has(id)));
  hasKm = $derived(this.chosen.some(({ hasKm }) => hasKm));
  needsFilePassword = $derived(this.form !== null && holdsKeys(this.form));

  isChosen(id: string): boolean {
    return this.#chosen.has(id);
  }

  choose(ids: readonly string[], wanted: boolean): void {
    for (const id of ids) {
      if (wanted) this.#chosen.add(id);
      else this.#chosen.delete(id);
    }
    this.noneChosen = false;
  }

  /** Whether there is something to go on with. */
  confirmChosen(): boolean {
    this.noneChosen = this.chosen.length === 0;
    return !this.noneChosen;
  }

  go(step: Step): void {
    this.step = step;
    this.moved = true;
    this.broken = this.strength = this.fileProblem = this.failure = null;
    this.mismatch = this.walletMissing = this.cancelled = false;
  }

  /** Follows what is typed as the file password. */
  async judge(password: string): Promise<void> {
    const turn = ++this.#typed;
    this.strength = password === '' ? null : passwordStrength(password);
    const broken = password === '' ? null : await this.#api.filePasswordProblems(password);
    if (turn !== this.#typed) return;
    this.broken = broken;
    if (broken?.length === 0) this.fileProblem = null;
  }

  /** Makes the files. The file password stays in its fields until that worked, so that a wrong wallet password costs only itself. */
  async make(wallet: SecretField, fields: { file: TypedField | undefined; again: TypedField | undefined } = NO_FIELDS): Promise<void> {
    const { form } = this;
    if (this.busy || form === null) return;
    this.busy = true;
    this.cancelled = false;
    this.failure = null;
    const password = fields.file?.peek() ?? '';
    const badField = await this.#check(password, fields);
    const walletPassword = wallet.take();
    this.walletMissing = walletPassword === '';
    const bad = badField ?? (this.walletMissing ? wallet : null);
    if (!bad) await this.#run({ form, filePassword: password, walletPassword });
    this.busy = false;
    if (this.step === 'passwords') (bad ?? wallet).focus();
  }

  /** Stops what runs: the making of the files, of which nothing is kept, or the writing of them, which is taken back. */
  cancel(): void {
    this.#stop.abort();
  }

  /** Writes into a folder that the person picks. Called from a click, without which the browser shows no picker. */
  async saveToFolder(saver: FileSaver, replace: boolean): Promise<void> {
    await this.#save(async ({ files }, signal) => {
      const onProgress = (progress: Progress): void => void (this.saveProgress = progress);
      const { folder } = await saver.toFolder(files, { replace, signal, onProgress });
      return { how: 'folder', folder };
    });
  }

  async download(saver: FileSaver): Promise<void> {
    await this.#save(async ({ files, name }, signal) => {
      const [first, ...others] = files;
      const bytes = first && others.length === 0 ? first.bytes : await this.#api.archive(files);
      // Wiped files must not be handed over where the person left meanwhile.
      if (signal.aborted) throw new WalletError('user.cancelled');
      saver.download(name, bytes);
      return { how: 'download', name };
    });
  }

  /** Ends what runs and wipes what was made. */
  end(): void {
    this.#stop.abort();
    for (const { bytes } of this.result?.files ?? []) bytes.fill(0);
    this.result = this.saved = this.saveFailure = null;
  }

  /** The first field that is not right. */
  async #check(password: string, { file, again }: { file: TypedField | undefined; again: TypedField | undefined }): Promise<TypedField | null> {
    if (!this.needsFilePassword) return null;
    const broken = await this.#api.filePasswordProblems(password);
    this.broken = password === '' ? null : broken;
    this.fileProblem = password === '' ? 'missing' : broken.length > 0 ? 'rules' : null;
    this.mismatch = this.fileProblem === null && again?.peek() !== password;
    if (this.fileProblem) return file ?? null;
    return this.mismatch ? (again ?? null) : null;
  }

  async #run(secret: { form: ExportForm; filePassword: string; walletPassword: string }): Promise<void> {
    const stop = (this.#stop = new AbortController());
    this.progress = null;
    try {
      const order = { ...secret, ids: this.chosen.map(({ id }) => id), withKm: this.withKm && this.hasKm };
      this.result = await this.#api.exportFiles(order, { signal: stop.signal, onProgress: (progress) => (this.progress = progress) });
      if (stop.signal.aborted) this.end();
      else this.go('save');
    } catch (thrown) {
      const why = failureOf(thrown);
      if (why.code !== 'user.cancelled') this.failure = why;
    }
    this.cancelled = stop.signal.aborted;
  }

  async #save(write: (result: ExportResult, signal: AbortSignal) => Promise<Saved>): Promise<void> {
    if (this.saving || !this.result) return;
    this.saving = true;
    this.saveFailure = this.saveProgress = null;
    const { signal } = (this.#stop = new AbortController());
    try {
      this.saved = await write(this.result, signal);
    } catch (thrown) {
      this.saveFailure = failureOf(thrown);
    } finally {
      this.saving = false;
    }
  }
}
