/** The languages the screens speak, and where their words come from. */

export const LOCALES = ['ko', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

/** The browser's part of the language: the entrypoint brings it. */
export interface LanguagePort {
  /** The browser's own language as a BCP 47 tag. */
  uiLanguage(): string;
  /** What the person chose earlier; null before any choice. */
  chosen(): Promise<Locale | null>;
  choose(locale: Locale): Promise<void>;
  /** The parsed `_locales/<locale>/messages.json` of this package. */
  loadMessages(locale: Locale): Promise<unknown>;
}

export function isLocale(value: unknown): value is Locale {
  return LOCALES.some((locale) => locale === value);
}

/** The person's choice, else Korean for a Korean browser, else English. */
export function pickLocale(chosen: Locale | null, uiLanguage: string): Locale {
  return chosen ?? (/^ko\b/i.test(uiLanguage) ? 'ko' : 'en');
}
