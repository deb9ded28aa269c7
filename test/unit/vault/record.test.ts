import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { readRecord, writePrefix, writeRecord } from '../../../lib/vault/record.ts';
import { codeOf, forge, forgeJson, parts, sumOf, withFields } from './support.ts';

const BODY = new Uint8Array([1, 2, 3]);
let good = '';

beforeAll(async () => {
  good = await writeRecord(
    writePrefix(
      'I',
      new Map<string, string | number>([
        ['v', 1],
        ['a', 'text'],
      ]),
    ),
    BODY,
  );
});

describe('a record', () => {
  test('is one line of ASCII with magic, type, fields, body and checksum', () => {
    expect(good).toBe('DJW1.I.eyJhIjoidGV4dCIsInYiOjF9.AQID.' + sumOf('DJW1.I.eyJhIjoidGV4dCIsInYiOjF9.AQID'));
  });

  test('reads back what was written', async () => {
    const { fields, body, prefix, sum, text } = await readRecord(good, 'I');
    expect([...fields]).toEqual([
      ['a', 'text'],
      ['v', 1],
    ]);
    expect(body).toEqual(BODY);
    expect([prefix, sum, text]).toEqual(['DJW1.I.eyJhIjoidGV4dCIsInYiOjF9.', good.slice(-22), good]);
  });

  test('may have an empty body', async () => {
    const text = forge({ type: 'M', fields: { v: 1 }, body: new Uint8Array(0) });
    expect((await readRecord(text, 'M')).body).toHaveLength(0);
  });
});

describe('what is not a record is damaged', () => {
  test.each([
    ['undefined', undefined],
    ['null', null],
    ['a number', 7],
    ['an object with a text', { text: 'DJW1' }],
    ['nothing', ''],
    ['the magic alone', 'DJW1'],
    ['four parts', 'DJW1.I.e30.AQID'],
    ['six parts', forge({ type: 'I', fields: { v: 1 }, body: BODY }) + '.x'],
    ['twenty thousand dots', '.'.repeat(20_000)],
    ['a text of 4 MiB', 'D'.repeat(4 << 20)],
  ])('%s', async (_, text) => {
    expect(await codeOf(readRecord(text, 'I'))).toBe('vault.damaged');
  });

  test.each([
    ['another magic', (text: string) => text.replace('DJW1', 'DJW2')],
    ['another type', (text: string) => text.replace('.I.', '.S.')],
    ['a small letter as type', (text: string) => text.replace('.I.', '.i.')],
    ['a line end', (text: string) => `${text}\n`],
    ['a blank before it', (text: string) => ` ${text}`],
    ['padding', (text: string) => text.replace('.AQID.', '.AQID==.')],
    ['standard base64', (text: string) => text.replace('.AQID.', '.AQI+.')],
  ])('%s', async (_, change) => {
    expect(await codeOf(readRecord(change(good), 'I'))).toBe('vault.damaged');
  });

  test('base64url with stray bits, even under a good checksum', async () => {
    const text = 'DJW1.I.eyJ2IjoxfQ.AR';
    expect(await codeOf(readRecord(`${text}.${sumOf(text)}`, 'I'))).toBe('vault.damaged');
    expect(await codeOf(readRecord('DJW1.I.eyJ2IjoxfQ.AQ.' + sumOf('DJW1.I.eyJ2IjoxfQ.AQ'), 'I'))).toBe('fulfilled');
  });

  test('a change of any one character', async () => {
    for (let at = 0; at < good.length; at++) {
      const other = good[at] === 'A' ? 'B' : 'A';
      expect(await codeOf(readRecord(good.slice(0, at) + other + good.slice(at + 1), 'I')), `character ${at}`).toBe('vault.damaged');
    }
  });

  test('a cut at any place', async () => {
    for (let at = 0; at < good.length; at++) expect(await codeOf(readRecord(good.slice(0, at), 'I'))).toBe('vault.damaged');
  });
});

describe('fields have one form only, whatever the checksum says', () => {
  test.each([
    ['no JSON', '{"v":1'],
    ['a text', '"v"'],
    ['a list', '[1]'],
    ['null', 'null'],
    ['blanks', '{"v": 1}'],
    ['keys out of order', '{"v":1,"a":2}'],
    ['a key twice', '{"v":1,"v":1}'],
    ['a float', '{"a":1.5,"v":1}'],
    ['a float that is whole', '{"a":1.0,"v":1}'],
    ['an exponent', '{"a":1e3,"v":1}'],
    ['minus zero', '{"a":-0,"v":1}'],
    ['a number beyond 2^53', '{"a":9007199254740993,"v":1}'],
    ['true', '{"a":true,"v":1}'],
    ['null inside', '{"a":null,"v":1}'],
    ['an escape that is not needed', '{"a":"\\u0041","v":1}'],
    ['lists in lists in lists in lists', '{"a":[[[[1]]]],"v":1}'],
    ['2,000 lists deep', `{"a":${'['.repeat(2_000)}${']'.repeat(2_000)},"v":1}`],
    ['no version', '{"a":1}'],
    ['version 0', '{"v":0}'],
    ['version as text', '{"v":"1"}'],
  ])('%s', async (_, json) => {
    expect(await codeOf(readRecord(forgeJson('I', json, BODY), 'I'))).toBe('vault.damaged');
  });

  test('a head of 100,000 lists in each other, without a stack overflow', async () => {
    const json = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)},"v":1}`;
    expect(await codeOf(readRecord(forgeJson('H', json, BODY), 'H'))).toBe('vault.damaged');
  });

  test('invalid UTF-8', async () => {
    const text = `DJW1.I.${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.AQID`;
    expect(await codeOf(readRecord(`${text}.${sumOf(text)}`, 'I'))).toBe('vault.damaged');
  });

  test.each(['__proto__', 'constructor', 'toString'])('%s is a key like any other and reaches no prototype', async (key) => {
    const { fields } = await readRecord(forgeJson('I', `{"${key}":{"polluted":1},"v":1}`, BODY), 'I');
    expect(fields.get(key)).toBeInstanceOf(Map);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('bounds', () => {
  const long = (octets: number): string => `{"a":"${'x'.repeat(octets - 14)}","v":1}`;

  test.each([
    ['I', 8_192],
    ['S', 8_192],
    ['M', 8_192],
    ['H', 262_144],
  ] as const)('the fields of %s take %i octets and no more', async (type, max) => {
    expect(long(max)).toHaveLength(max);
    expect(await codeOf(readRecord(forgeJson(type, long(max), BODY), type))).toBe('fulfilled');
    expect(await codeOf(readRecord(forgeJson(type, long(max + 3), BODY), type))).toBe('vault.damaged');
  });

  test('a body takes 131,072 octets and no more', async () => {
    expect(await codeOf(readRecord(forgeJson('I', '{"v":1}', new Uint8Array(131_072)), 'I'))).toBe('fulfilled');
    expect(await codeOf(readRecord(forgeJson('I', '{"v":1}', new Uint8Array(131_073)), 'I'))).toBe('vault.damaged');
  });
});

describe('versions', () => {
  test('a later one is told as such, whatever other fields it has', async () => {
    expect(await codeOf(readRecord(withFields(good, { v: 2, what: ['ever'] }), 'I'))).toBe('vault.newer-version');
  });

  test('a later one with a bad checksum is damaged', async () => {
    const text = withFields(good, { v: 2 });
    expect(await codeOf(readRecord(text.slice(0, -1) + (text.endsWith('A') ? 'B' : 'A'), 'I'))).toBe('vault.damaged');
  });
});

describe('hostile texts', () => {
  test('any text is refused with our codes alone', async () => {
    const text = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.tuple(fc.constantFrom('H', 'S', 'I', 'M'), fc.json({ maxDepth: 8 })).map(([type, json]) => forgeJson(type, json, BODY)),
    );
    await fc.assert(
      fc.asyncProperty(text, async (hostile) => {
        expect(['vault.damaged', 'vault.newer-version']).toContain(await codeOf(readRecord(hostile, 'I')));
      }),
      { seed: 20_261_024, numRuns: 500 },
    );
  });

  test('whatever fields the writer takes, the reader gives back', async () => {
    const scalar = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.maxSafeInteger());
    const entry = fc.tuple(fc.string({ maxLength: 8 }), fc.oneof(scalar, fc.array(scalar, { maxLength: 4 })));
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 6 }), fc.uint8Array({ maxLength: 64 }), async (entries, body) => {
        const fields = new Map([...entries, ['v', 1] as const]);
        const text = await writeRecord(writePrefix('I', fields), body);
        const read = await readRecord(text, 'I');
        expect(new Map(read.fields)).toEqual(fields);
        expect(read.body).toEqual(body);
        expect(parts(text).body).toEqual(body);
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});
