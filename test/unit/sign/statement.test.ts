import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromUtf8, utf8 } from '../../../lib/bytes/text.ts';
import { isOrigin, readStatement, writeStatement } from '../../../lib/sign/statement.ts';

const NONCE = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const ISSUED_AT = Date.UTC(2026, 10, 23, 1, 2, 3);
const TEXT = `{"iat":"2026-11-23T01:02:03Z","nonce":"${NONCE}","origin":"https://bank.example","purpose":"sign-in","type":"dojang/1"}`;

describe('the sign-in statement', () => {
  it('is the canonical JSON of RFC 8785, to the octet', () => {
    expect(fromUtf8(writeStatement({ origin: 'https://bank.example', nonce: NONCE, issuedAt: ISSUED_AT }))).toBe(TEXT);
  });

  it('keeps whole seconds', () => {
    expect(fromUtf8(writeStatement({ origin: 'https://bank.example', nonce: NONCE, issuedAt: ISSUED_AT + 999 }))).toBe(TEXT);
  });

  it('is read back as it was written', () => {
    expect(readStatement(utf8(TEXT))).toEqual({ origin: 'https://bank.example', nonce: NONCE, issuedAt: ISSUED_AT });
  });

  it('round-trips for any origin, nonce and second', () => {
    const nonces = fc.stringMatching(/^[A-Za-z0-9_-]{43,128}$/);
    const origins = fc.webUrl({ validSchemes: ['https'] }).map((url) => new URL(url).origin);
    const seconds = fc.integer({ min: 0, max: 253_402_300_799 });
    fc.assert(
      fc.property(origins, nonces, seconds, (origin, nonce, second) => {
        const statement = { origin, nonce, issuedAt: second * 1000 };
        expect(readStatement(writeStatement(statement))).toEqual(statement);
      }),
      { seed: 20261123, numRuns: 200 },
    );
  });

  it.each([
    ['null', 'the origin of a sandboxed document'],
    ['', 'nothing'],
    ['https://bank.example/', 'a trailing slash'],
    ['https://bank.example/path', 'a path'],
    ['https://BANK.example', 'upper case'],
    ['https://bank.example:443', 'the default port'],
    ['https://user@bank.example', 'user information'],
    ['https://은행.example', 'a name that is not in punycode'],
    ['file://', 'a file'],
    ['chrome-extension://abcdefghijklmnopabcdefghijklmnop', 'an extension'],
    ['ftp://bank.example', 'another scheme'],
    [`https://${'a'.repeat(400)}.example`, 'more characters than a host name has'],
    ['https://bank.example"', 'a quote'],
  ])('is not written for the origin %j: %s', (origin) => {
    expect(isOrigin(origin)).toBe(false);
    expect(() => writeStatement({ origin, nonce: NONCE, issuedAt: ISSUED_AT })).toThrow(expect.objectContaining({ code: 'request.malformed' }));
  });

  it.each([
    ['https://bank.example'],
    ['https://bank.example.'],
    ['https://bank.example:8443'],
    ['https://xn--ok1b16a.example'],
    ['http://localhost:8701'],
    ['http://127.0.0.1:8701'],
    ['https://[2001:db8::1]'],
  ])('takes the origin %s', (origin) => {
    expect(isOrigin(origin)).toBe(true);
  });

  it.each([
    ['a short nonce', { nonce: NONCE.slice(1) }],
    ['a long nonce', { nonce: 'A'.repeat(129) }],
    ['a nonce with padding', { nonce: `${NONCE}=` }],
    ['a time that is no number', { issuedAt: Number.NaN }],
    ['a time before 1970', { issuedAt: -1 }],
    ['a time after the year 9999', { issuedAt: 253_402_300_800_000 }],
  ])('is not written for %s', (_, change) => {
    const statement = { origin: 'https://bank.example', nonce: NONCE, issuedAt: ISSUED_AT, ...change };
    expect(() => writeStatement(statement)).toThrow(expect.objectContaining({ code: 'request.malformed' }));
  });
});

describe('reading refuses what the wallet would not have written', () => {
  it.each([
    ['nothing', ''],
    ['no JSON', 'sign-in'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a blank', TEXT.replace(',', ', ')],
    ['a line end behind it', `${TEXT}\n`],
    ['a byte order mark', `\uFEFF${TEXT}`],
    ['another order of keys', TEXT.replace(/^\{("iat":"[^"]+"),(.*)\}$/, '{$2,$1}')],
    ['a key too many', TEXT.replace('}', ',"x":1}')],
    ['a key too few', TEXT.replace(',"purpose":"sign-in"', '')],
    ['a key twice', TEXT.replace('{', '{"iat":"2026-11-23T01:02:03Z",')],
    ['__proto__', TEXT.replace('{', '{"__proto__":{},')],
    ['an escaped character', TEXT.replace('bank', '\\u0062ank')],
    ['another purpose', TEXT.replace('sign-in', 'transfer')],
    ['another type', TEXT.replace('dojang/1', 'dojang/2')],
    ['a time with milliseconds', TEXT.replace('03Z', '03.000Z')],
    ['a time in another zone', TEXT.replace('03Z', '03+09:00')],
    ['a day that does not exist', TEXT.replace('11-23', '02-30')],
    ['a number for a text', TEXT.replace('"https://bank.example"', '1')],
    ['more octets than a statement has', `${TEXT}${' '.repeat(1024)}`],
  ])('%s', (_, text) => {
    expect(() => readStatement(utf8(text))).toThrow(expect.objectContaining({ code: 'request.malformed' }));
  });

  it('octets that are not UTF-8', () => {
    const bytes = utf8(TEXT);
    bytes[3] = 0xff;
    expect(() => readStatement(bytes)).toThrow(expect.objectContaining({ code: 'request.malformed' }));
  });
});
