import type { NoticesApi, NoticeSettings } from '../../lib/wallet/notices-api.ts';
import { failureOf, type Failure } from '../failure.ts';

/** How the owner wants notices, each change saved at once. */
export class NoticeSettingsView {
  settings = $state.raw<NoticeSettings | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** What was just done; `blocked`: the browser says that it shows no notices. */
  done = $state<'saved' | 'tried' | 'blocked' | null>(null);
  readonly #api: NoticesApi;

  constructor(api: NoticesApi) {
    this.#api = api;
  }

  load(): Promise<void> {
    return this.#run(async () => {
      this.settings = await this.#api.settings();
    });
  }

  change(settings: NoticeSettings): Promise<void> {
    return this.#run(async () => {
      await this.#api.change(settings);
      this.settings = settings;
      this.done = 'saved';
    });
  }

  tryOne(): Promise<void> {
    return this.#run(async () => {
      this.done = (await this.#api.tryOne()) ? 'tried' : 'blocked';
    });
  }

  async #run(act: () => Promise<void>): Promise<void> {
    this.failure = null;
    this.done = null;
    try {
      await act();
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }
}
