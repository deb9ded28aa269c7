import { SvelteSet } from 'svelte/reactivity';
import type { FoundCopy, SyncApi, SyncRoom, SyncStatus } from '../../lib/wallet/sync-api.ts';
import { failureOf, type Failure } from '../failure.ts';
import type { SecretField } from '../form/secret-field.ts';

/** What was just done, for the person to read. */
type Done = 'on' | 'off' | 'written' | 'current';

/** The sync copy: what it stands at, choosing what is in it, and the copies of other computers. */
export class SyncView {
  status = $state.raw<SyncStatus | null>(null);
  copies = $state.raw<readonly FoundCopy[]>([]);
  /** Of the chosen certificates, or of the copy that is on. */
  room = $state.raw<SyncRoom | null>(null);
  choosing = $state(false);
  /** The owner's word that another computer's copy of this wallet may go. */
  replace = $state(false);
  busy = $state(false);
  done = $state<Done | null>(null);
  missing = $state<'items' | 'password' | null>(null);
  failure = $state.raw<Failure | null>(null);
  readonly #chosen = new SvelteSet<string>();
  readonly #api: SyncApi;
  #round = 0;

  constructor(api: SyncApi) {
    this.#api = api;
  }

  chosen = $derived.by(() => [...this.#chosen]);

  isChosen(id: string): boolean {
    return this.#chosen.has(id);
  }

  async load(): Promise<void> {
    try {
      this.status = await this.#api.status();
      if (!this.choosing) await this.#measure(this.status.on ? this.status.items : []);
      this.copies = await this.#api.copies();
    } catch (thrown) {
      // What it stands at is told already, or the wallet was locked meanwhile.
      if (this.status === null) this.failure = failureOf(thrown);
    }
  }

  startChoosing(): void {
    this.#chosen.clear();
    for (const id of this.status?.items ?? []) this.#chosen.add(id);
    this.choosing = true;
    this.replace = false;
    this.done = this.failure = this.missing = null;
    void this.#measure(this.chosen);
  }

  stopChoosing(): void {
    this.choosing = false;
    this.failure = this.missing = null;
    void this.load();
  }

  choose(id: string, wanted: boolean): void {
    if (wanted) this.#chosen.add(id);
    else this.#chosen.delete(id);
    this.missing = null;
    void this.#measure(this.chosen);
  }

  /** Whether it is on now as chosen. */
  async turnOn(field: SecretField): Promise<boolean> {
    if (this.busy) return false;
    const password = field.take();
    this.missing = this.chosen.length === 0 ? 'items' : password === '' ? 'password' : null;
    this.failure = null;
    if (this.missing) return false;
    const done = await this.#act(async () => {
      await this.#api.turnOn(this.chosen, password, this.replace);
      return 'on';
    });
    if (done) this.choosing = false;
    return done;
  }

  async turnOff(): Promise<void> {
    await this.#act(async () => {
      await this.#api.turnOff();
      return 'off';
    });
  }

  async now(): Promise<void> {
    await this.#act(() => this.#api.now());
  }

  async #act(act: () => Promise<Done>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.done = this.failure = null;
    try {
      this.done = await act();
      return true;
    } catch (thrown) {
      this.failure = failureOf(thrown);
      return false;
    } finally {
      await this.load();
      this.busy = false;
    }
  }

  async #measure(ids: readonly string[]): Promise<void> {
    const round = ++this.#round;
    const room = ids.length === 0 ? null : await this.#api.room(ids).catch(() => null);
    if (round === this.#round) this.room = room;
  }
}
