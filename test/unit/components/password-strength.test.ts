import { describe, expect, it } from 'vitest';
import { passwordStrength } from '../../../components/form/password-strength.ts';

describe('a new password', () => {
  it.each([
    ['', 'short'],
    ['Tr0ub4dor', 'short'],
    ['가나다라마바사아자', 'short'],
    ['aaaaaaaaaaaa', 'weak'],
    ['12345678901234', 'weak'],
    ['abababababab', 'weak'],
    ['abcdefghijkl', 'weak'],
    ['k7#pW2!qZ9', 'fair'],
    ['바다에 뜬 작은 배', 'fair'],
    ['k7#pW2!qZ9&mV', 'good'],
    ['작은 배가 강물에 흘러 바다로 간다', 'strong'],
    ['correct horse battery staple', 'strong'],
  ])('"%s" is %s', (password, expected) => {
    expect(passwordStrength(password)).toBe(expected);
  });

  it('counts composed and decomposed letters alike', () => {
    expect(passwordStrength('가'.normalize('NFD').repeat(9))).toBe('short');
  });
});
