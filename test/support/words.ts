/** The words on the screens, from the locale files, so that tests find things as a person does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Locale = 'ko' | 'en';
type Messages = Record<string, { message: string }>;

const loaded = new Map<Locale, Messages>();

function messages(locale: Locale): Messages {
  const known = loaded.get(locale);
  if (known) return known;
  const path = join(import.meta.dirname, '..', '..', 'public', '_locales', locale, 'messages.json');
  const read = JSON.parse(readFileSync(path, 'utf8')) as Messages;
  loaded.set(locale, read);
  return read;
}

/** Looks a sentence up, in the singular where there is one; a key that is not there fails the test at once. */
export function words(locale: Locale): (key: string, params?: Record<string, string | number>) => string {
  return (key, params = {}) => {
    const all = messages(locale);
    const entry = (params['n'] === 1 ? all[`${key}_one`] : undefined) ?? all[key];
    if (!entry) throw new Error(`no sentence ${key} in ${locale}`);
    return entry.message.replace(/\{(\w+)\}/g, (place, name: string) => String(params[name] ?? place));
  };
}
