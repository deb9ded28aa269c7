import { describe, expect, it } from 'vitest';
import { html } from '../../../demo/html.ts';
import { formatTime, TEXTS } from '../../../demo/texts.ts';
import { ERROR_CODES } from '../../../lib/errors.ts';
import { PURPOSES } from '../../../lib/npki/policy.ts';

const module_ = new URL('../../../demo/page/words.js', import.meta.url).href;
const { words } = (await import(module_)) as { words: (language: string) => Record<string, string> & { refusal(code: string): string } };

/** What can come out of a sign-in: from the wallet, or from the server. */
const REFUSALS = ERROR_CODES.filter((code) => /^(request|user|wallet|verify)\./.test(code) && code !== 'request.duplicate');
const CERTIFICATE = ['expired', 'not-yet-valid', 'revoked', 'untrusted', 'wrong-use', 'not-accepted'].map((reason) => `certificate.${reason}`);

describe('the words of the demo bank', () => {
  it.each(['ko', 'en'])('%s: every refusal has a sentence of its own', (language) => {
    const { refusal } = words(language);
    const sentences = [...REFUSALS, ...CERTIFICATE, 'identity.missing', 'network', 'library', 'internal'].map(refusal);
    expect(new Set(sentences).size).toBe(sentences.length);
    for (const sentence of sentences) expect(sentence).toMatch(language === 'ko' ? /[가-힣]+.*\.$/ : /^[ -~]+\.$/);
  });

  it('have a sentence even for codes that nobody knows', () => {
    expect(words('ko').refusal('new.code')).toBe(words('ko').refusal('internal'));
    expect(words('ko').refusal('__proto__')).toBe(words('ko').refusal('internal'));
  });

  it('are there in both languages for every purpose and check', () => {
    expect(Object.keys(TEXTS.ko.checks)).toEqual(Object.keys(TEXTS.en.checks));
    for (const { purposes } of Object.values(TEXTS)) expect(Object.keys(purposes).sort()).toEqual([...PURPOSES].sort());
  });

  it('tell times in Korea', () => {
    const time = Date.parse('2027-11-24T14:59:59Z');
    expect(formatTime('ko', time)).toBe('2027년 11월 24일');
    expect(formatTime('en', time)).toBe('24 November 2027');
    expect(formatTime('en', time, true)).toContain('23:59:59');
  });
});

describe('pages are written with every value escaped', () => {
  it.each([
    ['<script>', '&lt;script&gt;'],
    [`" onload='x' & more`, '&quot; onload=&#39;x&#39; &amp; more'],
    ['$& $1', '$&amp; $1'],
  ])('%s', (value, expected) => {
    expect(html`<p title="${value}">${value}</p>`.text).toBe(`<p title="${expected}">${expected}</p>`);
  });

  it('but for pieces that were escaped before', () => {
    const items = ['a', '<b>'].map((item) => html`<i>${item}</i>`);
    expect(html`<p>${items}</p>`.text).toBe('<p><i>a</i><i>&lt;b&gt;</i></p>');
  });
});
