import type { ImportSession, WalletApi } from '../../lib/wallet/api.ts';
import type { CertificateRow, ImportCandidate, Progress } from '../../lib/wallet/model.ts';
import { failure, failureOf, type Failure } from '../failure.ts';
import type { SecretField } from '../form/secret-field.ts';
import { FoundList } from './found-list.svelte.ts';
import { outcomeOf, renewedRows, type Outcome } from './import-outcome.ts';
import { newlyOpened, type Opening } from './password-rows.ts';
import { FILES_MAX, type Picked } from './picked-files.ts';

export type Phase = 'choose' | 'looking' | 'found' | 'opening' | 'saving' | 'done';

/** Wrong passwords in a row after which damage is named as another reason. */
const DOUBT = 3;

/** One run of the import: pick, look, open, save. Nothing is stored before the save, which is one write. */
export class ImportView {
  phase = $state<Phase>('choose');
  progress = $state.raw<Progress | null>(null);
  outcome = $state.raw<Outcome | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** What went wrong with the wallet password or the write. */
  saveFailure = $state.raw<Failure | null>(null);
  saveMissing = $state(false);
  tooMany = $state(false);
  narrowed = $state(false);
  cancelled = $state(false);
  /** Null before any password and where a run was stopped. */
  opening = $state.raw<Opening | null>(null);
  readonly list: FoundList;

  readonly #api: Pick<WalletApi, 'inspect' | 'rows' | 'renewal'>;
  #session: ImportSession | null = null;
  #stop = new AbortController();
  #misses = $state(0);

  constructor(api: Pick<WalletApi, 'inspect' | 'rows' | 'renewal'>, words: (candidate: ImportCandidate) => string) {
    this.#api = api;
    this.list = new FoundList(words);
  }

  busy = $derived(this.phase === 'looking' || this.phase === 'opening' || this.phase === 'saving');
  openedNone = $derived(this.opening !== null && this.opening.rows === 0 && this.opening.kms === 0);
  inDoubt = $derived(this.#misses >= DOUBT);

  /** Gathers the files and looks through them. */
  async look(gather: (signal: AbortSignal) => Picked | Promise<Picked>): Promise<void> {
    if (this.busy) return;
    this.reset();
    const stop = this.#begin('looking');
    try {
      const { files, narrowed } = await gather(stop.signal);
      if (stop.signal.aborted) return;
      this.narrowed = narrowed;
      this.tooMany = files.length > FILES_MAX;
      if (this.tooMany) this.phase = 'choose';
      else await this.#inspect(files, stop);
    } catch (thrown) {
      if (!stop.signal.aborted) this.#end('choose', failureOf(thrown));
    }
  }

  /** Tries a certificate password on all wanted rows that are not open, encryption keys among them. */
  async tryPassword(password: string): Promise<void> {
    const session = this.#session;
    if (this.busy || !session || password === '') return;
    const before = this.list.all;
    const stop = this.#begin('opening');
    try {
      await session.tryPassword(password, { keys: this.list.passwordKeys(), signal: stop.signal, onProgress: this.#report });
    } catch (thrown) {
      if (!stop.signal.aborted) this.failure = failureOf(thrown);
    }
    if (this.#session !== session) return;
    this.list.take(session.candidates);
    this.phase = 'found';
    const opened = newlyOpened(before, this.list.all);
    const missed = opened.rows === 0 && opened.kms === 0;
    // Stopped or broken off, nothing is known about the password.
    this.opening = missed && (stop.signal.aborted || this.failure !== null) ? null : opened;
    this.#misses = missed ? this.#misses + Number(this.opening !== null) : 0;
  }

  async save(field: SecretField): Promise<void> {
    const session = this.#session;
    const { wanted } = this.list;
    if (this.busy || !session || wanted.length === 0) return;
    const password = field.take();
    this.saveMissing = password === '';
    if (this.saveMissing) return;
    this.phase = 'saving';
    this.saveFailure = null;
    try {
      const { candidates } = session;
      const result = await session.store(
        wanted.map(({ key }) => key),
        password,
      );
      if (this.#session !== session) return;
      this.#session = null;
      this.outcome = { ...outcomeOf(result, candidates, wanted), renewed: await this.#beginGuides(wanted) };
      this.phase = 'done';
    } catch (thrown) {
      if (this.#session !== session) {
        session.discard();
        return;
      }
      this.saveFailure = failureOf(thrown);
      this.phase = 'found';
    }
  }

  /** Stops what is running. Rows that are open already stay open; nothing is stored. */
  cancel(): void {
    const looking = this.phase === 'looking';
    this.#stop.abort();
    this.cancelled = true;
    if (looking) this.phase = 'choose';
  }

  /** Back to the beginning; wipes what was opened. A write that is under way ends first and wipes by itself. */
  reset(): void {
    this.#stop.abort();
    if (this.phase !== 'saving') this.#session?.discard();
    this.#session = null;
    this.phase = 'choose';
    this.list.clear();
    this.outcome = this.failure = this.saveFailure = this.progress = this.opening = null;
    this.cancelled = this.tooMany = this.narrowed = this.saveMissing = false;
    this.#misses = 0;
  }

  readonly #report = (progress: Progress): void => {
    this.progress = progress;
  };

  async #inspect(files: Picked['files'], stop: AbortController): Promise<void> {
    const session = await this.#api.inspect(files, { signal: stop.signal, onProgress: this.#report });
    if (stop.signal.aborted) {
      session.discard();
      return;
    }
    this.#session = session;
    this.list.take(session.candidates);
    if (this.list.all.length === 0) this.#end('choose', failure('file.nothing-found'));
    else this.phase = 'found';
  }

  /** Their guides are told of from now on. What fails there takes nothing from an import that is done. */
  async #beginGuides(wanted: readonly ImportCandidate[]): Promise<readonly CertificateRow[]> {
    if (!wanted.some(({ replaces }) => replaces)) return [];
    try {
      const renewed = renewedRows(wanted, await this.#api.rows());
      if (renewed.length > 0) await this.#api.renewal.begin(renewed.map(({ id }) => id));
      return renewed;
    } catch {
      return [];
    }
  }

  #begin(phase: Phase): AbortController {
    this.#stop = new AbortController();
    this.phase = phase;
    this.progress = this.failure = this.opening = null;
    this.cancelled = false;
    return this.#stop;
  }

  #end(phase: Phase, why: Failure): void {
    this.failure = why;
    this.phase = phase;
  }
}
