import type { TransferApi, Watching } from '../../lib/transfer/api.ts';
import { failureOf, type Failure } from '../failure.ts';

/** The camera of one screen: off until the person turns it on, off again when it is not needed or the screen is left. */
export class CameraState {
  state = $state<'off' | 'starting' | 'on'>('off');
  failure = $state.raw<Failure | null>(null);
  readonly #transfer: Pick<TransferApi, 'watch'>;
  readonly #onText: (text: string) => Promise<void>;
  #watching: Watching | null = null;
  /** Which start counts; a camera that opens after it was given up is ended at once. */
  #turn = 0;

  constructor(transfer: Pick<TransferApi, 'watch'>, onText: (text: string) => Promise<void>) {
    this.#transfer = transfer;
    this.#onText = onText;
  }

  async start(video: HTMLVideoElement): Promise<void> {
    if (this.state !== 'off') return;
    const turn = ++this.#turn;
    this.state = 'starting';
    this.failure = null;
    try {
      const watching = await this.#transfer.watch(video, this.#onText, (thrown) => this.#fail(turn, thrown));
      if (turn !== this.#turn) {
        watching.stop();
        return;
      }
      this.#watching = watching;
      this.state = 'on';
    } catch (thrown) {
      this.#fail(turn, thrown);
    }
  }

  stop(): void {
    this.#turn++;
    this.#watching?.stop();
    this.#watching = null;
    this.state = 'off';
  }

  #fail(turn: number, thrown: unknown): void {
    if (turn !== this.#turn) return;
    this.stop();
    this.failure = failureOf(thrown);
  }
}
