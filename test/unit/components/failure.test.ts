import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { failure, failureOf, failureSentence } from '../../../components/failure.ts';
import { ERROR_CODES, WalletError } from '../../../lib/errors.ts';
import { LOCALES } from '../../../lib/i18n/locale.ts';
import { createTexts } from '../../../lib/i18n/texts.ts';

const texts = LOCALES.map((locale) =>
  createTexts(locale, JSON.parse(readFileSync(new URL(`../../../public/_locales/${locale}/messages.json`, import.meta.url), 'utf8'))),
);

describe('a failure', () => {
  it('keeps code and detail of our own error', () => {
    expect(failureOf(new WalletError('file.pair-missing', { detail: 'signPri.key' }))).toEqual(failure('file.pair-missing', 'signPri.key'));
    expect(failureOf(new WalletError('vault.full'))).toEqual(failure('vault.full'));
  });

  it.each([[new Error('text of somebody else')], ['text'], [null]])('of anything else is internal and says nothing of it', (thrown) => {
    expect(failureOf(thrown)).toEqual(failure('internal'));
  });

  it.each(ERROR_CODES)('%s has a whole sentence in both languages, with and without a detail', (code) => {
    for (const { t } of texts) {
      for (const detail of [null, '7']) expect(failureSentence(t, failure(code, detail))).not.toMatch(/[{}]|^$/);
    }
  });

  it.each([
    [failure('file.pair-missing', 'signPri.key'), /signPri\.key/],
    [failure('file.unsupported', '1.2.840.113549.1.5.12'), /다른 사본이 있으면/],
    [failure('file.unsupported', 'readme.txt'), /인증서 파일이 아닙니다/],
    [failure('password.wait', '30'), /30초/],
  ])('%j names what to do', (why, expected) => {
    expect(failureSentence(texts[0]?.t ?? (() => ''), why)).toMatch(expected);
  });
});
