import { readdirSync, readFileSync } from 'node:fs';
import { parse, type AST } from 'svelte/compiler';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../../lib/errors.ts';
import { LOCALES, type Locale } from '../../../lib/i18n/locale.ts';
import { errorKey, readMessages } from '../../../lib/i18n/texts.ts';

const ROOT = new URL('../../../', import.meta.url);
const HANGUL = /\p{Script=Hangul}/u;
const SINGULAR = /_one$/;

const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');
const messagesOf = (locale: Locale): ReadonlyMap<string, string> => readMessages(JSON.parse(read(`public/_locales/${locale}/messages.json`)));
const places = (message: string): readonly string[] => [...new Set(message.match(/\{\w+\}/g) ?? [])].sort();

const ko = messagesOf('ko');
const en = messagesOf('en');

function filesIn(...folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, ROOT), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  );
}

const screens = filesIn('components', 'entrypoints').filter((path) => path.endsWith('.svelte'));
const sources = [...screens, ...filesIn('components', 'entrypoints', 'lib').filter((path) => path.endsWith('.ts'))];

describe('the two languages', () => {
  it('have the same keys, but for the singular forms that only English has', () => {
    expect([...en.keys()].filter((key) => !SINGULAR.test(key))).toEqual([...ko.keys()]);
    expect([...en.keys()].filter((key) => SINGULAR.test(key) && !ko.has(key.replace(SINGULAR, '')))).toEqual([]);
  });

  it('have the same places to fill in each sentence', () => {
    const differ = [...en].filter(([key, message]) => {
      const own = places(message).filter((place) => !SINGULAR.test(key) || place !== '{n}');
      const other = places(ko.get(key.replace(SINGULAR, '')) ?? '').filter((place) => !SINGULAR.test(key) || place !== '{n}');
      return own.join() !== other.join();
    });
    expect(differ).toEqual([]);
  });

  it('have an English singular wherever a number stands before a plural', () => {
    const plural = [...en].filter(([key, message]) => /\{n\} \w+s\b/.test(message) && !en.has(`${key}_one`) && key !== 'details_key_value');
    expect(plural).toEqual([]);
  });

  it.each(LOCALES)('have a sentence for every error code in %s that ends as a sentence and says more than the code', (locale) => {
    const messages = messagesOf(locale);
    const poor = ERROR_CODES.filter((code) => {
      const message = messages.get(errorKey(code));
      return message === undefined || message.length < 12 || message.includes(code) || !/[.}]$/.test(message);
    });
    expect(poor).toEqual([]);
  });

  it('use keys that WebExtension locale files allow, no two of which differ by case only', () => {
    expect([...en.keys()].filter((key) => !/^\w+$/.test(key))).toEqual([]);
    expect(new Set([...en.keys()].map((key) => key.toLowerCase())).size).toBe(en.size);
  });

  it('keep the dollar sign out, which the browser would read as its own placeholder', () => {
    expect([...ko.values(), ...en.values()].filter((message) => message.includes('$'))).toEqual([]);
  });

  it('keep Korean out of the English sentences, but for the name of the language and the key on the keyboard', () => {
    const korean = [...en].filter(([, message]) => HANGUL.test(message)).map(([key]) => key);
    expect(korean).toEqual(['language_ko', 'hint_hangul_mode']);
  });

  it('fit the limits of the stores: a name of 45 and a description of 132 characters', () => {
    for (const messages of [ko, en]) {
      expect(messages.get('extName')?.length).toBeLessThanOrEqual(45);
      expect(messages.get('extDescription')?.length).toBeLessThanOrEqual(132);
    }
  });

  it('never promise safety without saying from what, and never shout', () => {
    expect([...ko.values(), ...en.values()].filter((message) => /안전합니다|고객센터|!|\bsecure and\b/.test(message))).toEqual([]);
  });

  it('put no particle after a place to fill that would need another one for another word', () => {
    expect([...ko.values()].filter((message) => /\{(?!n\}|m\}|date\}|time\})\w+\}(을|를|이|가|과|와|은|는)[ .]/.test(message))).toEqual([]);
  });
});

/** Texts of a template that a person would read or hear, as written in it. */
function writtenTexts(path: string): readonly string[] {
  const found: string[] = [];
  const spoken = new Set(['aria-label', 'title', 'alt', 'placeholder', 'label', 'hint', 'text']);
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    if (typeof node !== 'object' || node === null || !('type' in node)) return;
    const { type } = node as AST.BaseNode;
    if (type === 'Text') found.push((node as AST.Text).data);
    if (type === 'Attribute') {
      const { name, value } = node as AST.Attribute;
      if (spoken.has(name) && Array.isArray(value)) found.push(...value.flatMap((part) => (part.type === 'Text' ? [part.data] : [])));
      return;
    }
    for (const [key, child] of Object.entries(node)) if (key !== 'parent') visit(child);
  };
  visit(parse(read(path), { modern: true, filename: path }).fragment);
  return found;
}

const withoutComments = (source: string): string => source.replace(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->|(^|\s)\/\/.*$/gm, '');

describe('the screens', () => {
  it.each(screens)('%s shows no word that is written into it', (path) => {
    const keys = new Set([...ko.keys(), 'import_looking']);
    expect(writtenTexts(path).filter((text) => /\p{L}{2,}/u.test(text) && !keys.has(text))).toEqual([]);
  });

  it('hold no Korean outside comments', () => {
    expect(sources.filter((path) => /^(components|entrypoints)/.test(path) && HANGUL.test(withoutComments(read(path))))).toEqual([]);
  });

  it('fill every place of the sentences that they name', () => {
    const calls = sources.flatMap((path) => [...read(path).matchAll(/\bt\('(\w+)'\s*([,)])/g)].map(([, key = '', next]) => ({ path, key, next })));
    expect(calls.length).toBeGreaterThan(100);
    expect(calls.filter(({ key, next }) => places(ko.get(key) ?? '').length > 0 !== (next === ','))).toEqual([]);
  });

  it('use every sentence there is', () => {
    const all = sources.map(read).join('\n');
    const made = [...all.matchAll(/`(\w*)\$\{[^`]*?\}(\w*)`/g)].map(([, before = '', after = '']) => ({ before, after }));
    const codes = new Set<string>(ERROR_CODES.map(errorKey));
    const unused = [...ko.keys()].filter(
      (key) =>
        !codes.has(key) &&
        !key.startsWith('ext') &&
        !new RegExp(`['"]${key}['"]`).test(all) &&
        !made.some(({ before, after }) => (before.length > 3 || after.length > 4) && key.startsWith(before) && key.endsWith(after)),
    );
    expect(unused).toEqual([]);
  });
});
