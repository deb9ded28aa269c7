import { errorCode } from '../../lib/errors.ts';
import type { ActsApi } from '../../lib/wallet/acts-api.ts';
import type { ApprovalApi, ApprovalRequest } from '../../lib/wallet/api.ts';
import type { WalletStatus } from '../../lib/wallet/model.ts';
import { failure, failureOf, type Failure } from '../failure.ts';
import { atMostEvery, TOUCH_EVERY_MS } from '../at-most-every.ts';
import { InputGuard, type PressEvent } from '../input-guard.ts';
import { RequestTime } from './request-time.svelte.ts';

const TICK_MS = 250;

/** One request in front of the person, whatever it is for: shown, followed, refused, ended. */
export class RequestWindow {
  request = $state.raw<ApprovalRequest | null>(null);
  status = $state.raw<WalletStatus | null>(null);
  busy = $state(false);
  done = $state(false);
  /** Why the request is over. */
  ended = $state.raw<Failure | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** The address resembles another one, and the person said that they looked; and they pressed before they did. */
  seen = $state(false);
  unseen = $state(false);
  guarded = $state(true);
  /** What was approved is being done with an authority: neither time nor a key ends it. */
  acting = $state(false);

  readonly time: RequestTime;
  readonly guard: InputGuard;
  /** The person typed or clicked in this window, which keeps the wallet open. */
  readonly touched: () => void;
  protected readonly api: ApprovalApi;
  readonly #clock: () => number;
  #reading = false;

  constructor(api: ApprovalApi, clock: () => number) {
    this.api = api;
    this.#clock = clock;
    this.time = new RequestTime(api, clock);
    this.guard = new InputGuard(
      () => performance.now(),
      () => {
        this.guarded = true;
      },
    );
    this.touched = atMostEvery(TOUCH_EVERY_MS, clock, () => {
      api.touch();
    });
  }

  /** An older state of the wallet seems to have been put back. */
  rolledBack = $derived(this.status?.notice === 'rolled-back');

  get hurry(): boolean {
    return this.request !== null && !this.ended && !this.done && this.time.hurry;
  }

  /** Reads the request and follows it; returns the way to stop. */
  start(): () => void {
    const stop = this.api.onChange(() => void this.#read());
    const ticking = setInterval(() => {
      this.#tick();
    }, TICK_MS);
    void this.#read();
    return () => {
      stop();
      clearInterval(ticking);
    };
  }

  async cancel(): Promise<void> {
    if (this.ended || this.done || this.acting) return;
    this.#end(failure('user.cancelled'));
    await this.api.cancel().catch(() => undefined);
  }

  /** No, now and to every later request of the site. */
  async block(event: PressEvent): Promise<void> {
    if (this.busy || this.ended || this.done || !this.guard.allows(event)) return;
    try {
      await this.api.block();
      this.#end(failure('user.cancelled'));
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  async extend(): Promise<void> {
    try {
      await this.time.extend();
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  /** What issue, renewal and revocation take. */
  acts(): Promise<ActsApi> {
    return this.api.acts();
  }

  /** Whether an address that resembles another one was not looked at twice; it is said there. */
  lacksLook(): boolean {
    this.unseen = (this.request?.resembles ?? null) !== null && !this.seen;
    return this.unseen;
  }

  /** Reads the state of the wallet anew. @throws as `ApprovalApi.status` */
  async refresh(): Promise<void> {
    this.take(await this.api.status());
  }

  protected take(status: WalletStatus): void {
    const told = this.rolledBack;
    this.status = status;
    // The notice comes or goes, and with it the button moves.
    if (this.rolledBack !== told) this.guard.disturb();
  }

  protected fail(thrown: unknown): void {
    const why = failureOf(thrown);
    if (errorCode(thrown) === 'request.gone' || why.code === 'user.timeout' || why.code === 'user.cancelled') this.#end(why);
    else this.failure = why;
  }

  /** Nothing can be approved any more. */
  #end(why: Failure): void {
    this.ended ??= why;
    this.api.forget();
  }

  async #read(): Promise<void> {
    if (this.ended || this.done) return;
    try {
      const request = await this.api.request();
      if (!this.request) this.guard.disturb();
      this.request = request;
      this.time.expiresAt = request.expiresAt;
      this.#tick();
      if (!this.busy) await this.refresh();
    } catch (thrown) {
      if (!this.busy) this.fail(thrown);
    }
  }

  /** When something ends that the wallet told: the time it stays open, or signing that is held open. */
  get #due(): number {
    return Math.min(this.status?.locksAt ?? Infinity, this.status?.signingUntil ?? Infinity);
  }

  async #readDue(): Promise<void> {
    this.#reading = true;
    await this.#read();
    this.#reading = false;
  }

  #tick(): void {
    this.guarded = !this.guard.isOpen;
    if (!this.request) return;
    const over = this.time.tick();
    if (this.busy || this.acting || this.done || this.ended) return;
    if (over) this.#end(failure('user.timeout'));
    else if (this.#due <= this.#clock() && !this.#reading) void this.#readDue();
  }
}
