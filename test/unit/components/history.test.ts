import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import ko from '../../../public/_locales/ko/messages.json' with { type: 'json' };
import { createTexts } from '../../../lib/i18n/texts.ts';
import type { HistoryRow } from '../../../lib/wallet/history-api.ts';
import { historyCsv, historyCsvName } from '../../../components/history/history-csv.ts';
import { chosenEntries, EVERYTHING, hostOf, outcomeOf, toldEntries, type HistoryChoice } from '../../../components/history/history-words.ts';

const { t } = createTexts('ko', ko);
const NOW = Date.parse('2026-11-23T10:02:00+09:00');
const DAY = 86_400_000;

const entry = (changes: Partial<HistoryRow> = {}): HistoryRow => ({
  key: JSON.stringify(changes),
  at: NOW,
  origin: 'https://bank.example:8443',
  act: 'sign-in',
  certificate: 'a',
  documents: [],
  released: ['certificate'],
  result: 'done',
  ...changes,
});

const textOf = (rows: readonly HistoryRow[]): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(historyCsv(t, toldEntries(t, rows, [])));

describe('an entry in words', () => {
  it('says when in Korea, where, what, with what, and how it ended', () => {
    expect(toldEntries(t, [entry()], [])).toMatchObject([
      { time: '2026-11-23 10:02', site: 'bank.example:8443', act: '로그인', certificate: '지갑에 없는 인증서', result: '완료' },
    ]);
    expect(toldEntries(t, [entry({ origin: null, act: 'backup', certificate: null })], [])).toMatchObject([
      { site: '이 지갑', act: '백업 파일', certificate: '' },
    ]);
  });

  it.each([
    ['done', 'done'],
    ['user.cancelled', 'cancelled'],
    ['user.timeout', 'timeout'],
    ['request.gone', 'gone'],
    ['certificate.expired', 'failed'],
    ['internal', 'failed'],
  ] as const)('that ended with %s is %s', (result, outcome) => {
    expect(outcomeOf({ result })).toBe(outcome);
  });

  it('shows an origin that is none as it stands', () => {
    expect(['https://a.example', 'https://xn--9n2bp8q.example', 'nonsense'].map(hostOf)).toEqual(['a.example', 'xn--9n2bp8q.example', 'nonsense']);
  });
});

describe('the title of a document', () => {
  it('is shown with the marks that it was signed with, which turn nothing around', () => {
    const source = readFileSync(join(import.meta.dirname, '../../../components/history/HistoryDetails.svelte'), 'utf8');
    expect(source.match(/\{title\}/g)).toHaveLength(1);
    expect(source).toContain('<VisibleText text={title} />');
  });
});

describe('the choice', () => {
  const all = toldEntries(
    t,
    [
      entry(),
      entry({ origin: null, act: 'export', certificate: 'b' }),
      entry({ at: NOW - 40 * DAY, origin: 'https://tax.example', documents: [{ title: '임대차 계약서', size: 1, digest: 'A'.repeat(43) }] }),
    ],
    [],
  );
  it.each<[Partial<HistoryChoice>, number]>([
    [{}, 3],
    [{ site: '' }, 1],
    [{ site: 'https://tax.example' }, 1],
    [{ act: 'sign-in' }, 2],
    [{ certificate: 'b' }, 1],
    [{ days: '30' }, 2],
    [{ days: '90' }, 3],
    [{ search: 'tax' }, 1],
    [{ search: '계약' }, 1],
    [{ search: 'ㄱㅇㅅ' }, 1],
    [{ search: '로그인', site: '' }, 0],
  ])('%j leaves %i', (choice, count) => {
    expect(chosenEntries(all, { ...EVERYTHING, ...choice }, NOW)).toHaveLength(count);
  });
});

describe('the file for spreadsheets', () => {
  it('has one line an entry, with every title and digest in hexadecimal', () => {
    const documents = [1, 2].map((nth) => ({ title: `계약서 ${nth}`, size: 3, digest: 'A'.repeat(43) }));
    expect(textOf([entry({ documents })])).toBe(
      '\ufeff"시각","사이트","한 일","인증서","결과","내보낸 것","문서","SHA-256"\r\n' +
        `"2026-11-23 10:02","https://bank.example:8443","로그인","지갑에 없는 인증서","완료","서명, 인증서","계약서 1\n계약서 2","${'0'.repeat(64)}\n${'0'.repeat(64)}"\r\n`,
    );
  });

  it.each(['=HYPERLINK("http://evil.example")', '+1', '-1', '@SUM(A1)', ' =1', '\uff1d1', '\t=1'])(
    'lets no spreadsheet take the title %j for a formula',
    (title) => {
      const text = textOf([entry({ documents: [{ title, size: 1, digest: 'A'.repeat(43) }] })]);
      expect(text).toContain(`"'${title.replaceAll('"', '""')}"`);
    },
  );

  it('is named after the day', () => {
    expect(historyCsvName(NOW)).toBe('dojang-history-2026-11-23.csv');
  });
});
