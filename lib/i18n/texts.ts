/**
 * Looks sentences up in a WebExtension locale file. The keys are those of the Korean file, so that a key without a
 * sentence does not compile. `{name}` marks a place to fill; `key_one` is the singular of `key` in languages that have one.
 */
import type ko from '../../public/_locales/ko/messages.json';
import type { ErrorCode } from '../errors.ts';
import type { Locale } from './locale.ts';

export type TextKey = keyof typeof ko;
export type TextParams = Readonly<Record<string, string | number>>;

export interface Texts {
  readonly locale: Locale;
  t(key: TextKey, params?: TextParams): string;
}

type Underscored<Text extends string> = Text extends `${infer Head}.${infer Tail}`
  ? Underscored<`${Head}_${Tail}`>
  : Text extends `${infer Head}-${infer Tail}`
    ? Underscored<`${Head}_${Tail}`>
    : Text;

/** The key of a word that belongs to an id: dots and hyphens cannot stand in locale keys. */
export function keyOf<const Id extends string>(id: Id): Underscored<Id> {
  return id.replace(/[.-]/g, '_') as Underscored<Id>;
}

/** The key of the sentence for an error code. */
export function errorKey(code: ErrorCode): TextKey {
  return keyOf(code);
}

function readMessage(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null || !('message' in entry)) return undefined;
  return typeof entry.message === 'string' ? entry.message : undefined;
}

/** Reads a locale file. What is not a message is left out, and its key shows itself on the screen. */
export function readMessages(file: unknown): ReadonlyMap<string, string> {
  const messages = new Map<string, string>();
  if (typeof file !== 'object' || file === null) return messages;
  for (const [key, entry] of Object.entries(file)) {
    const message = readMessage(entry);
    if (message !== undefined) messages.set(key, message);
  }
  return messages;
}

function fill(message: string, params: TextParams): string {
  return message.replace(/\{(\w+)\}/g, (place, name: string) => (Object.hasOwn(params, name) ? String(params[name]) : place));
}

/** The texts of one language. */
export function createTexts(locale: Locale, file: unknown): Texts {
  const messages = readMessages(file);
  return {
    locale,
    t(key, params = {}) {
      const singular = params['n'] === 1 ? messages.get(`${key}_one`) : undefined;
      return fill(singular ?? messages.get(key) ?? key, params);
    },
  };
}
