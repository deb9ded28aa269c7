import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daysUntil, koreanDay } from '../../../lib/calendar/korea.ts';
import {
  dueNotices,
  endingSoon,
  expiryIndex,
  NOTHING_SHOWN,
  watchedKey,
  type ExpiryEntry,
  type FirstRung,
  type Notice,
  type Shown,
} from '../../../lib/wallet/expiry.ts';

const DAY = 86_400_000;
const kst = (text: string): number => Date.parse(`${text}+09:00`);
const END = kst('2027-03-31T23:59:59');

const one = (id: string, notAfter = END, remindAt: number | null = null): ExpiryEntry => ({ id, notAfter, remindAt });
/** Noon in Korea, so many days before the end. */
const before = (days: number, end = END): number => kst('2027-03-31T12:00:00') + (end - END) - days * DAY;

/** Checks at these times, one after the other, as the background does; the wallet is locked unless said. */
class Watch {
  shown: Shown = NOTHING_SHOWN;
  readonly notices: { readonly now: number; readonly notice: Notice }[] = [];

  check(index: readonly ExpiryEntry[], now: number, { first = 30, watched = false }: { first?: FirstRung; watched?: boolean } = {}): Notice | null {
    const { notice, shown } = dueNotices(index, now, this.shown, { first, watched });
    this.shown = shown;
    if (notice) this.notices.push({ now, notice });
    return notice;
  }
}

/** A watch that saw the certificates long before, with the wallet open. */
function seen(index: readonly ExpiryEntry[]): Watch {
  const watch = new Watch();
  watch.check(index, before(300), { watched: true });
  return watch;
}

describe('the ladder of notices', () => {
  it.each<[string, readonly number[], readonly number[], FirstRung]>([
    ['day by day', Array.from({ length: 80 }, (_, nth) => 70 - nth), [30, 15, 7, 3, 1, 0, -1], 30],
    ['day by day, the first notice early', Array.from({ length: 80 }, (_, nth) => 70 - nth), [60, 30, 15, 7, 3, 1, 0, -1], 60],
    ['off from D-8 to D-2: one for D-2, not three (story 16)', [10, 9, 8, 2, 2], [10, 2], 30],
    ['off over all of it', [100, -40, -41], [-40], 30],
    ['off from D-40 to D-20', [40, 20, 19, 15], [20, 15], 30],
    ['looked at ten times a day', [30, 30, 30, 29, 29, 29], [30], 30],
  ])('%s', (_, days, told, first) => {
    const index = [one('a')];
    const watch = seen(index);
    for (const day of days) watch.check(index, before(day), { first });
    expect(watch.notices.map(({ now }) => daysUntil(now, END))).toEqual(told);
    expect(watch.notices.map(({ notice }) => notice)).toEqual(
      told.map((day) => (day < 0 ? { ids: ['a'], expired: 1, expiring: 0, nearest: null } : { ids: ['a'], expired: 0, expiring: 1, nearest: END })),
    );
  });

  it('counts days by the Korean calendar, whatever the hour of the end', () => {
    const index = [one('a', kst('2027-03-31T00:00:01'))];
    const watch = seen(index);
    expect(watch.check(index, kst('2027-02-28T23:59:59'))).toBeNull();
    expect(watch.check(index, kst('2027-03-01T00:00:00'))).not.toBeNull();
    expect(watch.check(index, kst('2027-03-31T00:00:00'))).toMatchObject({ expiring: 1, expired: 0 });
    expect(watch.check(index, kst('2027-03-31T00:00:02')), 'one a day, also on the day of the end').toBeNull();
    expect(watch.check(index, kst('2027-04-01T00:00:00'))).toMatchObject({ expiring: 0, expired: 1 });
  });

  it('puts all of a day into one notice, with the nearest end', () => {
    const index = Array.from({ length: 31 }, (_, nth) => one(`c${String(nth)}`, END + (nth % 3) * DAY));
    const watch = seen(index);
    const notice = watch.check([...index, one('gone', before(301))], before(15) + 2 * DAY);
    expect(notice).toMatchObject({ expiring: 31, expired: 1, nearest: END });
    expect(watch.check(index, before(15) + 2 * DAY + 3_600_000)).toBeNull();
  });

  it('leaves what comes up on a day that had its notice for the next', () => {
    const index = [one('a'), one('b', END + DAY)];
    const watch = seen(index);
    expect(watch.check([one('a')], before(7))?.ids).toEqual(['a']);
    watch.check(index, before(7) + 3_600_000);
    expect(watch.notices).toHaveLength(1);
    expect(watch.check(index, before(6))?.ids).toEqual(['b']);
  });

  it('is silent on rungs behind a certificate that arrives while its owner looks on, and goes on from there', () => {
    const watch = new Watch();
    for (const day of [10, 9, 8]) watch.check([one('a')], before(day), { watched: day === 10 });
    expect(watch.notices).toEqual([]);
    expect(watch.check([one('a')], before(7))?.ids).toEqual(['a']);
  });

  it('tells at once of one that nobody has seen yet', () => {
    const watch = new Watch();
    expect(watch.check([one('a')], before(10))?.ids).toEqual(['a']);
    expect(watch.check([one('a')], before(9))).toBeNull();
  });

  it('tells on the day its owner chose, once, beside the ladder', () => {
    const index = [one('a', END, before(45))];
    const watch = seen(index);
    for (let day = 80; day >= 14; day--) watch.check(index, before(day));
    expect(watch.notices.map(({ now }) => daysUntil(now, END))).toEqual([45, 30, 15]);
  });

  it('forgets what left the index: deleted, replaced or muted', () => {
    const watch = seen([one('a'), one('b')]);
    expect(watch.check([one('b')], before(30))?.ids).toEqual(['b']);
    expect([...watch.shown.told.keys()]).toEqual([watchedKey(one('b'))]);
  });

  it('takes a certificate with another end for another one', () => {
    const watch = seen([one('a')]);
    expect(watch.check([one('a', before(301))], before(31))?.expired).toBe(1);
    expect(watch.check([one('a')], before(30))?.expiring).toBe(1);
  });
});

describe('D22: a wrong clock', () => {
  const index = [one('a')];
  const daily = (watch: Watch, from: number, to: number): void => {
    for (let day = from; day >= to; day--) watch.check(index, before(day));
  };
  const told = (watch: Watch): readonly number[] => watch.notices.map(({ now }) => daysUntil(now, END));

  it('that is set back tells nothing again', () => {
    const watch = seen(index);
    daily(watch, 31, 6);
    daily(watch, 20, 4);
    expect(told(watch)).toEqual([30, 15, 7]);
  });

  it('that went back a year and came back tells nothing again', () => {
    const watch = seen(index);
    daily(watch, 31, 6);
    daily(watch, 6 + 365, 350);
    daily(watch, 6, 2);
    expect(told(watch)).toEqual([30, 15, 7, 3]);
  });

  it('that went forward ten years says once that all has ended, and does not use up the ladder', () => {
    const watch = seen(index);
    daily(watch, 100, 90);
    watch.check(index, before(90 - 3650));
    watch.check(index, before(90 - 3651));
    daily(watch, 89, -3);
    expect(told(watch).slice(1)).toEqual([30, 15, 7, 3, 1, 0, -1]);
    expect(watch.notices[0]?.notice).toMatchObject({ expired: 1 });
  });
});

describe('whatever the times', () => {
  const span = fc.integer({ min: -20, max: 120 });
  const ends = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 5 });
  const certificates = ends.map((list) => list.map((day, nth) => one(`c${String(nth)}`, END + day * DAY)));

  it('nobody is told twice on one day, nor twice of one rung', () => {
    fc.assert(
      fc.property(certificates, fc.array(span, { maxLength: 60 }), (index, days) => {
        const watch = new Watch();
        const rungs = new Map<string, number>();
        let day: number | null = null;
        for (const left of days) {
          const now = before(left);
          const notice = watch.check(index, now);
          if (!notice) continue;
          expect(koreanDay(now)).not.toBe(day);
          day = koreanDay(now);
          for (const id of notice.ids) {
            const end = index.find((entry) => entry.id === id)?.notAfter ?? 0;
            const rung = [-1, 0, 1, 3, 7, 15, 30].find((step) => (now > end ? step === -1 : step >= daysUntil(now, end))) ?? NaN;
            // A clock that went back further than a wrong one may is another matter.
            const near = Math.max(...days) - Math.min(...days) < 45;
            if (near) expect(rung).toBeLessThan(rungs.get(id) ?? Infinity);
            rungs.set(id, rung);
          }
        }
      }),
    );
  });

  it('a computer that is on every day tells the whole ladder of every certificate', () => {
    fc.assert(
      fc.property(certificates, (index) => {
        const watch = seen(index);
        for (let day = 40; day >= -105; day--) watch.check(index, before(day));
        for (const { id, notAfter } of index) {
          const days = watch.notices.filter(({ notice }) => notice.ids.includes(id)).map(({ now }) => daysUntil(now, notAfter));
          expect(days).toEqual([30, 15, 7, 3, 1, 0, -1].filter((rung) => rung <= daysUntil(before(40), notAfter)));
        }
      }),
    );
  });

  it('the same check again changes nothing', () => {
    fc.assert(
      fc.property(certificates, span, fc.boolean(), (index, left, watched) => {
        const watch = new Watch();
        watch.check(index, before(left), { watched });
        const { shown } = watch;
        expect(watch.check(index, before(left), { watched })).toBeNull();
        expect(watch.shown).toEqual(shown);
      }),
    );
  });
});

describe('what ends soon', () => {
  it.each([
    ['nothing in the index', [], { ids: [], expired: 0, expiring: 0, nearest: null, daysLeft: null }],
    ['31 days', [one('a', END + 31 * DAY)], { ids: [], expired: 0, expiring: 0, nearest: null, daysLeft: null }],
    ['30 days', [one('a', END + 30 * DAY)], { ids: ['a'], expired: 0, expiring: 1, nearest: END + 30 * DAY, daysLeft: 30 }],
    ['today', [one('a')], { ids: ['a'], expired: 0, expiring: 1, nearest: END, daysLeft: 0 }],
    ['earlier today', [one('a', before(0) - 1)], { ids: ['a'], expired: 1, expiring: 0, nearest: null, daysLeft: -1 }],
    [
      'one of each, the worst first',
      [one('far', END + 90 * DAY), one('soon', END + 3 * DAY), one('gone', END - 9 * DAY)],
      { ids: ['gone', 'soon'], expired: 1, expiring: 1, nearest: END + 3 * DAY, daysLeft: -9 },
    ],
  ])('%s', (_, index, ending) => {
    expect(endingSoon(index, before(0))).toEqual(ending);
  });
});

describe('the index of a head', () => {
  it('has ids and times of what is watched, and no name', () => {
    const part = { k: 'I', g: 1, sum: 's' } as const;
    const items = [
      { ...part, id: 'watched', na: 1_800_000_000 },
      { ...part, id: 'reminded', na: 1_800_000_000, rem: 1_790_000_000 },
      { ...part, id: 'deleted', del: 1_764_000_000 },
      { ...part, id: 'muted' },
      { ...part, id: 'revoked', na: 1_800_000_000 },
      { ...part, k: 'G', id: 'settings' } as const,
    ];
    expect(expiryIndex(items, new Set(['revoked']))).toEqual([
      { id: 'watched', notAfter: 1_800_000_000_000, remindAt: null },
      { id: 'reminded', notAfter: 1_800_000_000_000, remindAt: 1_790_000_000_000 },
    ]);
  });
});
