import { errorCode } from '../../lib/errors.ts';
import type { WalletApi } from '../../lib/wallet/api.ts';
import type { CertificateRow, WalletState, WalletStatus } from '../../lib/wallet/model.ts';
import { failure, failureOf, type Failure } from '../failure.ts';

const TOUCH_EVERY_MS = 10_000;

const TROUBLES: ReadonlyMap<WalletState, Failure> = new Map([
  ['damaged', failure('vault.damaged')],
  ['newer-version', failure('vault.newer-version')],
  ['unavailable', failure('vault.unavailable')],
]);

/** What popup and manager page know of the wallet, kept as fresh as the wallet tells. */
export class WalletView {
  status = $state.raw<WalletStatus | null>(null);
  /** Null while the wallet is not open. */
  rows = $state.raw<readonly CertificateRow[] | null>(null);
  failure = $state.raw<Failure | null>(null);

  readonly #api: WalletApi;
  readonly #clock: () => number;
  #round = 0;
  #touched = 0;
  #atLock: ReturnType<typeof setTimeout> | undefined;

  constructor(api: WalletApi, clock: () => number) {
    this.#api = api;
    this.#clock = clock;
  }

  /** Why the wallet cannot be used at all; null where it can. */
  get trouble(): Failure | null {
    return this.failure ?? (this.status ? (TROUBLES.get(this.status.state) ?? null) : null);
  }

  /** Reads the wallet now and after every change; returns the way to stop. */
  start(): () => void {
    const stop = this.#api.onChange(() => void this.refresh());
    void this.refresh();
    return () => {
      stop();
      clearTimeout(this.#atLock);
    };
  }

  async refresh(): Promise<void> {
    const round = ++this.#round;
    try {
      const status = await this.#api.status();
      const rows = status.state === 'open' ? await this.#api.rows() : null;
      if (round === this.#round) this.#show(status, rows);
    } catch (thrown) {
      if (round !== this.#round) return;
      if (errorCode(thrown) === 'vault.locked' && this.status) this.#show({ ...this.status, state: 'locked', locksAt: null }, null);
      else this.failure = failureOf(thrown);
    }
  }

  async lock(): Promise<void> {
    try {
      await this.#api.lock();
      await this.refresh();
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }

  /** The person typed or clicked in this window, which keeps the wallet open. */
  readonly touch = (): void => {
    const now = this.#clock();
    if (this.status?.state !== 'open' || now - this.#touched < TOUCH_EVERY_MS) return;
    this.#touched = now;
    this.#api.touch();
  };

  #show(status: WalletStatus, rows: readonly CertificateRow[] | null): void {
    this.status = status;
    this.rows = rows;
    this.failure = null;
    clearTimeout(this.#atLock);
    if (status.locksAt !== null) this.#atLock = setTimeout(() => void this.refresh(), Math.max(status.locksAt - this.#clock(), 0) + 250);
  }
}
