import { argon2Sync } from 'node:crypto';
import { argon2id as nobleArgon2id } from '@noble/hashes/argon2.js';
import { argon2id } from 'hash-wasm';
import { describe, expect, test } from 'vitest';
import { toHex } from '../../../lib/bytes/hex.ts';
import { utf8 } from '../../../lib/bytes/text.ts';

// RFC 9106, section 5.3: 32 KiB, 3 passes, 4 lanes, with secret and associated data.
const RFC = {
  password: new Uint8Array(32).fill(1),
  salt: new Uint8Array(16).fill(2),
  secret: new Uint8Array(8).fill(3),
  associated: new Uint8Array(12).fill(4),
  tag: '0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659',
};

interface Input {
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  readonly m: number;
  readonly t: number;
  readonly p: number;
}

const shipped = ({ password, salt, m, t, p }: Input): Promise<string> =>
  argon2id({ password, salt, memorySize: m, iterations: t, parallelism: p, hashLength: 32, outputType: 'hex' });
const openssl = ({ password, salt, m, t, p }: Input): string =>
  toHex(argon2Sync('argon2id', { message: password, nonce: salt, memory: m, passes: t, parallelism: p, tagLength: 32 }));
const noble = ({ password, salt, m, t, p }: Input): string => toHex(nobleArgon2id(password, salt, { m, t, p, dkLen: 32 }));

describe('E3: Argon2id', () => {
  test('the peers give the vector of RFC 9106', () => {
    const { password, salt, secret, associated, tag } = RFC;
    expect(toHex(nobleArgon2id(password, salt, { m: 32, t: 3, p: 4, key: secret, personalization: associated, dkLen: 32 }))).toBe(tag);
    const options = { message: password, nonce: salt, memory: 32, passes: 3, parallelism: 4, tagLength: 32, secret, associatedData: associated };
    expect(toHex(argon2Sync('argon2id', options))).toBe(tag);
  });

  test('ours gives the reference program’s vector at 64 MiB', async () => {
    const input = { password: utf8('password'), salt: utf8('somesalt'), m: 65_536, t: 2, p: 1 };
    expect(await shipped(input)).toBe('09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7');
  });

  test.each([
    ['the smallest', 1, 8, 1, 1],
    ['uneven memory', 10, 97, 3, 1],
    ['a long password', 1_024, 64, 3, 1],
    ['several lanes', 20, 128, 2, 4],
  ])('ours and both peers agree: %s', async (_, size, m, t, p) => {
    const input = { password: new Uint8Array(size).map((_value, i) => i * 7 + 1), salt: new Uint8Array(32).fill(9), m, t, p };
    expect([await shipped(input), noble(input)]).toEqual([openssl(input), openssl(input)]);
  });

  test('ours agrees with the peer at what slots cost: 64 MiB, three passes, one lane', async () => {
    const input = { password: utf8('지갑 암호'), salt: new Uint8Array(32).fill(5), m: 65_536, t: 3, p: 1 };
    expect(await shipped(input)).toBe(openssl(input));
  });
});
