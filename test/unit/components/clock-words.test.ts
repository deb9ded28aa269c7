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
    expect(clockSentence(texts('ko').t, behind)).toContain(`때보다 ${ko} 늦습니다`);
    expect(clockSentence(texts('en').t, behind)).toContain(`is ${en} behind`);
  });
});
