import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  addedWords,
  candidateName,
  countCertificates,
  countStates,
  fewNames,
  inOrder,
  isClosedFile,
  isKmClosed,
  isOffered,
  searchText,
} from '../../../components/import/candidate-words.ts';
import { groupLeft, outcomeOf, renewedRows } from '../../../components/import/import-outcome.ts';
import { newlyOpened, passwordKeys } from '../../../components/import/password-rows.ts';
import { listDay } from '../../../lib/i18n/dates.ts';
import { createTexts } from '../../../lib/i18n/texts.ts';
import type { CertificateFacts, CertificateRow, ImportCandidate } from '../../../lib/wallet/model.ts';

const { t } = createTexts('ko', JSON.parse(readFileSync(new URL('../../../public/_locales/ko/messages.json', import.meta.url), 'utf8')));

function facts(holder: string, more: Partial<CertificateFacts> = {}): CertificateFacts {
  const end = Date.UTC(2027, 0, 1);
  const names = { holder, issuerName: 'yessign', bank: null, policy: null, serialHex: '01', fingerprint: holder };
  return { ...names, purpose: 'personal-general', issuer: 'yessign', notBefore: 0, notAfter: end, ...more };
}

function row(key: string, state: ImportCandidate['state'], more: Partial<ImportCandidate> = {}): ImportCandidate {
  const what = { path: `NPKI/${key}`, form: 'npki' as const, facts: facts(key), code: null, detail: null };
  return { key, state, ...what, hasKm: false, kmOpened: null, hasRandom: null, plain: false, replaces: null, adds: [], ...more };
}

const closedFile = (key: string): ImportCandidate => row(key, 'sealed', { form: 'pfx', facts: null, path: `${key}.pfx` });

describe('a row of the import', () => {
  it('is named after its holder, or after its file where it shows nothing yet', () => {
    expect(candidateName(t, row('홍길동', 'sealed'))).toBe('홍길동 · 개인 범용');
    expect(candidateName(t, row('x', 'refused', { facts: null, path: 'NPKI/a/b.key' }))).toBe('b.key');
  });

  it.each([
    ['sealed', true],
    ['wrong-password', true],
    ['opened', true],
    ['refused', false],
    ['present', false],
    ['duplicate', false],
  ] as const)('that is %s is offered: %s', (state, offered) => {
    expect(isOffered(row('a', state))).toBe(offered);
  });

  it('hides what it holds while it is a closed PFX, or shows no certificate', () => {
    expect(isClosedFile(closedFile('a'))).toBe(true);
    expect(isClosedFile(row('a', 'wrong-password', { form: 'pfx' }))).toBe(true);
    expect(isClosedFile(row('a', 'opened', { form: 'pfx' }))).toBe(false);
    expect(isClosedFile(row('a', 'sealed'))).toBe(false);
  });

  it('says what it adds to the wallet once it is open, and what it might add before', () => {
    expect(addedWords(t, row('a', 'opened'))).toBeNull();
    expect(addedWords(t, row('a', 'opened', { adds: ['random', 'km'] }))).toBe('지갑에 있는 같은 인증서에 더합니다: 신원확인값, 암호화용 인증서');
    expect(addedWords(t, row('a', 'sealed', { adds: ['chain'] }))).toContain('이미 지갑에 있습니다');
  });

  it('waits for the password of its encryption key only once it is open itself', () => {
    expect(isKmClosed(row('a', 'opened', { hasKm: true, kmOpened: false }))).toBe(true);
    expect(isKmClosed(row('a', 'opened', { hasKm: true, kmOpened: true }))).toBe(false);
    expect(isKmClosed(row('a', 'sealed', { hasKm: true, kmOpened: false }))).toBe(false);
  });

  it('is found by each of its words and its path, however the system composes Korean', () => {
    const words = searchText(t, listDay, row('a', 'sealed', { facts: facts('홍길동'), path: 'USB/인증서'.normalize('NFD') }));
    for (const looked of ['홍길동', '개인 범용', '금융결제원', '2027-01-01', 'usb/인증서']) expect(words).toContain(looked);
  });
});

describe('the rows together', () => {
  it('stand by state, then by holder as people count, then by end, and files without a name last', () => {
    const late = row('b2', 'sealed', { facts: facts('고객2', { notAfter: Date.UTC(2028, 0, 1) }) });
    const rows = [
      closedFile('z'),
      row('c', 'duplicate'),
      late,
      row('b10', 'sealed', { facts: facts('고객10') }),
      row('b1', 'sealed', { facts: facts('고객2') }),
    ];
    const ready = row('d', 'opened');
    expect(inOrder([...rows, ready]).map(({ key }) => key)).toEqual(['d', 'b1', 'b2', 'b10', 'z', 'c']);
  });

  it('are counted by state, without states that none has, and as certificates once each', () => {
    const rows = [row('a', 'sealed'), row('b', 'opened'), row('c', 'sealed', { facts: facts('b') }), closedFile('d')];
    expect(countStates(rows)).toEqual([
      { state: 'opened', count: 1 },
      { state: 'sealed', count: 3 },
    ]);
    expect(countCertificates(rows)).toBe(2);
  });

  it('are named in a sentence up to three, each name once', () => {
    expect(fewNames(t, [row('가', 'sealed'), row('가', 'sealed')])).toBe('가 · 개인 범용');
    expect(
      fewNames(
        t,
        ['가', '나', '다', '라', '마'].map((key) => row(key, 'sealed')),
      ),
    ).toBe('가 · 개인 범용, 나 · 개인 범용, 다 · 개인 범용 외 2개');
  });
});

describe('a password', () => {
  const rows = [
    row('wanted', 'sealed'),
    row('missed', 'wrong-password'),
    row('km', 'opened', { hasKm: true, kmOpened: false }),
    row('whole', 'opened', { hasKm: true, kmOpened: true }),
    row('declined', 'sealed'),
    row('copy of wanted', 'duplicate', { facts: facts('wanted') }),
    row('copy of declined', 'duplicate', { facts: facts('declined') }),
    row('there', 'present'),
    row('bad', 'refused'),
    closedFile('file'),
  ];

  it('is for wanted rows that are not wholly open and for their copies, and for no copy of what is not wanted', () => {
    expect(passwordKeys(rows, (key) => key !== 'declined')).toEqual(['wanted', 'missed', 'km', 'copy of wanted', 'file']);
  });

  it('is for nothing where nothing is wanted', () => {
    expect(passwordKeys([row('a', 'sealed'), row('copy', 'duplicate', { facts: facts('a') })], () => false)).toEqual([]);
  });

  it('brings rows, those inside a file among them, and encryption keys of rows that were open', () => {
    const now = [row('wanted', 'opened', { hasKm: true, kmOpened: true }), row('km', 'opened', { hasKm: true, kmOpened: true })];
    expect(newlyOpened(rows, [...now, row('file/0', 'opened'), row('file/1', 'opened'), row('missed', 'wrong-password')])).toEqual({
      rows: 3,
      kms: 1,
    });
    expect(newlyOpened(rows, rows)).toEqual({ rows: 0, kms: 0 });
  });
});

describe('the end of an import', () => {
  const stored = [row('a', 'opened', { hasRandom: true, plain: true }), row('b', 'opened', { hasRandom: false })];
  const broken = row('c', 'refused', { code: 'file.unsupported', detail: '1.2.3' });
  const left = [
    { path: 'NPKI/here', code: 'vault.exists' },
    { path: 'NPKI/no', code: 'user.cancelled' },
    { path: 'NPKI/c', code: 'file.unsupported' },
    { path: 'two.pfx', code: 'file.pair-missing' },
  ] as const;
  const twins = [row('t/0', 'refused', { path: 'two.pfx' }), row('t/1', 'refused', { path: 'two.pfx' })];
  const outcome = outcomeOf({ stored: 2, left, samePassword: false }, [...stored, broken, ...twins], stored);

  it('counts what is worth a warning among what was stored', () => {
    expect(outcome).toMatchObject({ stored: 2, withoutRandom: 1, plain: 1 });
  });

  it('warns of no missing R where a row only completes what the wallet has', () => {
    const completing = row('d', 'opened', { hasRandom: false, adds: ['km'] });
    expect(outcomeOf({ stored: 1, left: [], samePassword: false }, [completing], [completing]).withoutRandom).toBe(0);
  });

  it('names failures first, with their detail and their holder where the path tells which row it was', () => {
    expect(outcome.left.map(({ path, detail, facts: told }) => [path, detail, told?.holder ?? null])).toEqual([
      ['NPKI/c', '1.2.3', 'c'],
      ['two.pfx', null, null],
      ['NPKI/no', null, null],
      ['NPKI/here', null, null],
    ]);
  });

  it('groups them by what is said of them', () => {
    const groups = groupLeft(outcome.left, ({ code }) => (code.startsWith('file.') ? 'file' : 'other'));
    expect(groups.map(([why, rows]) => [why, rows.length])).toEqual([
      ['file', 2],
      ['other', 2],
    ]);
  });
});

describe('certificates that took the place of one that was here', () => {
  const inWallet = (id: string, holder: string, replacedBy: string | null): CertificateRow => {
    const labels = { nickname: '', group: '', note: '' };
    return {
      ...facts(holder),
      id,
      hasRandom: true,
      hasKm: false,
      canSign: true,
      labels,
      muted: false,
      remindAt: null,
      replacedBy,
      unconfirmed: false,
      revocation: null,
    };
  };
  const follows = (id: string): Partial<ImportCandidate> => ({ replaces: { id, notAfter: 0 } });

  it('are those of the stored rows that the wallet says so of', () => {
    const rows = [inWallet('old', '이전', 'new'), inWallet('new', '새것', null), inWallet('other', '다른것', null)];
    expect(renewedRows([row('새것', 'opened', follows('old')), row('다른것', 'opened')], rows)).toEqual([rows[1]]);
  });

  it.each<[string, Partial<ImportCandidate>, readonly CertificateRow[]]>([
    ['an older row of the same pick', follows('1'), [inWallet('new', '새것', null)]],
    ['one that is gone by now', follows('old'), [inWallet('new', '새것', null)]],
    ['one that a still newer one replaced', follows('old'), [inWallet('old', '이전', 'newest'), inWallet('new', '새것', 'newest')]],
  ])('are not those that follow %s', (_, more, rows) => {
    expect(renewedRows([row('새것', 'opened', more)], rows)).toEqual([]);
  });
});
