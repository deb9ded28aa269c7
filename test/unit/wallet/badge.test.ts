import { describe, expect, it } from 'vitest';
import { badgeOf } from '../../../lib/wallet/badge.ts';

describe('the badge', () => {
  it.each([
    [null, null, { about: 'nothing' }],
    [null, 30, { about: 'days', n: 30 }],
    [null, 4, { about: 'days', n: 4 }],
    [null, 3, { about: 'last-days', n: 3 }],
    [null, 0, { about: 'last-days', n: 0 }],
    [null, -1, { about: 'ended' }],
    [null, -900, { about: 'ended' }],
    [15, null, { about: 'signing', n: 15 }],
    [1, 0, { about: 'signing', n: 1 }],
    [1, -1, { about: 'signing', n: 1 }],
  ] as const)('with signing held open for %s minutes and %s days until the first end is %o', (signingMinutes, daysLeft, badge) => {
    expect(badgeOf({ signingMinutes, runsDue: false, daysLeft })).toEqual(badge);
  });

  it('tells of an authority that is to be asked again before any date, and after signing that is held open', () => {
    expect(badgeOf({ signingMinutes: null, runsDue: true, daysLeft: -1 })).toEqual({ about: 'runs' });
    expect(badgeOf({ signingMinutes: 5, runsDue: true, daysLeft: null })).toEqual({ about: 'signing', n: 5 });
  });
});
