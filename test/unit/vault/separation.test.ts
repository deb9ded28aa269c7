import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { importSecret, lp } from '../../../lib/vault/keys.ts';
import { openSealedKey, recordKey, sealKey } from '../../../lib/vault/sealed-key.ts';
import { sealItem } from '../../../lib/vault/seal-item.ts';
import { openItem } from '../../../lib/vault/vault.ts';
import { codeOf, item, makeWallet, newId, parts, random, save } from './support.ts';

const FOLDER = new URL('../../../lib/vault/', import.meta.url);

describe('whoever has the list key and every store', () => {
  test('reads the list and opens no private key', async () => {
    const wallet = await makeWallet();
    const { store, listKey, signingKey } = wallet;
    const vid = wallet.head.vid;
    const id = newId();
    const spki = random(294);
    const sealedSignKey = await sealKey({ signingKey, vid, id, role: 'sign', spki, privateKeyInfo: random(1_200), random });
    const head = await save(wallet, [item(id, { sealedSignKey })]);
    const open = await openItem(store, head, listKey, id);
    expect(open.meta).toMatchObject({ label: '주거래 은행' });
    const sealed = open.sealedSignKey ?? new Uint8Array(0);
    const guesses = [listKey, await recordKey(listKey, vid, id, 'sign', sealed), sealed.slice(0, 32), new Uint8Array(32)];
    for (const key of guesses) expect(await codeOf(openSealedKey({ key, vid, id, role: 'sign', sealed, spki }))).toBe('vault.changed');
    const key = await recordKey(signingKey, vid, id, 'sign', sealed);
    expect(await codeOf(openSealedKey({ key, vid, id, role: 'sign', sealed, spki }))).toBe('fulfilled');
  });

  test('can put a key beside a certificate of another key, and it does not open there', async () => {
    const wallet = await makeWallet();
    const { store, listKey, signingKey } = wallet;
    const vid = wallet.head.vid;
    const id = newId();
    const sealedSignKey = await sealKey({ signingKey, vid, id, role: 'sign', spki: random(294), privateKeyInfo: random(1_200), random });
    const head = await save(wallet, [item(id, { signCertificate: random(900), sealedSignKey })]);
    const open = await openItem(store, head, listKey, id);
    const sealed = open.sealedSignKey ?? new Uint8Array(0);
    const key = await recordKey(signingKey, vid, id, 'sign', sealed);
    expect(await codeOf(openSealedKey({ key, vid, id, role: 'sign', sealed, spki: random(294) }))).toBe('vault.changed');
  });
});

describe('what is written in the clear', () => {
  test('holds no label, no certificate and no key', async () => {
    const wallet = await makeWallet();
    const put = item(newId());
    const head = await save(wallet, [put]);
    const [text = ''] = await wallet.store.records(head.items);
    const all = Buffer.from(`${head.text}${text}`);
    const clear = Buffer.concat([all, ...[head.text, text ?? ''].map((record) => Buffer.from(JSON.stringify(parts(record).fields)))]);
    const bodies = Buffer.concat([head.text, text ?? ''].map((record) => Buffer.from(parts(record).body)));
    for (const secret of [Buffer.from('주거래'), put.signCertificate, put.sealedSignKey, wallet.listKey, wallet.signingKey]) {
      expect(clear.includes(Buffer.from(secret ?? []))).toBe(false);
      expect(bodies.includes(Buffer.from(secret ?? []))).toBe(false);
    }
  });
});

describe('fresh keys', () => {
  test('no IV, no salt and no rnd comes twice in 5,000 sealings', async () => {
    const secret = await importSecret(random(32));
    const vid = newId();
    const content = item(newId(), { signCertificate: null, chain: [], sealedSignKey: null });
    const seen = new Set<unknown>();
    const runs = 2_500;
    for (let i = 0; i < runs; i++) {
      const { fields } = parts(await sealItem(secret, { vid, id: content.id, g: 1 }, content, random));
      const sealed = await sealKey({ signingKey: random(32), vid, id: content.id, role: 'sign', spki: random(1), privateKeyInfo: random(1), random });
      for (const value of [fields['rnd'], fields['iv'], sealed.subarray(0, 32).join(), sealed.subarray(32, 44).join()]) seen.add(value);
    }
    expect(seen.size).toBe(4 * runs);
  });

  test('each use names itself: no two infos of the key table are equal', () => {
    const [a, b] = [random(16), random(16)];
    const infos = [
      lp('djw1/kek', 'pw', a, b),
      lp('djw1/commit', 'pw', a, b),
      lp('djw1/head'),
      lp('djw1/body', 'I', a, b),
      lp('djw1/key', a, b, 'sign'),
      lp('djw1/key', a, b, 'km'),
    ];
    expect(new Set(infos.map((info) => info.join())).size).toBe(infos.length);
  });
});

describe('the sources', () => {
  test('compare commitments and proofs through the constant-time comparison', async () => {
    const [unlock, head] = await Promise.all(['unlock.ts', 'head.ts'].map((name) => readFile(new URL(name, FOLDER), 'utf8')));
    expect(unlock).toMatch(/if \(!equal\(commitment, slot\.commitment\)\)/);
    expect(head).toMatch(/if \(!equal\(await headMac\(/);
  });

  test('take clock and randomness as arguments', async () => {
    for (const name of await readdir(FOLDER)) {
      expect(await readFile(new URL(name, FOLDER), 'utf8'), name).not.toMatch(/Math\.random|getRandomValues|Date\.now|new Date\(/);
    }
  });

  test('of what the background needs reach neither hash-wasm, password rules nor creation', async () => {
    const reached = new Set<string>();
    const visit = async (name: string): Promise<void> => {
      if (reached.has(name)) return;
      reached.add(name);
      const source = await readFile(new URL(name, FOLDER), 'utf8');
      for (const [, from = ''] of source.matchAll(/^import (?!type )[^;]* from '([^']+)';/gm)) {
        expect(from, name).toMatch(/^\.\.?\//);
        if (from.startsWith('./')) await visit(from.slice(2));
      }
    };
    for (const name of ['vault.ts', 'sealed-key.ts']) await visit(name);
    expect(reached.has('record.ts')).toBe(true);
    for (const name of ['create.ts', 'save.ts', 'seal-slot.ts', 'seal-item.ts', 'new-password.ts', 'common-passwords.ts', 'unlock.ts']) {
      expect(reached.has(name), name).toBe(false);
    }
  });
});
