import { errorCode } from '../../lib/errors.ts';
import type { ActsApi } from '../../lib/wallet/acts-api.ts';
import type { ApprovalApi, ApprovalRequest, InvoiceFacts, Offer } from '../../lib/wallet/api.ts';
import type { WalletStatus } from '../../lib/wallet/model.ts';
import { failure, failureOf, waiting, type Failure } from '../failure.ts';
import type { SecretField } from '../form/secret-field.ts';
import { atMostEvery, TOUCH_EVERY_MS } from '../at-most-every.ts';
import { InputGuard, type PressEvent } from '../input-guard.ts';
import { DocumentsView } from './documents-view.svelte.ts';
import { RequestTime } from './request-time.svelte.ts';

const TICK_MS = 250;

/** One request in front of the person: show it, let them choose, confirm with the secret, or say no. */
export class ApprovalView {
  request = $state.raw<ApprovalRequest | null>(null);
  /** What is to be signed stands on the screen, or nothing but the sign-in itself is. */
  shown = $state(false);
  status = $state.raw<WalletStatus | null>(null);
  offers = $state.raw<readonly Offer[] | null>(null);
  chosen = $state<string | null>(null);
  /** The password was entered in this window already, and what it opened is still held. */
  opened = $state(false);
  busy = $state(false);
  done = $state(false);
  /** Why the request is over. */
  ended = $state.raw<Failure | null>(null);
  failure = $state.raw<Failure | null>(null);
  missing = $state(false);
  /** The address resembles another one, and the person said that they looked; and they pressed before they did. */
  seen = $state(false);
  unseen = $state(false);
  /** A passkey can be asked for. */
  canTouch = $state(false);
  touching = $state(false);
  guarded = $state(true);
  /** The person ticked that the identity value goes along. */
  releasesIdentity = $state(false);

  /** What was approved is being done with an authority: neither time nor a key ends it. */
  acting = $state(false);

  readonly time: RequestTime;
  readonly documents: DocumentsView;
  readonly guard: InputGuard;
  /** The person typed or clicked in this window, which keeps the wallet open. */
  readonly touched: () => void;
  readonly #api: ApprovalApi;
  readonly #clock: () => number;
  #reading = false;

  constructor(api: ApprovalApi, clock: () => number) {
    this.#api = api;
    this.#clock = clock;
    this.time = new RequestTime(api, clock);
    this.guard = new InputGuard(
      () => performance.now(),
      () => {
        this.guarded = true;
      },
    );
    this.documents = new DocumentsView(api);
    this.touched = atMostEvery(TOUCH_EVERY_MS, clock, () => {
      api.touch();
    });
  }

  usable = $derived((this.offers ?? []).filter(({ reason }) => reason === null));
  unusable = $derived((this.offers ?? []).filter(({ reason }) => reason !== null));
  /** Until when signing is held open, so that no secret is asked for a sign-in; null where it is not. */
  heldUntil = $derived(this.request?.call.action === 'signIn' ? (this.status?.signingUntil ?? null) : null);
  /** Nothing but the button is asked for. */
  held = $derived(!this.opened && this.heldUntil !== null);
  needsPassword = $derived(!(this.opened || this.held) || this.status?.state === 'locked');
  /** An older state of the wallet seems to have been put back. */
  rolledBack = $derived(this.status?.notice === 'rolled-back');

  get hurry(): boolean {
    return this.request !== null && !this.ended && !this.done && this.time.hurry;
  }

  /** Reads the request and follows it; returns the way to stop. */
  start(): () => void {
    const stop = this.#api.onChange(() => void this.#read());
    const ticking = setInterval(() => {
      this.#tick();
    }, TICK_MS);
    void this.#read();
    void this.#readWays();
    return () => {
      stop();
      clearInterval(ticking);
    };
  }

  /** The main button, or Enter in the field. */
  async confirm(event: PressEvent, field: SecretField | undefined): Promise<void> {
    if (!this.#takes(event) || (this.needsPassword && !field)) return;
    // Before the password is taken: it stays in its field while the person looks and chooses.
    if (this.lacksLook() || this.#lacks()) return;
    const password = this.needsPassword ? field?.take() : undefined;
    this.failure = null;
    this.missing = password === '';
    if (this.missing) {
      field?.focus();
      return;
    }
    await this.#run(async () => {
      if (this.status?.state === 'locked' && password !== undefined) await this.#openThenApprove(() => this.#api.open(password));
      else if (this.chosen !== null) await this.#approve(this.chosen, password);
    }, field);
  }

  /** The same by the touch of a passkey. One that is cancelled ends the touch and not the request. */
  async touch(event: PressEvent, field: SecretField | undefined): Promise<void> {
    if (!this.#takes(event) || this.lacksLook() || this.#lacks()) return;
    field?.take();
    this.failure = null;
    this.missing = false;
    await this.#run(async () => {
      const open = (): Promise<void> => this.#openByTouch();
      if (this.status?.state === 'locked') await this.#openThenApprove(open);
      else if (this.chosen !== null) {
        await open();
        if (this.#api.opened) await this.#approve(this.chosen, undefined);
      }
    }, field);
  }

  /** What is to be signed, for the part that shows it. Until that says so nothing can be confirmed. */
  invoices(): Promise<readonly InvoiceFacts[]> {
    return this.#api.invoices();
  }

  /** It stands on the screen now, and may have moved the button. */
  show(): void {
    this.shown = true;
    this.guard.disturb();
  }

  async cancel(): Promise<void> {
    if (this.ended || this.done || this.acting) return;
    this.#end(failure('user.cancelled'));
    await this.#api.cancel().catch(() => undefined);
  }

  /** No, now and to every later request of the site. */
  async block(event: PressEvent): Promise<void> {
    if (this.busy || this.ended || this.done || !this.guard.allows(event)) return;
    try {
      await this.#api.block();
      this.#end(failure('user.cancelled'));
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  async extend(): Promise<void> {
    try {
      await this.time.extend();
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  /** What issue, renewal and revocation take. */
  acts(): Promise<ActsApi> {
    return this.#api.acts();
  }

  /** Reads anew after something of this window changed the wallet. */
  refresh(): Promise<void> {
    return this.#readOffers();
  }

  choose(id: string): void {
    this.chosen = id;
    this.failure = null;
  }

  #takes(event: PressEvent): boolean {
    return this.guard.allows(event) && !this.busy && this.request !== null && this.shown && !this.ended && !this.done;
  }

  /** Whether an address that resembles another one was not looked at twice; it is said there. */
  lacksLook(): boolean {
    this.unseen = (this.request?.resembles ?? null) !== null && !this.seen;
    return this.unseen;
  }

  /** Something is left to say for the person, who is told what. */
  #lacks(): boolean {
    const chooses = this.status?.state === 'open' && this.chosen === null;
    if (!this.documents.unknown && !chooses) return false;
    this.failure = failure(this.documents.unknown ? 'document.not-known' : 'certificate.not-selected');
    this.missing = false;
    return true;
  }

  async #run(act: () => Promise<void>, field: SecretField | undefined): Promise<void> {
    let refused = false;
    this.busy = true;
    try {
      await act();
      refused = this.failure !== null;
    } catch (thrown) {
      this.#fail(thrown);
      refused = true;
    } finally {
      this.busy = false;
      this.opened = this.#api.opened;
    }
    if (refused) field?.focus();
  }

  async #openByTouch(): Promise<void> {
    this.touching = true;
    try {
      await this.#api.openByTouch();
    } catch (thrown) {
      if (errorCode(thrown) !== 'user.cancelled') throw thrown;
      this.failure = failureOf(thrown);
    } finally {
      this.touching = false;
    }
  }

  /** Whether a passkey can be asked for, and whether earlier tries still have to be waited for. */
  async #readWays(): Promise<void> {
    try {
      const [canTouch, seconds] = await Promise.all([this.#api.canTouch(), this.#api.waitSeconds()]);
      this.canTouch = canTouch;
      if (seconds > 0 && !this.busy) this.failure ??= waiting(seconds);
    } catch {
      // The password is there in any case, and says what is wrong.
    }
  }

  /** One entry unlocks and approves; with more than one certificate the person sees and chooses first, without a second entry. */
  async #openThenApprove(open: () => Promise<void>): Promise<void> {
    await open();
    this.opened = this.#api.opened;
    if (!this.opened) return;
    await this.#readOffers();
    // A page narrows what fits; only where the wallet holds one certificate is there nothing to choose or to see.
    const [only] = this.offers ?? [];
    if (this.offers?.length === 1 && only?.reason === null) {
      await this.#approve(only.row.id, undefined);
      return;
    }
    // The chooser pushes the button to another place.
    this.guard.disturb();
  }

  async #approve(id: string, password: string | undefined): Promise<void> {
    try {
      await this.#api.approve(id, password, this.releasesIdentity);
      this.done = true;
    } catch (thrown) {
      // Signing that was held open has ended just now: the field comes back, and nothing was wrong that somebody typed.
      if (errorCode(thrown) !== 'password.wrong' || password !== undefined) throw thrown;
      await this.#readOffers();
      this.missing = true;
    }
  }

  async #read(): Promise<void> {
    if (this.ended || this.done) return;
    try {
      const request = await this.#api.request();
      if (!this.request) this.guard.disturb();
      this.request = request;
      if (request.call.action !== 'signTaxInvoices' && request.call.action !== 'sign') this.shown = true;
      this.time.expiresAt = request.expiresAt;
      this.#tick();
      if (!this.busy) await this.#readOffers();
    } catch (thrown) {
      if (!this.busy) this.#fail(thrown);
    }
  }

  async #readOffers(): Promise<void> {
    const status = await this.#api.status();
    const offers = status.state === 'open' ? await this.#api.offers() : null;
    const [asked, told] = [this.needsPassword, this.rolledBack];
    this.status = status;
    this.offers = offers;
    this.opened = this.#api.opened;
    // The field or the notice comes or goes, and with it the button moves.
    if (this.needsPassword !== asked || this.rolledBack !== told) this.guard.disturb();
    if (!this.usable.some(({ row }) => row.id === this.chosen)) this.#preselect();
  }

  /** The first choice, but not between people: whose certificate it is, the person says, or said once for this site. */
  #preselect(): void {
    const [first, ...others] = this.usable.map(({ row }) => row);
    // What was chosen has gone from under the pointer.
    if (this.chosen !== null) this.guard.disturb();
    const meant = this.usable[0]?.preset === true;
    this.chosen = first && (meant || others.every(({ holder }) => holder === first.holder)) ? first.id : null;
  }

  /** Nothing can be approved any more. */
  #end(why: Failure): void {
    this.ended ??= why;
    this.#api.forget();
  }

  #fail(thrown: unknown): void {
    const why = failureOf(thrown);
    if (errorCode(thrown) === 'request.gone' || why.code === 'user.timeout' || why.code === 'user.cancelled') this.#end(why);
    else this.failure = why;
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
