import { describe, expect, it } from 'vitest';
import { daysUntil, koreanDay, startOfKoreanDay } from '../../../lib/calendar/korea.ts';

const kst = (text: string): number => Date.parse(`${text}+09:00`);

describe('days until the end', () => {
  it.each([
    ['2026-12-20T00:00:00', '2026-12-20T23:59:59', 0],
    ['2026-12-20T23:59:59', '2026-12-20T00:00:00', 0],
    ['2026-12-19T23:59:59', '2026-12-20T00:00:00', 1],
    ['2026-11-23T10:00:00', '2026-12-20T23:59:59', 27],
    ['2026-12-21T00:00:00', '2026-12-20T23:59:59', -1],
    ['2026-12-23T12:00:00', '2026-12-20T23:59:59', -3],
  ])('from %s to %s are %i', (now, end, days) => {
    expect(daysUntil(kst(now), kst(end))).toBe(days);
  });
});

describe('the Korean calendar day', () => {
  it.each([
    ['1970-01-01T00:00:00', 0],
    ['1969-12-31T23:59:59', -1],
    ['2026-11-23T00:00:00', 20_780],
    ['2026-11-23T23:59:59', 20_780],
    ['2026-11-24T00:00:00', 20_781],
  ])('of %s is number %i', (time, day) => {
    expect(koreanDay(kst(time))).toBe(day);
  });

  it.each([
    ['2026-12-20', kst('2026-12-20T00:00:00')],
    ['2026-13-20', null],
    ['2026-12-20T00:00', null],
    ['', null],
  ])('begins, written as "%s", at %s', (day, time) => {
    expect(startOfKoreanDay(day)).toBe(time);
  });
});
