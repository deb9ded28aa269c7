import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  certificateName,
  daysWord,
  issuerWord,
  purposeWord,
  stateSentence,
  stateWord,
  validityAt,
} from '../../../components/certificate/certificate-words.ts';
import { sentenceDay } from '../../../lib/i18n/dates.ts';
import { LOCALES, type Locale } from '../../../lib/i18n/locale.ts';
import { createTexts, type Texts } from '../../../lib/i18n/texts.ts';
import { ISSUERS } from '../../../lib/npki/issuer.ts';
import { PURPOSES } from '../../../lib/npki/policy.ts';

const texts = (locale: Locale): Texts =>
  createTexts(locale, JSON.parse(readFileSync(new URL(`../../../public/_locales/${locale}/messages.json`, import.meta.url), 'utf8')));
const kst = (text: string): number => Date.parse(`${text}+09:00`);
const times = { notBefore: kst('2025-12-20T00:00:00'), notAfter: kst('2026-12-20T23:59:59') };
const day = (time: number): string => sentenceDay('ko', time);

describe('the state of a certificate', () => {
  it.each([
    ['2025-12-19T23:59:59', 'not-yet-valid', '아직 유효하지 않음', '366일 남음', '2025년 12월 20일부터 쓸 수 있는 인증서입니다.'],
    ['2026-11-19T12:00:00', 'valid', '정상', '31일 남음', '2026년 12월 20일에 만료됩니다. 31일 남았습니다.'],
    ['2026-11-20T00:00:00', 'expires-soon', '만료 예정', '30일 남음', '2026년 12월 20일에 만료됩니다. 30일 남았습니다.'],
    ['2026-12-20T00:00:00', 'expires-soon', '만료 예정', '오늘 만료', '오늘(2026년 12월 20일) 만료됩니다.'],
    ['2026-12-20T23:59:59', 'expires-soon', '만료 예정', '오늘 만료', '오늘(2026년 12월 20일) 만료됩니다.'],
    ['2026-12-21T00:00:00', 'expired', '만료됨', '1일 지남', '2026년 12월 20일에 만료되었습니다. 갱신할 수 없으며 새로 발급받아야 합니다.'],
  ] as const)('at %s is %s, in words %s, %s', (at, validity, word, days, sentence) => {
    const { t } = texts('ko');
    expect(validityAt(times, kst(at))).toBe(validity);
    expect(stateWord(t, validity)).toBe(word);
    expect(daysWord(t, times, kst(at))).toBe(days);
    expect(stateSentence(t, day, times, kst(at))).toBe(sentence);
  });

  it('that ended earlier today is expired, and says so', () => {
    const noon = { ...times, notAfter: kst('2026-12-20T12:00:00') };
    expect(validityAt(noon, kst('2026-12-20T12:00:01'))).toBe('expired');
    expect(daysWord(texts('ko').t, noon, kst('2026-12-20T13:00:00'))).toBe('오늘');
  });

  it('has a singular in English', () => {
    const { t } = texts('en');
    expect(daysWord(t, times, kst('2026-12-19T00:00:00'))).toBe('1 day left');
    expect(daysWord(t, times, kst('2026-12-22T00:00:00'))).toBe('2 days past');
  });
});

describe('the words of the facts', () => {
  it.each(LOCALES)('exist in %s for every purpose and every authority', (locale) => {
    const { t } = texts(locale);
    for (const purpose of PURPOSES) expect(purposeWord(t, { purpose })).not.toMatch(/purpose_|^$/);
    for (const issuer of ISSUERS) expect(issuerWord(t, { issuer, issuerName: 'Some CA', bank: null })).not.toMatch(/issuer_|^$/);
  });

  it.each([
    [{ issuer: 'yessign', issuerName: 'yessign', bank: 'woori' }, '금융결제원 · 우리은행'],
    [{ issuer: 'yessign', issuerName: 'yessign', bank: null }, '금융결제원'],
    [{ issuer: 'yessign', issuerName: 'yessign', bank: 'a bank of tomorrow' }, '금융결제원'],
    [{ issuer: 'other', issuerName: 'Test CA', bank: null }, 'Test CA'],
  ] as const)('name the issuer %j as %s', (facts, expected) => {
    expect(issuerWord(texts('ko').t, facts)).toBe(expected);
  });

  it('name one certificate', () => {
    expect(certificateName(texts('ko').t, { holder: '홍길동', purpose: 'e-tax' })).toBe('홍길동 · 전자세금용');
  });
});
