import { describe, expect, it } from 'vitest';
import { errorCode } from '../../../lib/errors.ts';
import { LIMITS } from '../../../lib/protocol/limits.ts';
import { readSignInRequest, readSignInResult } from '../../../lib/protocol/sign-in.ts';

const NONCE = 'Az09-_'.padEnd(43, 'n');

function codeOf(act: () => unknown): string {
  try {
    act();
    return 'read';
  } catch (thrown) {
    return errorCode(thrown);
  }
}

describe('a sign-in request', () => {
  it.each([
    ['a nonce alone', { nonce: NONCE }],
    ['the longest nonce', { nonce: 'n'.repeat(128) }],
    ['nothing special accepted', { nonce: NONCE, accept: {} }],
    ['policies', { nonce: NONCE, accept: { policies: ['1.2.410.200005.1.1.4'] } }],
    ['a server for the identity value', { nonce: NONCE, identity: { recipient: 'MIIC+/A=' } }],
    ['the longest certificate of one', { nonce: NONCE, identity: { recipient: 'A'.repeat(LIMITS.recipient) } }],
    ['issuers in Korean', { nonce: NONCE, accept: { issuers: ['금융결제원', 'yessign'] } }],
    [
      'the most of both',
      { nonce: NONCE, accept: { policies: new Array<string>(64).fill('1.2'), issuers: new Array<string>(32).fill('x'.repeat(128)) } },
    ],
  ])('reads: %s', (_, request) => {
    expect(readSignInRequest(structuredClone(request))).toStrictEqual(request);
  });

  it('leaves out what the page left undefined', () => {
    expect(readSignInRequest({ nonce: NONCE, accept: undefined })).toStrictEqual({ nonce: NONCE });
    expect(readSignInRequest({ nonce: NONCE, accept: { policies: undefined, issuers: [] } })).toStrictEqual({
      nonce: NONCE,
      accept: { issuers: [] },
    });
  });

  it.each([
    ['nothing', null],
    ['the certificate itself', 'MIIC'],
    ['no certificate', {}],
    ['an empty one', { recipient: '' }],
    ['octets', { recipient: new Uint8Array(8) }],
    ['one in base64url', { recipient: 'MI-_' }],
    ['one in PEM', { recipient: '-----BEGIN CERTIFICATE-----' }],
    ['one that is too long', { recipient: 'A'.repeat(LIMITS.recipient + 1) }],
    ['more than that', { recipient: 'MIIC', idNumber: '9000011000000' }],
  ])('is refused with a server for the identity value that is %s', (_, identity) => {
    expect(codeOf(() => readSignInRequest({ nonce: NONCE, identity }))).toBe('request.malformed');
  });

  it.each([
    ['42 characters', 'n'.repeat(42)],
    ['129 characters', 'n'.repeat(129)],
    ['none', ''],
    ['padding', `${'n'.repeat(43)}=`],
    ['standard base64', `${'n'.repeat(42)}+/`],
    ['a blank', `${'n'.repeat(43)} `],
    ['a line end', `${'n'.repeat(43)}\n`],
    ['a NUL', `${'n'.repeat(43)}\0`],
    ['a lone surrogate', `${'n'.repeat(43)}\ud800`],
    ['text that runs to the left', `${'n'.repeat(43)}\u202e`],
    ['combining marks', `${'n'.repeat(43)}${'\u0301'.repeat(10)}`],
    ['Hangul', '도장'.repeat(30)],
    ['a number', 43],
    ['octets', new Uint8Array(48)],
    ['a list', [NONCE]],
    ['null', null],
  ])('is refused with a nonce of %s', (_, nonce) => {
    expect(codeOf(() => readSignInRequest({ nonce }))).toBe('request.malformed');
  });

  it.each([
    ['hash', 'a'.repeat(64)],
    ['digest', 'a'.repeat(44)],
    ['toBeSigned', 'AAAA'],
    ['raw', true],
    ['algorithm', 'RSASSA-PKCS1-v1_5'],
    ['origin', 'https://bank.example'],
    ['statement', '{}'],
    ['documents', []],
    ['certificate', 'AAAA'],
    ['identity', {}],
  ])('signs nothing that the page has hashed or framed: no field %s', (key, value) => {
    expect(codeOf(() => readSignInRequest({ nonce: NONCE, [key]: value }))).toBe('request.malformed');
  });

  it.each([
    ['null', null],
    ['a list', []],
    ['a map', new Map()],
    ['an unknown key', { serials: ['01'] }],
    ['its own __proto__', JSON.parse('{"__proto__":{"policies":["1.2"]}}') as unknown],
    ['its own constructor', JSON.parse('{"constructor":{"prototype":{}}}') as unknown],
    ['a policy too many', { policies: new Array<string>(65).fill('1.2') }],
    ['an issuer too many', { issuers: new Array<string>(33).fill('yessign') }],
    ['a policy too long', { policies: ['1'.repeat(129)] }],
    ['an empty issuer', { issuers: [''] }],
    ['a policy that is a number', { policies: [1.2] }],
    ['policies that are a text', { policies: '1.2.410' }],
    ['policies that are holes', { policies: new Array(3) }],
    ['null for policies', { policies: null }],
  ])('is refused where it accepts %s', (_, accept) => {
    expect(codeOf(() => readSignInRequest({ nonce: NONCE, accept }))).toBe('request.malformed');
    expect(Reflect.get({}, 'policies')).toBeUndefined();
  });

  it('takes any characters in names, which are only compared', () => {
    const issuers = ['\ud800', 'a\0b', '\u202eknab', 'ㅤ'];
    expect(readSignInRequest({ nonce: NONCE, accept: { issuers } })).toStrictEqual({ nonce: NONCE, accept: { issuers } });
  });

  it('is a snapshot: what the page changes later does not reach it', () => {
    const request = { nonce: NONCE, accept: { policies: ['1.2'] } };
    const read = readSignInRequest(request);
    request.accept.policies[0] = '9.9';
    request.nonce = 'x'.repeat(43);
    expect(read).toStrictEqual({ nonce: NONCE, accept: { policies: ['1.2'] } });
  });
});

describe('a sign-in result', () => {
  it.each([
    ['both', { cms: 'AA==', certificate: 'AA==' }, 'read'],
    ['no certificate', { cms: 'AA==' }, 'request.malformed'],
    ['an empty cms', { cms: '', certificate: 'AA==' }, 'request.malformed'],
    ['a cms without end', { cms: 'A'.repeat(LIMITS.request + 1), certificate: 'AA==' }, 'request.malformed'],
    ['octets', { cms: new Uint8Array(4), certificate: 'AA==' }, 'request.malformed'],
    ['a key too many', { cms: 'AA==', certificate: 'AA==', random: 'AA==' }, 'request.malformed'],
  ])('is read strictly: %s', (_, value, expected) => {
    expect(codeOf(() => readSignInResult(value))).toBe(expected);
  });
});
