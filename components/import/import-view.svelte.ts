import { SvelteSet } from 'svelte/reactivity';
import type { ImportSession, PickedFile, WalletApi } from '../../lib/wallet/api.ts';
import type { ImportCandidate, ImportResult, Progress } from '../../lib/wallet/model.ts';
import { failure, failureOf, type Failure } from '../failure.ts';
import type { SecretField } from '../form/secret-field.ts';
import { FILES_MAX, likelyFiles } from './picked-files.ts';

export type Phase = 'choose' | 'looking' | 'found' | 'opening' | 'saving' | 'done';

const ORDER: readonly ImportCandidate['state'][] = ['opened', 'wrong-password', 'sealed', 'present', 'refused'];

/** One run of the import: pick, look, open, save. Nothing is stored before the save, which is one write. */
export class ImportView {
  phase = $state<Phase>('choose');
  progress = $state.raw<Progress | null>(null);
  candidates = $state.raw<readonly ImportCandidate[]>([]);
  result = $state.raw<ImportResult | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** What went wrong with the wallet password or the write. */
  saveFailure = $state.raw<Failure | null>(null);
  saveMissing = $state(false);
  tooMany = $state(false);
  cancelled = $state(false);
  /** How many rows the last certificate password opened; null before any. */
  openedNow = $state<number | null>(null);
  /** Opened rows that the person does not want. */
  readonly unwanted = new SvelteSet<string>();

  readonly #api: Pick<WalletApi, 'inspect'>;
  #session: ImportSession | null = null;
  #stop = new AbortController();

  constructor(api: Pick<WalletApi, 'inspect'>) {
    this.#api = api;
  }

  opened = $derived(this.candidates.filter(({ state }) => state === 'opened'));
  unopened = $derived(this.candidates.filter(({ state }) => state === 'sealed' || state === 'wrong-password'));
  wanted = $derived(this.opened.filter(({ key }) => !this.unwanted.has(key)));
  busy = $derived(this.phase === 'looking' || this.phase === 'opening' || this.phase === 'saving');

  async look(files: readonly PickedFile[]): Promise<void> {
    if (this.busy || files.length === 0) return;
    this.reset();
    const likely = likelyFiles(files);
    this.tooMany = likely.length > FILES_MAX;
    if (this.tooMany) return;
    const stop = this.#begin('looking');
    try {
      const session = await this.#api.inspect(likely, { signal: stop.signal, onProgress: this.#report });
      if (stop.signal.aborted) {
        session.discard();
        return;
      }
      this.#session = session;
      this.#show();
      if (this.candidates.length === 0) this.#end('choose', failure('file.nothing-found'));
    } catch (thrown) {
      if (!stop.signal.aborted) this.#end('choose', failureOf(thrown));
    }
  }

  /** Tries a certificate password on all unopened rows, or on the given one only. */
  async tryPassword(password: string, key?: string): Promise<void> {
    const session = this.#session;
    if (this.busy || !session || password === '') return;
    const before = this.#openedKeys();
    const stop = this.#begin('opening');
    try {
      await session.tryPassword(password, { signal: stop.signal, onProgress: this.#report, ...(key === undefined ? {} : { keys: [key] }) });
    } catch (thrown) {
      if (!stop.signal.aborted) this.failure = failureOf(thrown);
    }
    if (this.#session !== session) return;
    this.#show();
    this.openedNow = this.#openedKeys() - before;
  }

  async save(field: SecretField): Promise<void> {
    const session = this.#session;
    if (this.busy || !session || this.wanted.length === 0) return;
    const password = field.take();
    this.saveMissing = password === '';
    if (this.saveMissing) return;
    this.phase = 'saving';
    this.saveFailure = null;
    try {
      this.result = await session.store(
        this.wanted.map(({ key }) => key),
        password,
      );
      this.#session = null;
      this.phase = 'done';
    } catch (thrown) {
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

  /** Back to the beginning; wipes what was opened. */
  reset(): void {
    this.#stop.abort();
    this.#session?.discard();
    this.#session = null;
    this.phase = 'choose';
    this.candidates = [];
    this.unwanted.clear();
    this.result = this.failure = this.saveFailure = this.progress = this.openedNow = null;
    this.cancelled = this.tooMany = this.saveMissing = false;
  }

  readonly #report = (progress: Progress): void => {
    this.progress = progress;
  };

  #begin(phase: Phase): AbortController {
    this.#stop = new AbortController();
    this.phase = phase;
    this.progress = this.failure = this.openedNow = null;
    this.cancelled = false;
    return this.#stop;
  }

  #end(phase: Phase, why: Failure): void {
    this.failure = why;
    this.phase = phase;
  }

  #show(): void {
    this.candidates = (this.#session?.candidates ?? []).toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
    this.phase = 'found';
  }

  /** Keys that are open, counting an encryption key as its own. */
  #openedKeys(): number {
    return this.candidates.filter(({ state }) => state === 'opened').length + this.candidates.filter(({ kmOpened }) => kmOpened === true).length;
  }
}
