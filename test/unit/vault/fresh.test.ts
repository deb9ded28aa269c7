import { readFile } from 'node:fs/promises';
import { describe, expect, test, vi } from 'vitest';
import { toHex } from '../../../lib/bytes/hex.ts';
import { random as shipped } from '../../../lib/platform/system.ts';
import { importSecret } from '../../../lib/vault/keys.ts';
import { sealRecord } from '../../../lib/vault/seal-record.ts';
import { sealPasskeySlot, sealRecoverySlot, sealSlot } from '../../../lib/vault/seal-slot.ts';
import { sealKey } from '../../../lib/vault/sealed-key.ts';
import { newId, parts, random } from './support.ts';

vi.mock('../../../lib/platform/browser.ts', () => ({ browser: {} }));

const KEYS = { listKey: random(32), signingKey: random(32) };
const [vid, id] = [newId(), newId()];
const place = { vid, sid: id };
const CREDENTIAL = { id: random(32), publicKey: random(77), algorithm: -7, transports: [], rp: '', prfSalt: random(32), synced: false } as const;

const shown = (text: string, ...names: readonly string[]): string[] => names.map((name) => String(parts(text).fields[name]));

/** One wrap of each kind, always of the same octets at the same place, and the random values that it shows. */
const WRAPS: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  async 'a record'() {
    return shown(await sealRecord(await importSecret(KEYS.listKey), 'I', { vid, id, g: 1 }, new Uint8Array(64), random), 'rnd', 'iv');
  },
  async 'a private key'() {
    const sealed = await sealKey({ ...KEYS, vid, id, role: 'sign', spki: new Uint8Array(32), privateKeyInfo: new Uint8Array(64), random });
    return [toHex(sealed.subarray(0, 32)), toHex(sealed.subarray(32, 44))];
  },
  async 'a password slot'() {
    const params = { m: 65_536, t: 3, p: 1, salt: random(32) };
    return shown(await sealSlot(place, params, new Uint8Array(32), KEYS, random), 'salt', 'iv');
  },
  async 'a passkey slot'() {
    return shown(await sealPasskeySlot(place, CREDENTIAL, new Uint8Array(64), KEYS, random), 'salt', 'iv');
  },
  async 'a recovery slot'() {
    return shown(await sealRecoverySlot(place, new Uint8Array(16), KEYS, random), 'salt', 'iv');
  },
};

describe('E5: nothing random is used twice', () => {
  test.each(Object.entries(WRAPS))('500 wraps of %s have 1,000 values, no two alike', async (_, wrap) => {
    const values = await Promise.all(Array.from({ length: 500 }, wrap));
    expect(new Set(values.flat()).size).toBe(1_000);
  });

  test('100,000 draws of the shipped source for a wrap each give 200,000 values', () => {
    const values = new Set<string>();
    for (let wraps = 0; wraps < 100_000; wraps++) for (const size of [32, 12]) values.add(Buffer.from(shipped(size)).toString('latin1'));
    expect(values.size).toBe(200_000);
  });

  test('the linter refuses Math.random everywhere', async () => {
    const rules = await readFile(new URL('../../../eslint.config.js', import.meta.url), 'utf8');
    expect(rules).toMatch(/'no-restricted-properties': \['error', \{ object: 'Math', property: 'random'/);
  });
});
