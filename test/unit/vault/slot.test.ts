import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../lib/bytes/text.ts';
import { passwordSlot } from '../../../lib/vault/head.ts';
import type { PasswordKdf } from '../../../lib/vault/kdf.ts';
import { readSlot } from '../../../lib/vault/slot.ts';
import { openSlot, openWithPassword } from '../../../lib/vault/unlock.ts';
import { codeOf, fastKdf, forge, forgeJson, headWithFields, makeWallet, newId, parts, PASSWORD, reread, storeOf, withFields } from './support.ts';

const GOOD = { a: 'argon2id', m: 65_536, t: 3, p: 1 };

describe('a password slot', () => {
  test('asks for 64 MiB, three passes, one lane and has a salt of 32 octets', async () => {
    const { head } = await makeWallet();
    const { kdf, commitment, iv, body } = passwordSlot(head);
    expect([kdf.m, kdf.t, kdf.p, kdf.salt.length]).toEqual([65_536, 3, 1, 32]);
    expect([commitment.length, iv.length, body.length]).toEqual([16, 12, 80]);
  });

  test.each([
    ['the floor', { m: 65_536, t: 3 }],
    ['the stronger option', { m: 131_072, t: 3 }],
    ['the ceiling', { m: 524_288, t: 12 }],
  ])('takes parameters at %s', async (_, params) => {
    const { head } = await makeWallet();
    const text = withFields(passwordSlot(head).text, { kdf: { ...GOOD, ...params } });
    expect(await readSlot(text, head.vid)).toMatchObject({ kind: 'pw', kdf: params });
  });
});

/** Each as JSON text, since floats and exponents would not survive a number. */
const REFUSED: readonly (readonly [string, string])[] = [
  ['memory below the floor', '{"a":"argon2id","m":65535,"p":1,"t":3}'],
  ['memory above the ceiling', '{"a":"argon2id","m":524289,"p":1,"t":3}'],
  ['memory of 10^9 KiB', '{"a":"argon2id","m":1000000000,"p":1,"t":3}'],
  ['negative memory', '{"a":"argon2id","m":-65536,"p":1,"t":3}'],
  ['memory as float', '{"a":"argon2id","m":65536.5,"p":1,"t":3}'],
  ['memory as whole float', '{"a":"argon2id","m":65536.0,"p":1,"t":3}'],
  ['memory with an exponent', '{"a":"argon2id","m":1e5,"p":1,"t":3}'],
  ['memory as text', '{"a":"argon2id","m":"65536","p":1,"t":3}'],
  ['memory as list', '{"a":"argon2id","m":[65536],"p":1,"t":3}'],
  ['no memory', '{"a":"argon2id","p":1,"t":3}'],
  ['two passes', '{"a":"argon2id","m":65536,"p":1,"t":2}'],
  ['no passes', '{"a":"argon2id","m":65536,"p":1,"t":0}'],
  ['thirteen passes', '{"a":"argon2id","m":65536,"p":1,"t":13}'],
  ['passes as text', '{"a":"argon2id","m":65536,"p":1,"t":"3"}'],
  ['no lanes', '{"a":"argon2id","m":65536,"p":0,"t":3}'],
  ['four lanes', '{"a":"argon2id","m":65536,"p":4,"t":3}'],
  ['Argon2d', '{"a":"argon2d","m":65536,"p":1,"t":3}'],
  ['Argon2id in capitals', '{"a":"ARGON2ID","m":65536,"p":1,"t":3}'],
  ['PBKDF2', '{"a":"pbkdf2","m":65536,"p":1,"t":600000}'],
  ['no algorithm', '{"m":65536,"p":1,"t":3}'],
  ['one field more', '{"a":"argon2id","m":65536,"p":1,"t":3,"x":1}'],
  ['a list', '[]'],
  ['a text', '"argon2id"'],
];

describe('E2: parameters outside the bounds are damage, and nothing is derived', () => {
  test.each(REFUSED)('%s', async (_, kdfJson) => {
    const { head, listKey } = await makeWallet();
    const slot = parts(passwordSlot(head).text);
    const json = JSON.stringify(Object.fromEntries(Object.entries({ ...slot.fields, kdf: 'HERE' }).sort())).replace('"HERE"', kdfJson);
    const text = forgeJson('S', json, slot.body);
    const store = await storeOf(headWithFields(head.text, listKey, { slots: [text] }));
    let derivations = 0;
    const counted: PasswordKdf = (params, password) => {
      derivations++;
      return fastKdf(params, password);
    };
    expect(await codeOf(reread(store).then((read) => openWithPassword(read, utf8(PASSWORD), counted)))).toBe('vault.damaged');
    expect(derivations).toBe(0);
  });

  test.each([
    ['31 octets of salt', { salt: Buffer.alloc(31).toString('base64url') }],
    ['33 octets of salt', { salt: Buffer.alloc(33).toString('base64url') }],
    ['no salt', { salt: undefined }],
    ['a salt that is a number', { salt: 5 }],
    ['a commitment of 15 octets', { kc: Buffer.alloc(15).toString('base64url') }],
    ['an IV of 16 octets', { iv: Buffer.alloc(16).toString('base64url') }],
    ['one field more', { hint: 'dog' }],
    ['an own __proto__', JSON.parse('{"__proto__":{"m":1}}') as Record<string, unknown>],
  ])('%s', async (_, changes) => {
    const { head } = await makeWallet();
    expect(await codeOf(readSlot(withFields(passwordSlot(head).text, changes), head.vid))).toBe('vault.damaged');
  });

  test('a body that is too short or too long', async () => {
    const { head } = await makeWallet();
    const slot = parts(passwordSlot(head).text);
    for (const size of [0, 79, 81]) expect(await codeOf(readSlot(forge({ ...slot, body: new Uint8Array(size) }), head.vid))).toBe('vault.damaged');
  });

  test('a slot of another wallet', async () => {
    const { head } = await makeWallet();
    expect(await codeOf(readSlot(passwordSlot(head).text, newId()))).toBe('vault.damaged');
  });
});

describe('opening a slot', () => {
  test('tells a wrong secret from a changed slot', async () => {
    const { head } = await makeWallet();
    const slot = passwordSlot(head);
    const derived = await fastKdf(slot.kdf, utf8(PASSWORD));
    expect(await codeOf(openSlot(slot, head.vid, derived))).toBe('fulfilled');
    expect(await codeOf(openSlot(slot, head.vid, new Uint8Array(32)))).toBe('password.wrong');
    expect(await codeOf(openSlot({ ...slot, body: new Uint8Array(80) }, head.vid, derived))).toBe('vault.changed');
  });

  test.each([
    ['salt', { salt: Buffer.alloc(32, 1).toString('base64url') }, 'password.wrong'],
    ['slot id', { sid: Buffer.alloc(16, 1).toString('base64url') }, 'password.wrong'],
    ['commitment', { kc: Buffer.alloc(16, 1).toString('base64url') }, 'password.wrong'],
    ['IV', { iv: Buffer.alloc(12, 1).toString('base64url') }, 'vault.changed'],
    // The stand-in KDF takes any parameters, so stronger ones give another key, as Argon2id does.
    ['memory', { kdf: { ...GOOD, m: 131_072 } }, 'password.wrong'],
  ] as const)('a %s with a new checksum opens nothing', async (_, changes, code) => {
    const { head } = await makeWallet();
    const slot = await readSlot(withFields(passwordSlot(head).text, changes), head.vid);
    if (slot.kind !== 'pw') throw new Error('kind');
    expect(await codeOf(openSlot(slot, head.vid, await fastKdf(slot.kdf, utf8(PASSWORD))))).toBe(code);
  });
});
