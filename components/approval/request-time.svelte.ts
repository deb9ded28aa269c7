import type { ApprovalApi } from '../../lib/wallet/api.ts';

const WARN_MS = 30_000;

/** How long a request waits for the person still, and how that is stretched. */
export class RequestTime {
  expiresAt = $state(0);
  secondsLeft = $state(0);
  /** The end cannot be moved any more. */
  lastExtension = $state(false);
  extended = $state(false);
  readonly #api: Pick<ApprovalApi, 'extend'>;
  readonly #clock: () => number;

  constructor(api: Pick<ApprovalApi, 'extend'>, clock: () => number) {
    this.#api = api;
    this.#clock = clock;
  }

  hurry = $derived(this.secondsLeft * 1000 <= WARN_MS);

  /** Looks at the clock; true where the time is over. */
  tick(): boolean {
    const left = this.expiresAt - this.#clock();
    this.secondsLeft = Math.max(0, Math.ceil(left / 1000));
    return left <= 0;
  }

  /** @throws `request.gone` */
  async extend(): Promise<void> {
    const end = await this.#api.extend();
    this.lastExtension = end <= this.expiresAt;
    this.extended = !this.lastExtension;
    this.expiresAt = end;
    this.tick();
  }
}
