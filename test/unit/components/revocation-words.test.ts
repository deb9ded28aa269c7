import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isUsable, stateSentence, validityAt } from '../../../components/certificate/certificate-words.ts';
import { revocationLines, revocationSource } from '../../../components/certificate/revocation-words.ts';
import { listDay, listTime } from '../../../lib/i18n/dates.ts';
import { createTexts } from '../../../lib/i18n/texts.ts';
import { UNKNOWN_REASONS } from '../../../lib/trust/status/state.ts';
import type { RevocationNote } from '../../../lib/wallet/model.ts';
import type { RevocationWord } from '../../../lib/wallet/revocation-api.ts';

const { t } = createTexts('ko', JSON.parse(readFileSync(new URL('../../../public/_locales/ko/messages.json', import.meta.url), 'utf8')));
const AT = Date.parse('2026-11-30T09:00:00+09:00');
const DATES = { notBefore: AT - 1, notAfter: AT + 400 * 86_400_000 };

const word = (change: Partial<RevocationWord> = {}): RevocationWord => ({
  state: 'good',
  at: AT,
  source: 'ocsp',
  since: null,
  reason: null,
  ...change,
});
const note = (said: Partial<RevocationWord> | null, failed: RevocationNote['failed'] = null): RevocationNote => ({
  word: said && word(said),
  failed,
});
const said = (one: RevocationNote | null): readonly string[] => revocationLines(t, listDay, one).map(({ tone, text }) => `${tone}: ${text}`);

describe('what is said of a check', () => {
  it.each<[string, RevocationNote | null, readonly string[]]>([
    ['never', null, []],
    ['good', note({}), ['good: 인증기관에서 정상이라고 확인했습니다. 폐기되지 않았습니다.']],
    ['revoked', note({ state: 'revoked', since: AT }), ['bad: 폐기된 인증서입니다. 폐기한 날: 2026-11-30.']],
    [
      'revoked, with a reason',
      note({ state: 'revoked', since: AT, reason: 'keyCompromise' }),
      ['bad: 폐기된 인증서입니다. 폐기한 날: 2026-11-30. 이유: 개인키 유출.'],
    ],
    [
      'on hold',
      note({ state: 'on-hold', since: AT, reason: 'certificateHold' }),
      ['bad: 효력이 정지된 인증서입니다. 정지한 날: 2026-11-30. 등록한 은행에서 효력을 회복한 뒤 다시 확인하세요.'],
    ],
    ['no answer', note(null, { at: AT, why: 'unreachable' }), ['warn: 폐기 여부를 확인하지 못했습니다. 인터넷 연결을 확인하고 다시 시도하세요.']],
  ])('%s', (_what, one, expected) => {
    expect(said(one)).toEqual(expected);
  });

  it('is never good for a reason not to know, each of which has a sentence', () => {
    for (const why of UNKNOWN_REASONS) expect(said(note(null, { at: AT, why }))).toEqual([expect.stringMatching(/^warn: .{20,}/) as string]);
  });

  it('keeps what was known beside a try that failed, and says when each was', () => {
    const both = note({}, { at: AT + 60_000, why: 'stale' });
    expect(said(both)).toHaveLength(2);
    expect(revocationSource(t, listTime, both)).toBe('확인한 때: 2026-11-30 09:00 (인증기관의 답)');
    expect(revocationSource(t, listTime, note({ source: 'crl' }))).toBe('확인한 때: 2026-11-30 09:00 (인증기관의 폐기 목록)');
    expect(revocationSource(t, listTime, note({ state: 'revoked', since: AT, source: 'cmp' }))).toBe('인증기관이 요청을 처리한 때: 2026-11-30 09:00');
    expect(revocationSource(t, listTime, note(null, { at: AT, why: 'nonce' }))).toBe('확인을 시도한 때: 2026-11-30 09:00');
  });
});

describe('the state of a certificate that its authority ended', () => {
  it.each([
    ['revoked', 'revoked', false],
    ['on-hold', 'on-hold', false],
    ['good', 'valid', true],
  ] as const)('%s comes before its dates', (state, validity, usable) => {
    const row = { ...DATES, revocation: note({ state, since: state === 'good' ? null : AT }) };
    expect([validityAt(row, AT), isUsable(row, AT)]).toEqual([validity, usable]);
    expect(stateSentence(t, listDay, row, AT).includes('만료됩니다')).toBe(usable);
  });
});
