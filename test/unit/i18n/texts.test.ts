import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../../lib/errors.ts';
import { isLocale, pickLocale } from '../../../lib/i18n/locale.ts';
import { createTexts, errorKey, keyOf, readMessages } from '../../../lib/i18n/texts.ts';

const file = {
  days_left: { message: '{n} days left' },
  days_left_one: { message: '{n} day left' },
  import_partly: { message: '{n} imported, {m} not, {n} in all.' },
  close: { message: 'Close' },
};

describe('a sentence', () => {
  const { t } = createTexts('en', file);

  it.each([
    [t('close'), 'Close'],
    [t('days_left', { n: 2 }), '2 days left'],
    [t('days_left', { n: 1 }), '1 day left'],
    [t('days_left', { n: 0 }), '0 days left'],
    [t('import_partly', { n: 3, m: '4' }), '3 imported, 4 not, 3 in all.'],
  ])('%s', (made, expected) => {
    expect(made).toBe(expected);
  });

  it('keeps a place that nothing fills, so that the gap shows', () => {
    expect(t('import_partly', { n: 3 })).toBe('3 imported, {m} not, 3 in all.');
  });

  it('fills with texts as they are: no place inside them is filled again, no pattern is meant', () => {
    expect(t('import_partly', { n: '{m}', m: '$&' })).toBe('{m} imported, $& not, {m} in all.');
  });

  it('does not fill a place from what every object has', () => {
    expect(createTexts('en', { close: { message: '{constructor}' } }).t('close')).toBe('{constructor}');
  });

  it('shows its key where the file lacks it', () => {
    expect(t('cancel')).toBe('cancel');
  });
});

describe('a locale file', () => {
  it.each([[null], ['text'], [{ close: 'Close' }], [{ close: null }], [{ close: { message: 1 } }], [[]]])('gives no message from %j', (broken) => {
    expect(readMessages(broken).size).toBe(0);
  });
});

describe('keys', () => {
  it('come from ids by replacing what locale files do not allow', () => {
    expect(keyOf('file.pair-missing')).toBe('file_pair_missing');
    expect(keyOf('a-b.c-d')).toBe('a_b_c_d');
  });

  it('differ for different codes', () => {
    expect(new Set(ERROR_CODES.map(errorKey)).size).toBe(ERROR_CODES.length);
  });
});

describe('the language', () => {
  it.each([
    [null, 'ko', 'ko'],
    [null, 'ko-KR', 'ko'],
    [null, 'KO-kr', 'ko'],
    [null, 'kok', 'en'],
    [null, 'en-US', 'en'],
    [null, '', 'en'],
    ['en', 'ko-KR', 'en'],
    ['ko', 'de', 'ko'],
  ] as const)('chosen %s in a browser that speaks "%s" is %s', (chosen, browser, expected) => {
    expect(pickLocale(chosen, browser)).toBe(expected);
  });

  it.each([
    ['ko', true],
    ['en', true],
    ['de', false],
    [null, false],
    [1, false],
  ])('%s is one of ours: %s', (value, expected) => {
    expect(isLocale(value)).toBe(expected);
  });
});
