import { describe, expect, it } from 'vitest';
import type { Accept } from '../../../lib/protocol/sign-in.ts';
import type { CertificateRow, RevocationNote } from '../../../lib/wallet/model.ts';
import type { RevocationReason } from '../../../lib/wallet/revocation-api.ts';
import { offersFor, whyNotOffered } from '../../../lib/wallet/offers.ts';
import { NOW } from './support.ts';

const DAY = 86_400_000;
const BANK = '1.2.410.200005.1.1.4';

const ROW: CertificateRow = {
  id: 'a',
  holder: '홍길동',
  purpose: 'personal-bank',
  policy: BANK,
  issuer: 'yessign',
  issuerName: 'yessign',
  bank: 'woori',
  notBefore: NOW - DAY,
  notAfter: NOW + DAY,
  serialHex: '01',
  fingerprint: 'f'.repeat(64),
  hasRandom: true,
  hasKm: false,
  canSign: true,
  labels: { nickname: '', group: '', note: '' },
  muted: false,
  remindAt: null,
  replacedBy: null,
  unconfirmed: false,
  revocation: null,
};

const revoked = (reason: RevocationReason | null): RevocationNote => ({
  word: { state: reason === 'certificateHold' ? 'on-hold' : 'revoked', at: NOW, source: 'ocsp', since: NOW - DAY, reason },
  failed: null,
});

describe('whether a certificate is offered', () => {
  it.each<[string, Partial<CertificateRow>, Accept | undefined, string | null]>([
    ['a good one, to a page that takes any', {}, undefined, null],
    ['a good one, to a page that names nothing', {}, {}, null],
    ['a good one, to a page with empty lists', {}, { policies: [], issuers: [] }, null],
    ['its policy is named', {}, { policies: ['1.2.3', BANK] }, null],
    ['another policy is named', {}, { policies: ['1.2.410.200005.1.1.1'] }, 'certificate.not-accepted'],
    ['a longer policy is named', {}, { policies: [`${BANK}.1`] }, 'certificate.not-accepted'],
    ['it has no policy and one is named', { policy: null }, { policies: [BANK] }, 'certificate.not-accepted'],
    ['it has no policy and none is named', { policy: null }, { issuers: ['yessign'] }, null],
    ['its issuer is named in another case', {}, { issuers: ['YESSIGN'] }, null],
    ['its issuer in Korean is named', { issuer: 'other', issuerName: '금융결제원' }, { issuers: ['금융결제원'] }, null],
    ['a part of its issuer is named', {}, { issuers: ['yes'] }, 'certificate.not-accepted'],
    ['its policy fits, its issuer does not', {}, { policies: [BANK], issuers: ['KICA'] }, 'certificate.not-accepted'],
    ['its issuer fits, its policy does not', {}, { policies: ['1.2.3'], issuers: ['yessign'] }, 'certificate.not-accepted'],
    ['its last moment', { notAfter: NOW }, undefined, null],
    ['past its end', { notAfter: NOW - 1 }, undefined, 'certificate.expired'],
    ['its first moment', { notBefore: NOW }, undefined, null],
    ['before its beginning', { notBefore: NOW + 1 }, undefined, 'certificate.not-yet-valid'],
    ['it was revoked', { revocation: revoked('keyCompromise') }, undefined, 'certificate.revoked'],
    ['it was revoked and ended', { revocation: revoked(null), notAfter: NOW - 1 }, undefined, 'certificate.revoked'],
    ['it is on hold', { revocation: revoked('certificateHold') }, undefined, 'certificate.on-hold'],
    ['its authority did not answer', { revocation: { word: null, failed: { at: NOW, why: 'unreachable' } } }, undefined, null],
    ['it may not sign', { canSign: false }, undefined, 'certificate.wrong-use'],
    ['it may not sign, ended, and does not fit', { canSign: false, notAfter: NOW - 1 }, { issuers: ['KICA'] }, 'certificate.wrong-use'],
    ['it ended and does not fit', { notAfter: NOW - 1 }, { issuers: ['KICA'] }, 'certificate.expired'],
    ['it has not begun and does not fit', { notBefore: NOW + 1 }, { issuers: ['KICA'] }, 'certificate.not-yet-valid'],
    ['it has no R, which signing in does not need', { hasRandom: false }, undefined, null],
  ])('%s', (_, of, accept, reason) => {
    expect(whyNotOffered({ ...ROW, ...of }, accept, NOW)).toBe(reason);
  });
});

describe('whether a certificate is offered for tax invoices', () => {
  it.each<[CertificateRow['purpose'], string | null, boolean]>([
    ['e-tax', null, false],
    ['business-general', null, false],
    ['personal-general', 'etax.wrong-kind', false],
    ['personal-bank', 'etax.wrong-kind', false],
    ['business-bank', 'etax.wrong-kind', false],
    ['corporate-banking', 'etax.wrong-kind', false],
    ['card', 'etax.wrong-kind', false],
    ['securities', 'etax.wrong-kind', false],
    ['civil', 'etax.wrong-kind', false],
    ['finance', 'etax.wrong-kind', false],
    ['partner', null, true],
    ['institution', null, true],
    ['special', null, true],
    ['other', null, true],
  ])('%s: %s, doubtful: %s', (purpose, reason, doubtful) => {
    expect(offersFor([{ ...ROW, purpose }], undefined, NOW, { taxInvoices: true })).toMatchObject([{ reason, doubtful }]);
    expect(offersFor([{ ...ROW, purpose }], undefined, NOW)).toMatchObject([{ reason: null, doubtful: false }]);
  });
});

describe('where the page asks for the identity value too', () => {
  it.each<[string, Partial<CertificateRow>, Accept | undefined, string | null]>([
    ['a key with R', {}, undefined, null],
    ['a key without R', { hasRandom: false }, undefined, 'certificate.no-random'],
    ['a key without R of another issuer', { hasRandom: false }, { issuers: ['KICA'] }, 'certificate.not-accepted'],
    ['a key without R that ended', { hasRandom: false, notAfter: NOW - 1 }, undefined, 'certificate.expired'],
  ])('%s', (_, of, accept, reason) => {
    expect(whyNotOffered({ ...ROW, ...of }, accept, NOW, { random: true })).toBe(reason);
  });
});

describe('the offers', () => {
  const rows = [
    { ...ROW, id: 'expired', notAfter: NOW - 1 },
    { ...ROW, id: 'soon', notAfter: NOW + DAY },
    { ...ROW, id: 'other', policy: '1.2.3', notAfter: NOW + 9 * DAY },
    { ...ROW, id: 'late', notAfter: NOW + 5 * DAY },
  ];

  it('name every certificate: usable ones first, each part by the latest end', () => {
    const offers = offersFor(rows, { policies: [BANK] }, NOW);
    expect(offers.map(({ row, reason }) => [row.id, reason])).toEqual([
      ['late', null],
      ['soon', null],
      ['other', 'certificate.not-accepted'],
      ['expired', 'certificate.expired'],
    ]);
  });

  it('put the site’s own certificate before the one used there last, and that before the others, where they can be used', () => {
    const order = (preset: string | null, item: string | null): readonly string[] =>
      offersFor(rows, { policies: [BANK] }, NOW, { preset, item }).map(({ row, preset: own }) => (own ? `${row.id}!` : row.id));
    expect(order(null, 'soon')).toEqual(['soon', 'late', 'other', 'expired']);
    expect(order('soon', 'late')).toEqual(['soon!', 'late', 'other', 'expired']);
    expect(order('expired', 'other')).toEqual(['late', 'soon', 'other', 'expired!']);
    expect(order('gone', 'gone')).toEqual(['late', 'soon', 'other', 'expired']);
  });

  it('leave the rows as they were', () => {
    const before = structuredClone(rows);
    offersFor(rows, undefined, NOW);
    expect(rows).toEqual(before);
  });

  it('are none of none', () => {
    expect(offersFor([], undefined, NOW)).toEqual([]);
  });
});
