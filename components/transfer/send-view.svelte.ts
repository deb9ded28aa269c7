import { WalletError } from '../../lib/errors.ts';
import type { Sending, TransferApi } from '../../lib/transfer/api.ts';
import type { WalletApi } from '../../lib/wallet/api.ts';
import type { CertificateRow, ExportedFile, Progress } from '../../lib/wallet/model.ts';
import { failureOf, type Failure } from '../failure.ts';
import type { SecretField } from '../form/secret-field.ts';

export type SendStep = 'scan' | 'check' | 'password' | 'show';
type SendApi = Pick<WalletApi, 'exportFiles' | 'archive'>;

function wipeFiles(files: readonly ExportedFile[]): void {
  for (const { bytes } of files) bytes.fill(0);
}

/** The sender's run: scan the invitation, check the receiver, make the files, show them. No file is made before the check. */
export class SendView {
  step = $state<SendStep>('scan');
  sending = $state.raw<Sending | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** What was typed as the answer was no eight digits, or not the right ones. */
  answerProblem = $state<'malformed' | 'wrong' | null>(null);
  walletMissing = $state(false);
  busy = $state(false);
  progress = $state.raw<Progress | null>(null);
  readonly #api: SendApi;
  readonly #transfer: TransferApi;
  readonly #rows: readonly CertificateRow[];
  #stop = new AbortController();

  constructor(api: SendApi, transfer: TransferApi, rows: readonly CertificateRow[]) {
    this.#api = api;
    this.#transfer = transfer;
    this.#rows = rows;
  }

  /** What the camera reads. Whatever is no invitation is passed over: other codes lie about too. */
  readonly look = async (text: string): Promise<void> => {
    if (/^DOJANG\d+R:/.test(text)) await this.take(text);
  };

  /** Takes the invitation of a receiver. */
  async take(text: string): Promise<void> {
    if (this.busy || this.step !== 'scan') return;
    this.busy = true;
    this.failure = null;
    const { signal } = this.#stop;
    try {
      const sending = await this.#transfer.send(text);
      if (signal.aborted) sending.end();
      else {
        this.sending = sending;
        this.step = 'check';
      }
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
    this.busy = false;
  }

  async check(answer: string): Promise<void> {
    this.answerProblem = null;
    try {
      const right = await this.sending?.confirm(answer);
      if (right) this.step = 'password';
      else this.answerProblem = right === null ? 'malformed' : 'wrong';
    } catch (thrown) {
      this.restart();
      this.failure = failureOf(thrown);
    }
  }

  async make(field: SecretField): Promise<void> {
    const { sending } = this;
    if (this.busy || !sending) return;
    const walletPassword = field.take();
    this.walletMissing = walletPassword === '';
    this.failure = this.progress = null;
    if (this.walletMissing) {
      field.focus();
      return;
    }
    this.busy = true;
    const { signal } = this.#stop;
    try {
      await this.#seal(sending, walletPassword, signal);
      if (!signal.aborted) this.step = 'show';
    } catch (thrown) {
      if (!signal.aborted) this.failure = failureOf(thrown);
    }
    this.busy = false;
    if (this.failure) field.focus();
  }

  /** Forgets the receiver; a new invitation is needed. */
  restart(): void {
    this.end();
    this.#stop = new AbortController();
    this.step = 'scan';
    this.answerProblem = this.failure = null;
    this.walletMissing = this.busy = false;
  }

  /** Ends what runs and wipes what was made. */
  end(): void {
    this.#stop.abort();
    this.sending?.end();
    this.sending = null;
  }

  async #seal(sending: Sending, walletPassword: string, signal: AbortSignal): Promise<void> {
    const onProgress = (progress: Progress): void => void (this.progress = progress);
    const ids = this.#rows.map(({ id }) => id);
    const withKm = this.#rows.some(({ hasKm }) => hasKm);
    const order = { ids, form: 'pfx-modern', withKm, filePassword: sending.filePassword, walletPassword } as const;
    const { files } = await this.#api.exportFiles(order, { signal, onProgress });
    try {
      const [only, ...others] = files;
      if (!only) throw new WalletError('certificate.none');
      await sending.seal(others.length === 0 ? only.bytes : await this.#api.archive(files));
    } finally {
      wipeFiles(files);
    }
  }
}
