import { createHash, createDecipheriv, hkdfSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { lp } from '../../../lib/vault/keys.ts';
import { openSealedKey, recordKey, sealKey, type KeyRole } from '../../../lib/vault/sealed-key.ts';
import { codeOf, newId, random } from './support.ts';

const vid = newId();
const id = newId();
const signingKey = random(32);
const spki = random(294);
const privateKeyInfo = random(1_258);

const seal = (role: KeyRole = 'sign'): ReturnType<typeof sealKey> => sealKey({ signingKey, vid, id, role, spki, privateKeyInfo, random });

describe('a sealed key', () => {
  test('opens with its record key to the same octets', async () => {
    const sealed = await seal();
    const key = await recordKey(signingKey, vid, id, 'sign', sealed);
    expect(key).toHaveLength(32);
    expect(await openSealedKey({ key, vid, id, role: 'sign', sealed, spki })).toEqual(privateKeyInfo);
  });

  test('is rnd, IV and AES-256-GCM, as a second implementation reads it', async () => {
    const sealed = await seal('km');
    const [rnd, iv, body, tag] = [sealed.subarray(0, 32), sealed.subarray(32, 44), sealed.subarray(44, -16), sealed.subarray(-16)];
    const raw = (text: string): Buffer => Buffer.from(text, 'base64url');
    const key = Buffer.from(hkdfSync('sha256', signingKey, rnd, lp('djw1/key', raw(vid), raw(id), 'km'), 32));
    const decipher = createDecipheriv('aes-256-gcm', key, iv);
    decipher.setAAD(lp('djw1/key', 1, raw(vid), raw(id), 'km', createHash('sha256').update(spki).digest()));
    decipher.setAuthTag(tag);
    expect(Buffer.concat([decipher.update(body), decipher.final()])).toEqual(Buffer.from(privateKeyInfo));
  });

  test('of the same key twice shares neither rnd nor IV nor octets', async () => {
    const [a, b] = [await seal(), await seal()];
    expect(a.subarray(0, 32)).not.toEqual(b.subarray(0, 32));
    expect(a.subarray(44)).not.toEqual(b.subarray(44));
  });
});

describe('a sealed key opens nowhere else', () => {
  test.each([
    ['beside a certificate of another key', { spki: random(294) }],
    ['as the other role', { role: 'km' as const }],
    ['in another item', { id: newId() }],
    ['in another wallet', { vid: newId() }],
  ])('%s, even with its own record key', async (_, changes) => {
    const sealed = await seal();
    const key = await recordKey(signingKey, vid, id, 'sign', sealed);
    expect(await codeOf(openSealedKey({ key, vid, id, role: 'sign', sealed, spki, ...changes }))).toBe('vault.changed');
  });

  test.each([
    ['another signing key', () => recordKey(random(32), vid, id, 'sign', random(100))],
    ['the key of another sealing of the same item', async () => recordKey(signingKey, vid, id, 'sign', await seal())],
    ['the key for another role', async (sealed: Awaited<ReturnType<typeof seal>>) => recordKey(signingKey, vid, id, 'km', sealed)],
    ['the key for another item', async (sealed: Awaited<ReturnType<typeof seal>>) => recordKey(signingKey, vid, newId(), 'sign', sealed)],
  ])('with %s', async (_, other) => {
    const sealed = await seal();
    expect(await codeOf(openSealedKey({ key: await other(sealed), vid, id, role: 'sign', sealed, spki }))).toBe('vault.changed');
  });

  test('with any octet changed', async () => {
    const small = await sealKey({ signingKey, vid, id, role: 'sign', spki, privateKeyInfo: random(20), random });
    const key = await recordKey(signingKey, vid, id, 'sign', small);
    for (let at = 32; at < small.length; at++) {
      const changed = small.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(await codeOf(openSealedKey({ key, vid, id, role: 'sign', sealed: changed, spki }))).toBe('vault.changed');
    }
  });

  test('and too few octets are damage', async () => {
    for (const size of [0, 44, 60]) {
      expect(await codeOf(recordKey(signingKey, vid, id, 'sign', random(size)))).toBe('vault.damaged');
      expect(await codeOf(openSealedKey({ key: random(32), vid, id, role: 'sign', sealed: random(size), spki }))).toBe('vault.damaged');
    }
  });
});
