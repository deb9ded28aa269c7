import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../lib/bytes/text.ts';
import { WalletError } from '../../../lib/errors.ts';
import { indexedDbStore } from '../../../lib/platform/vault-store.ts';
import { createVault } from '../../../lib/vault/create.ts';
import { readHead } from '../../../lib/vault/head.ts';
import type { PasswordKdf } from '../../../lib/vault/kdf.ts';
import { importSecret } from '../../../lib/vault/keys.ts';
import { readMarker } from '../../../lib/vault/marker.ts';
import { sealItem } from '../../../lib/vault/seal-item.ts';
import type { VaultStore } from '../../../lib/vault/store.ts';
import { openItem, openItems } from '../../../lib/vault/vault.ts';
import {
  APP,
  checksum,
  codeOf,
  fastKdf,
  firstRecord,
  forge,
  forgeJson,
  freshStore,
  headWithFields,
  item,
  makeWallet,
  newId,
  NOW,
  parts,
  PASSWORD,
  random,
  reread,
  save,
  storeOf,
  unlock,
  withFields,
} from './support.ts';

const create = (store: VaultStore): ReturnType<typeof createVault> =>
  createVault({ store, password: utf8(PASSWORD), kdf: fastKdf, random, now: NOW, app: APP, mark: 'crane' });

describe('making a wallet', () => {
  test('leaves a head, a marker and the picture', async () => {
    const store = freshStore();
    const { head } = await create(store);
    expect(await store.heads()).toEqual([head.text]);
    expect(await readMarker(await store.marker())).toEqual({ vid: head.vid, gen: 1, created: NOW });
    expect(await store.mark()).toBe('crane');
    expect(await reread(store)).toEqual(head);
  });

  test('gives the same keys as opening it', async () => {
    const { head, listKey, signingKey } = await makeWallet();
    expect(await unlock(head)).toEqual({ listKey, signingKey });
    expect([listKey.length, signingKey.length]).toEqual([32, 32]);
    expect(listKey).not.toEqual(signingKey);
  });

  test('is refused where there is one, and leaves it alone', async () => {
    const { store, head } = await makeWallet();
    expect(await codeOf(create(store))).toBe('vault.exists');
    expect(await store.heads()).toEqual([head.text]);
  });

  test('is refused at any trace, even one without a head, before anything is derived', async () => {
    let derivations = 0;
    const counted: PasswordKdf = (params, password) => {
      derivations++;
      return fastKdf(params, password);
    };
    const store: VaultStore = { ...stub(), evidence: () => Promise.resolve('some'), commit: () => Promise.resolve() };
    const request = { store, password: utf8(PASSWORD), kdf: counted, random, now: NOW, app: APP, mark: 'crane' };
    expect([await codeOf(createVault(request)), derivations]).toEqual(['vault.exists', 0]);
  });

  test('in two windows at once makes one', async () => {
    const factory = new IDBFactory();
    const outcomes = await Promise.all([1, 2].map(() => codeOf(create(indexedDbStore(factory)))));
    expect(outcomes.sort()).toEqual(['fulfilled', 'vault.exists']);
    expect((await reread(indexedDbStore(factory))).gen).toBe(1);
  });

  test('consumes the password, whether it succeeds or not', async () => {
    const { store } = await makeWallet();
    const password = utf8(PASSWORD);
    await codeOf(createVault({ store, password, kdf: fastKdf, random, now: NOW, app: APP, mark: 'crane' }));
    expect(password.every((octet) => octet === 0)).toBe(true);
  });
});

/** A store with nothing in it that refuses all changes. */
function stub(): VaultStore {
  return {
    evidence: () => Promise.resolve('none'),
    heads: () => Promise.resolve([]),
    records: (keys) => Promise.resolve(keys.map(() => null)),
    marker: () => Promise.resolve(null),
    mark: () => Promise.resolve(null),
    commit: () => Promise.reject(new WalletError('vault.read-only')),
    prune: () => Promise.resolve(),
  };
}

describe('opening with a password', () => {
  test.each([
    ['another one', '지갑 암호 하나 셋', 'password.wrong'],
    ['one blank more', `${PASSWORD} `, 'password.wrong'],
    ['none', '', 'password.wrong'],
    ['the right one', PASSWORD, 'fulfilled'],
  ] as const)('%s', async (_, password, code) => {
    const { head } = await makeWallet();
    expect(await codeOf(unlock(head, password))).toBe(code);
  });

  test('a slot of another wallet opens nothing here', async () => {
    const [ours, theirs] = [await makeWallet(), await makeWallet()];
    // Same password in both: with their slot renamed to our wallet, only the sealing tells.
    const slots = [withFields(theirs.head.slots[0]?.text ?? '', { vid: ours.head.vid })];
    expect(await codeOf(unlock(await readHead(withFields(ours.head.text, { slots }))))).toBe('password.wrong');
    const plain = withFields(ours.head.text, { slots: [theirs.head.slots[0]?.text] });
    expect(await codeOf(readHead(plain))).toBe('vault.damaged');
  });

  test('a slot and a head of one wallet do not go with items of another', async () => {
    const [ours, theirs] = [await makeWallet(), await makeWallet()];
    const head = await readHead(headWithFields(ours.head.text, theirs.listKey, {}));
    expect(await codeOf(unlock(head))).toBe('vault.changed');
  });
});

describe('opening items', () => {
  test('gives back what was put', async () => {
    const wallet = await makeWallet();
    const put = item(newId(), { kmCertificate: random(800), sealedKmKey: random(300), chain: [random(1), random(2), random(3), random(4)] });
    const head = await save(wallet, [put]);
    const { na, ...content } = put;
    expect(na).toBe(head.items[0]?.na);
    expect(await openItem(wallet.store, head, wallet.listKey, put.id)).toEqual({ ...content, g: 2, deleted: null });
    expect((await openItems(wallet.store, head, wallet.listKey)).items).toEqual([{ ...content, g: 2, deleted: null }]);
  });

  test('keeps the order of the head over many batches', async () => {
    const wallet = await makeWallet();
    const ids = Array.from({ length: 70 }, newId);
    const head = await save(
      wallet,
      ids.map((id) => item(id, { chain: [] })),
    );
    const { items, damaged } = await openItems(wallet.store, head, wallet.listKey);
    expect([items.map((open) => open.id), damaged]).toEqual([ids, []]);
  });

  test('says which are in the wastebasket', async () => {
    const wallet = await makeWallet();
    const head = await save(wallet, [item(newId())]);
    const [entry] = head.items;
    const items = [{ id: entry?.id, k: 'I', g: 2, sum: entry?.sum, del: 1_764_000_500 }];
    const deleted = await readHead(headWithFields(head.text, wallet.listKey, { items }));
    expect((await openItems(wallet.store, deleted, wallet.listKey)).items[0]?.deleted).toBe(1_764_000_500);
  });

  test('an unknown id and an id of another kind are not found', async () => {
    const { store, head, listKey } = await makeWallet();
    expect(await codeOf(openItem(store, head, listKey, newId()))).toBe('certificate.not-found');
    const sites = { id: newId(), k: 'G', g: 1, sum: Buffer.alloc(16).toString('base64url') };
    const other = await readHead(headWithFields(head.text, listKey, { items: [sites] }));
    expect(await codeOf(openItem(store, other, listKey, sites.id))).toBe('certificate.not-found');
  });

  test('another list key opens nothing', async () => {
    const wallet = await makeWallet();
    const head = await save(wallet, [item(newId())]);
    expect(await codeOf(openItems(wallet.store, head, random(32)))).toBe('vault.changed');
  });

  test('a bad record costs itself alone', async () => {
    const wallet = await makeWallet();
    const ids = Array.from({ length: 4 }, newId);
    const head = await save(
      wallet,
      ids.map((id) => item(id)),
    );
    const texts = (await wallet.store.records(head.items)).map((text) => text ?? '');
    const [a = '', b = '', c = '', d = ''] = ids;
    const store = await storeOf(head.text, [
      { id: a, g: 2, text: texts[0] ?? '' },
      { id: b, g: 2, text: `${texts[1]?.slice(0, -1)}.` },
      { id: c, g: 2, text: forge({ ...parts(texts[2] ?? ''), body: random(2_000) }) },
    ]);
    const { items, damaged } = await openItems(store, head, wallet.listKey);
    expect(items.map((open) => open.id)).toEqual([a]);
    expect(new Map(damaged.map((bad) => [bad.id, bad.code]))).toEqual(
      new Map([
        [b, 'vault.damaged'],
        [c, 'vault.changed'],
        [d, 'vault.damaged'],
      ]),
    );
  });
});

describe('records put where they do not belong are changes by somebody', () => {
  test('two bodies swapped between ids', async () => {
    const wallet = await makeWallet();
    const [a, b] = [newId(), newId()];
    const head = await save(wallet, [item(a), item(b)]);
    const [textA, textB] = await wallet.store.records(head.items);
    const store = await storeOf(head.text, [
      { id: a, g: 2, text: textB ?? '' },
      { id: b, g: 2, text: textA ?? '' },
    ]);
    expect((await openItems(store, head, wallet.listKey)).damaged.map((bad) => bad.code)).toEqual(['vault.changed', 'vault.changed']);
  });

  test('even when the owner’s own head lists them: the body knows its place', async () => {
    const wallet = await makeWallet();
    const [a, b] = [newId(), newId()];
    const head = await save(wallet, [item(a), item(b)]);
    const texts = (await wallet.store.records(head.items)).map((text) => text ?? '');
    const [partsA, partsB] = [parts(texts[0] ?? ''), parts(texts[1] ?? '')];
    for (const fields of [partsA.fields, { ...partsB.fields, id: a }, { ...partsA.fields, g: 1 }]) {
      const text = forge({ type: 'I', fields, body: partsB.body });
      const items = [{ id: a, k: 'I', g: fields['g'], sum: checksum(text) }];
      const listing = await readHead(headWithFields(head.text, wallet.listKey, { items }));
      const store = await storeOf(listing.text, [{ id: a, g: Number(fields['g']), text }]);
      expect((await openItems(store, listing, wallet.listKey)).damaged.map((bad) => bad.code)).toEqual(['vault.changed']);
    }
  });

  test('another sealing for the same place that the head does not list', async () => {
    const wallet = await makeWallet();
    const id = newId();
    const head = await save(wallet, [item(id)]);
    const text = await sealItem(await importSecret(wallet.listKey), { vid: head.vid, id, g: 2 }, item(id), random);
    const store = await storeOf(head.text, [{ id, g: 2, text }]);
    expect(await codeOf(openItem(store, head, wallet.listKey, id))).toBe('vault.changed');
  });

  test('an older writing of the same item', async () => {
    const wallet = await makeWallet();
    const id = newId();
    const first = await save(wallet, [item(id)]);
    const old = await firstRecord(wallet.store, first);
    const second = await save({ ...wallet, head: first }, [item(id)]);
    const store = await storeOf(second.text, [{ id, g: 3, text: old.text }]);
    expect(await codeOf(openItem(store, second, wallet.listKey, id))).toBe('vault.changed');
  });
});

describe('every octet counts', () => {
  const flipped = (text: string, at: number): string => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);

  test('any character of a head changed is damage, never a wrong password', async () => {
    const { head } = await makeWallet();
    for (let at = 0; at < head.text.length; at++) expect(await codeOf(readHead(flipped(head.text, at))), `character ${at}`).toBe('vault.damaged');
  });

  test('any octet of a head changed under a new checksum is never accepted', async () => {
    const wallet = await makeWallet();
    const head = await save(wallet, [item(newId())]);
    const { fields, body } = parts(head.text);
    const json = JSON.stringify(fields);
    const outcomes = new Set<string>();
    for (let at = 0; at < json.length; at++) {
      const text = forgeJson('H', flipped(json, at), body);
      outcomes.add(await codeOf(readHead(text).then((read) => unlock(read))));
    }
    for (let at = 0; at < body.length; at++) {
      const other = body.slice();
      other[at] = (other[at] ?? 0) ^ 1;
      outcomes.add(await codeOf(readHead(forge({ type: 'H', fields, body: other })).then((read) => unlock(read))));
    }
    expect([...outcomes].sort()).toEqual(['vault.changed', 'vault.damaged']);
  });

  test('any octet of the password slot changed, all checksums new, is never accepted', async () => {
    const { head } = await makeWallet();
    const slot = parts(head.slots[0]?.text ?? '');
    const json = JSON.stringify(slot.fields);
    const outcomes = new Set<string>();
    const attempt = async (text: string): Promise<void> => {
      outcomes.add(await codeOf(readHead(withFields(head.text, { slots: [text] })).then((read) => unlock(read))));
    };
    for (let at = 0; at < json.length; at++) await attempt(forgeJson('S', flipped(json, at), slot.body));
    for (let at = 0; at < slot.body.length; at++) {
      const other = slot.body.slice();
      other[at] = (other[at] ?? 0) ^ 1;
      await attempt(forge({ ...slot, body: other }));
    }
    expect([...outcomes].sort()).toEqual(['password.wrong', 'vault.changed', 'vault.damaged']);
  });

  test('any octet of an item changed, under a new checksum or not, is never accepted', async () => {
    const wallet = await makeWallet();
    const id = newId();
    const head = await save(wallet, [item(id, { signCertificate: random(40), chain: [], sealedSignKey: null })]);
    const { text } = await firstRecord(wallet.store, head);
    const open = async (changed: string): Promise<string> => {
      const reading: VaultStore = { ...stub(), records: () => Promise.resolve([changed]) };
      return codeOf(openItem(reading, head, wallet.listKey, id));
    };
    expect(await open(text)).toBe('fulfilled');
    const record = parts(text);
    const json = JSON.stringify(record.fields);
    for (let at = 0; at < text.length; at++) expect(await open(flipped(text, at))).toBe('vault.damaged');
    for (let at = 0; at < json.length; at++) {
      expect(['vault.changed', 'vault.damaged']).toContain(await open(forgeJson('I', flipped(json, at), record.body)));
    }
    for (let at = 0; at < record.body.length; at++) {
      const other = record.body.slice();
      other[at] = (other[at] ?? 0) ^ 1;
      expect(await open(forge({ ...record, body: other }))).toBe('vault.changed');
    }
  });
});
