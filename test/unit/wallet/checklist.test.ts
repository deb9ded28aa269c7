import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorCode } from '../../../lib/errors.ts';
import { PLACES } from '../../../lib/places/directory.ts';
import { GUIDE_PLACES_MAX, type Guide } from '../../../lib/vault/guides-text.ts';
import { changedGuide, checklistRows, freshGuide, guideAfter } from '../../../lib/wallet/checklist.ts';
import type { ChecklistPlace, GuideChange } from '../../../lib/wallet/renewal-api.ts';
import { NOW } from './support.ts';

const ITEM = 'A'.repeat(22);
const HOMETAX: ChecklistPlace = { sort: 'known', name: 'hometax' };
const LIBRARY: ChecklistPlace = { sort: 'own', name: '우리 동네 도서관' };
const done = (guide: Guide, ...changes: readonly GuideChange[]): Guide => changes.reduce((now, change) => changedGuide(now, change, NOW), guide);
const begun = (...changes: readonly GuideChange[]): Guide => done(freshGuide(ITEM), ...changes);
const codeOf = (change: GuideChange, guide = freshGuide(ITEM)): string => {
  try {
    changedGuide(guide, change, NOW);
  } catch (thrown) {
    return errorCode(thrown);
  }
  return 'nothing';
};

describe('the list of places', () => {
  it('begins with where the certificate was used, the last use first', () => {
    const uses = [
      { origin: 'https://www.gov.kr', last: 5 },
      { origin: 'https://obank.kbstar.com', last: 7 },
      { origin: 'https://bank.example:8443', last: 6 },
      { origin: 'https://banking.kbstar.com', last: 9 },
    ];
    expect(checklistRows(freshGuide(ITEM), uses).map(({ sort, name, lastUsed }) => [sort, name, lastUsed])).toEqual([
      ['known', 'kb', 9],
      ['site', 'bank.example:8443', 6],
      ['known', 'gov24', 5],
    ]);
  });

  it('has what the owner put there, with ticks, days and notes', () => {
    const guide = begun(
      { type: 'add', place: HOMETAX },
      { type: 'add', place: LIBRARY },
      { type: 'tick', place: HOMETAX, yes: true },
      { type: 'note', place: LIBRARY, note: ' 2층 창구 ' },
    );
    expect(checklistRows(guide, [])).toEqual([
      { ...HOMETAX, done: NOW, note: '', lastUsed: null },
      { ...LIBRARY, done: null, note: '2층 창구', lastUsed: null },
    ]);
  });

  it('says of one place once, whether it was used or put there', () => {
    const guide = begun({ type: 'add', place: HOMETAX });
    expect(checklistRows(guide, [{ origin: 'https://hometax.go.kr', last: 3 }])).toEqual([{ ...HOMETAX, done: null, note: '', lastUsed: 3 }]);
  });

  it('forgets a place that was taken off, though it was used, until it is put there again', () => {
    const uses = [{ origin: 'https://hometax.go.kr', last: 3 }];
    const guide = begun({ type: 'tick', place: HOMETAX, yes: true }, { type: 'remove', place: HOMETAX });
    expect(checklistRows(guide, uses)).toEqual([]);
    expect(checklistRows(done(guide, { type: 'add', place: HOMETAX }), uses)).toEqual([{ ...HOMETAX, done: null, note: '', lastUsed: 3 }]);
  });

  it('leaves out a place that the directory no longer has, and an origin that is none', () => {
    const guide = { places: [{ sort: 'known' as const, name: 'gone', done: null, note: '', off: false }] };
    expect(checklistRows(guide, [{ origin: 'no origin', last: 1 }])).toEqual([]);
  });

  it('goes over to the next certificate without its ticks', () => {
    const before = begun({ type: 'add', place: LIBRARY }, { type: 'tick', place: LIBRARY, yes: true }, { type: 'proved', yes: true });
    expect(guideAfter('B'.repeat(22), before)).toEqual({ ...freshGuide('B'.repeat(22)), places: [{ ...LIBRARY, done: null, note: '', off: false }] });
    expect(guideAfter(ITEM, undefined)).toEqual(freshGuide(ITEM));
  });
});

describe('a change of a guide', () => {
  it.each<[string, GuideChange]>([
    ['a place of the directory that is none', { type: 'add', place: { sort: 'known', name: 'nowhere' } }],
    ['a place without a name', { type: 'add', place: { sort: 'own', name: ' \u202e ' } }],
    ['a name of 41 characters', { type: 'add', place: { sort: 'own', name: '가'.repeat(41) } }],
    ['a site that is a script', { type: 'tick', place: { sort: 'site', name: 'javascript:alert(1)' }, yes: true }],
    ['a note of 101 characters', { type: 'note', place: HOMETAX, note: 'a'.repeat(101) }],
  ])('with %s is malformed', (_, change) => expect(codeOf(change)).toBe('request.malformed'));

  it('keeps no more places than there is room for', () => {
    const full = begun(
      ...Array.from({ length: GUIDE_PLACES_MAX }, (_, n): GuideChange => ({ type: 'add', place: { sort: 'own', name: String(n) } })),
    );
    expect(codeOf({ type: 'add', place: HOMETAX }, full)).toBe('vault.full');
    expect(codeOf({ type: 'tick', place: { sort: 'own', name: '0' }, yes: true }, full)).toBe('nothing');
  });

  it.each(['proved', 'later', 'ended'] as const)('%s is kept with its time and taken back', (type) => {
    const guide = begun({ type, yes: true });
    expect(guide[type]).toBe(NOW);
    expect(done(guide, { type, yes: false })).toEqual(freshGuide(ITEM));
  });

  it('a tick that is taken back leaves the place as it was, whatever came between', () => {
    const place = fc.constantFrom(HOMETAX, LIBRARY, ...PLACES.map(({ id }): ChecklistPlace => ({ sort: 'known', name: id })));
    fc.assert(
      fc.property(fc.array(place, { maxLength: 8 }), place, (others, one) => {
        const guide = begun({ type: 'add', place: one }, ...others.map((other): GuideChange => ({ type: 'add', place: other })));
        expect(done(guide, { type: 'tick', place: one, yes: true }, { type: 'tick', place: one, yes: false })).toEqual(guide);
      }),
    );
  });
});
