import type { WastebasketApi } from '../../lib/wallet/keeping-api.ts';
import type { DeletedRow } from '../../lib/wallet/keeping-api.ts';
import { failureOf, type Failure } from '../failure.ts';
import type { SecretField } from '../form/secret-field.ts';

/** What lies in the wastebasket, and what becomes of it. */
export class WastebasketView {
  rows = $state.raw<readonly DeletedRow[] | null>(null);
  busy = $state(false);
  missing = $state(false);
  failure = $state.raw<Failure | null>(null);
  purgeFailure = $state.raw<Failure | null>(null);
  /** What was done last. */
  done = $state.raw<{ readonly how: 'put-back' | 'purged' | 'merged'; readonly row: DeletedRow } | null>(null);
  readonly #api: WastebasketApi;

  constructor(api: WastebasketApi) {
    this.#api = api;
  }

  async load(): Promise<void> {
    try {
      this.rows = await this.#api.rows();
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }

  /** Whether it lies here no more. */
  async putBack(row: DeletedRow): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.failure = this.done = null;
    try {
      const { merged } = await this.#api.putBack([row.id]);
      this.done = { how: merged.length > 0 ? 'merged' : 'put-back', row };
    } catch (thrown) {
      this.failure = failureOf(thrown);
    } finally {
      this.busy = false;
    }
    await this.load();
    return this.done !== null;
  }

  /** Makes one record of it and of the one in the list. What it throws is for the dialog that asked. */
  async merge(row: DeletedRow, password: string): Promise<void> {
    this.failure = this.done = null;
    await this.#api.merge(row.id, password);
    this.done = { how: 'merged', row };
    await this.load();
  }

  /** Whether it is gone now. */
  async purge(row: DeletedRow, field: SecretField): Promise<boolean> {
    if (this.busy) return false;
    const password = field.take();
    this.purgeFailure = this.done = null;
    this.missing = password === '';
    if (this.missing) {
      field.focus();
      return false;
    }
    this.busy = true;
    try {
      await this.#api.purge([row.id], password);
      this.done = { how: 'purged', row };
    } catch (thrown) {
      this.purgeFailure = failureOf(thrown);
      field.focus();
    } finally {
      this.busy = false;
    }
    await this.load();
    return this.done !== null;
  }
}
