import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copy, type Bytes } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import type { Asked, Course, IssuedCertificate, Saved, Sent } from '../../../lib/cmp/course.ts';
import type { Credential } from '../../../lib/cmp/credential.ts';
import { writeJson, type Json } from '../../../lib/vault/json.ts';
import { readSealedJson } from '../../../lib/vault/sealed-json.ts';
import { readErrand } from '../../../lib/wallet/lifecycle/read-errand.ts';
import { writeErrand } from '../../../lib/wallet/lifecycle/write-errand.ts';
import type { Errand } from '../../../lib/wallet/lifecycle/errand.ts';
import { codeOf } from '../../support/npki-fixtures.ts';

type Kept = Omit<Errand, 'id' | 'keys'>;

const bytes = (min: number, max: number): fc.Arbitrary<Bytes> => fc.uint8Array({ minLength: min, maxLength: max }).map((one) => copy(one));
const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> => fc.option(value, { nil: null });
const time = fc.nat(4_000_000_000_000);
const id = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((one) => Buffer.from(one).toString('base64url'));
const use = fc.constantFrom('sign' as const, 'km' as const);

const credential: fc.Arbitrary<Credential> = fc.oneof(
  fc.record({ kind: fc.constant('code' as const), reference: bytes(1, 64), secret: bytes(8, 128) }),
  fc.record({ kind: fc.constant('certificate' as const), certificate: bytes(1, 900) }),
);
const asked: fc.Arbitrary<Asked> = fc.record({
  requestId: fc.nat(1),
  use,
  spki: bytes(1, 300),
  issuer: maybe(bytes(1, 90)),
  subject: maybe(bytes(1, 90)),
  vid: maybe(bytes(1, 32)),
});
const issued: fc.Arbitrary<IssuedCertificate> = fc.record({
  requestId: fc.nat(1),
  use,
  spki: bytes(1, 300),
  certificate: bytes(1, 900),
  warnings: fc.subarray(['ends-soon', 'vid-missing', 'vid-differs'] as const),
});
const ended = { act: fc.constantFrom('issue', 'reissue', 'complete', 'renew', 'revoke', 'hold', 'release'), caId: fc.constant('demo') } as const;
const running = {
  ...ended,
  credential,
  transactionId: bytes(16, 16),
  nonce: bytes(16, 16),
  asked: fc.array(asked, { maxLength: 2 }),
  revocations: fc.nat(2),
};
const certificates = fc.array(issued, { maxLength: 2 });
const refusal = fc.record({
  word: fc.constantFrom('code-wrong', 'clock', 'not-as-asked'),
  failures: fc.subarray(['badTime', 'certRevoked'] as const),
  text: maybe(fc.string({ maxLength: 1000 })),
  clockAhead: maybe(fc.integer()),
  flaw: maybe(fc.constant('request-ids')),
});

/** A course in any state that is kept. */
const course = fc.oneof(
  fc.record({ ...running, state: fc.constant('PREPARED'), request: bytes(1, 900) }),
  fc.record({ ...running, state: fc.constant('SENT'), request: bytes(1, 900), sentAt: time, resends: fc.nat(3) }),
  fc.record({
    ...running,
    state: fc.constant('WAITING'),
    answerNonce: bytes(16, 64),
    poll: fc.option(bytes(1, 200)),
    waitingFor: fc.array(fc.integer({ min: -1, max: 1 })),
    checkAt: time,
    since: time,
  }),
  fc.record({
    ...running,
    state: fc.constant('SAVED'),
    certificates,
    confirmation: bytes(1, 900),
    confirmBefore: maybe(time),
    receivedAt: time,
    tries: fc.nat(9),
  }),
  fc.record({ ...ended, state: fc.constant('CONFIRMED'), certificates }),
  fc.record({ ...ended, state: fc.constant('FAILED'), refusal }),
  fc.record({ ...ended, state: fc.constant('UNKNOWN'), keepUntil: time }),
) as fc.Arbitrary<Course>;
const errand: fc.Arbitrary<Kept> = fc.record({ startedAt: time, item: maybe(id), old: maybe(id), course });

const fieldsOf = (kept: Kept): Map<string, Json> => new Map(readSealedJson(writeErrand(kept)));

/** An entry as our writer would put down any fields. */
const textOf = (fields: Map<string, Json>): Bytes => utf8(writeJson(fields));

const FAILED: Kept = {
  startedAt: 1,
  item: null,
  old: null,
  course: { state: 'FAILED', act: 'issue', caId: 'demo', refusal: { word: 'later', failures: [], text: null, clockAhead: null, flaw: null } },
};
const SENT: Kept = {
  startedAt: 1,
  item: null,
  old: null,
  course: {
    state: 'SENT',
    act: 'issue',
    caId: 'demo',
    credential: { kind: 'code', reference: utf8('10010001'), secret: utf8('CODE1001abcd') },
    transactionId: new Uint8Array(16),
    nonce: new Uint8Array(16),
    asked: [],
    revocations: 0,
    request: utf8('request'),
    sentAt: 2,
    resends: 0,
  },
};

describe('the text of a course', () => {
  it('reads as it was written, in every state', () => {
    fc.assert(
      fc.property(errand, (kept) => {
        expect(readErrand(writeErrand(kept))).toEqual(kept);
      }),
    );
  });

  it.each<[string, Kept, (fields: Map<string, Json>) => unknown]>([
    ['a state that there is not', FAILED, (fields) => fields.set('state', 'RECEIVED')],
    ['an act that there is not', FAILED, (fields) => fields.set('act', 'steal')],
    ['a field of another state', FAILED, (fields) => fields.set('req', 'AAAA')],
    ['a field that nobody knows', FAILED, (fields) => fields.set('x', 1)],
    ['a state without its fields', SENT, (fields) => fields.delete('req')],
    ['no transaction', SENT, (fields) => fields.delete('tx')],
    ['an empty request', SENT, (fields) => fields.set('req', '')],
    ['a request beyond the bound', SENT, (fields) => fields.set('req', 'A'.repeat(4 * 22_000))],
    ['octets that are no base64url', SENT, (fields) => fields.set('nonce', '+/==')],
    ['a time before all time', SENT, (fields) => fields.set('sent', -1)],
    ['a list for a text', SENT, (fields) => fields.set('ca', [])],
    [
      'a credential of both kinds',
      SENT,
      (fields) =>
        fields.set(
          'cred',
          new Map([
            ['der', 'AAAA'],
            ['ref', 'AAAA'],
          ]),
        ),
    ],
    [
      'a word that is no refusal',
      FAILED,
      (fields) =>
        fields.set(
          'why',
          new Map<string, Json>([
            ['word', 'fine'],
            ['bits', []],
          ]),
        ),
    ],
  ])('is damage with %s', async (_what, kept, spoil) => {
    const fields = fieldsOf(kept);
    spoil(fields);
    expect(await codeOf(() => Promise.resolve(readErrand(textOf(fields))))).toBe('vault.damaged');
  });

  it('of a later version is read by nobody here', async () => {
    const fields = fieldsOf(FAILED).set('v', 2);
    expect(await codeOf(() => Promise.resolve(readErrand(textOf(fields))))).toBe('vault.newer-version');
  });

  it('takes any day that an authority names as its last', () => {
    const { request, sentAt, resends, ...running } = SENT.course as Sent;
    const saved: Saved = {
      ...running,
      state: 'SAVED',
      certificates: [],
      confirmation: request,
      confirmBefore: -9,
      receivedAt: sentAt,
      tries: resends,
    };
    expect(readErrand(writeErrand({ ...SENT, course: saved })).course).toMatchObject({ confirmBefore: 0 });
  });
});
