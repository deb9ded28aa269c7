import { describe, expect, it } from 'vitest';
import { isPunycode, originParts } from '../../../components/approval/origin-parts.ts';

describe('the part of an address that somebody registered', () => {
  it.each([
    ['https://bank.example', ['https://', '', 'bank.example', '']],
    ['https://www.bank.example', ['https://', 'www.', 'bank.example', '']],
    ['https://obank.kbstar.com', ['https://', 'obank.', 'kbstar.com', '']],
    ['https://spib.wooribank.co.kr', ['https://', 'spib.', 'wooribank.co.kr', '']],
    ['https://hometax.go.kr', ['https://', '', 'hometax.go.kr', '']],
    ['https://www.bank.kr', ['https://', 'www.', 'bank.kr', '']],
    ['https://my.shop.seoul.kr', ['https://', 'my.', 'shop.seoul.kr', '']],
    ['https://co.kr', ['https://', '', 'co.kr', '']],
    ['https://wooribank.co.kr.evil.example', ['https://', 'wooribank.co.kr.', 'evil.example', '']],
    ['https://bank.example:8443', ['https://', '', 'bank.example', ':8443']],
    ['http://localhost:4300', ['http://', '', 'localhost', ':4300']],
    ['http://127.0.0.1:4300', ['http://', '', '127.0.0.1', ':4300']],
    ['http://[::1]:4300', ['http://', '', '[::1]', ':4300']],
    ['https://xn--o39an51b2re.kr', ['https://', '', 'xn--o39an51b2re.kr', '']],
  ])('%s', (origin, expected) => {
    const parts = originParts(origin);
    expect([parts.scheme, parts.before, parts.domain, parts.port]).toEqual(expected);
    expect(Object.values(parts).join('')).toBe(origin);
  });
});

describe('an address in other than plain letters', () => {
  it.each([
    ['https://xn--o39an51b2re.kr', true],
    ['https://www.xn--80ak6aa92e.com', true],
    ['https://bank.example', false],
    ['https://a-xn--b.example', false],
  ])('%s: %s', (origin, expected) => {
    expect(isPunycode(origin)).toBe(expected);
  });
});
