import type { Receiving, TransferApi } from '../../lib/transfer/api.ts';
import type { WalletApi } from '../../lib/wallet/api.ts';
import type { ImportCandidate, Progress } from '../../lib/wallet/model.ts';
import { failureOf, type Failure } from '../failure.ts';
import { ImportView } from '../import/import-view.svelte.ts';

export type ReceiveStep = 'invite' | 'scan' | 'opening' | 'found';

/** Two letters at the start of every zip file. */
const isZip = (file: Uint8Array): boolean => file[0] === 0x50 && file[1] === 0x4b;

/** The receiver's run: invite, answer, gather, open, and then store as any import does. */
export class ReceiveView {
  step = $state<ReceiveStep>('invite');
  receiving = $state.raw<Receiving | null>(null);
  /** Eight digits for the other side. */
  answer = $state<string | null>(null);
  challengeMalformed = $state(false);
  progress = $state.raw<Progress | null>(null);
  /** Frames are seen that belong to something else. */
  strange = $state(false);
  /** Frames of another wallet were seen after the first that counted: one of both may not be the one that was meant. */
  mixed = $state(false);
  failure = $state.raw<Failure | null>(null);
  readonly import: ImportView;
  readonly #transfer: TransferApi;
  #round = 0;

  constructor(api: Pick<WalletApi, 'inspect' | 'rows' | 'renewal'>, transfer: TransferApi, words: (candidate: ImportCandidate) => string) {
    this.#transfer = transfer;
    this.import = new ImportView(api, words);
  }

  /** A new invitation with new keys. */
  async start(): Promise<void> {
    this.end();
    const round = this.#round;
    const receiving = await this.#transfer.receive();
    if (round === this.#round) this.receiving = receiving;
    else receiving.end();
  }

  async take(challenge: string): Promise<void> {
    const answer = (await this.receiving?.answer(challenge)) ?? null;
    this.challengeMalformed = answer === null;
    if (answer === null) return;
    this.answer = answer;
    this.failure = null;
    this.step = 'scan';
  }

  /** What the camera reads. */
  readonly look = async (text: string): Promise<void> => {
    const { receiving } = this;
    if (!receiving || this.step !== 'scan') return;
    const news = await receiving.take(text);
    if (news === 'other' && this.progress === null) this.strange = true;
    else if (news === 'other') this.mixed = true;
    if (news === 'new') {
      this.strange = false;
      this.progress = receiving.progress;
    }
    if (receiving.isComplete) await this.#open(receiving);
  };

  /** Forgets keys and what came. */
  end(): void {
    this.#round++;
    this.receiving?.end();
    this.receiving = null;
    this.import.reset();
    this.step = 'invite';
    this.answer = this.progress = this.failure = null;
    this.challengeMalformed = this.strange = this.mixed = false;
  }

  async #open(receiving: Receiving): Promise<void> {
    const round = this.#round;
    this.step = 'opening';
    try {
      const { file, filePassword } = await receiving.open();
      receiving.end();
      const picked = { path: isZip(file) ? 'transfer.zip' : 'transfer.pfx', file: new Blob([file]) };
      file.fill(0);
      if (round !== this.#round) return;
      await this.import.look(() => ({ files: [picked], narrowed: false }));
      await this.import.tryPassword(filePassword);
      if (round === this.#round) this.step = 'found';
    } catch (thrown) {
      if (round !== this.#round) return;
      const why = failureOf(thrown);
      await this.start();
      this.failure = why;
    }
  }
}
