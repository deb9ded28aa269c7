import type { RevocationApi, RevocationChoice } from '../../lib/wallet/revocation-api.ts';
import { failureOf, type Failure } from '../failure.ts';

/** When authorities are asked without a click, each change saved at once. */
export class RevocationSettingsView {
  choice = $state.raw<RevocationChoice | null>(null);
  failure = $state.raw<Failure | null>(null);
  readonly #api: Pick<RevocationApi, 'choice' | 'choose'>;
  readonly #onsaved: () => void;

  constructor(api: Pick<RevocationApi, 'choice' | 'choose'>, onsaved: () => void) {
    this.#api = api;
    this.#onsaved = onsaved;
  }

  async load(): Promise<void> {
    try {
      this.choice = await this.#api.choice();
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }

  async choose(choice: RevocationChoice): Promise<void> {
    const before = this.choice;
    this.failure = null;
    this.choice = choice;
    try {
      await this.#api.choose(choice);
      this.#onsaved();
    } catch (thrown) {
      this.choice = before;
      this.failure = failureOf(thrown);
    }
  }
}
