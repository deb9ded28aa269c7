import { describe, expect, it } from 'vitest';
import { missingCondition, TIDY_NAMES, tidyConditions, type TidyFacts } from '../../../lib/wallet/tidy.ts';
import { NOW } from './support.ts';

const DAY = 86_400_000;
const NOTHING: TidyFacts = {
  certificate: { canSign: true, notBefore: NOW - DAY, notAfter: NOW + 300 * DAY },
  now: NOW,
  tried: null,
  proved: null,
  later: null,
  used: false,
  status: 'unknown',
  saved: false,
  places: 3,
  done: 1,
};
const ALL: TidyFacts = { ...NOTHING, tried: NOW, proved: NOW, saved: true, done: 3 };
const states = (facts: Partial<TidyFacts>, base = NOTHING): readonly string[] => tidyConditions({ ...base, ...facts }).map(({ state }) => state);

describe('the five conditions', () => {
  it.each<[string, Partial<TidyFacts>, readonly string[]]>([
    ['nothing done', {}, ['open', 'open', 'unknown', 'open', 'open']],
    ['signed on trial', { tried: NOW }, ['met', 'open', 'unknown', 'open', 'open']],
    ['the owner says that it works', { proved: NOW }, ['open', 'met', 'unknown', 'open', 'open']],
    ['used by this wallet', { used: true }, ['met', 'met', 'unknown', 'open', 'open']],
    ['its authority calls it good', { status: 'good' }, ['open', 'open', 'met', 'open', 'open']],
    ['its authority calls it revoked', { status: 'revoked' }, ['open', 'open', 'failed', 'open', 'open']],
    ['in a backup file', { saved: true }, ['open', 'open', 'unknown', 'met', 'open']],
    ['every place done', { done: 3 }, ['open', 'open', 'unknown', 'open', 'met']],
    ['the list put off', { later: NOW }, ['open', 'open', 'unknown', 'open', 'met']],
    ['an empty list', { places: 0, done: 0 }, ['open', 'open', 'unknown', 'open', 'open']],
    ['an empty list, put off', { places: 0, done: 0, later: NOW }, ['open', 'open', 'unknown', 'open', 'met']],
    ['no key', { tried: NOW, certificate: { ...NOTHING.certificate, canSign: false } }, ['failed', 'open', 'unknown', 'open', 'open']],
    ['expired', { tried: NOW, now: NOW + 301 * DAY }, ['failed', 'open', 'unknown', 'open', 'open']],
    ['not valid yet', { tried: NOW, now: NOW - 2 * DAY }, ['failed', 'open', 'unknown', 'open', 'open']],
  ])('with %s', (_, facts, expected) => expect(states(facts)).toEqual(expected));

  it('stand in the order in which they are shown', () => {
    expect(tidyConditions(NOTHING).map(({ name }) => name)).toEqual(TIDY_NAMES);
  });

  it.each<[string, Partial<TidyFacts>, string | null]>([
    ['nothing', {}, null],
    ['the trial', { tried: null }, 'opens'],
    ['the word', { proved: null }, 'proved'],
    ['the backup', { saved: false }, 'backup'],
    ['one place', { done: 2 }, 'places'],
    ['a status that is good', { status: 'revoked' }, 'status'],
  ])('hold together but for %s', (_, facts, expected) => expect(missingCondition(tidyConditions({ ...ALL, ...facts }))).toBe(expected));
});
