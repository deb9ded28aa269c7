import { SvelteSet } from 'svelte/reactivity';
import type { WalletApi } from '../../lib/wallet/api.ts';
import type { RestoreSession } from '../../lib/wallet/keeping-api.ts';
import type { Mark } from '../../lib/wallet/model.ts';
import type { RestoreResult } from '../../lib/wallet/keeping-api.ts';
import { failure, failureOf, type Failure } from '../failure.ts';
import { passwordStrength, type Strength } from '../form/password-strength.ts';
import type { SecretField } from '../form/secret-field.ts';
import { OpenView } from './open-view.svelte.ts';

type Api = Pick<WalletApi, 'restore' | 'sync' | 'create'>;

/** What it is brought back from. */
export type RestoreSource = 'file' | 'copy';

/** One restore: open a backup file or a sync copy, choose of it, and bring it back into the wallet here or into one that is made for it. */
export class RestoreView {
  /** Whether a wallet is made first. */
  fresh = $state(false);
  mark = $state.raw<Mark>('tiger');
  strength = $state<Strength | null>(null);
  busy = $state(false);
  missing = $state(false);
  failure = $state.raw<Failure | null>(null);
  result = $state.raw<RestoreResult | null>(null);
  readonly file: OpenView<File, RestoreSession>;
  /** By the key of a found copy. */
  readonly copy: OpenView<string, RestoreSession>;
  readonly #chosen = new SvelteSet<string>();
  readonly #api: Api;

  constructor(api: Api, fresh: boolean, mark: Mark) {
    this.#api = api;
    this.fresh = fresh;
    this.mark = mark;
    this.file = new OpenView((file, secret) => this.#opened(api.restore.open(file, secret)));
    this.copy = new OpenView((key, secret) => this.#opened(api.sync.open(key, secret)));
  }

  session = $derived.by(() => this.file.opened ?? this.copy.opened);
  chosen = $derived.by(() => (this.session?.rows ?? []).filter(({ id }) => this.#chosen.has(id)).map(({ id }) => id));

  isChosen(id: string): boolean {
    return this.#chosen.has(id);
  }

  choose(id: string, wanted: boolean): void {
    if (wanted) this.#chosen.add(id);
    else this.#chosen.delete(id);
  }

  readonly judge = (password: string): void => {
    this.strength = password === '' ? null : passwordStrength(password);
  };

  /** The secret that opened the copy is the wallet's too. */
  asks = $derived.by(() => this.fresh || this.session?.alike !== true);

  /** @param field undefined where no password is asked for; `again` is the second field of a new one */
  async submit(field: SecretField | undefined, again: SecretField | undefined): Promise<void> {
    const { session } = this;
    if (this.busy || !session) return;
    const password = field ? field.take() : null;
    const repeated = again?.take();
    this.missing = password === '';
    this.failure = !this.missing && again && repeated !== password ? failure('password.mismatch') : null;
    if (!this.missing && !this.failure) await this.#bringBack(session, password);
    if (!this.result) field?.focus();
  }

  /** Back to picking. */
  startOver(): void {
    this.end();
    this.failure = null;
    this.missing = false;
    this.file.pick(null);
    this.copy.pick(null);
  }

  /** Wipes what was opened. */
  end(): void {
    this.session?.discard();
  }

  async #opened(opening: Promise<RestoreSession>): Promise<RestoreSession> {
    const session = await opening;
    this.#chosen.clear();
    for (const { id, state } of session.rows) if (state === 'new') this.#chosen.add(id);
    return session;
  }

  async #bringBack(session: RestoreSession, password: string | null): Promise<void> {
    this.busy = true;
    try {
      if (this.fresh && password !== null) await this.#api.create(password, this.mark);
      // From here on there is a wallet: another try asks for its password.
      this.fresh = false;
      this.result = await session.restore(this.chosen, password);
      session.discard();
    } catch (thrown) {
      this.failure = failureOf(thrown);
    } finally {
      this.busy = false;
    }
  }
}
