import type { WalletApi } from '../../lib/wallet/api.ts';
import type { Mark } from '../../lib/wallet/model.ts';
import type { NewWallet, RecoverySheet } from '../../lib/wallet/ways-api.ts';
import { failure, failureOf, type Failure } from '../failure.ts';
import { passwordStrength, type Strength } from '../form/password-strength.ts';
import type { SecretField } from '../form/secret-field.ts';

/** The first run: picture and password; a way back in, or later; then certificates. */
export class StartView {
  step = $state<1 | 2 | 3>(1);
  mark = $state.raw<Mark>('tiger');
  strength = $state<Strength | null>(null);
  busy = $state(false);
  /** Of the step that is seen. */
  failure = $state.raw<Failure | null>(null);
  missing = $state(false);
  /** A recovery code that is shown now and never again. */
  sheet = $state.raw<RecoverySheet | null>(null);
  /** What came of the code: typed back, or shown and not typed back. */
  code = $state<'none' | 'kept' | 'unchecked'>('none');
  hasPasskey = $state(false);
  readonly #api: Pick<WalletApi, 'begin'>;
  #made: NewWallet | null = null;

  constructor(api: Pick<WalletApi, 'begin'>, mark: Mark) {
    this.#api = api;
    this.mark = mark;
  }

  readonly judge = (password: string): void => {
    this.strength = password === '' ? null : passwordStrength(password);
  };

  async submit(field: SecretField, again: SecretField): Promise<void> {
    if (this.busy) return;
    const password = field.take();
    const repeated = again.take();
    this.missing = password === '';
    this.failure = !this.missing && password !== repeated ? failure('password.mismatch') : null;
    if (!this.missing && !this.failure) await this.#run(() => this.#begin(password));
    if (this.step === 1) field.focus();
  }

  makeCode(): Promise<void> {
    return this.#run(async () => {
      this.sheet = (await this.#made?.makeCode()) ?? null;
    });
  }

  closeSheet(kept: boolean): void {
    this.sheet = null;
    this.code = kept ? 'kept' : 'unchecked';
  }

  addPasskey(name: string): Promise<void> {
    return this.#run(async () => {
      await this.#made?.addPasskey(name);
      this.hasPasskey = true;
    });
  }

  go(step: 2 | 3): void {
    this.failure = null;
    this.step = step;
  }

  /** The person went elsewhere, or the wallet was locked: no key stays here. */
  end(): void {
    if (this.step === 1) return;
    this.#made?.end();
    this.#made = null;
    this.sheet = null;
    this.failure = null;
    this.step = 1;
  }

  async #begin(password: string): Promise<void> {
    this.#made = await this.#api.begin(password, this.mark);
    this.step = 2;
  }

  async #run(act: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.failure = null;
    try {
      await act();
    } catch (thrown) {
      this.failure = failureOf(thrown);
    } finally {
      this.busy = false;
    }
  }
}
