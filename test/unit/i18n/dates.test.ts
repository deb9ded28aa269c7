import { describe, expect, it } from 'vitest';
import { clockTime, isElsewhere, listDay, listTime, sentenceDay } from '../../../lib/i18n/dates.ts';

const kst = (text: string): number => Date.parse(`${text}+09:00`);

describe('a day', () => {
  it.each([
    ['2026-12-20T23:59:59', '2026-12-20', '2026년 12월 20일', '20 December 2026'],
    ['2026-12-20T00:00:00', '2026-12-20', '2026년 12월 20일', '20 December 2026'],
    ['2027-01-01T08:59:59', '2027-01-01', '2027년 1월 1일', '1 January 2027'],
    ['2028-02-29T12:00:00', '2028-02-29', '2028년 2월 29일', '29 February 2028'],
  ])('%s in Korea is written %s, %s, %s', (time, list, ko, en) => {
    expect(listDay(kst(time))).toBe(list);
    expect(sentenceDay('ko', kst(time))).toBe(ko);
    expect(sentenceDay('en', kst(time))).toBe(en);
  });

  it('agrees with the time zone data of the platform, also at the turn of years', () => {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Seoul', dateStyle: 'short' });
    for (let time = kst('2000-01-01T00:00:00'); time < kst('2040-01-01T00:00:00'); time += 86_400_000 * 9.37) {
      expect(listDay(time)).toBe(format.format(time));
    }
  });
});

describe('an hour', () => {
  const time = Date.UTC(2026, 10, 23, 1, 2);

  it('is Korean in lists', () => {
    expect(listTime(time)).toBe('2026-11-23 10:02');
  });

  it.each([
    [-540, '10:02'],
    [0, '01:02'],
    [300, '20:02'],
    [-330, '06:32'],
  ])('on a clock with the offset %i is %s', (offset, expected) => {
    expect(clockTime(time, offset)).toBe(expected);
  });
});

describe('a clock', () => {
  it.each([
    [-540, false],
    [0, true],
    [-480, true],
    [540, true],
  ])('with the offset %i runs otherwise than in Korea: %s', (offset, expected) => {
    expect(isElsewhere(offset)).toBe(expected);
  });
});
