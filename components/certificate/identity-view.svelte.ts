import type { WalletApi } from '../../lib/wallet/api.ts';
import { failureOf, type Failure } from '../failure.ts';
import type { SecretField } from '../form/secret-field.ts';
import { looksLikeIdNumber } from './identity-number.ts';

/** Whether a certificate belongs to the holder of a number. The number leaves its field at once and is kept nowhere. */
export class IdentityView {
  busy = $state(false);
  answer = $state<'match' | 'mismatch' | null>(null);
  numberProblem = $state(false);
  passwordMissing = $state(false);
  failure = $state.raw<Failure | null>(null);
  readonly #api: Pick<WalletApi, 'checkIdentity'>;
  #round = 0;

  constructor(api: Pick<WalletApi, 'checkIdentity'>) {
    this.#api = api;
  }

  async check(id: string, number: SecretField, password: SecretField): Promise<void> {
    if (this.busy) return;
    this.reset();
    const round = this.#round;
    const typed = number.take();
    const secret = password.take();
    this.numberProblem = !looksLikeIdNumber(typed);
    this.passwordMissing = secret === '';
    if (this.numberProblem || this.passwordMissing) {
      (this.numberProblem ? number : password).focus();
      return;
    }
    this.busy = true;
    try {
      const match = await this.#api.checkIdentity(id, typed, secret);
      if (round === this.#round) this.answer = match ? 'match' : 'mismatch';
    } catch (thrown) {
      if (round === this.#round) this.#refuse(failureOf(thrown));
    }
    if (round !== this.#round) return;
    this.busy = false;
    if (!this.answer) number.focus();
  }

  /** Forgets the answer; one that still comes is not shown. */
  reset(): void {
    this.#round++;
    this.busy = this.numberProblem = this.passwordMissing = false;
    this.answer = this.failure = null;
  }

  #refuse(why: Failure): void {
    this.numberProblem = why.code === 'request.malformed';
    if (!this.numberProblem) this.failure = why;
  }
}
