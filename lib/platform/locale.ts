import { isLocale, type LanguagePort } from '../i18n/locale.ts';
import { browser } from './browser.ts';

const KEY = 'language';

/** The person's language: the browser's, unless they chose one; words come from this package's own files. */
export const languages: LanguagePort = {
  uiLanguage: () => browser.i18n.getUILanguage(),
  async chosen() {
    const chosen: unknown = (await browser.storage.local.get(KEY))[KEY];
    return isLocale(chosen) ? chosen : null;
  },
  async choose(locale) {
    await browser.storage.local.set({ [KEY]: locale });
  },
  async loadMessages(locale) {
    const file = await fetch(browser.runtime.getURL(`/_locales/${locale}/messages.json`));
    return (await file.json()) as unknown;
  },
};
