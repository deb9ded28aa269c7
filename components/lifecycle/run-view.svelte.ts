import type { LifecycleApi, LifecycleRun, LifecycleRunning, LifecycleStep } from '../../lib/wallet/lifecycle-api.ts';
import type { AskHosts } from '../certificate/revocation-view.svelte.ts';
import { failureOf, type Failure } from '../failure.ts';

/** One run with an authority, as a screen begins it and goes on with it. */
export class RunView {
  /** How far it has come; null where nothing runs. */
  step = $state<LifecycleStep | null>(null);
  run = $state.raw<LifecycleRun | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** What is waited for is the touch of a passkey. */
  touching = $state(false);
  /** A password is tried. */
  proving = $state(false);
  /** The failure is of the password or the touch, and is told beside them. */
  ofSecret = $state(false);
  /** Another window goes on with it. */
  elsewhere = $state(false);
  /** The browser gave no leave to reach the authority. */
  denied = $state(false);
  readonly #access: AskHosts;
  #stop = new AbortController();

  constructor(access: AskHosts, run: LifecycleRun | null = null) {
    this.#access = access;
    this.run = run;
  }

  get busy(): boolean {
    return this.step !== null || this.touching || this.proving;
  }

  /**
   * Must be called in the click itself: the leave is asked for before anything else is waited for. Gives whether the run came to
   * where it is shown.
   */
  async start(hosts: readonly string[], act: (running: LifecycleRunning) => Promise<LifecycleRun>, byTouch = false): Promise<boolean> {
    if (this.busy) return false;
    this.touching = byTouch;
    this.step = byTouch ? null : 'keys';
    const granted = await this.#access(hosts);
    this.denied = !granted;
    this.failure = null;
    const done = granted && (await this.#act(act));
    this.step = null;
    this.touching = false;
    return done;
  }

  /** Does what the secret alone is for; gives whether it was right. */
  async prove(act: () => Promise<void>, byTouch: boolean): Promise<boolean> {
    if (this.busy) return false;
    this.touching = byTouch;
    this.proving = !byTouch;
    this.failure = null;
    const proven = await this.#attempt(act);
    this.touching = false;
    this.proving = false;
    return proven;
  }

  /** The same where nobody clicked, and the leave is there already. */
  async goOn(api: Pick<LifecycleApi, 'resume'>, run: LifecycleRun): Promise<void> {
    if (this.busy) return;
    this.step = run.state === 'SAVED' ? 'confirming' : 'waiting';
    await this.#act((running) => api.resume(run.id, null, running));
    // Another window is at it: that one tells.
    this.elsewhere = this.failure?.code === 'ca.busy';
    if (this.elsewhere) this.failure = null;
    this.step = null;
  }

  /** Stops it as long as nothing was sent. */
  cancel(): void {
    this.#stop.abort();
  }

  #act(act: (running: LifecycleRunning) => Promise<LifecycleRun>): Promise<boolean> {
    this.#stop = new AbortController();
    return this.#attempt(async () => {
      this.run = await act({ signal: this.#stop.signal, onStep: (step) => this.#reach(step) });
    });
  }

  async #attempt(act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (thrown) {
      const failure = failureOf(thrown);
      this.ofSecret = /^(password|passkey)\./.test(failure.code) || (this.touching && failure.code === 'user.cancelled');
      this.failure = failure;
      return false;
    }
  }

  #reach(step: LifecycleStep): void {
    this.touching = false;
    this.step = step;
  }
}
