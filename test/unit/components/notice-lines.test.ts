import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { noticeLines, type Noticed } from '../../../components/popup/notice-lines.ts';
import { createTexts } from '../../../lib/i18n/texts.ts';

const { t } = createTexts('ko', JSON.parse(readFileSync(new URL('../../../public/_locales/ko/messages.json', import.meta.url), 'utf8')));

const QUIET: Noticed = { lost: 0, news: null, guides: [], backup: { due: false, days: 3, changes: 0 }, hasCode: true };
const DUE = { due: true, days: 31, changes: 0 };

describe('the lines of the popup', () => {
  it.each<[string, Partial<Noticed>, readonly (readonly [string, string])[]]>([
    ['nothing where all is well', {}, []],
    ['nothing where it cannot be told', { backup: null, hasCode: null }, []],
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
  ])('say %s', (_, noticed, expected) => {
    expect(noticeLines(t, { ...QUIET, ...noticed }).map(({ key, path }) => [key, path])).toEqual(expected);
  });

  it('say of one renewal how many places are left, or that the old one is', () => {
    const textOf = (places: number, done: number): string | undefined => noticeLines(t, { ...QUIET, guides: [{ id: 'a', places, done }] })[0]?.text;
    expect([textOf(5, 2), textOf(2, 2)]).toEqual(['새 인증서를 등록할 곳: 5곳 중 2곳 끝냄', '이전 인증서 정리가 남았습니다.']);
  });

  it('say why a backup is due, by its age and by what changed', () => {
    const textOf = (backup: Noticed['backup']): string | undefined => noticeLines(t, { ...QUIET, backup })[0]?.text;
    expect(textOf(DUE)).toBe(t('backup_due_days', { n: 31 }));
    expect(textOf({ ...DUE, changes: 2 })).toBe(t('backup_due_changes', { n: 2 }));
    expect(textOf({ ...DUE, days: null })).toBe(t('backup_none'));
  });
});
