import { describe, expect, it } from 'vitest';
import { LOCAL_PATTERNS, siteOf, sitePatterns, SITES } from '../../../lib/platform/sites.ts';

describe('the list of sites', () => {
  it('names every registrable domain once, in lower case', () => {
    const domains = SITES.map(({ domain }) => domain);
    expect(new Set(domains).size).toBe(domains.length);
    expect(domains.filter((domain) => !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain))).toEqual([]);
  });

  it('has a name in Korean and in English for each', () => {
    expect(SITES.filter(({ ko, en }) => ko === '' || en === '')).toEqual([]);
  });

  it('never reaches a whole suffix', () => {
    const suffixes = ['kr', 'co.kr', 'go.kr', 'or.kr', 'com', 'net'];
    expect(SITES.filter(({ domain }) => suffixes.includes(domain))).toEqual([]);
  });

  it('matches https alone, and nothing but these hosts and theirs', () => {
    const patterns = sitePatterns();
    expect(patterns).toHaveLength(SITES.length * 2);
    expect(patterns.filter((pattern) => !/^https:\/\/(\*\.)?[a-z0-9.-]+\/\*$/.test(pattern))).toEqual([]);
    expect(patterns.filter((pattern) => /localhost|127\.0\.0\.1/.test(pattern))).toEqual([]);
  });

  it('keeps loopback apart, for the demo build', () => {
    expect(LOCAL_PATTERNS).toEqual(['http://localhost/*', 'http://127.0.0.1/*']);
  });
});

describe('the site of an origin', () => {
  it.each([
    ['https://kbstar.com', 'kbstar.com'],
    ['https://obank.kbstar.com', 'kbstar.com'],
    ['https://a.b.c.wooribank.com', 'wooribank.com'],
    ['https://www.gov.kr', 'gov.kr'],
    ['https://www.hometax.go.kr', 'hometax.go.kr'],
  ])('is known: %s', (origin, domain) => {
    expect(siteOf(origin)?.domain).toBe(domain);
  });

  it.each([
    ['plain http', 'http://kbstar.com'],
    ['another port', 'https://kbstar.com:8443'],
    ['a trailing dot', 'https://kbstar.com.'],
    ['a longer name that ends alike', 'https://evilkbstar.com'],
    ['a name in front', 'https://kbstar.com.evil.example'],
    ['a user that looks like it', 'https://kbstar.com@evil.example'],
    ['a Cyrillic letter', 'https://kbst\u0430r.com'],
    ['its punycode', 'https://xn--kbstr-3nf.com'],
    ['a suffix', 'https://go.kr'],
    ['another host of the suffix', 'https://www.nts.go.kr'],
    ['a file', 'file:///kbstar.com'],
    ['an extension', 'chrome-extension://kbstar.com'],
    ['an opaque origin', 'null'],
    ['an address literal', 'https://127.0.0.1'],
    ['loopback', 'http://localhost'],
    ['no address', 'kbstar.com'],
    ['nothing', ''],
  ])('is unknown with %s', (_, origin) => {
    expect(siteOf(origin)).toBeNull();
  });
});
