import { errorCode } from '../../lib/errors.ts';
import type { ApprovalApi, InvoiceFacts, Offer } from '../../lib/wallet/api.ts';
import { failure, failureOf, waiting } from '../failure.ts';
import type { SecretField } from '../form/secret-field.ts';
import type { PressEvent } from '../input-guard.ts';
import { DocumentsView } from './documents-view.svelte.ts';
import { RequestWindow } from './request-window.svelte.ts';

/** A request to sign: the person sees what, chooses with which certificate, and confirms with the secret. */
export class ApprovalView extends RequestWindow {
  offers = $state.raw<readonly Offer[] | null>(null);
  chosen = $state<string | null>(null);
  /** The password was entered in this window already, and what it opened is still held. */
  opened = $state(false);
  missing = $state(false);
  /** A passkey can be asked for. */
  canTouch = $state(false);
  touching = $state(false);
  /** The person ticked that the identity value goes along. */
  releasesIdentity = $state(false);
  readonly documents: DocumentsView;
  #onScreen = $state(false);

  constructor(api: ApprovalApi, clock: () => number) {
    super(api, clock);
    this.documents = new DocumentsView(api);
  }

  usable = $derived((this.offers ?? []).filter(({ reason }) => reason === null));
  unusable = $derived((this.offers ?? []).filter(({ reason }) => reason !== null));
  /** Until when signing is held open, so that no secret is asked for a sign-in; null where it is not. */
  heldUntil = $derived(this.request?.call.action === 'signIn' ? (this.status?.signingUntil ?? null) : null);
  /** Nothing but the button is asked for. */
  held = $derived(!this.opened && this.heldUntil !== null);
  needsPassword = $derived(!(this.opened || this.held) || this.status?.state === 'locked');

  override start(): () => void {
    const stop = super.start();
    void this.#readWays();
    return stop;
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
      if (this.status?.state === 'locked' && password !== undefined) await this.#openThenApprove(() => this.api.open(password));
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
        if (this.api.opened) await this.#approve(this.chosen, undefined);
      }
    }, field);
  }

  /** What is to be signed, for the part that shows it. Until that says so nothing can be confirmed. */
  invoices(): Promise<readonly InvoiceFacts[]> {
    return this.api.invoices();
  }

  /** It stands on the screen now, and may have moved the button. */
  show(): void {
    this.#onScreen = true;
    this.guard.disturb();
  }

  choose(id: string): void {
    this.chosen = id;
    this.failure = null;
  }

  /** What is to be signed stands on the screen, or nothing but the sign-in itself is. */
  get #shown(): boolean {
    const action = this.request?.call.action;
    return action !== undefined && (this.#onScreen || (action !== 'signTaxInvoices' && action !== 'sign'));
  }

  #takes(event: PressEvent): boolean {
    return this.guard.allows(event) && !this.busy && this.#shown && !this.ended && !this.done;
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
      this.fail(thrown);
      refused = true;
    } finally {
      this.busy = false;
      this.opened = this.api.opened;
    }
    if (refused) field?.focus();
  }

  async #openByTouch(): Promise<void> {
    this.touching = true;
    try {
      await this.api.openByTouch();
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
      const [canTouch, seconds] = await Promise.all([this.api.canTouch(), this.api.waitSeconds()]);
      this.canTouch = canTouch;
      if (seconds > 0 && !this.busy) this.failure ??= waiting(seconds);
    } catch {
      // The password is there in any case, and says what is wrong.
    }
  }

  /** One entry unlocks and approves; with more than one certificate the person sees and chooses first, without a second entry. */
  async #openThenApprove(open: () => Promise<void>): Promise<void> {
    await open();
    this.opened = this.api.opened;
    if (!this.opened) return;
    await this.refresh();
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
      await this.api.approve(id, password, this.releasesIdentity);
      this.done = true;
    } catch (thrown) {
      // Signing that was held open has ended just now: the field comes back, and nothing was wrong that somebody typed.
      if (errorCode(thrown) !== 'password.wrong' || password !== undefined) throw thrown;
      await this.refresh();
      this.missing = true;
    }
  }

  /** The state of the wallet, and the certificates of an open one. */
  override async refresh(): Promise<void> {
    const status = await this.api.status();
    const offers = status.state === 'open' ? await this.api.offers() : null;
    const asked = this.needsPassword;
    this.take(status);
    this.offers = offers;
    this.opened = this.api.opened;
    // The field comes or goes, and with it the button moves.
    if (this.needsPassword !== asked) this.guard.disturb();
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
}
