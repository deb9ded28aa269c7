import { describe, expect, it } from 'vitest';
import { WalletError } from '../../../lib/errors.ts';
import { readCall, readWaitingCall } from '../../../lib/protocol/calls.ts';
import { DOCUMENT_FORMS, readSignatures, readSignRequest } from '../../../lib/protocol/documents.ts';
import { readRows } from '../../../lib/protocol/fields.ts';
import { LIMITS } from '../../../lib/protocol/limits.ts';
import { SHAPES } from '../../../lib/sign/forms.ts';

const DOCUMENT = { title: '이체', mediaType: 'text/plain', content: '금액: 1,000원' };

function codeOf(act: () => unknown): string {
  try {
    act();
    return 'read';
  } catch (thrown) {
    return thrown instanceof WalletError ? thrown.code : 'not ours';
  }
}

const asking = (change: object): string => codeOf(() => readSignRequest({ documents: [{ ...DOCUMENT, ...change }] }));

describe('the documents of a page', () => {
  it('are read with what goes without saying', () => {
    expect(readSignRequest({ documents: [DOCUMENT] })).toEqual({ documents: [{ ...DOCUMENT, charset: 'utf-8' }], form: 'cms' });
    const all = { documents: [{ ...DOCUMENT, charset: 'windows-949' }], form: 'cms-bare', accept: { issuers: ['yessign'] } };
    expect(readSignRequest(all)).toEqual(all);
  });

  it('have the forms that are written', () => {
    expect([...DOCUMENT_FORMS]).toEqual(Object.keys(SHAPES));
  });

  it.each([
    ['a title of a blank', { title: ' ' }],
    ['no title', { title: '' }],
    ['a title of two lines', { title: 'a\nb' }],
    ['a title with a separator of lines', { title: 'a\u2028b' }],
    ['a title with half a surrogate pair', { title: '\ud800' }],
    ['a title that is drawn over the lines around it', { title: `이체${'\u0338'.repeat(100)}` }],
    ['a title of 201 characters', { title: 'a'.repeat(201) }],
    ['an unknown type', { mediaType: 'text/html' }],
    ['a type of a prototype', { mediaType: 'toString' }],
    ['an unknown charset', { charset: 'euc-kr' }],
    ['a charset of octets', { mediaType: 'application/pdf', content: 'JVBERi0=', charset: 'utf-8' }],
    ['no content', { content: '' }],
    ['octets that are no text', { content: new Uint8Array(5) }],
    ['half a surrogate pair', { content: 'a\udc00b' }],
    ['JSON that is none', { mediaType: 'application/json', content: '{"a":' }],
    ['fields of more than a person reads in a table', { mediaType: 'text/x-fields', content: `금액: ${'1'.repeat(100_000)}` }],
    ['XML that says to be of another encoding', { mediaType: 'application/xml', content: '<?xml version="1.0" encoding="UTF-7"?><a>+ADw-</a>' }],
    [
      'XML that says to be of another encoding, in single quotes',
      { mediaType: 'application/xml', content: "<?xml version='1.0'\n encoding = 'EUC-KR'?><a/>" },
    ],
    ['XML of windows-949 that does not say so', { mediaType: 'application/xml', content: '<a>가</a>', charset: 'windows-949' }],
    ['fields without a separator', { mediaType: 'text/x-fields', content: '금액 1,000원' }],
    ['a key that nobody knows', { hash: 'sha256' }],
  ])('[C14] are refused with %s', (_, change) => {
    expect(asking(change)).toBe('request.malformed');
  });

  it.each([
    ['a form that nobody knows', { documents: [DOCUMENT], form: 'p1' }],
    ['no document', { documents: [] }],
    ['no list', { documents: { 0: DOCUMENT, length: 1 } }],
    ['a hole', { documents: [DOCUMENT, , DOCUMENT] }],
    ['a ready hash beside them', { documents: [DOCUMENT], hash: 'AAAA' }],
  ])('are refused with %s', (_, payload) => {
    expect(codeOf(() => readSignRequest(payload))).toBe('request.malformed');
  });

  it.each([
    ['a title with marks as languages stack them', { title: 'Tiê\u0301\u0323ng ที่' }],
    ['a title of 200 characters', { title: '가'.repeat(200) }],
    ['JSON', { mediaType: 'application/json', content: '{"iat2":1}' }],
    ['XML', { mediaType: 'application/xml', content: '<a/>' }],
    ['XML that says to be of its encoding', { mediaType: 'application/xml', content: '<?xml version="1.0" encoding="UTF-8"?><a/>' }],
    [
      'XML of windows-949 under its other name',
      { mediaType: 'application/xml', content: '<?xml version="1.0" encoding="EUC-KR"?><a/>', charset: 'windows-949' },
    ],
    ['fields', { mediaType: 'text/x-fields', content: '받는 사람: 김철수\n금액: 1,000원\n' }],
    ['octets in base64', { mediaType: 'application/octet-stream', content: 'AAECAw==' }],
  ])('are read with %s', (_, change) => {
    expect(asking(change)).toBe('read');
  });

  it('[A4] are too large over 8 MiB in all, and over a hundred, before anything of them is looked at', () => {
    const half = { ...DOCUMENT, content: 'a'.repeat(4 * 1024 * 1024) };
    expect(codeOf(() => readCall('sign', { documents: [half, half] }))).toBe('read');
    expect(codeOf(() => readCall('sign', { documents: [half, half, DOCUMENT] }))).toBe('request.too-large');
    expect(codeOf(() => readCall('sign', { documents: [half, half, half, { bad: true }] }))).toBe('request.too-large');
    expect(codeOf(() => readCall('sign', { documents: Array.from({ length: 100 }, () => DOCUMENT) }))).toBe('read');
    expect(codeOf(() => readCall('sign', { documents: Array.from({ length: 101 }, () => DOCUMENT) }))).toBe('request.too-large');
    const octets = { ...DOCUMENT, mediaType: 'application/pdf', content: 'A'.repeat((LIMITS.documents / 3) * 4 - 4 + 12) };
    expect(codeOf(() => readSignRequest({ documents: [octets] }))).toBe('request.too-large');
  });
});

describe('what waits of documents', () => {
  const kept = {
    documents: [{ title: '이체', mediaType: 'text/plain', charset: 'utf-8', size: 17, digest: 'A'.repeat(43) }],
    form: 'cms',
    key: 'A'.repeat(44),
  };

  it('is read again as it was written, and nothing else', () => {
    expect(readWaitingCall('sign', kept)).toEqual({ action: 'sign', payload: kept });
    expect(codeOf(() => readWaitingCall('sign', { documents: [DOCUMENT] }))).toBe('request.malformed');
    for (const change of [{ size: -1 }, { size: 1.5 }, { digest: 'A' }, { content: 'x' }]) {
      expect(codeOf(() => readWaitingCall('sign', { ...kept, documents: [{ ...kept.documents[0], ...change }] }))).toBe('request.malformed');
    }
  });

  it('is nothing that a page can send', () => {
    expect(codeOf(() => readCall('sign', kept))).toBe('request.malformed');
  });
});

describe('fields', () => {
  it.each([
    [
      '받는 사람: 김철수\n금액: 1,000원\n',
      [
        ['받는 사람', '김철수'],
        ['금액', '1,000원'],
      ],
    ],
    ['시각(HH:MM): 10:00: 서울', [['시각(HH:MM)', '10:00: 서울']]],
    [
      '메모: \r\n보내는 사람: 홍길동\r\n',
      [
        ['메모', ''],
        ['보내는 사람', '홍길동'],
      ],
    ],
  ])('%j are split at the first colon and blank', (text, expected) => {
    // prettier-ignore
    expect(readRows(text).map(({ label, value }) => [label, value])).toEqual(expected);
  });

  it.each([
    ['nothing', ''],
    ['an empty line between', 'a: 1\n\nb: 2'],
    ['no label', ': 1'],
    ['a label with a blank in front', ' a: 1'],
    ['a label with a blank behind', 'a : 1'],
    ['a label that comes twice', 'a: 1\na: 2'],
    ['a label that a blank tells apart', 'a: 1\na\u3000: 2'],
    ['501 lines', Array.from({ length: 501 }, (_, at) => `${String(at)}: x`).join('\n')],
  ])('are refused with %s', (_, text) => {
    expect(codeOf(() => readRows(text))).toBe('request.malformed');
  });
});

describe('the result of signing', () => {
  it('has a signature for each document, whole or around its content', () => {
    const result = { signatures: ['AAAA', { before: 'AA==', after: 'AA==' }], certificate: 'BBBB' };
    expect(readSignatures(result, 2)).toEqual(result);
    for (const count of [1, 3]) expect(codeOf(() => readSignatures(result, count))).toBe('request.malformed');
    expect(codeOf(() => readSignatures({ signatures: [{ before: 'AA==' }], certificate: 'BBBB' }, 1))).toBe('request.malformed');
  });
});
