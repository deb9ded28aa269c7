import { describe, expect, test } from 'vitest';
import { toHex } from '../../../lib/bytes/hex.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { newPassword, passwordStrength } from '../../../lib/vault/new-password.ts';
import { passwordBytes } from '../../../lib/vault/password.ts';
import { codeOf } from './support.ts';

const outcome = (act: (text: string) => unknown, text: string): Promise<string> => codeOf(new Promise((resolve) => resolve(act(text))));

describe('E6: the octets of a password', () => {
  test.each([
    ['Hangul typed as jamo', '지갑 암호'],
    ['accents', 'Crème brûlée'],
    ['blanks at both ends', '  pass  '],
    ['an emoji', '열쇠🔑'],
  ])('are the same for both forms of %s', (_, text) => {
    expect(toHex(passwordBytes(text.normalize('NFD')))).toBe(toHex(utf8(text)));
    expect(toHex(passwordBytes(text.normalize('NFC')))).toBe(toHex(utf8(text)));
  });

  test('are not folded further', () => {
    expect(toHex(passwordBytes('ＡＢＣ'))).not.toBe(toHex(passwordBytes('ABC')));
    expect(toHex(passwordBytes('a '))).not.toBe(toHex(passwordBytes('a')));
  });

  test.each([
    ['one character', 'a', 'fulfilled'],
    ['1,024 octets', 'a'.repeat(1_024), 'fulfilled'],
    ['1,025 octets', 'a'.repeat(1_025), 'password.too-long'],
    ['341 syllables, as syllables', '가'.repeat(341), 'fulfilled'],
    ['341 syllables of three jamo each', '각'.repeat(341).normalize('NFD'), 'fulfilled'],
    ['342 syllables', '가'.repeat(342), 'password.too-long'],
    ['1 MB', 'a'.repeat(1_000_000), 'password.too-long'],
    ['1 MB of combining marks', '\u0301'.repeat(1_000_000), 'password.too-long'],
    ['nothing', '', 'password.wrong'],
  ])('%s: %s', async (_, text, code) => {
    expect(await outcome(passwordBytes, text)).toBe(code);
  });
});

describe('a new password', () => {
  test.each([
    'xkqhfdzmwo',
    '나는오늘아침에밥을먹었다',
    'correct horse battery',
    'Tr0ub4dor&3x',
    '   가 나 다른 길  ',
    'rlaehdgus12',
    '🔑🗝️🚪🏠🌙⭐️🐅🌲',
  ])('may be %s', (text) => {
    expect(toHex(newPassword(text))).toBe(toHex(utf8(text.normalize('NFC'))));
  });

  test.each(['', 'a', 'x9!Kd0$fq', '가나다라마바사아자', '각'.repeat(4).normalize('NFD'), '🔑'.repeat(9)])(
    'of under ten characters is weak: %s',
    async (text) => {
      expect(await outcome(newPassword, text)).toBe('password.weak');
      expect(passwordStrength(text)).toBe('weak');
    },
  );

  test.each([
    'password12',
    'Password123!',
    'P@ssw0rd2024',
    'qwerty123456',
    'QWERTY123456',
    '1q2w3e4r5t',
    '1q2w3e4r5t!',
    'q1w2e3r4t5',
    '1qaz2wsx3edc',
    '!QAZ2wsx3edc',
    'qweasdzxc123',
    'asdfasdf1234',
    'asdfghjkl;',
    'zxcvbnm123',
    'aaaaaaaaaa',
    '          ',
    'ababababababab',
    'abcabcabcabc',
    '12341234123412341234',
    '1234567890',
    '0987654321',
    '147258369147',
    'abcdefghij',
    '01012345678',
    '1985031204',
    'summer2024!!',
    'iloveyou1234',
    'admin12345!',
    'samsung123!',
    'korea2024!',
    'qlalfqjsgh1!',
    'dkssudgktpdy',
    'tkfkdgo1004!',
    'qwer1234!!',
    '비밀번호1234!!',
    '비밀번호1234!!'.normalize('NFD'),
    '가나다라마바사아자차',
    'ㅂㅈㄷㄱㅁㄴㅇㄹㅋㅌㅊㅍ',
    'ㅋㅋㅋㅋㅋㅋㅋㅋㅋㅋ',
    '🔑'.repeat(12),
    'a'.repeat(1_024),
  ])('that everybody thinks of is refused: %s', async (text) => {
    expect(await outcome(newPassword, text)).toBe('password.common');
    expect(passwordStrength(text)).toBe('weak');
  });

  test('that is too long is refused as such', async () => {
    expect(await outcome(newPassword, 'ab12'.repeat(300))).toBe('password.too-long');
  });

  test.each([
    ['hong19850312', 'weak'],
    ['elephant2024', 'weak'],
    ['9482757136', 'weak'],
    ['xkqhfdzmwo', 'fair'],
    ['Tr0ub4dor&3x', 'fair'],
    ['correct horse battery staple', 'strong'],
    ['나는오늘아침에밥을먹었다', 'strong'],
    ['f8$Kq!zR2m^Lp9w@', 'strong'],
  ])('%s is %s', (text, strength) => {
    expect(passwordStrength(text)).toBe(strength);
  });

  test('never gets weaker by one more character of its own', () => {
    const order = ['weak', 'fair', 'strong'];
    const text = 'v7#mB!wq0ZtLx4&uRk2p';
    const levels = Array.from(text, (_, i) => order.indexOf(passwordStrength(text.slice(0, i + 1))));
    expect(levels).toEqual([...levels].sort((a, b) => a - b));
  });
});
