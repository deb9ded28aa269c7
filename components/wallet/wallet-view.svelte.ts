import { errorCode } from '../../lib/errors.ts';
import type { WalletApi } from '../../lib/wallet/api.ts';
import type { CertificateRow, WalletNotice, WalletState, WalletStatus } from '../../lib/wallet/model.ts';
import type { Recovered } from '../../lib/wallet/keeping-api.ts';
import { atMostEvery, TOUCH_EVERY_MS } from '../at-most-every.ts';
import { failure, failureOf, type Failure } from '../failure.ts';

const TROUBLES: ReadonlyMap<WalletState, Failure> = new Map([
  ['recovery', failure('vault.damaged')],
  ['newer-version', failure('vault.newer-version')],
]);

/** What the person should hear of: what the wallet tells, and what came of it. */
export type News = WalletNotice | 'repaired' | 'code-used';

/** What popup and manager page know of the wallet, kept as fresh as the wallet tells. */
export class WalletView {
  status = $state.raw<WalletStatus | null>(null);
  /** Null while the wallet is not open. */
  rows = $state.raw<readonly CertificateRow[] | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** Goes when it is over, or when the person puts it away. */
  news = $state<News | null>(null);

  readonly #api: WalletApi;
  readonly #clock: () => number;
  readonly #touch: () => void;
  #round = 0;
  /** Since the copies last agreed. */
  #mended = false;
  /** What the person has seen and put away, in this window. */
  #seen: News | null = null;
  #atLock: ReturnType<typeof setTimeout> | undefined;

  constructor(api: WalletApi, clock: () => number) {
    this.#api = api;
    this.#clock = clock;
    this.#touch = atMostEvery(TOUCH_EVERY_MS, clock, () => {
      api.touch();
    });
  }

  /** Why the wallet cannot be used at all; null where it can. */
  get trouble(): Failure | null {
    return this.failure ?? (this.status ? (TROUBLES.get(this.status.state) ?? null) : null);
  }

  /** Certificates that the wallet lists and no copy holds. */
  get lost(): number {
    return this.status && this.rows ? Math.max(0, this.status.count - this.rows.length) : 0;
  }

  /** The wallet does not start by itself, and there is a screen for that. */
  get needsRecovery(): boolean {
    return this.failure === null && this.status !== null && TROUBLES.has(this.status.state);
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
      let status = await this.#api.status();
      const rows = status.state === 'open' ? await this.#api.rows() : null;
      // Another window may have saved between the two; what is still missing then is missing.
      if (rows && rows.length !== status.count) status = await this.#api.status();
      if (round === this.#round) this.#showOrMend(status, rows);
    } catch (thrown) {
      if (round !== this.#round) return;
      if (errorCode(thrown) === 'vault.locked' && this.status)
        this.#show({ ...this.status, state: 'locked', locksAt: null, signingUntil: null }, null);
      else this.failure = failureOf(thrown);
    }
  }

  async lock(): Promise<void> {
    await this.#end(() => this.#api.lock());
  }

  /** Ends signing that is held open; the wallet stays open. */
  async releaseSigning(): Promise<void> {
    await this.#end(() => this.#api.signing.release());
  }

  /** The person typed or clicked in this window, which keeps the wallet open. */
  readonly touch = (): void => {
    if (this.status?.state === 'open') this.#touch();
  };

  readonly dismissNews = (): void => {
    this.#seen = this.news;
    this.news = null;
    // What the store itself still tells stays away from this window at least.
    if (this.#seen === 'rolled-back' || this.#seen === 'other-dates') void this.#api.putAwayNotice().catch(() => undefined);
  };

  /** The owner went on from an older state. */
  async recovered({ opened }: Recovered): Promise<void> {
    await this.refresh();
    if (!opened) this.news = 'code-used';
  }

  async #end(act: () => Promise<void>): Promise<void> {
    try {
      await act();
      await this.refresh();
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }

  #hear({ notice, state }: WalletStatus): void {
    if (notice !== null && notice === this.#seen) return;
    this.#seen = null;
    if (notice !== null) this.news = notice;
    // Unlocking makes the second copy again, and so does the owner.
    else if (this.news === 'one-copy' || this.news === 'other-keys') this.news = state === 'open' ? 'repaired' : null;
    else if (this.news === 'rolled-back' || this.news === 'other-dates' || state === 'none' || state === 'recovery') this.news = null;
  }

  /** A save may have been cut off, or be under way in another window: of the second copy the person hears only if it stays so. */
  #showOrMend(status: WalletStatus, rows: readonly CertificateRow[] | null): void {
    const owes = status.state === 'open' && status.notice === 'one-copy';
    if (!owes || this.#mended) {
      this.#mended = owes;
      this.#show(status, rows);
      return;
    }
    this.#mended = true;
    this.#draw(status, rows);
    const again = (): Promise<void> => this.refresh();
    void this.#api.mend().then(again, again);
  }

  #show(status: WalletStatus, rows: readonly CertificateRow[] | null): void {
    this.#draw(status, rows);
    this.#hear(status);
  }

  #draw(status: WalletStatus, rows: readonly CertificateRow[] | null): void {
    this.status = status;
    this.rows = rows;
    this.failure = null;
    clearTimeout(this.#atLock);
    const { locksAt, signingUntil } = status;
    if (locksAt === null) return;
    const next = Math.min(locksAt, signingUntil ?? locksAt);
    this.#atLock = setTimeout(() => void this.refresh(), Math.max(next - this.#clock(), 0) + 250);
  }
}
