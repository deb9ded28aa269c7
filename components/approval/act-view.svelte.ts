import type { ActsApi } from '../../lib/wallet/acts-api.ts';
import type { Offer, WaitingCall } from '../../lib/wallet/api.ts';
import type { AuthorityRow, HeldKeys, LifecycleRun, LifecycleRunning, RevokeReason, RunSecret } from '../../lib/wallet/lifecycle-api.ts';
import type { ActSecret } from '../../lib/wallet/ways-api.ts';
import type { AskHosts } from '../certificate/revocation-view.svelte.ts';
import { failureOf } from '../failure.ts';
import { RunView } from '../lifecycle/run-view.svelte.ts';
import type { RequestWindow } from './request-window.svelte.ts';

export type ActCall = Extract<WaitingCall, { action: 'issue' | 'renew' | 'revoke' }>;

/** What the person filled in beside the secret. */
export interface ActChoice {
  readonly idNumber: string | null;
  readonly reason: RevokeReason;
}

/** What was decided with the press: the list may change while the browser or the authority is waited for. */
interface Decided extends ActChoice {
  readonly chosen: string | null;
}

/** Issue, renewal or revocation that a page asked for, from the consent to the answer. */
export class ActView {
  acts = $state.raw<ActsApi | null>(null);
  /** Null: not looked yet, or not known here. */
  authority = $state.raw<AuthorityRow | null>(null);
  looked = $state(false);
  candidates = $state.raw<readonly Offer[]>([]);
  chosen = $state<string | null>(null);
  /** What the entered secret opened; used up by one act. */
  held = $state.raw<HeldKeys | null>(null);
  readonly run: RunView;
  readonly call: ActCall;
  readonly #window: RequestWindow;

  constructor(window: RequestWindow, call: ActCall, access: AskHosts) {
    this.#window = window;
    this.call = call;
    this.run = new RunView(access);
  }

  /** The wallet must be opened before a certificate can be chosen. */
  needsOpening = $derived.by(() => this.#window.status?.state === 'locked' && this.call.action !== 'issue');
  /** The page named the very certificate, with numbers of the bank for it. */
  get named(): boolean {
    return this.call.action === 'revoke' && this.call.payload.referenceNumber !== undefined;
  }

  usable = $derived(this.candidates.filter(({ reason }) => reason === null));

  /** Reads what the person is shown; what stands in the way is told in its place. */
  async start(): Promise<void> {
    try {
      this.acts = await this.#window.acts();
      this.authority = await this.acts.authority();
      await this.look();
      this.#window.guard.disturb();
      this.looked = true;
    } catch (thrown) {
      this.run.failure = failureOf(thrown);
    }
  }

  /** Reads the certificates to choose from, once the wallet is open. */
  async look(): Promise<void> {
    if (this.acts === null || this.call.action === 'issue' || this.#window.status?.state !== 'open') return;
    this.candidates = await this.acts.candidates();
    if (this.usable.some(({ row }) => row.id === this.chosen)) return;
    const [first, ...others] = this.usable;
    // Whose certificate is meant, the person says; and which one ends, unless there is nothing to choose.
    const plain = others.length === 0 || (this.call.action === 'renew' && others.every(({ row }) => row.holder === first?.row.holder));
    this.chosen = first && plain ? first.row.id : null;
    // Another one stands under the pointer now, or none.
    this.#window.guard.disturb();
    if (this.chosen !== null) await this.#lookAtAuthority(this.chosen);
  }

  async choose(id: string): Promise<void> {
    this.chosen = id;
    this.run.failure = null;
    await this.#lookAtAuthority(id);
  }

  /** Opens the wallet with the secret that will be used for the act as well. */
  async open(acts: ActsApi, secret: ActSecret): Promise<boolean> {
    const opened = await this.run.prove(async () => {
      const held = await acts.open(secret);
      // Another button stands now where the wallet was opened, and needs nothing more.
      this.#window.guard.disturb();
      this.held = held;
    }, secret.kind === 'touch');
    if (!opened) return false;
    await this.#window.refresh();
    await this.look();
    this.#window.guard.disturb();
    return true;
  }

  /** Must be called in the click itself. Gives whether the run came to where it is shown. */
  async begin(acts: ActsApi, secret: ActSecret | null, choice: ActChoice): Promise<boolean> {
    const proof = this.held ?? secret;
    const { chosen } = this;
    if (proof === null || this.authority === null) return false;
    this.held = null;
    this.#window.acting = true;
    const shown = await this.run.start(
      this.authority.hosts,
      (running) => this.#act(acts, proof, { ...choice, chosen }, running),
      proof.kind === 'touch',
    );
    if (!shown) this.#window.acting = false;
    // Without leave to reach the authority the act never began, and has used nothing up.
    if (this.run.denied && proof.kind === 'held') this.held = proof;
    const { run } = this.run;
    if (shown && run?.state === 'CONFIRMED' && run.warnings.length === 0) await this.tell(acts, run);
    return shown;
  }

  /** Tells the page, which closes the window. */
  async tell(acts: ActsApi, run: LifecycleRun): Promise<void> {
    try {
      await acts.tell(run);
      this.#window.done = run.state === 'CONFIRMED';
    } catch (thrown) {
      this.run.failure = failureOf(thrown);
    }
  }

  #act({ lifecycle }: ActsApi, secret: RunSecret, { idNumber, reason, chosen }: Decided, running: LifecycleRunning): Promise<LifecycleRun> {
    const { action, payload } = this.call;
    if (action === 'issue') {
      const { ca, referenceNumber, authorizationCode, certificates, reissue } = payload;
      const act = reissue === true ? 'reissue' : 'issue';
      const km = certificates.includes('km');
      return lifecycle.issue({ authority: ca, act, reference: referenceNumber, code: authorizationCode, km, idNumber, secret }, running);
    }
    if (action === 'renew') return lifecycle.renew({ id: chosen ?? '', idNumber, secret }, running);
    const { ca = '', serial = '', referenceNumber, authorizationCode } = payload;
    const certificate = chosen === null ? { authority: ca, serial } : { id: chosen };
    const numbers = referenceNumber === undefined ? null : { reference: referenceNumber, code: authorizationCode ?? '' };
    return lifecycle.revoke({ certificate, reason, numbers, secret }, running);
  }

  async #lookAtAuthority(id: string): Promise<void> {
    this.authority = (await this.acts?.lifecycle.authorityOf(id)) ?? null;
  }
}
