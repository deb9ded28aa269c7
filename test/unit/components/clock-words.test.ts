import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { clockSentence } from '../../../components/wallet/clock-words.ts';
import { createTexts } from '../../../lib/i18n/texts.ts';

const texts = (locale: 'ko' | 'en') =>
  createTexts(locale, JSON.parse(readFileSync(new URL(`../../../public/_locales/${locale}/messages.json`, import.meta.url), 'utf8')));
const MINUTE = 60_000;

describe('a clock that is behind', () => {
  it.each([
    [11 * MINUTE, '11분', '11 minutes'],
    [119 * MINUTE, '1시간', 'one hour'],
    [49 * 60 * MINUTE, '2일', '2 days'],
  ])('by %i ms is said to be by %s, %s', (behind, ko, en) => {
    const status = { clockBehind: behind, clockAhead: null };
    expect(clockSentence(texts('ko').t, status)).toContain(`때보다 ${ko} 늦습니다`);
    expect(clockSentence(texts('en').t, status)).toContain(`is ${en} behind`);
  });

  it('that an authority found ahead is said to be that, and a right one nothing', () => {
    expect(clockSentence(texts('ko').t, { clockBehind: null, clockAhead: 366 * 1440 * MINUTE })).toContain('시각보다 366일 빠릅니다');
    expect(clockSentence(texts('en').t, { clockBehind: null, clockAhead: null })).toBeNull();
  });
});
