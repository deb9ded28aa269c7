import type { WalletApi } from '../../lib/wallet/api.ts';
import type { SigningApi, SigningMinutes } from '../../lib/wallet/signing-api.ts';
import type { LockMinutes, PasskeyWay, RecoverySheet, Ways, WaysApi } from '../../lib/wallet/ways-api.ts';
import { failureOf, type Failure } from '../failure.ts';

/** What was just done, for the person to read. */
export type Done = 'passkey-added' | 'passkey-renamed' | 'passkey-removed' | 'code-removed' | 'lock-saved' | 'signing-ended';

/** The ways into the open wallet, and one act at a time on them. */
export class SecurityView {
  ways = $state.raw<Ways | null>(null);
  /** A recovery code that is shown now and never again. */
  sheet = $state.raw<RecoverySheet | null>(null);
  done = $state<Done | null>(null);
  failure = $state.raw<Failure | null>(null);
  readonly #api: WaysApi;
  readonly #signing: SigningApi;

  constructor({ ways, signing }: Pick<WalletApi, 'ways' | 'signing'>) {
    this.#api = ways;
    this.#signing = signing;
  }

  /** A touch can stand for the password. */
  get canTouch(): boolean {
    return this.ways?.support === 'ready' && this.ways.passkeys.length > 0;
  }

  async look(): Promise<void> {
    try {
      this.ways = await this.#api.list();
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }

  async addPasskey(name: string, password: string): Promise<void> {
    await this.#act('passkey-added', () => this.#api.addPasskey(name, password));
  }

  async removePasskey({ sid }: PasskeyWay, password: string): Promise<void> {
    await this.#act('passkey-removed', () => this.#api.remove(sid, password));
  }

  async makeCode(password: string): Promise<void> {
    await this.#act(null, async () => {
      this.sheet = await this.#api.makeCode(password);
    });
  }

  async removeCode(password: string): Promise<void> {
    await this.#act('code-removed', () => this.#api.removeCode(password));
  }

  /** What it throws is told beside the field. */
  async rename({ sid }: PasskeyWay, name: string): Promise<void> {
    await this.#act('passkey-renamed', () => this.#api.renamePasskey(sid, name));
  }

  async lockAfter(minutes: LockMinutes): Promise<void> {
    await this.#quietly('lock-saved', () => this.#api.lockAfter(minutes));
  }

  async holdSigning(minutes: SigningMinutes, password: string): Promise<void> {
    await this.#act(null, () => this.#signing.hold(minutes, password));
  }

  async holdSigningByTouch(minutes: SigningMinutes): Promise<void> {
    await this.#act(null, () => this.#signing.holdByTouch(minutes));
  }

  async releaseSigning(): Promise<void> {
    await this.#quietly('signing-ended', () => this.#signing.release());
  }

  async #quietly(done: Done, act: () => Promise<void>): Promise<void> {
    try {
      await this.#act(done, act);
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }

  async #act(done: Done | null, act: () => Promise<void>): Promise<void> {
    this.done = this.failure = null;
    await act();
    this.done = done;
    await this.look();
  }
}
