import { SvelteSet } from 'svelte/reactivity';
import type { PasskeyWay, PasswordChanged, Ways, WaysApi } from '../../lib/wallet/ways-api.ts';
import { failure, failureOf, waiting, type Failure } from '../failure.ts';
import { passwordStrength, type Strength } from '../form/password-strength.ts';
import type { SecretField, TypedField } from '../form/secret-field.ts';

export interface ChangeFields {
  readonly current: TypedField;
  readonly password: SecretField;
  readonly again: SecretField;
}

const OF_NEW: ReadonlySet<string> = new Set([
  'password.weak',
  'password.common',
  'password.short-for-sync',
  'password.too-long',
  'password.mismatch',
]);
const OF_CURRENT: ReadonlySet<string> = new Set(['password.wrong', 'password.former', 'password.wait', 'recovery.mistyped', 'recovery.wrong']);

/** Changing the wallet password, with the wallet open or locked. */
export class ChangeView {
  ways = $state.raw<Ways | null>(null);
  by = $state<'password' | 'code'>('password');
  strength = $state<Strength | null>(null);
  /** Place in the list of the passkey that waits for its touch; null where none does. */
  touching = $state<number | null>(null);
  busy = $state(false);
  currentMissing = $state(false);
  newMissing = $state(false);
  failure = $state.raw<Failure | null>(null);
  result = $state.raw<PasswordChanged | null>(null);
  /** Passkeys that stay, by slot id. */
  readonly kept = new SvelteSet<string>();
  readonly #api: WaysApi;

  constructor(api: WaysApi, by: 'password' | 'code') {
    this.#api = api;
    this.by = by;
  }

  get aboutNew(): Failure | null {
    return this.failure && OF_NEW.has(this.failure.code) ? this.failure : null;
  }

  get aboutCurrent(): Failure | null {
    return this.failure && OF_CURRENT.has(this.failure.code) ? this.failure : null;
  }

  get aboutAll(): Failure | null {
    return this.aboutNew || this.aboutCurrent ? null : this.failure;
  }

  readonly judge = (password: string): void => {
    this.strength = password === '' ? null : passwordStrength(password);
  };

  async look(): Promise<void> {
    try {
      const ways = await this.#api.list();
      if (ways.support === 'ready') for (const { sid } of ways.passkeys) this.kept.add(sid);
      if (!ways.sheet) this.by = 'password';
      this.ways = ways;
      const seconds = await this.#api.waitSeconds();
      if (seconds > 0) this.failure = waiting(seconds);
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }

  keep({ sid }: PasskeyWay, stays: boolean): void {
    if (stays) this.kept.add(sid);
    else this.kept.delete(sid);
  }

  async submit({ current, password, again }: ChangeFields): Promise<void> {
    if (this.busy) return;
    const text = current.peek();
    const chosen = password.take();
    const repeated = again.take();
    this.currentMissing = text === '';
    this.newMissing = !this.currentMissing && chosen === '';
    this.failure = !this.currentMissing && !this.newMissing && chosen !== repeated ? failure('password.mismatch') : null;
    const fits = !this.currentMissing && !this.newMissing && !this.failure;
    const changed = fits ? await this.#change(text, chosen) : null;
    // What was typed right stays in its field, so that nobody types a code again because of something else.
    if (changed || (this.aboutCurrent && this.failure?.code !== 'recovery.mistyped')) current.take();
    if (!changed) (this.currentMissing || this.aboutCurrent ? current : password).focus();
    this.result = changed;
  }

  async #change(text: string, password: string): Promise<PasswordChanged | null> {
    const asked = (this.ways?.passkeys ?? []).filter(({ sid }) => this.kept.has(sid));
    this.busy = true;
    try {
      return await this.#api.changePassword({
        current: { kind: this.by, text },
        password,
        keep: asked.map(({ sid }) => sid),
        onTouch: (nth) => (this.touching = this.ways?.passkeys.findIndex(({ sid }) => sid === asked[nth]?.sid) ?? null),
      });
    } catch (thrown) {
      this.failure = failureOf(thrown);
      return null;
    } finally {
      this.busy = false;
      this.touching = null;
    }
  }
}
