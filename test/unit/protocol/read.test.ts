import { describe, expect, it } from 'vitest';
import { errorCode } from '../../../lib/errors.ts';
import { readRecord, readText, readTexts, readUuid } from '../../../lib/protocol/read.ts';

function codeOf(act: () => unknown): string {
  try {
    act();
    return 'read';
  } catch (thrown) {
    return errorCode(thrown);
  }
}

/** As JSON and structured clone bring it: an own key, not a prototype. */
const owned = (json: string): unknown => JSON.parse(json);

const NOT_RECORDS: readonly (readonly [string, unknown])[] = [
  ['nothing', undefined],
  ['null', null],
  ['a text', '{}'],
  ['a number', 7],
  ['a big integer', 7n],
  ['a list', []],
  ['a map', new Map([['a', 1]])],
  ['a set', new Set(['a'])],
  ['a date', new Date(0)],
  ['an error', new Error('a')],
  ['a pattern', /a/],
  ['a function', () => ({ a: 1 })],
  ['octets', new Uint8Array(4)],
  ['a buffer', new ArrayBuffer(4)],
  ['a blob', new Blob(['a'])],
];

describe('a record', () => {
  it('comes with exactly its keys, in a map that has no prototype of the sender', () => {
    const fields = readRecord({ a: 1, b: undefined, c: null }, ['a', 'b'], ['c', 'd']);
    expect([...fields]).toEqual([
      ['a', 1],
      ['b', undefined],
      ['c', null],
    ]);
  });

  it('may have no prototype at all', () => {
    const bare = Object.assign(Object.create(null) as object, { a: 1 });
    expect([...readRecord(bare, ['a'])]).toEqual([['a', 1]]);
  });

  it.each(NOT_RECORDS)('is not %s', (_, value) => {
    expect(codeOf(() => readRecord(value, []))).toBe('request.malformed');
    expect(codeOf(() => readRecord(value, [], ['a', 'size', 'message']))).toBe('request.malformed');
  });

  it.each([
    ['a key too many', { a: 1, b: 2 }],
    ['a key missing', {}],
    ['an inherited key', Object.create({ a: 1 })],
    ['its own __proto__', owned('{"a":1,"__proto__":{"polluted":true}}')],
    ['only its own __proto__', owned('{"__proto__":{"a":1}}')],
    ['its own constructor', owned('{"a":1,"constructor":{"prototype":{"polluted":true}}}')],
    ['its own toString', owned('{"a":1,"toString":"x"}')],
    ['its own hasOwnProperty', owned('{"a":1,"hasOwnProperty":true}')],
    ['an empty key', { a: 1, '': 2 }],
    ['a key of another case', { A: 1 }],
  ])('is refused with %s', (_, value) => {
    expect(codeOf(() => readRecord(value, ['a'], ['c']))).toBe('request.malformed');
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('reads each field once', () => {
    let reads = 0;
    const changing = {
      get a() {
        reads++;
        return reads === 1 ? 'good' : 'evil';
      },
    };
    expect(readRecord(changing, ['a']).get('a')).toBe('good');
    expect(reads).toBe(1);
  });
});

describe('a text', () => {
  it.each([
    ['the shortest', 'ab', 'read'],
    ['the longest', 'abcd', 'read'],
    ['one character short', 'a', 'request.malformed'],
    ['one character long', 'abcde', 'request.malformed'],
    ['a text object', new String('abc'), 'request.malformed'],
    ['a list', ['abc'], 'request.malformed'],
    ['a number', 123, 'request.malformed'],
    ['nothing', undefined, 'request.malformed'],
  ])('is held to its length and type: %s', (_, value, expected) => {
    expect(codeOf(() => readText(value, 'name', 2, 4))).toBe(expected);
  });
});

describe('a list of texts', () => {
  const sparse: unknown[] = [];
  sparse.length = 2;
  const withHole = ['a'];
  withHole[2] = 'c';

  it.each([
    ['none', [], 'read'],
    ['the most', ['a', 'b', 'c'], 'read'],
    ['one more', ['a', 'b', 'c', 'd'], 'request.malformed'],
    ['an empty text', [''], 'request.malformed'],
    ['a text too long', ['abcdef'], 'request.malformed'],
    ['a number', [1], 'request.malformed'],
    ['a nested list', [['a']], 'request.malformed'],
    ['nothing but holes', sparse, 'request.malformed'],
    ['a hole', withHole, 'request.malformed'],
    ['the longest list there is', new Array(2 ** 32 - 1), 'request.malformed'],
    ['something like a list', { length: 1, 0: 'a' }, 'request.malformed'],
    ['a text', 'abc', 'request.malformed'],
    ['null', null, 'request.malformed'],
  ])('is held to its bounds: %s', (_, value, expected) => {
    expect(codeOf(() => readTexts(value, 'names', 3, 5))).toBe(expected);
  });

  it('is made by us, whatever the list calls its constructor', () => {
    expect(readTexts(Object.assign(['a'], { constructor: 'x', more: 1 }), 'names', 3, 5)).toStrictEqual(['a']);
  });

  it('is a copy', () => {
    const source = ['a', 'b'];
    const read = readTexts(source, 'names', 3, 5);
    source[0] = 'changed';
    expect(read).toEqual(['a', 'b']);
  });
});

describe('an id', () => {
  it('is what crypto.randomUUID writes', () => {
    const id = crypto.randomUUID();
    expect(readUuid(id)).toBe(id);
  });

  it.each([
    ['upper case', '0F8FAD5B-D9CB-469F-A165-70867728950E'],
    ['braces', '{f8fad5b-d9cb-469f-a165-70867728950e}'],
    ['no hyphens', '0f8fad5bd9cb469fa16570867728950e0000'],
    ['a line end', '0f8fad5b-d9cb-469f-a165-70867728950\n'],
    ['one character more', '0f8fad5b-d9cb-469f-a165-70867728950ee'],
    ['full-width digits', '0f8fad5b-d9cb-469f-a165-7086772895０0'],
    ['nothing', ''],
    ['a number', 7],
  ])('is refused with %s', (_, value) => {
    expect(codeOf(() => readUuid(value))).toBe('request.malformed');
  });
});
