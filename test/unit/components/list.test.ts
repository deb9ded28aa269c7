import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LABEL_MOST } from '../../../components/label/label-most.ts';
import { NO_CHOICE, narrows, readChoice, writeChoice, type ListChoice } from '../../../components/list/list-choice.ts';
import { csvName, listCsv } from '../../../components/list/list-csv.ts';
import { chosenRows, groupsOf, issuerKey, listedRow, optionsOf, type ListedRow } from '../../../components/list/listed-rows.ts';
import { clientNotice } from '../../../components/overview/client-notice.ts';
import { dueCounts, monthsOf } from '../../../components/overview/year.ts';
import { partsOf, RowHeights, WINDOW_MOST, windowOf } from '../../../components/list/row-window.ts';
import { sentenceDay } from '../../../lib/i18n/dates.ts';
import { createTexts } from '../../../lib/i18n/texts.ts';
import { LABEL_MOST as KEPT_MOST } from '../../../lib/wallet/labels.ts';
import type { CertificateRow, Labels } from '../../../lib/wallet/model.ts';

const kst = (text: string): number => Date.parse(`${text}+09:00`);
const NOW = kst('2026-11-30T09:00:00');
const { t } = createTexts('ko', JSON.parse(readFileSync(new URL('../../../public/_locales/ko/messages.json', import.meta.url), 'utf8')));

interface Given extends Partial<Omit<CertificateRow, 'labels'>> {
  readonly labels?: Partial<Labels>;
  readonly ends?: string;
}

function row({ ends = '2027-06-01', labels = {}, ...rest }: Given): CertificateRow {
  return {
    id: rest.id ?? rest.holder ?? 'id',
    holder: '홍길동',
    purpose: 'personal-bank',
    policy: null,
    issuer: 'yessign',
    issuerName: 'yessign',
    bank: null,
    notBefore: kst('2025-06-01T00:00:00'),
    notAfter: kst(`${ends}T23:59:59`),
    serialHex: '01',
    fingerprint: rest.holder ?? '',
    hasRandom: true,
    hasKm: true,
    canSign: true,
    replacedBy: null,
    unconfirmed: false,
    revocation: null,
    muted: false,
    remindAt: null,
    labels: { nickname: '', group: '', note: '', ...labels },
    ...rest,
  };
}

const ROWS = [
  row({ holder: '홍길동', ends: '2026-12-20', bank: 'woori', labels: { group: '한빛상사', note: '대표자' } }),
  row({ holder: '김도장', ends: '2026-11-29', issuer: 'kica', purpose: 'business-general', labels: { group: '가온세무' } }),
  row({ holder: '(주)한빛상사', ends: '2026-12-05', issuer: 'kica', purpose: 'e-tax', labels: { group: '한빛상사', nickname: '세금계산서' } }),
  row({ holder: 'HONG KILDONG', ends: '2027-01-20', issuer: 'other', issuerName: 'DojangDemo' }),
  row({ holder: '나중에', ends: '2028-01-01', notBefore: kst('2027-01-01T00:00:00') }),
  row({ holder: '오늘', ends: '2026-11-30' }),
];
const listed = (rows: readonly CertificateRow[]): readonly ListedRow[] => rows.map((one) => listedRow(t, one, NOW));
const names = (choice: Partial<ListChoice>): readonly string[] => chosenRows(listed(ROWS), { ...NO_CHOICE, ...choice }).map((one) => one.row.holder);

describe('the list', () => {
  it('shows all at first, what ends first at the top', () => {
    expect(names({})).toEqual(['김도장', '오늘', '(주)한빛상사', '홍길동', 'HONG KILDONG', '나중에']);
  });

  it.each([
    ['the holder', 'ㅎㄱㄷ', ['홍길동']],
    ['the nickname', '세금계산서', ['(주)한빛상사']],
    ['the client group', '한빛상사', ['(주)한빛상사', '홍길동']],
    ['the note', '대표자', ['홍길동']],
    ['the authority', 'ㅎㄱㅈㅂㅇㅈ', ['김도장', '(주)한빛상사']],
    ['the bank that registered', '우리은행', ['홍길동']],
    ['the kind', '사업자 범용', ['김도장']],
    ['the state', '만료됨', ['김도장']],
    ['the day', '2027-01', ['HONG KILDONG']],
    ['several of them', '한빛 대표', ['홍길동']],
    ['nothing in it', '없는 말', []],
  ])('is searched by %s', (_what, search, found) => {
    expect(names({ search })).toEqual(found);
  });

  it.each<[string, Partial<ListChoice>, readonly string[]]>([
    ['expired', { state: 'expired' }, ['김도장']],
    ['about to expire', { state: 'expires-soon' }, ['오늘', '(주)한빛상사', '홍길동']],
    ['not yet valid', { state: 'not-yet-valid' }, ['나중에']],
    ['of a kind', { kind: 'e-tax' }, ['(주)한빛상사']],
    ['of an authority and a bank', { issuer: 'yessign/woori' }, ['홍길동']],
    ['of an authority that is not in our list', { issuer: '~DojangDemo' }, ['HONG KILDONG']],
    ['of a client group', { group: '한빛상사' }, ['(주)한빛상사', '홍길동']],
    ['of no group', { group: '' }, ['오늘', 'HONG KILDONG', '나중에']],
    ['due today and later this week', { due: '7' }, ['오늘', '(주)한빛상사']],
    ['due within thirty days', { due: '30' }, ['오늘', '(주)한빛상사', '홍길동']],
    ['due within sixty days', { due: '60' }, ['오늘', '(주)한빛상사', '홍길동', 'HONG KILDONG']],
    ['due later', { due: 'later' }, ['나중에']],
    ['over', { due: 'expired' }, ['김도장']],
    ['that end in a month', { month: '2026-12' }, ['(주)한빛상사', '홍길동']],
    ['that several filters leave', { group: '한빛상사', state: 'expires-soon', kind: 'personal-bank', search: 'ㅎㄱㄷ' }, ['홍길동']],
    ['of a kind that none has', { kind: 'card' }, []],
  ])('can be narrowed to those %s', (_what, choice, left) => {
    expect(names(choice)).toEqual(left);
    expect(narrows({ ...NO_CHOICE, ...choice })).toBe(true);
  });

  it.each<[string, Partial<ListChoice>, readonly string[]]>([
    ['the end, falling', { falling: true }, ['나중에', 'HONG KILDONG', '홍길동', '(주)한빛상사', '오늘', '김도장']],
    ['the holder, Korean before Latin', { sort: 'holder' }, ['(주)한빛상사', '김도장', '나중에', '오늘', '홍길동', 'HONG KILDONG']],
    ['the state, the worst first', { sort: 'state' }, ['김도장', '오늘', '(주)한빛상사', '홍길동', '나중에', 'HONG KILDONG']],
    ['the group, those without at the end', { sort: 'group' }, ['김도장', '(주)한빛상사', '홍길동', '오늘', 'HONG KILDONG', '나중에']],
    [
      'the group, falling, those without still there',
      { sort: 'group', falling: true },
      ['(주)한빛상사', '홍길동', '김도장', '오늘', 'HONG KILDONG', '나중에'],
    ],
  ])('is sorted by %s', (_what, choice, order) => {
    expect(names(choice)).toEqual(order);
  });

  it('offers as filters what occurs, each once, in the order of its words', () => {
    expect(optionsOf(listed(ROWS), (one) => ({ value: issuerKey(one.row), word: one.issuer }))).toEqual([
      { value: 'yessign', word: '금융결제원' },
      { value: 'yessign/woori', word: '금융결제원 · 우리은행' },
      { value: 'kica', word: '한국정보인증' },
      { value: '~DojangDemo', word: 'DojangDemo' },
    ]);
    expect(groupsOf(ROWS)).toEqual(['가온세무', '한빛상사']);
  });
});

describe('the address of the list', () => {
  it('is empty for the list as it is at first, and anything unknown in it is not chosen', () => {
    expect(writeChoice(NO_CHOICE)).toBe('');
    for (const query of ['', 'state=best&due=8&month=2026&sort=-colour&page=0', 'page=-1', 'page=99999', 'x=1'])
      expect(readChoice(query)).toEqual(NO_CHOICE);
  });

  it('says shortly what is seen', () => {
    const choice: ListChoice = { ...NO_CHOICE, search: 'ㅎㄱㄷ', group: '', state: 'expired', sort: 'holder', falling: true, page: 2 };
    expect(decodeURIComponent(writeChoice(choice))).toBe('q=ㅎㄱㄷ&state=expired&group=&sort=-holder&page=3');
    expect(writeChoice({ ...NO_CHOICE, page: null })).toBe('page=all');
  });

  it('is read as it was written', () => {
    const text = fc.option(fc.string({ unit: 'grapheme', maxLength: 20 }));
    const choice = fc.record({
      search: fc.string({ unit: 'grapheme', maxLength: 20 }),
      state: fc.constantFrom('revoked', 'on-hold', 'expired', 'expires-soon', 'not-yet-valid', 'valid', null),
      kind: text,
      issuer: text,
      group: text,
      due: fc.constantFrom('expired', '7', '30', '60', 'later', null),
      month: fc.constantFrom('2026-12', null),
      sort: fc.constantFrom('purpose', 'holder', 'expires', 'issuer', 'state', 'group'),
      falling: fc.boolean(),
      page: fc.option(fc.nat(9_000)),
    });
    fc.assert(
      fc.property(choice, (one) => {
        expect(readChoice(writeChoice(one as ListChoice))).toEqual(one);
      }),
    );
  });
});

describe('the list as a file', () => {
  const csv = (rows: readonly CertificateRow[]): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(listCsv(t, listed(rows)));

  it('has a mark for Excel, one line for each certificate, and every field in quotes', () => {
    expect(csv([ROWS[0]!])).toBe(
      '\ufeff"구분","사용자","별칭","만료일","발급자","상태","거래처","메모"\r\n' +
        '"은행/신용카드/보험용","홍길동","","2026-12-20","금융결제원 · 우리은행","만료 예정 · 20일 남음","한빛상사","대표자"\r\n',
    );
    expect(csvName(NOW)).toBe('dojang-certificates-2026-11-30.csv');
  });

  it.each([
    ['a formula', '=1+1', `"'=1+1"`],
    ['a command', '+cmd|x', `"'+cmd|x"`],
    ['a minus', '-2', `"'-2"`],
    ['an at sign', '@SUM(A1)', `"'@SUM(A1)"`],
    ['a formula behind blanks', '  =1', `"'  =1"`],
    ['a wide formula', '\uff1d1', `"'\uff1d1"`],
    ['quotes and commas', 'a "b", c', `"a ""b"", c"`],
    ['lines', 'a\nb', '"a\nb"'],
    ['a formula in a later line', 'a\n=1', '"a\n=1"'],
  ])('keeps %s as a text', (_what, note, field) => {
    expect(csv([row({ labels: { note } })])).toContain(`,${field}\r\n`);
  });

  it('names nothing that identifies a key or a number', () => {
    expect(csv([row({ serialHex: 'abcdef123456', fingerprint: 'f00d' })])).not.toMatch(/abcdef123456|f00d/);
  });
});

describe('the part of a long list that stands in the page', () => {
  const even = (count: number, height: number): number[] => Array.from({ length: count + 1 }, (_, at) => at * height);

  it.each([
    ['at the top', 0, { first: 0, end: 33 }],
    ['in the middle', 10_000, { first: 239, end: 283 }],
    ['at the end', 37_400, { first: 924, end: 968 }],
    ['above the table', -300, { first: 0, end: 25 }],
    ['behind the table', 90_000, { first: 999, end: 1_000 }],
  ])('is what a screen shows and half a screen more, %s', (_where, above, window) => {
    expect(windowOf(even(1_000, 40), above, 860)).toEqual(window);
  });

  it('is never more than a hundred rows, covers the screen, and keeps the length of the page', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 30, max: 400 }), { minLength: 101, maxLength: 1_000 }),
        fc.integer({ min: -1_000, max: 60_000 }),
        fc.integer({ min: 200, max: 1_500 }),
        fc.integer({ min: -1, max: 999 }),
        (heights, above, screen, kept) => {
          const starts = heights.reduce<number[]>((all, height) => [...all, all.at(-1)! + height], [0]);
          const window = windowOf(starts, above, screen);
          const parts = partsOf(starts, window, kept);
          const shown = parts.flatMap((part) => ('row' in part ? [part.row] : []));
          expect(shown.length).toBeLessThanOrEqual(WINDOW_MOST + 1);
          expect(parts.length).toBeLessThanOrEqual(100);
          expect(shown).toEqual([...new Set(shown)].sort((a, b) => a - b));
          if (kept >= 0 && kept < heights.length) expect(shown).toContain(kept);
          const length = parts.reduce((sum, part) => sum + ('row' in part ? heights[part.row]! : part.gap), 0);
          expect(length).toBe(starts.at(-1));
          for (const [at, start] of starts.slice(0, -1).entries())
            if (start < above + screen && starts[at + 1]! > above && start >= 0) expect(shown).toContain(at);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('takes rows that were never shown for as high as the others are on the average', () => {
    const heights = new RowHeights();
    expect(heights.starts(['a', 'b'])).toEqual([0, 48, 96]);
    expect([heights.measure('a', 40), heights.measure('b', 60), heights.measure('b', 60.2)]).toEqual([true, true, false]);
    expect(heights.starts(['a', 'b', 'c'])).toEqual([0, 40, 100, 150]);
    heights.measure('b', 80);
    expect(heights.starts(['c', 'a'])).toEqual([0, 60, 100]);
    heights.clear();
    expect(heights.starts(['a'])).toEqual([0, 48]);
  });
});

describe('what ends when', () => {
  it('is counted by the days that are left; those of a week are also of a month', () => {
    expect(dueCounts(listed(ROWS)).map(({ due, count }) => [due, count])).toEqual([
      ['expired', 1],
      ['7', 2],
      ['30', 3],
      ['60', 4],
      ['later', 1],
    ]);
  });

  it('is counted by the months of a year from this one, in Korea', () => {
    const months = monthsOf(listed(ROWS), kst('2026-12-01T00:30:00'));
    expect(months.map(({ month }) => month)).toEqual([
      '2026-12',
      ...Array.from({ length: 12 }, (_, at) => `2027-${String(at + 1).padStart(2, '0')}`),
    ]);
    expect(months.filter(({ count }) => count > 0)).toEqual([
      { month: '2026-12', count: 2 },
      { month: '2027-01', count: 1 },
    ]);
    expect(monthsOf([], kst('2026-11-30T23:59:59'))[0]).toEqual({ month: '2026-11', count: 0 });
  });

  it('is told to a client in words, with nothing but name, kind, day and place', () => {
    const words = { t, day: (time: number) => sentenceDay('ko', time), now: NOW };
    const [first, ended] = listed([
      row({ ...ROWS[0]!, ends: '2026-12-20', labels: { note: '비밀 메모' } }),
      row({ holder: '김도장', ends: '2026-11-29' }),
    ]);
    expect(clientNotice(words, [first!, ended!])).toBe(
      [
        '공동인증서 만료 안내',
        '',
        '사용자: 홍길동',
        '구분: 은행/신용카드/보험용',
        '만료일: 2026년 12월 20일 (20일 남음)',
        '발급자: 금융결제원 · 우리은행',
        '만료되기 전에 발급받은 곳(금융결제원 · 우리은행)의 인증센터에서 갱신하세요. 보통 만료 30일 전부터 할 수 있습니다.',
        '',
        '사용자: 김도장',
        '구분: 은행/신용카드/보험용',
        '만료일: 2026년 11월 29일 (1일 지남)',
        '발급자: 금융결제원',
        '이미 만료되어 갱신할 수 없습니다. 발급받은 곳(금융결제원)의 인증센터에서 새로 발급받으세요.',
        '',
        '새 인증서는 쓰던 은행과 기관에 다시 등록해야 할 수 있습니다.',
      ].join('\n'),
    );
  });
});

it('lets nobody type more of a label than is kept', () => {
  expect(LABEL_MOST).toEqual(KEPT_MOST);
});
