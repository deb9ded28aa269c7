import type { EraseApi, SyncLeft } from '../../lib/wallet/keeping-api.ts';
import { failureOf, type Failure } from '../failure.ts';

/** Erasing the wallet after its phrase was typed, with or without its sync copy. */
export class EraseView {
  typed = $state('');
  mistyped = $state(false);
  /** Null until it was looked. */
  left = $state<SyncLeft | null>(null);
  /** The owner's word that the sync copy goes too. */
  syncCopy = $state(false);
  busy = $state(false);
  failure = $state.raw<Failure | null>(null);
  readonly #api: EraseApi;

  constructor(api: EraseApi) {
    this.#api = api;
  }

  async look(): Promise<void> {
    this.left = await this.#api.syncLeft();
  }

  /** The sync storage refused, and so nothing was erased. */
  get keptForSync(): boolean {
    return this.failure?.code === 'sync.unavailable';
  }

  /** Whether everything is gone now. */
  async erase(phrase: string): Promise<boolean> {
    if (this.busy) return false;
    this.failure = null;
    this.mistyped = this.typed.normalize('NFC').trim() !== phrase;
    if (this.mistyped) return false;
    this.busy = true;
    try {
      await this.#api.erase({ syncCopy: this.syncCopy });
      return true;
    } catch (thrown) {
      this.failure = failureOf(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
