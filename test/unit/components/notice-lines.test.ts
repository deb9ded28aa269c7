import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { noticeLines, type Noticed, type NoticeLine } from '../../../components/notices/notice-lines.ts';
import { sentenceDay } from '../../../lib/i18n/dates.ts';
import { createTexts } from '../../../lib/i18n/texts.ts';

const { t } = createTexts('ko', JSON.parse(readFileSync(new URL('../../../public/_locales/ko/messages.json', import.meta.url), 'utf8')));
const NOW = Date.UTC(2026, 10, 30);
const WORDS = { t, sentenceDay: (time: number) => sentenceDay('ko', time), now: () => NOW };

const NOTHING_ENDS = { ids: [], expired: 0, expiring: 0, nearest: null, daysLeft: null };
const QUIET: Noticed = {
  lost: 0,
  news: null,
  runs: [],
  ending: NOTHING_ENDS,
  guides: [],
  backup: { due: false, days: 3, changes: 0 },
  hasCode: true,
};
const DUE = { due: true, days: 31, changes: 0 };
const END = Date.UTC(2026, 11, 2);
const ENDING = { ids: ['a', 'b', 'c'], expired: 1, expiring: 2, nearest: END, daysLeft: -1 };
const linesOf = (noticed: Partial<Noticed>): readonly NoticeLine[] => noticeLines(WORDS, { ...QUIET, ...noticed });

describe('the lines of the notices', () => {
  it.each<[string, Partial<Noticed>, readonly (readonly [string, string])[]]>([
    ['nothing where all is well', {}, []],
    ['nothing where it cannot be told', { ending: null, backup: null, hasCode: null }, []],
    ['a due backup, which leads to the backups', { backup: DUE }, [['backup', '#/backup']]],
    ['a recovery code that was never made, which leads to the ways in', { hasCode: false }, [['code', '#/security']]],
    ['the places of one renewal, which leads to its guide', { guides: [{ id: 'a', places: 5, done: 2 }] }, [['renewal', '#/renew/a']]],
    [
      'several renewals in one line, before a backup',
      {
        guides: [
          { id: 'b', places: 1, done: 0 },
          { id: 'a', places: 0, done: 0 },
        ],
        backup: DUE,
      },
      [
        ['renewal', '#/renew/b'],
        ['backup', '#/backup'],
      ],
    ],
    [
      'an older state before both',
      { news: 'rolled-back', backup: DUE, hasCode: false },
      [
        ['rolled-back', '#/'],
        ['backup', '#/backup'],
        ['code', '#/security'],
      ],
    ],
    ['copies of different passwords, where nothing is saved', { news: 'other-keys' }, [['other-keys', '#/']]],
    [
      'lost records before a second copy that is owed',
      { lost: 2, news: 'one-copy' },
      [
        ['missing', '#/restore'],
        ['one-copy', '#/'],
      ],
    ],
    [
      'what has ended before what will, one to its guide and several to the overview',
      { ending: ENDING },
      [
        ['expired', '#/renew/a'],
        ['expiring', '#/overview'],
      ],
    ],
    ['what has ended alone', { ending: { ...ENDING, ids: ['a', 'b'], expired: 2, expiring: 0, nearest: null } }, [['expired', '#/overview']]],
    ['what will end alone', { ending: { ...ENDING, ids: ['a'], expired: 0, expiring: 1 } }, [['expiring', '#/renew/a']]],
    ['requests that authorities did not finish', { runs: [{ state: 'UNKNOWN', dueAt: null }] }, [['runs', '#/']]],
    [
      'nothing of requests that have ended',
      {
        runs: [
          { state: 'CONFIRMED', dueAt: null },
          { state: 'FAILED', dueAt: null },
        ],
      },
      [],
    ],
    [
      'everything in one order, the worst first',
      {
        runs: [{ state: 'WAITING', dueAt: null }],
        ending: ENDING,
        lost: 1,
        news: 'one-copy',
        guides: [{ id: 'g', places: 1, done: 0 }],
        backup: DUE,
        hasCode: false,
      },
      [
        ['runs', '#/'],
        ['expired', '#/renew/a'],
        ['expiring', '#/overview'],
        ['missing', '#/restore'],
        ['one-copy', '#/'],
        ['renewal', '#/renew/g'],
        ['backup', '#/backup'],
        ['code', '#/security'],
      ],
    ],
  ])('say %s', (_, noticed, expected) => {
    expect(linesOf(noticed).map(({ key, path }) => [key, path])).toEqual(expected);
  });

  it('say how many requests are not finished, and how many certificates end and when', () => {
    const runs = (['PREPARED', 'SENT', 'WAITING', 'SAVED', 'UNKNOWN', 'CONFIRMED', 'FAILED'] as const).map((state) => ({ state, dueAt: null }));
    expect(linesOf({ runs, ending: ENDING }).map(({ text }) => text)).toEqual([
      '끝나지 않은 발급·갱신·폐기가 5건 있습니다.',
      '만료된 인증서가 1개 있습니다.',
      t('notice_expiring', { n: 2, date: sentenceDay('ko', END) }),
    ]);
  });

  it.each([
    ['WAITING', NOW + 1, 'notice_run_waiting'],
    ['WAITING', NOW, 'notice_run_due'],
    ['SAVED', null, 'notice_run_confirming'],
  ] as const)('say what one run is about that is %s, due at %s', (state, dueAt, key) => {
    expect(linesOf({ runs: [{ state, dueAt }] }).map(({ text, path }) => [text, path])).toEqual([[t(key), '#/']]);
  });

  it('say of one renewal how many places are left, or that the old one is', () => {
    const textOf = (places: number, done: number): string | undefined => linesOf({ guides: [{ id: 'a', places, done }] })[0]?.text;
    expect([textOf(5, 2), textOf(2, 2)]).toEqual(['새 인증서를 등록할 곳: 5곳 중 2곳 끝냄', '이전 인증서 정리가 남았습니다.']);
  });

  it('say why a backup is due, by its age and by what changed', () => {
    const textOf = (backup: Noticed['backup']): string | undefined => linesOf({ backup })[0]?.text;
    expect(textOf(DUE)).toBe(t('backup_due_days', { n: 31 }));
    expect(textOf({ ...DUE, changes: 2 })).toBe(t('backup_due_changes', { n: 2 }));
    expect(textOf({ ...DUE, days: null })).toBe(t('backup_none'));
  });
});
