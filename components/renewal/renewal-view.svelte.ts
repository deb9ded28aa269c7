import type { WalletApi } from '../../lib/wallet/api.ts';
import type { GuideChange, RenewalApi, RenewalGuide } from '../../lib/wallet/renewal-api.ts';
import { failureOf, type Failure } from '../failure.ts';

/** The guide of one certificate, and what the person does in it: each thing saved at once. */
export class RenewalView {
  guide = $state.raw<RenewalGuide | null>(null);
  failure = $state.raw<Failure | null>(null);
  busy = $state(false);
  /** How many older ones were just moved to the wastebasket. */
  tidied = $state(0);
  readonly #api: RenewalApi;
  readonly #revocation: Pick<WalletApi['revocation'], 'checkForRenewal'>;
  readonly #id: string;

  constructor({ renewal, revocation }: Pick<WalletApi, 'renewal' | 'revocation'>, id: string) {
    this.#api = renewal;
    this.#revocation = revocation;
    this.#id = id;
  }

  /** Asks the certificate's authority where the person chose that guides do. No answer is no trouble of theirs. */
  async ask(): Promise<void> {
    await this.#revocation.checkForRenewal(this.#id).catch(() => false);
  }

  async load(): Promise<void> {
    try {
      this.guide = await this.#api.guide(this.#id);
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }

  /** Whether it was saved. */
  change(change: GuideChange): Promise<boolean> {
    return this.#run((id) => this.#api.change(id, change));
  }

  tidy(): Promise<boolean> {
    return this.#run(async (id) => {
      this.tidied = (await this.#api.tidy(id)).length;
    });
  }

  /** Opens the new one's key and signs on trial. Throws as the api does. */
  async tryKey(password: string): Promise<void> {
    await this.#api.tryKey(this.#newest, password);
    await this.load();
  }

  get #newest(): string {
    return this.guide?.certificate.id ?? this.#id;
  }

  async #run(act: (id: string) => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.failure = null;
    try {
      await act(this.#newest);
      return true;
    } catch (thrown) {
      this.failure = failureOf(thrown);
      return false;
    } finally {
      await this.load();
      this.busy = false;
    }
  }
}
