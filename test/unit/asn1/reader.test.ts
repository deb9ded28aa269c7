import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as read from '../../../lib/asn1/reader.ts';
import * as write from '../../../lib/asn1/writer.ts';
import { concat, type Bytes } from '../../../lib/bytes/bytes.ts';
import { fromHex, toHex } from '../../../lib/bytes/hex.ts';
import { WalletError } from '../../../lib/errors.ts';
import { codeOf } from '../../support/npki-fixtures.ts';

const der = (hex: string): Bytes => fromHex(hex.replaceAll(' ', ''));

function nested(depth: number): Bytes {
  let inner: Bytes = new Uint8Array(0);
  for (let i = 0; i < depth; i++) inner = write.sequence(inner);
  return inner;
}

/** `count` SEQUENCE headers around nothing, made without quadratic copying: every length is written in four octets. */
function headers(count: number): Bytes {
  const bytes = new Uint8Array(6 * count);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < count; i++) {
    view.setUint16(6 * i, 0x3084);
    view.setUint32(6 * i + 2, 6 * (count - i - 1));
  }
  return bytes;
}

describe('the DER reader', () => {
  it.each([
    ['an empty file', '', 'file.unreadable'],
    ['one octet', '30', 'file.unreadable'],
    ['an indefinite length', '3080 0000', 'file.unreadable'],
    ['a length cut off', '3082 01', 'file.unreadable'],
    ['content cut off', '3003 0201', 'file.unreadable'],
    ['a length of 126 octets', 'fe', 'file.unreadable'],
    ['a length of five octets', '0485 0000000001 00', 'file.unreadable'],
    ['a length of 2^32 − 1', '0484 ffffffff 00', 'file.unreadable'],
    ['a long form for 127', '04817f' + '00'.repeat(127), 'file.unreadable'],
    ['a leading zero in a length', '04820080' + '00'.repeat(128), 'file.unreadable'],
    ['a high tag number', '1f8101 00', 'file.unreadable'],
    ['a child that runs past its parent', '3003 0402 00', 'file.unreadable'],
    ['an indefinite length deep inside', '3004 3002 3080', 'file.unreadable'],
    ['octets behind the element', '0500 00', 'file.unreadable'],
    ['two elements', '0500 0500', 'file.unreadable'],
  ])('refuses %s', async (_, hex, code) => {
    expect(await codeOf(() => read.readDer(der(hex)))).toBe(code);
  });

  it('takes the first element and tells its length where octets behind it are known to occur', () => {
    const { node, length } = read.readDerPrefix(der('3003 020105 dead'));
    expect(toHex(node.raw)).toBe('3003020105');
    expect(length).toBe(5);
  });

  it.each([
    [32, 'none'],
    [33, 'file.hostile'],
    [100, 'file.hostile'],
  ] as const)('%i levels of nesting: %s', async (depth, code) => {
    expect(await codeOf(() => read.readDer(nested(depth)))).toBe(code);
  });

  it('does not overflow on 200,000 levels', async () => {
    expect(['file.hostile', 'file.unreadable']).toContain(await codeOf(() => read.readDer(headers(200_000))));
  });

  it('stops at 10,000 elements', async () => {
    const many = (count: number): Bytes => write.element(0x30, concat(...Array.from({ length: count }, () => write.nullValue())));
    expect(await codeOf(() => read.readDer(many(9_999)))).toBe('none');
    expect(await codeOf(() => read.readDer(many(10_000)))).toBe('file.hostile');
  });

  it.each([
    ['2a864886f70d010101', '1.2.840.113549.1.1.1'],
    ['2a831a8c9a44010f', '1.2.410.200004.1.15'],
    ['2a831a8c9a440a010103', '1.2.410.200004.10.1.1.3'],
    ['550406', '2.5.4.6'],
    ['883703', '2.999.3'],
    ['00', '0.0'],
    ['27', '0.39'],
    ['50', '2.0'],
    ['2a8fffffffffffff7f', '1.2.9007199254740991'],
    ['2a908080808080808000', '1.2.1152921504606846976'],
    // The largest that a UUID makes (ITU-T X.667 clause 7).
    ['6983ffffffffffffffffffffffffffffffffff7f', '2.25.340282366920938463463374607431768211455'],
  ])('reads the object identifier %s as %s', (hex, dotted) => {
    expect(read.objectIdentifier(read.readDer(write.element(6, der(hex))))).toBe(dotted);
    expect(toHex(write.objectIdentifier(dotted))).toBe(toHex(write.element(6, der(hex))));
  });

  it.each([
    ['none', ''],
    ['a padded arc', '2a8001'],
    ['a cut arc', '2a83'],
    ['65 octets', '2a'.repeat(65)],
    ['an arc of 129 bits', '2a84' + '80'.repeat(17) + '00'],
    ['a first arc past 2^53', 'ff'.repeat(9) + '7f'],
  ])('refuses an object identifier of %s', async (_, hex) => {
    expect(await codeOf(() => read.objectIdentifier(read.readDer(write.element(6, der(hex)))))).toBe('file.unreadable');
  });

  it.each([
    ['00', 0],
    ['7f', 127],
    ['0080', 128],
    ['0800', 2048],
    ['7fffffff', 2_147_483_647],
  ])('reads the integer %s', (hex, value) => {
    expect(read.smallInteger(read.readDer(write.element(2, der(hex))))).toBe(value);
    expect(toHex(write.integer(value))).toBe(toHex(write.element(2, der(hex))));
  });

  it.each([
    ['00', 0],
    ['7f', 127],
    ['ff', -1],
    ['80', -128],
    ['ff7f', -129],
    ['00ffffffff', 2 ** 32 - 1],
    ['800000000000', -(2 ** 47)],
  ])('signed INTEGER %s is %i', (hex, value) => {
    expect(read.signedInteger(read.readDer(write.element(2, der(hex))))).toBe(value);
  });

  it('a signed INTEGER of more than 48 bits is hostile', async () => {
    expect(await codeOf(() => read.signedInteger(read.readDer(write.element(2, der('01000000000000')))))).toBe('file.hostile');
  });

  it.each([
    ['empty', '', 'file.unreadable'],
    ['padded with zeros', '0001', 'file.unreadable'],
    ['padded with ones', 'ff80', 'file.unreadable'],
    ['negative', '80', 'file.hostile'],
    ['of 2^64', '010000000000000000', 'file.hostile'],
  ])('refuses a count that is %s', async (_, hex, code) => {
    expect(await codeOf(() => read.smallInteger(read.readDer(write.element(2, der(hex)))))).toBe(code);
  });

  it('reads magnitudes without the sign octet and refuses negative ones', async () => {
    expect(toHex(read.unsignedBytes(read.readDer(der('0202 00ff'))))).toBe('ff');
    expect(toHex(read.unsignedBytes(read.readDer(der('0201 00'))))).toBe('00');
    expect(await codeOf(() => read.unsignedBytes(read.readDer(der('0201 ff'))))).toBe('file.unreadable');
  });

  it.each([
    ['0101 00', false],
    ['0101 ff', true],
  ])('reads the boolean %s', (hex, value) => {
    expect(read.boolean(read.readDer(der(hex)))).toBe(value);
  });

  it.each(['0101 01', '0100', '0102 ffff'])('refuses the boolean %s', async (hex) => {
    expect(await codeOf(() => read.boolean(read.readDer(der(hex))))).toBe('file.unreadable');
  });

  it('reads bit strings with their unused bits', async () => {
    expect(read.bitString(read.readDer(der('0302 0780')))).toEqual({ unused: 7, bytes: Uint8Array.of(0x80) });
    expect(read.bitString(read.readDer(der('0301 00')))).toEqual({ unused: 0, bytes: new Uint8Array(0) });
    for (const hex of ['0300', '0302 0800', '0301 01']) expect(await codeOf(() => read.bitString(read.readDer(der(hex))))).toBe('file.unreadable');
  });

  it.each([
    ['170d' + Buffer.from('200224150000Z').toString('hex'), '2020-02-24T15:00:00.000Z'],
    ['170d' + Buffer.from('491231235959Z').toString('hex'), '2049-12-31T23:59:59.000Z'],
    ['170d' + Buffer.from('500101000000Z').toString('hex'), '1950-01-01T00:00:00.000Z'],
    ['180f' + Buffer.from('20500101000000Z').toString('hex'), '2050-01-01T00:00:00.000Z'],
  ])('reads the time %s', (hex, text) => {
    expect(new Date(read.time(read.readDer(der(hex)))).toISOString()).toBe(text);
    expect(toHex(write.time(Date.parse(text)))).toBe(hex);
  });

  it.each(['2002241500Z', '200230150000Z', '200224240000Z', '200224150060Z', '200224150000+0900', '20200224150000Z', '20022415000Z '])(
    'refuses the UTCTime %j',
    async (text) => {
      expect(await codeOf(() => read.time(read.readDer(write.element(0x17, Buffer.from(text)))))).toBe('file.unreadable');
    },
  );

  it.each([
    ['UTF8String', 0x0c, 'ed998d', '홍'],
    ['PrintableString', 0x13, '6b72', 'kr'],
    ['BMPString', 0x1e, 'd64d', '홍'],
    ['T61String as Latin-1', 0x14, 'e9', 'é'],
  ])('reads a %s', (_, tag, hex, text) => {
    expect(read.text(read.readDer(write.element(tag, der(hex))))).toBe(text);
  });

  it.each([
    ['invalid UTF-8', 0x0c, 'ff'],
    ['an odd BMPString', 0x1e, 'd6'],
    ['a lone surrogate in a BMPString', 0x1e, 'd800'],
    ['PrintableString past ASCII', 0x13, 'e9'],
    ['an OCTET STRING as text', 0x04, '41'],
    ['a text of 4,097 octets', 0x0c, '41'.repeat(4097)],
  ])('refuses %s', async (_, tag, hex) => {
    expect(await codeOf(() => read.text(read.readDer(write.element(tag, der(hex)))))).toBe('file.unreadable');
  });

  it('reads what is inside an EXPLICIT tag if it is one element', async () => {
    expect(read.explicit(read.readDer(der('a003 020105')), 0xa0).tag).toBe(2);
    for (const hex of ['a000', 'a006 020105 020105', 'a103 020105'])
      expect(await codeOf(() => read.explicit(read.readDer(der(hex)), 0xa0))).toBe('file.unreadable');
  });

  it('gives back what the writer wrote, and the same octets again', () => {
    const { tree } = fc.letrec<{ tree: Bytes }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small', maxDepth: 6 },
        fc.uint8Array({ maxLength: 200 }).map((octets) => write.octetString(octets)),
        fc.nat().map((value) => write.integer(value)),
        fc.boolean().map((value) => write.boolean(value)),
        fc.array(tie('tree'), { maxLength: 5 }).map((parts) => write.sequence(...parts)),
        fc.array(tie('tree'), { maxLength: 5 }).map((parts) => write.setOf(...parts)),
        tie('tree').map((part) => write.context(3, part)),
      ),
    }));
    const rewrite = (node: read.DerNode): Bytes =>
      (node.tag & 0x20) === 0 ? write.element(node.tag, node.content) : write.element(node.tag, ...read.children(node).map(rewrite));
    fc.assert(
      fc.property(tree, (bytes) => {
        expect(rewrite(read.readDer(bytes))).toEqual(bytes);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it('answers any octets with an element or a WalletError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (octets) => {
        try {
          expect(read.readDerPrefix(octets).length).toBeLessThanOrEqual(octets.length);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(WalletError);
        }
      }),
      { seed: 6, numRuns: 5_000 },
    );
  });
});
