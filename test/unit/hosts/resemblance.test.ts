import { domainToUnicode } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostParts } from '../../../lib/hosts/registrable.ts';
import { folded } from '../../../lib/hosts/confusables.ts';
import { shownLabel } from '../../../lib/hosts/punycode.ts';
import { resembledDomain } from '../../../lib/hosts/resemblance.ts';
import { PLACES } from '../../../lib/places/directory.ts';
import { resembledSite } from '../../../lib/platform/resembled-site.ts';
import { SITES } from '../../../lib/platform/sites.ts';

const LISTED = SITES.map(({ domain }) => domain);
const resembled = (host: string): string | null => resembledDomain(new URL(`https://${host}`).hostname, LISTED);

describe('letters of a label', () => {
  it.each([
    // RFC 3492 section 7.1
    ['(A) Arabic', 'xn--egbpdaj6bu4bxfgehfvwxn', 'ليهمابتكلموشعربي؟'],
    ['(B) Chinese', 'xn--ihqwcrb4cv8a8dqg056pqjye', '他们为什么不说中文'],
    ['(F) Japanese', 'xn--n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa', 'なぜみんな日本語を話してくれないのか'],
  ])('%s is read from Punycode', (_, label, letters) => {
    expect(shownLabel(label)).toBe(letters);
  });

  it.each(['kbstar', 'xn--', 'xn--\u0430', 'xn--99999999', `xn--${'a'.repeat(70)}`, 'xn---'])('are left alone where it is none: %s', (label) => {
    expect(() => shownLabel(label)).not.toThrow();
  });

  it('are read as the platform reads them', () => {
    const letters = fc.string({ unit: fc.constantFrom(...Array.from('abz09가힣우리은행аеорсλ漢字ñü')), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(letters, (text) => {
        const host = URL.parse(`https://${text}.example`)?.hostname;
        if (host === undefined) return;
        const [label = ''] = host.split('.');
        expect(shownLabel(label)).toBe(domainToUnicode(host).split('.')[0]);
      }),
    );
  });

  it.each([
    ['Cyrillic', 'kbst\u0430r', 'kbstar'],
    ['Cyrillic small forms', '\u043a\u0432star', 'kbstar'],
    ['Greek', 'n\u03bfnghyu\u03c1', 'nonghyup'],
    ['accents', 'kb\u0161t\u00e4r', 'kbstar'],
    ['a digit for a letter', 'w00ribank', 'wooribank'],
    ['another digit', '1bk', 'ibk'],
    ['two letters for one', 'horneta\u0445', 'hometax'],
  ])('%s fold to those they pass for', (_, imitation, real) => {
    expect(folded(imitation)).toBe(folded(real));
  });
});

/** Ways to imitate a domain; each gives a host, or null where the name has no place for it. */
const WAYS: Readonly<Record<string, (name: string, suffix: string) => string | null>> = {
  'in front of another domain': (name, suffix) => `${name}.${suffix}.evil.example`,
  'in front of it, behind www': (name, suffix) => `www.${name}.${suffix}.login.top`,
  'with hyphens for dots': (name, suffix) => `${name}-${suffix.replaceAll('.', '-')}.example`,
  'with a word behind the whole': (name, suffix) => `secure-${name}-${suffix.replaceAll('.', '-')}.net`,
  'with a bait behind a hyphen': (name) => `${name}-login.com`,
  'with a bait right behind it': (name) => `${name}bank.com`,
  'with www and no dot': (name) => `www${name}.com`,
  'with one letter of another alphabet': (name, suffix) => other(name, suffix, { a: '\u0430', o: '\u043e', e: '\u0435', i: '\u0456' }),
  'with a letter in Greek': (name, suffix) => other(name, suffix, { o: '\u03bf', v: '\u03bd', a: '\u03b1', n: '\u03b7', t: '\u03c4' }),
  'with an accent': (name, suffix) => other(name, suffix, { a: '\u00e1', o: '\u00f6', e: '\u00e9', i: '\u00ed' }),
  'with a digit': (name, suffix) => other(name, suffix, { o: '0', i: '1' }),
  'as a label of another domain': (name) => long(name, `${name}.evil.example`),
  'with a word of the imitator\u2019s': (name) => long(name, `${name}-winter.example`),
  'under another suffix': (name) => long(name, `${name}.info`),
  'under another Korean suffix': (name, suffix) => (suffix === 'ne.kr' ? null : `${name}.ne.kr`),
  'with two letters swapped': (name, suffix) => long(name, `${name.slice(0, -2)}${name.at(-1)}${name.at(-2)}.${suffix}`),
  'with a letter missing': (name, suffix) => long(name, `${name.slice(0, -1)}.${suffix}`),
  'with a letter twice': (name, suffix) => long(name, `${name}${name.at(-1)}.${suffix}`),
  'with two wrong letters in a long name': (name, suffix) => (name.length < 8 ? null : `${name.slice(0, -3)}z${name.at(-2)}z.${suffix}`),
};

function other(name: string, suffix: string, letters: Readonly<Record<string, string>>): string | null {
  const found = Object.keys(letters).find((letter) => name.includes(letter));
  return found === undefined ? null : `${name.replace(found, letters[found] ?? '')}.${suffix}`;
}

function long(name: string, host: string): string | null {
  return name.length > 3 ? host : null;
}

const PAIRS = LISTED.flatMap((domain) => {
  const { name = '', suffix = '' } = hostParts(domain) ?? {};
  return Object.entries(WAYS).flatMap(([way, imitate]) => {
    const host = imitate(name, suffix);
    return host === null ? [] : [{ way, domain, host }];
  });
});

describe('[C9] a host that imitates a listed one', () => {
  it('is told in more than 200 pairs, with the name of the one it imitates', () => {
    expect(PAIRS.length).toBeGreaterThan(200);
    expect(
      PAIRS.filter(({ domain, host }) => resembled(host) !== domain).map(({ way, host }) => `${host}: ${way}, ${String(resembled(host))}`),
    ).toEqual([]);
  });

  it.each([
    ['a Cyrillic letter [B21]', 'kbst\u0430r.com', 'kbstar.com'],
    ['its Punycode', 'xn--kbstr-7ve.com', 'kbstar.com'],
    ['upper case', 'KBSTRA.COM', 'kbstar.com'],
    ['a trailing dot', 'kbstra.com.', 'kbstar.com'],
    ['a port', 'kbstra.com:8443', 'kbstar.com'],
    ['a user in front', 'kbstar.com@kbstra.com', 'kbstar.com'],
    ['a hyphen within', 'kb-star.com', 'kbstar.com'],
    ['a subdomain of the imitation', 'obank.wo0ribank.com', 'wooribank.com'],
    ['the suffix of the state left out', 'hometax.kr', 'hometax.go.kr'],
    ['a word in front of a short one', 'my-ibk.com', 'ibk.co.kr'],
    ['a mere suffix as name', 'gov.kr.login.example', 'gov.kr'],
  ])('is told with %s', (_, host, domain) => {
    expect(resembled(host)).toBe(domain);
  });
});

describe('[C9] an honest host', () => {
  it.each(LISTED.flatMap((domain) => [domain, `www.${domain}`, `obank.m.${domain}`, `${domain}.`, `${domain}:8443`]))(
    'resembles nothing: %s',
    (host) => {
      expect(resembled(host)).toBeNull();
    },
  );

  it('is not taken for another one of the list when it is not on it itself', () => {
    const taken = LISTED.map((domain) => [
      domain,
      resembledDomain(
        domain,
        LISTED.filter((other) => other !== domain),
      ),
    ]);
    expect(taken.filter(([, found]) => found !== null)).toEqual([]);
  });

  it('is no place of the directory', () => {
    const hosts = PLACES.flatMap((place) => place.hosts).flatMap((host) => [host, `www.${host}`]);
    expect(hosts.length).toBeGreaterThan(20);
    expect(hosts.filter((host) => resembled(host) !== null)).toEqual([]);
  });

  it.each(
    (
      'naver.com www.naver.com daum.net kakao.com kakaobank.com google.com google.co.kr youtube.com github.com tistory.com ' +
      'www.gov.uk gov.uk login.gov service.gov.in mygov.in nhs.uk www.nts.go.kr minwon.go.kr hikorea.go.kr mois.go.kr www.pps.go.kr g2b.go.kr ' +
      'shinhancard.com hanacard.co.kr wooricard.com kbcard.com kebhana.com bccard.com lottecard.co.kr samsungcard.com hyundaicard.com ' +
      'kbsec.com samsungpop.com kiwoom.com miraeasset.com koreainvestment.com busanbank.co.kr knbank.co.kr dgb.co.kr jbbank.co.kr ' +
      'kjbank.com kdb.co.kr suhyup-bank.com cu.co.kr kfcc.co.kr tossbank.com kbanknow.com nps.or.kr kftc.or.kr hira.or.kr ' +
      'star.com kb.com ink.co.kr ibm.com ibk.org postbank.de signal.org trade.net design.net crossfit.com home.tax shinsegae.com ' +
      'localhost 127.0.0.1 [::1] example.com co.kr bank.example'
    ).split(' '),
  )('resembles nothing: %s', (host) => {
    expect(resembled(host)).toBeNull();
  });
});

describe('the listed site that an origin resembles', () => {
  it.each([
    ['https://kbstra.com', 'kbstar.com'],
    ['http://kbstra.com', 'kbstar.com'],
    ['https://kbstar.com', null],
    ['null', null],
    ['', null],
  ])('of %s is %s', (origin, domain) => {
    expect(resembledSite(origin)).toBe(domain);
  });
});
