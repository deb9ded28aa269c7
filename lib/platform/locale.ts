import { isLocale, type LanguagePort } from '../i18n/locale.ts';
import { browser } from './browser.ts';
import { inTime } from './in-time.ts';

const KEY = 'language';
/** A broken storage must not keep the screen empty: after so long (ms) the browser's language is taken. */
const PATIENCE_MS = 1_500;

/** The person's language: the browser's, unless they chose one; words come from this package's own files. */
export const languages: LanguagePort = {
  uiLanguage: () => browser.i18n.getUILanguage(),
  async chosen() {
    const stored = await inTime(browser.storage.local.get(KEY), PATIENCE_MS).catch(() => null);
    const chosen: unknown = stored?.[KEY];
    return isLocale(chosen) ? chosen : null;
  },
  async choose(locale) {
    // Where it cannot be kept, the choice lasts as long as the window.
    await browser.storage.local.set({ [KEY]: locale }).catch(() => undefined);
  },
  async loadMessages(locale) {
    const file = await fetch(browser.runtime.getURL(`/_locales/${locale}/messages.json`));
    return (await file.json()) as unknown;
  },
};
