import { describe, expect, it } from 'vitest';
import { errorCode } from '../../../lib/errors.ts';
import { LIMITS } from '../../../lib/protocol/limits.ts';
import { readCall } from '../../../lib/protocol/calls.ts';
import { FEATURES } from '../../../lib/protocol/version.ts';
import { isAddressedToWallet, isCancel, readGreeting, readPageRequest, readPortMessage, sizeOver } from '../../../lib/protocol/wire.ts';

const ID = '0f8fad5b-d9cb-469f-a165-70867728950e';
const NONCE = 'n'.repeat(43);
const SIGN_IN = { dojang: 1, id: ID, action: 'signIn', payload: { nonce: NONCE } };

function codeOf(act: () => unknown): string {
  try {
    act();
    return 'read';
  } catch (thrown) {
    return errorCode(thrown);
  }
}

function nested(depth: number, inner: unknown = 'x'): unknown {
  let value = inner;
  for (let at = 0; at < depth; at++) value = at % 2 === 0 ? { a: value } : [value];
  return value;
}

function cyclic(): unknown {
  const value: Record<string, unknown> = {};
  value['again'] = { value };
  return value;
}

/** Every entry is the same list again: a tree of it would have 10^16 leaves. */
function bushy(): unknown {
  let value: unknown[] = [];
  for (let at = 0; at < 16; at++) value = new Array<unknown>(10).fill(value);
  return value;
}

describe('the message of a page', () => {
  it.each([
    ['connect', { dojang: 1, id: ID, action: 'connect', payload: {} }, { id: ID, action: 'connect' }],
    ['sign in', SIGN_IN, { id: ID, action: 'signIn', payload: { nonce: NONCE } }],
  ])('reads as typed values of our own: %s', (_, message, expected) => {
    expect(readPageRequest(message)).toStrictEqual(expected);
  });

  it.each([
    ['nothing', null],
    ['a list', [1, ID, 'connect', {}]],
    ['no version', { id: ID, action: 'connect', payload: {} }],
    ['no id', { dojang: 1, action: 'connect', payload: {} }],
    ['no action', { dojang: 1, id: ID, payload: {} }],
    ['no payload', { dojang: 1, id: ID, action: 'connect' }],
    ['a key too many', { ...SIGN_IN, origin: 'https://bank.example' }],
    ['an id of another form', { ...SIGN_IN, id: 'request-1' }],
    ['an id in a list', { ...SIGN_IN, id: [ID] }],
    ['an unknown action', { ...SIGN_IN, action: 'sealEnvelope' }],
    ['an action of a prototype', { ...SIGN_IN, action: 'toString' }],
    ['an action in a list', { ...SIGN_IN, action: ['signIn'] }],
    ['a number without JSON', { ...SIGN_IN, payload: { nonce: 1n } }],
    ['something to connect with', { ...SIGN_IN, action: 'connect' }],
    ['a map to connect with', { dojang: 1, id: ID, action: 'connect', payload: new Map() }],
    ['its own __proto__', JSON.parse(`{"dojang":1,"id":"${ID}","action":"connect","payload":{},"__proto__":{"polluted":1}}`)],
  ])('is refused with %s', (_, message) => {
    expect(codeOf(() => readPageRequest(message))).toBe('request.malformed');
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it.each([
    ['another number', { ...SIGN_IN, dojang: 2 }],
    ['a text', { ...SIGN_IN, dojang: '1' }],
    ['a later one with keys that this one does not know', { dojang: 2, id: ID, action: 'connect', payload: {}, extensions: [] }],
    ['a later one without any of ours', { dojang: 2 }],
  ])('of another version says so: %s', (_, message) => {
    expect(codeOf(() => readPageRequest(message))).toBe('request.unsupported-version');
  });

  it.each([
    ['one text', { nonce: 'n'.repeat(LIMITS.request + 1) }],
    ['many texts', { nonce: NONCE, accept: { policies: new Array<string>(3_000).fill('1'.repeat(100)) } }],
    ['a key', { nonce: NONCE, ['k'.repeat(LIMITS.request)]: 1 }],
    ['ten thousand levels', nested(10_000)],
    ['a hundred thousand levels', nested(100_000)],
    ['a cycle', cyclic()],
    ['a list that shares its parts', bushy()],
    ['the longest list there is', { nonce: new Array(2 ** 32 - 1) }],
  ])('is too large by %s, whatever the action', (_, payload) => {
    for (const action of ['signIn', 'connect', 'no such action'])
      expect(codeOf(() => readPageRequest({ ...SIGN_IN, action, payload }))).toBe('request.too-large');
  });
});

describe('a call', () => {
  it.each([
    ['an unknown action', 'sealEnvelope', {}],
    ['an action of a prototype', 'toString', {}],
    ['connecting, which waits for nobody', 'connect', {}],
    ['a payload of null', 'signIn', null],
    ['a list as payload', 'signIn', [NONCE]],
    ['its own __proto__ in the payload', 'signIn', JSON.parse(`{"nonce":"${NONCE}","__proto__":{"polluted":1}}`) as unknown],
  ])('is refused with %s', (_, action, payload) => {
    expect(codeOf(() => readCall(action, payload))).toBe('request.malformed');
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('is judged by what it says, not by how long its octets are', () => {
    expect(codeOf(() => readCall('signIn', new Uint8Array(64 * 1024 * 1024)))).toBe('request.malformed');
  });

  it('has a reader for each feature', () => {
    for (const action of FEATURES)
      expect(
        codeOf(() => readCall(action, { strange: true })),
        action,
      ).toBe('request.malformed');
  });
});

describe('the size of a value', () => {
  it.each([
    ['a text at the limit', 'x'.repeat(98), false],
    ['a text over it', 'x'.repeat(99), true],
    ['eleven numbers', new Array<number>(11).fill(1), false],
    ['thirteen numbers', new Array<number>(13).fill(1), true],
    ['holes', new Array(13), true],
    ['nothing', undefined, false],
    ['null', null, false],
    ['three levels', nested(3), false],
    ['a map, which no reader takes', new Map([['a', 'x'.repeat(1_000)]]), false],
  ])('is counted against a limit of 100: %s', (_, value, over) => {
    expect(sizeOver(value, 100)).toBe(over);
  });

  it.each([
    [16, false],
    [17, true],
  ])('ends at %i levels: %s', (depth, over) => {
    expect(sizeOver(nested(depth), 10_000)).toBe(over);
  });

  it('looks at a proxy a bounded number of times', () => {
    let looks = 0;
    const endless: object = new Proxy(
      {},
      {
        ownKeys: () => (looks++, ['a', 'b', 'c']),
        getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
        get: (_, key) => (typeof key === 'string' ? endless : undefined),
      },
    );
    expect(sizeOver(endless, 10_000)).toBe(true);
    expect(looks).toBeLessThan(2_000);
  });
});

describe('a window message', () => {
  it.each([
    ['ours', { dojang: 1 }, true],
    ['ours, whatever is wrong with it', { dojang: undefined }, true],
    ['of somebody else', { type: 'webpackOk' }, false],
    ['ours by inheritance only', Object.create({ dojang: 1 }), false],
    ['a text', 'dojang', false],
    ['null', null, false],
    ['nothing', undefined, false],
  ])('is addressed to the wallet or left alone: %s', (_, data, expected) => {
    expect(isAddressedToWallet(data)).toBe(expected);
  });

  it.each([
    ['yes', { cancel: true }, true],
    ['yes, with a word more', { cancel: true, why: 'x' }, true],
    ['no', { cancel: false }, false],
    ['a text', { cancel: 'true' }, false],
    ['inherited', Object.create({ cancel: true }), false],
    ['null', null, false],
    ['a text alone', 'cancel', false],
  ])('is a wish to stop: %s', (_, data, expected) => {
    expect(isCancel(data)).toBe(expected);
  });
});

describe('a message of the wallet', () => {
  it.each([
    ['an acknowledgement', { ack: true }],
    ['more time', { extend: { seconds: 120 } }],
    ['a result', { result: { any: 'thing' } }],
    ['a result that is nothing', { result: null }],
    ['an error', { error: { code: 'user.cancelled' } }],
  ])('reads: %s', (_, message) => {
    expect(readPortMessage(message)).toStrictEqual(message);
  });

  it('names a code that it does not know as internal, so that pages meet the listed ones only', () => {
    expect(readPortMessage({ error: { code: 'surprise' } })).toStrictEqual({ error: { code: 'internal' } });
  });

  it.each([
    ['nothing in it', {}],
    ['two things in it', { ack: true, result: 1 }],
    ['a result and an error', { result: 1, error: { code: 'internal' } }],
    ['a false acknowledgement', { ack: false }],
    ['a key too many', { ack: true, id: ID }],
    ['an error that is a text', { error: 'internal' }],
    ['an error with a stack', { error: { code: 'internal', stack: 'at …' } }],
    ['an error without a code', { error: {} }],
    ['no seconds', { extend: { seconds: 0 } }],
    ['seconds past the longest wait', { extend: { seconds: LIMITS.waitMaxMs / 1000 + 1 } }],
    ['seconds that are no number', { extend: { seconds: Number.NaN } }],
    ['seconds as a text', { extend: { seconds: '60' } }],
    ['a list', [{ ack: true }]],
    ['null', null],
  ])('is refused with %s', (_, message) => {
    expect(codeOf(() => readPortMessage(message))).toBe('request.malformed');
  });
});

describe('a greeting', () => {
  const GREETING = { protocol: 1, wallet: { name: 'Dojang', version: '0.1.0' }, features: [...FEATURES] };

  it('reads', () => {
    expect(readGreeting(GREETING)).toStrictEqual(GREETING);
  });

  it('keeps the features that are texts, and 64 of them at most', () => {
    const many = Array.from({ length: 100 }, (_, at) => `feature-${at}`);
    expect(readGreeting({ ...GREETING, features: [null, 7, 'signIn', ...many] }).features).toEqual(['signIn', ...many.slice(0, 63)]);
  });

  it.each([
    ['no wallet', { protocol: 1, features: [] }],
    ['a version that is a text', { ...GREETING, protocol: '1' }],
    ['features that are no list', { ...GREETING, features: 'signIn' }],
    ['a name too long', { ...GREETING, wallet: { name: 'x'.repeat(65), version: '1' } }],
    ['a key too many', { ...GREETING, certificates: 3 }],
    ['null', null],
  ])('is refused with %s', (_, value) => {
    expect(codeOf(() => readGreeting(value))).toBe('request.malformed');
  });
});
