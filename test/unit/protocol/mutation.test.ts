import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WalletError } from '../../../lib/errors.ts';
import { readSignInResult } from '../../../lib/protocol/sign-in.ts';
import { readCall } from '../../../lib/protocol/calls.ts';
import { readGreeting, readPageRequest, readPortMessage } from '../../../lib/protocol/wire.ts';

const ID = '0f8fad5b-d9cb-469f-a165-70867728950e';
const NONCE = 'n'.repeat(43);

/** The good messages of each kind, and what reads them. */
const KINDS: readonly (readonly [name: string, read: (value: unknown) => unknown, good: readonly object[]])[] = [
  [
    'the message of a page',
    readPageRequest,
    [
      { dojang: 1, id: ID, action: 'connect', payload: {} },
      {
        dojang: 1,
        id: ID,
        action: 'signIn',
        payload: { nonce: NONCE, accept: { policies: ['1.2.410.200005.1.1.4'], issuers: ['yessign', 'KICA'] } },
      },
    ],
  ],
  [
    'a call',
    (value) => readCall('signIn', value),
    [{ nonce: NONCE }, { nonce: NONCE, accept: { policies: ['1.2.410.200005.1.1.4'], issuers: ['yessign', 'KICA'] } }],
  ],
  ['a message of the wallet', readPortMessage, [{ ack: true }, { extend: { seconds: 120 } }, { error: { code: 'user.timeout' } }, { result: {} }]],
  ['a greeting', readGreeting, [{ protocol: 1, wallet: { name: 'Dojang', version: '0.1.0' }, features: ['signIn'] }]],
  ['a sign-in result', readSignInResult, [{ cms: 'AAAA', certificate: 'AAAA' }]],
];

const strangeKey = fc.constantFrom(
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'length',
  'then',
  '',
  '0',
  'nonce',
  'payload',
  'accept',
  'id',
);
const anything = fc.anything({ maxDepth: 1, maxKeys: 3, withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true });
const strange: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 1, arbitrary: anything },
  { weight: 3, arbitrary: fc.constantFrom(undefined, null, Number.NaN, -0, Infinity, '\ud800', '\0', '\u202e', 'x'.repeat(300_000), [], {}) },
  { weight: 1, arbitrary: fc.constantFrom(new Array(70), [['a']], { length: 1 }, new Map([['nonce', NONCE]]), new Date(0), new Uint8Array(48)) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 140 }) },
);

interface Step {
  readonly at: number;
  readonly way: 'replace' | 'remove' | 'add' | 'double';
  readonly key: string;
  readonly value: unknown;
}

const step: fc.Arbitrary<Step> = fc.record({
  at: fc.nat(1_000),
  way: fc.constantFrom('replace', 'remove', 'add', 'double'),
  key: strangeKey,
  value: strange,
});

/** Every object and list inside, the outermost first. */
function places(value: unknown, found: object[] = []): object[] {
  if (typeof value !== 'object' || value === null || found.includes(value) || found.length > 50) return found;
  found.push(value);
  for (const inner of Object.values(value)) places(inner, found);
  return found;
}

/** An own property, as a clone or JSON would have it, even for `__proto__`. */
function put(place: object, key: string, value: unknown): void {
  if (Array.isArray(place) && key === 'length') return;
  Reflect.defineProperty(place, key, { value, enumerable: true, configurable: true, writable: true });
}

function change(message: object, { at, way, key, value }: Step): void {
  const all = places(message);
  const place = all[at % all.length] ?? message;
  const keys = Object.keys(place);
  const one = keys[at % Math.max(1, keys.length)] ?? key;
  if (way === 'remove') Reflect.deleteProperty(place, one);
  else if (way === 'double') put(place, key, Object.getOwnPropertyDescriptor(place, one)?.value);
  else put(place, way === 'add' ? key : one, typeof value === 'object' ? structuredClone(value) : value);
}

describe('ten thousand changed messages', () => {
  it.each(KINDS)('of each kind read or fail with a code of requests: %s', (_, read, good) => {
    const codes = new Set<string>();
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.array(step, { minLength: 1, maxLength: 3 }), (which, steps) => {
        const message = structuredClone(good[which] ?? {});
        for (const one of steps) change(message, one);
        try {
          read(message);
          codes.add('read');
        } catch (thrown) {
          if (!(thrown instanceof WalletError)) throw thrown;
          codes.add(thrown.code);
        }
      }),
      { seed: 20261125, numRuns: 10_000 },
    );
    expect([...codes].filter((code) => code !== 'read' && !code.startsWith('request.'))).toEqual([]);
    expect(codes).toContain('request.malformed');
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('of no kind at all are refused too', () => {
    fc.assert(
      fc.property(strange, (value) => {
        for (const [, read] of KINDS) {
          try {
            read(value);
          } catch (thrown) {
            if (!(thrown instanceof WalletError) || !thrown.code.startsWith('request.')) throw thrown;
          }
        }
      }),
      { seed: 20261125, numRuns: 2_000 },
    );
  });
});
