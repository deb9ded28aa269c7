import { argon2Sync, createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { argon2id } from 'hash-wasm';
import { beforeAll, describe, expect, test } from 'vitest';
import { fromBase64, toBase64 } from '../../../lib/bytes/base64.ts';
import { readHead, type VaultHead } from '../../../lib/vault/head.ts';
import type { PasswordKdf } from '../../../lib/vault/kdf.ts';
import { passwordBytes } from '../../../lib/vault/password.ts';
import { openSealedKey, recordKey } from '../../../lib/vault/sealed-key.ts';
import type { StoredRecord, VaultStore } from '../../../lib/vault/store.ts';
import { openWithPassword, type OpenSlot } from '../../../lib/vault/unlock.ts';
import { openItems } from '../../../lib/vault/vault.ts';
import { freshStore, item, newId, parts, reread, save } from './support.ts';

interface Golden {
  readonly password: string;
  readonly head: string;
  readonly records: readonly StoredRecord[];
  readonly marker: string;
  readonly mark: string;
  readonly expected: {
    readonly vid: string;
    readonly gen: number;
    readonly items: readonly {
      readonly id: string;
      readonly meta: object;
      readonly signCertificate: string | null;
      readonly kmCertificate: string | null;
      readonly chain: readonly string[];
      readonly keys: Readonly<Partial<Record<'sign' | 'km', { readonly spki: string; readonly pkcs8: string }>>>;
    }[];
  };
}

const golden = JSON.parse(readFileSync(new URL('../../fixtures/vault/golden-1.json', import.meta.url), 'utf8')) as Golden;

const argon2: PasswordKdf = async ({ m, t, p, salt }, password) =>
  new Uint8Array(await argon2id({ password, salt, memorySize: m, iterations: t, parallelism: p, hashLength: 32, outputType: 'binary' }));

async function goldenStore(): Promise<VaultStore> {
  const { head, records, marker, mark, expected } = golden;
  const store = freshStore();
  await store.commit({ base: null, gen: expected.gen, records, head, marker, mark });
  return store;
}

describe('the wallet that version 0.1.0 wrote', () => {
  let head: VaultHead;
  let keys: OpenSlot;

  beforeAll(async () => {
    head = await readHead(golden.head);
    keys = await openWithPassword(head, passwordBytes(golden.password), argon2);
  });

  test('is a readable wallet that was not rolled back', async () => {
    expect(await reread(await goldenStore())).toEqual(head);
    expect([head.vid, head.gen]).toEqual([golden.expected.vid, golden.expected.gen]);
  });

  test('opens with its password, and every item is what it was', async () => {
    const { items, damaged } = await openItems(await goldenStore(), head, keys.listKey);
    const text = (octets: Uint8Array | null): string | null => octets && toBase64(octets);
    const shown = items.map(({ id, meta, signCertificate, kmCertificate, chain }) => {
      return { id, meta, signCertificate: text(signCertificate), kmCertificate: text(kmCertificate), chain: chain.map(text) };
    });
    const expected = golden.expected.items.map(({ id, meta, signCertificate, kmCertificate, chain }) => ({
      id,
      meta,
      signCertificate,
      kmCertificate,
      chain,
    }));
    expect([shown, damaged]).toEqual([expected, []]);
  });

  test('opens every private key', async () => {
    const { items } = await openItems(await goldenStore(), head, keys.listKey);
    for (const { id, keys: expected } of golden.expected.items) {
      const open = items.find((candidate) => candidate.id === id);
      for (const [role, sealed] of [
        ['sign', open?.sealedSignKey],
        ['km', open?.sealedKmKey],
      ] as const) {
        const wanted = expected[role];
        expect(sealed === null).toBe(wanted === undefined);
        if (!sealed || !wanted) continue;
        const key = await recordKey(keys.signingKey, head.vid, id, role, sealed);
        const pkcs8 = await openSealedKey({ key, vid: head.vid, id, role, sealed, spki: fromBase64(wanted.spki) });
        expect(toBase64(pkcs8)).toBe(wanted.pkcs8);
      }
    }
  });

  test('refuses another password', async () => {
    await expect(openWithPassword(head, passwordBytes(`${golden.password}!`), argon2)).rejects.toMatchObject({ code: 'password.wrong' });
  });

  test('can be saved to', async () => {
    const store = await goldenStore();
    const next = await save({ store, head, ...keys }, [item(newId())]);
    expect([next.gen, next.items.length]).toEqual([golden.expected.gen + 1, golden.expected.items.length + 1]);
  });
});

/** Written from docs/VAULT.md with Node's own crypto and none of our modules, so that the page and the code say the same. */
describe('a second reader, written from the description of the format', () => {
  const raw = (text: unknown): Buffer => Buffer.from(String(text), 'base64url');
  const lp = (...fields: readonly (string | Buffer)[]): Buffer =>
    Buffer.concat(
      fields.flatMap((field) => {
        const octets = Buffer.from(field);
        return [Buffer.from([octets.length >> 8, octets.length & 255]), octets];
      }),
    );
  const hkdf = (ikm: Uint8Array, salt: Uint8Array, info: Buffer, length: number): Buffer => Buffer.from(hkdfSync('sha256', ikm, salt, info, length));
  const open = (key: Buffer, iv: Buffer, aad: string | Buffer, sealed: Uint8Array): Buffer => {
    const decipher = createDecipheriv('aes-256-gcm', key, iv);
    decipher.setAAD(Buffer.from(aad));
    decipher.setAuthTag(sealed.subarray(-16));
    return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  };
  const prefixOf = (text: string): string => `${text.split('.').slice(0, 3).join('.')}.`;

  test('opens the same wallet down to the private keys', () => {
    const { fields } = parts(golden.head);
    const vid = raw(fields['vid']);
    const slotText = String((fields['slots'] as string[])[0]);
    const slot = parts(slotText);
    const cost = slot.fields['kdf'] as { m: number; t: number; p: number };
    const [salt, sid] = [raw(slot.fields['salt']), raw(slot.fields['sid'])];
    const derived = argon2Sync('argon2id', {
      message: Buffer.from(golden.password.normalize('NFC')),
      nonce: salt,
      memory: cost.m,
      passes: cost.t,
      parallelism: cost.p,
      tagLength: 32,
    });
    expect(hkdf(derived, salt, lp('djw1/commit', 'pw', vid, sid), 16)).toEqual(raw(slot.fields['kc']));
    const keys = open(hkdf(derived, salt, lp('djw1/kek', 'pw', vid, sid), 32), raw(slot.fields['iv']), prefixOf(slotText), slot.body);
    const [listKey, signingKey] = [keys.subarray(0, 32), keys.subarray(32)];
    const mac = createHmac('sha256', hkdf(listKey, vid, lp('djw1/head'), 32))
      .update(prefixOf(golden.head))
      .digest();
    expect(mac).toEqual(Buffer.from(parts(golden.head).body));

    let opened = 0;
    for (const { id, text } of golden.records) {
      const record = parts(text);
      const bodyKey = hkdf(listKey, raw(record.fields['rnd']), lp('djw1/body', 'I', vid, raw(id)), 32);
      const container = open(bodyKey, raw(record.fields['iv']), prefixOf(text), record.body);
      expect(container[0]).toBe(1);
      const expected = golden.expected.items.find((candidate) => candidate.id === id);
      for (let at = 1; at < container.length;) {
        const [tag, length] = [container[at], container.readUInt32BE(at + 1)];
        const value = container.subarray(at + 5, at + 5 + length);
        at += 5 + length;
        if (tag === 1) expect(JSON.parse(value.toString())).toEqual(expected?.meta);
        if (tag === 2) expect(value.toString('base64')).toBe(expected?.signCertificate);
        if (tag === 3) expect(value.toString('base64')).toBe(expected?.kmCertificate);
        if (tag !== 5 && tag !== 6) continue;
        const role = tag === 5 ? 'sign' : 'km';
        const rnd = value.subarray(0, 32);
        const spki = createHash('sha256')
          .update(Buffer.from(expected?.keys[role]?.spki ?? '', 'base64'))
          .digest();
        const key = hkdf(signingKey, rnd, lp('djw1/key', vid, raw(id), role), 32);
        const pkcs8 = open(key, value.subarray(32, 44), lp('djw1/key', '1', vid, raw(id), role, spki), value.subarray(44));
        expect(pkcs8.toString('base64')).toBe(expected?.keys[role]?.pkcs8);
        opened++;
      }
    }
    expect(opened).toBe(4);
  });
});
