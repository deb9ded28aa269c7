import { getContext, setContext } from 'svelte';
import { clockTime, isElsewhere, listDay, ownOffset, sentenceDay } from '../../lib/i18n/dates.ts';
import { pickLocale, type LanguagePort, type Locale } from '../../lib/i18n/locale.ts';
import { createTexts, type TextKey, type TextParams, type Texts } from '../../lib/i18n/texts.ts';

const CONTEXT = Symbol('language');

/** The words of the screen. Whatever reads `t` in a template changes with the language. */
export class LanguageView {
  #texts = $state.raw<Texts | null>(null);
  readonly #port: LanguagePort;
  readonly #clock: () => number;

  constructor(port: LanguagePort, clock: () => number) {
    this.#port = port;
    this.#clock = clock;
  }

  get ready(): boolean {
    return this.#texts !== null;
  }

  get locale(): Locale {
    return this.#texts?.locale ?? 'ko';
  }

  async start(): Promise<void> {
    await this.#load(pickLocale(await this.#port.chosen(), this.#port.uiLanguage()));
  }

  async choose(locale: Locale): Promise<void> {
    await this.#load(locale);
    await this.#port.choose(locale);
  }

  readonly t = (key: TextKey, params?: TextParams): string => this.#texts?.t(key, params) ?? '';

  readonly now = (): number => this.#clock();

  /** A day in a list. */
  readonly day = (time: number): string => listDay(time);

  /** A day in a sentence, with the note that it is Korea's where the person's clock runs otherwise. */
  readonly sentenceDay = (time: number): string => {
    const day = sentenceDay(this.locale, time);
    return isElsewhere(ownOffset(time)) ? `${day} ${this.t('korean_time')}` : day;
  };

  /** An hour of today on the person's own clock. */
  readonly ownTime = (time: number): string => clockTime(time, ownOffset(time));

  async #load(locale: Locale): Promise<void> {
    this.#texts = createTexts(locale, await this.#port.loadMessages(locale));
    document.documentElement.lang = locale;
  }
}

/** Makes the language of this document and hands it to every component below. */
export function provideLanguage(port: LanguagePort, clock: () => number = () => Date.now()): LanguageView {
  return setContext(CONTEXT, new LanguageView(port, clock));
}

export function useLanguage(): LanguageView {
  return getContext(CONTEXT);
}
