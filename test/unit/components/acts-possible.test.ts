import { describe, expect, it } from 'vitest';
import { inTheWay, type ActOnCertificate } from '../../../components/lifecycle/acts-possible.ts';
import type { RevocationWord } from '../../../lib/wallet/revocation-api.ts';

const NOW = Date.UTC(2026, 10, 30);
const DAY = 86_400_000;
const said = (state: RevocationWord['state']) => ({ word: { state, at: NOW, source: 'ocsp', since: NOW, reason: null }, failed: null }) as const;
const GOOD = { id: 'one', notBefore: NOW - DAY, notAfter: NOW + DAY, revocation: null, unconfirmed: false, replacedBy: null };
const ISSUE = '#/issue';

/** Acts that are offered, and where the others lead. */
const CASES: readonly (readonly [string, Partial<Parameters<typeof inTheWay>[1]>, Record<ActOnCertificate, string | null>])[] = [
  ['a valid one', {}, { renew: 'offered', hold: 'offered', release: null, revoke: 'offered' }],
  ['one that its authority called good', { revocation: said('good') }, { renew: 'offered', hold: 'offered', release: null, revoke: 'offered' }],
  ['one on hold', { revocation: said('on-hold') }, { renew: '#/hold/one', hold: null, release: 'offered', revoke: 'offered' }],
  ['a revoked one', { revocation: said('revoked') }, { renew: ISSUE, hold: ISSUE, release: ISSUE, revoke: ISSUE }],
  ['an expired one', { notAfter: NOW - 1 }, { renew: ISSUE, hold: ISSUE, release: ISSUE, revoke: ISSUE }],
  ['one that expired on hold', { notAfter: NOW - 1, revocation: said('on-hold') }, { renew: ISSUE, hold: ISSUE, release: ISSUE, revoke: ISSUE }],
  ['a replaced one', { replacedBy: 'two' }, { renew: '#/certificate/two', hold: '#/certificate/two', release: null, revoke: 'offered' }],
  ['one that is not confirmed yet', { unconfirmed: true }, { renew: null, hold: null, release: null, revoke: null }],
  ['one that is not valid yet', { notBefore: NOW + 1 }, { renew: 'offered', hold: 'offered', release: null, revoke: 'offered' }],
];

describe('acts with an authority', () => {
  it.each(CASES)('are offered for %s where they can work, and lead elsewhere where not', (_what, row, expected) => {
    const found = (Object.keys(expected) as ActOnCertificate[]).map((act) => {
      const obstacle = inTheWay(act, { ...GOOD, ...row }, NOW);
      return [act, obstacle === null ? 'offered' : (obstacle.instead?.href ?? null)];
    });
    expect(Object.fromEntries(found)).toEqual(expected);
  });
});
