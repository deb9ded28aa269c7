import { startOfKoreanDay } from '../../lib/calendar/korea.ts';
import type { CertificateRow } from '../../lib/wallet/model.ts';
import type { NoticesApi } from '../../lib/wallet/notices-api.ts';
import { failureOf, type Failure } from '../failure.ts';

/** How the owner wants to hear of one certificate's end. */
export class CertificateNoticesView {
  failure = $state.raw<Failure | null>(null);
  busy = $state(false);
  saved = $state(false);
  /** The chosen day is none on which somebody could be reminded. */
  outOfRange = $state(false);
  /** Whether notices come at all. */
  on = $state(true);
  readonly #api: NoticesApi;

  constructor(api: NoticesApi) {
    this.#api = api;
  }

  async load(): Promise<void> {
    try {
      this.on = (await this.#api.settings()).on;
    } catch {
      // What cannot be told is taken for the usual.
    }
  }

  mute({ id, muted }: Pick<CertificateRow, 'id' | 'muted'>): Promise<void> {
    return this.#run(() => this.#api.mute([id], !muted));
  }

  forget({ id }: Pick<CertificateRow, 'id'>): Promise<void> {
    return this.#run(() => this.#api.remind(id, null));
  }

  /** @param day as a date field gives it, e.g. `2026-12-20`; a Korean day */
  async remind({ id, notAfter }: Pick<CertificateRow, 'id' | 'notAfter'>, day: string, now: number): Promise<void> {
    const at = startOfKoreanDay(day);
    this.outOfRange = at === null || at <= now || at > notAfter;
    if (at !== null && !this.outOfRange) await this.#run(() => this.#api.remind(id, at));
  }

  async #run(act: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.failure = null;
    this.saved = false;
    this.outOfRange = false;
    try {
      await act();
      this.saved = true;
    } catch (thrown) {
      this.failure = failureOf(thrown);
    } finally {
      this.busy = false;
    }
  }
}
