import type { Mark } from '../../lib/wallet/model.ts';
import type { SettingsApi } from '../../lib/wallet/settings-api.ts';
import type { Theme, ThemePort } from '../../lib/wallet/theme-api.ts';
import { failureOf, type Failure } from '../failure.ts';

/** Settings of their own place on the page, each change saved at once. */
export class SettingsView {
  theme = $state<Theme>('system');
  saved = $state(false);
  /** Of changing the picture; nothing else here can fail. */
  failure = $state.raw<Failure | null>(null);
  readonly #api: Pick<SettingsApi, 'setMark'>;
  readonly #themes: ThemePort;

  constructor(api: Pick<SettingsApi, 'setMark'>, themes: ThemePort) {
    this.#api = api;
    this.#themes = themes;
    this.theme = themes.chosen();
  }

  chooseTheme(theme: Theme): void {
    this.saved = false;
    this.#themes.choose(theme);
    this.theme = theme;
    this.saved = true;
  }

  async setMark(mark: Mark): Promise<void> {
    this.saved = false;
    this.failure = null;
    try {
      await this.#api.setMark(mark);
      this.saved = true;
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }

  readonly told = (): void => {
    this.saved = true;
  };
}
