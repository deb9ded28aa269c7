import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { fromHex } from '../../../lib/bytes/hex.ts';
import { isGroupTyped, readRecoveryCode, sheetMark, writeRecoveryCode } from '../../../lib/vault/recovery-code.ts';
import { addRecoveryCode } from '../../../lib/vault/ways-in.ts';
import { openWithRecoveryCode } from '../../../lib/vault/unlock.ts';
import { APP, codeOf, makeWallet, NOW, random } from './support.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ALL = '000G-40R4-0M30-E209-185G-R38E-1XYZ';

/** A second writer, with numbers in place of shifts. */
function expected(octets: Bytes): string {
  const digest = createHash('sha256').update('djw1/rec').update(octets).digest('hex');
  let number = BigInt(`0x${Buffer.from(octets).toString('hex')}${digest.slice(0, 3)}`);
  let text = '';
  for (let nth = 0; nth < 28; nth++) {
    text = ALPHABET.charAt(Number(number % 32n)) + text;
    number /= 32n;
  }
  return text.replace(/(.{4})(?=.)/g, '$1-');
}

const code16 = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((octets) => new Uint8Array(octets));

describe('a recovery code', () => {
  test('is seven groups of four, 128 bits and twelve for the check', async () => {
    const octets = fromHex('000102030405060708090a0b0c0d0e0f');
    const text = await writeRecoveryCode(octets);
    expect(text).toBe(expected(octets));
    expect(text.slice(0, 29)).toBe(ALL.slice(0, 29));
    expect(text).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
  });

  test('reads as it was written, for any octets', async () => {
    await fc.assert(
      fc.asyncProperty(code16, async (octets) => {
        const text = await writeRecoveryCode(octets);
        expect(text).toBe(expected(octets));
        expect(await readRecoveryCode(text)).toEqual(octets);
      }),
      { seed: 20261125, numRuns: 300 },
    );
  });

  test.each<[string, (text: string) => string]>([
    ['in small letters', (text) => text.toLowerCase()],
    ['without hyphens', (text) => text.replaceAll('-', '')],
    ['with blanks, tabs and line ends', (text) => ` ${text.replaceAll('-', ' \t\n')} `],
    ['in full width, as a Korean keyboard gives it', (text) => text.replace(/[!-~]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0))],
    ['with long dashes and minus signs', (text) => text.replace('-', '–').replace('-', '—').replace('-', '−')],
    ['with the letter O for zero', (text) => text.replaceAll('0', 'O')],
    ['with l for one', (text) => text.replaceAll('1', 'l')],
    ['with I for one', (text) => text.replaceAll('1', 'I')],
  ])('E13: is read %s', async (_, change) => {
    const octets = fromHex('000102030405060708090a0b0c0d0e0f');
    expect(await readRecoveryCode(change(await writeRecoveryCode(octets)))).toEqual(octets);
  });

  test.each<[string, (text: string) => string]>([
    ['one character short', (text) => text.slice(0, -1)],
    ['one character more', (text) => `${text}0`],
    ['nothing', () => ''],
    ['the letter U', (text) => `U${text.slice(1)}`],
    ['Hangul', (text) => `가${text.slice(1)}`],
    ['a megabyte', () => '0'.repeat(1_000_000)],
  ])('E13: %s is a typing error', async (_, change) => {
    expect(await codeOf(readRecoveryCode(change(await writeRecoveryCode(random(16)))))).toBe('recovery.mistyped');
  });

  test('E13: of one wrong character or two swapped ones, fewer than 1 in 1,000 pass', async () => {
    const octets = fromHex('3f8a11c0559e7d2246b8e0fa90137ccd');
    const plain = (await writeRecoveryCode(octets)).replaceAll('-', '');
    const wrong: string[] = [];
    for (let at = 0; at < 28; at++) {
      for (const other of ALPHABET) if (other !== plain[at]) wrong.push(plain.slice(0, at) + other + plain.slice(at + 1));
      const [a = '', b = ''] = plain.slice(at, at + 2);
      if (b !== '' && a !== b) wrong.push(plain.slice(0, at) + b + a + plain.slice(at + 2));
    }
    const codes = await Promise.all(wrong.map((text) => codeOf(readRecoveryCode(text))));
    expect(wrong.length).toBeGreaterThan(890);
    expect(codes.filter((code) => code !== 'recovery.mistyped').length).toBeLessThan(2);
  });

  test('is typed back group by group', () => {
    expect([isGroupTyped(ALL, 0, ' o00g '), isGroupTyped(ALL, 6, '1xyz'), isGroupTyped(ALL, 1, '40R5')]).toEqual([true, true, false]);
    expect([isGroupTyped(ALL, 7, ''), isGroupTyped(ALL, 0, '')]).toEqual([false, false]);
  });
});

describe('E13: of the codes of a wallet', () => {
  test('the latest opens, an older one and one of another wallet do not', async () => {
    const wallet = await makeWallet();
    const base = { ...wallet, now: NOW, app: APP, random };
    const old = await addRecoveryCode(base);
    const latest = await addRecoveryCode({ ...base, head: old.head });
    const open = await openWithRecoveryCode(latest.head, await readRecoveryCode(latest.code));
    expect(open).toEqual({ listKey: wallet.listKey, signingKey: wallet.signingKey });
    expect(await codeOf(openWithRecoveryCode(latest.head, await readRecoveryCode(old.code)))).toBe('recovery.wrong');
    expect(await codeOf(openWithRecoveryCode(latest.head, random(16)))).toBe('recovery.wrong');
    expect(latest.head.slots.map(({ kind }) => kind)).toEqual(['pw', 'rec']);
  });

  test('none opens a wallet without one', async () => {
    expect(await codeOf(openWithRecoveryCode((await makeWallet()).head, random(16)))).toBe('recovery.wrong');
  });

  test('the sheet bears four characters of the slot', async () => {
    const wallet = await makeWallet();
    const { head } = await addRecoveryCode({ ...wallet, now: NOW, app: APP, random });
    const sid = head.slots[1]?.sid ?? '';
    expect(sheetMark(sid)).toBe(sid.slice(0, 4));
    expect(sheetMark(sid)).toHaveLength(4);
  });

  test('and no record holds it', async () => {
    const wallet = await makeWallet();
    const { head, code } = await addRecoveryCode({ ...wallet, now: NOW, app: APP, random });
    const octets = await readRecoveryCode(code);
    const clear = Buffer.from(head.slots.map(({ text }) => Buffer.from(text.split('.')[2] ?? '', 'base64url').toString('latin1')).join(), 'latin1');
    for (const form of [code, code.replaceAll('-', ''), Buffer.from(octets).toString('base64url')]) expect(clear.includes(form)).toBe(false);
  });
});
