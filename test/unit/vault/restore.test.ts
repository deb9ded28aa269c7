import { describe, expect, test } from 'vitest';
import { toHex } from '../../../lib/bytes/hex.ts';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { findIdentities } from '../../../lib/npki/folder.ts';
import { openIdentity } from '../../../lib/npki/open-identity.ts';
import { openPlainKey } from '../../../lib/npki/plain-key.ts';
import { proveKey } from '../../../lib/npki/prove.ts';
import { keysOf, openCarried, openProvenKey, type CertificateReader, type OpenedCarried } from '../../../lib/vault/carried.ts';
import { createVault } from '../../../lib/vault/create.ts';
import { readHead } from '../../../lib/vault/head.ts';
import { openHistoryRecord, sealHistoryPage, type HistoryEntry } from '../../../lib/vault/history-page.ts';
import { importSecret } from '../../../lib/vault/keys.ts';
import { carriedBy, readBackup } from '../../../lib/vault/read-backup.ts';
import { compareWithHere, restoreItems, type Restored, type RestoreRequest, type RestoreRow } from '../../../lib/vault/restore.ts';
import { saveItems, type NewItem } from '../../../lib/vault/save.ts';
import { sealKey } from '../../../lib/vault/sealed-key.ts';
import { openSettings, saveSettings } from '../../../lib/vault/settings-record.ts';
import { openItems } from '../../../lib/vault/vault.ts';
import { moveToWastebasket } from '../../../lib/vault/wastebasket.ts';
import { writeBackup } from '../../../lib/vault/write-backup.ts';
import { filesBelow, MANIFEST } from '../../support/npki-fixtures.ts';
import { END, fakeReader, keyedItem, makePair, withPassword, type Pair } from './carried-support.ts';
import { APP, codeOf, fastKdf, freshStore, headWithFields, item, makeWallet, newId, NOW, random, save, storeOf, type Wallet } from './support.ts';

async function opened(wallet: Wallet): Promise<OpenedCarried> {
  const { octets } = await writeBackup({ ...wallet, now: NOW + 3, app: APP });
  return openCarried(carriedBy(await readBackup(octets)), withPassword());
}

function restore(wallet: Wallet, from: OpenedCarried, chosen: readonly string[], changes: Partial<RestoreRequest> = {}): Promise<Restored> {
  const { store, head } = wallet;
  return restoreItems({ store, head, keys: wallet, from, chosen, reader: fakeReader, random, now: NOW + 9, app: APP, ...changes });
}

async function rows(from: OpenedCarried, { store, head, listKey }: Wallet): Promise<readonly RestoreRow[]> {
  const { items } = await openItems(store, head, listKey);
  return compareWithHere(from, { vid: head.vid, items });
}

const states = async (from: OpenedCarried, here: Wallet): Promise<readonly string[]> => (await rows(from, here)).map(({ state }) => state);

/** Certificates and opened private keys of a wallet, in an order of their own. */
async function contents(wallet: Wallet, reader: CertificateReader = fakeReader): Promise<readonly string[]> {
  const { items, damaged } = await openItems(wallet.store, wallet.head, wallet.listKey);
  expect(damaged).toEqual([]);
  const self: OpenedCarried = { head: wallet.head, keys: wallet, items, settings: null, history: [], bad: [] };
  const shown: string[] = [];
  for (const one of items) {
    for (const key of keysOf(one)) {
      const privateKeyInfo = await openProvenKey(self, one.id, key, reader);
      shown.push(
        [key.role, toHex(key.certificate ?? new Uint8Array(0)), toHex(privateKeyInfo), one.chain.map(toHex).join(), JSON.stringify(one.meta)].join(
          ' ',
        ),
      );
    }
  }
  return shown.sort();
}

async function walletOf(...pairs: readonly Partial<Record<'sign' | 'km', Pair>>[]): Promise<{ wallet: Wallet; ids: readonly string[] }> {
  const wallet = await makeWallet();
  const ids = pairs.map(() => newId());
  const put = await Promise.all(pairs.map((pair, nth) => keyedItem(wallet, ids[nth] ?? '', pair)));
  return { wallet: { ...wallet, head: await save(wallet, put) }, ids };
}

const realReader: CertificateReader = {
  spkiOf: (certificate) => readCertificate(certificate).spki,
  endOf: (certificate) => Math.floor(readCertificate(certificate).notAfter / 1000),
  prove: (certificate, privateKeyInfo, role) => proveKey(readCertificate(certificate), openPlainKey(privateKeyInfo), role),
};

/** Items of genuine form: certificates and keys of the test folder, sealed as an import does it. */
async function realItems(wallet: Wallet): Promise<readonly NewItem[]> {
  const items: NewItem[] = [];
  for (const found of findIdentities(filesBelow('npki', 'NPKI'), { everyFile: false })) {
    const known = found.kind === 'identity' ? MANIFEST.identities.find(({ folder }) => folder.endsWith(found.path)) : undefined;
    if (found.kind !== 'identity' || !known || items.length === 3) continue;
    const { sign, km } = await openIdentity(found, known.password);
    if (!sign) continue;
    const id = newId();
    const seal = (pair: typeof sign, role: 'sign' | 'km'): Promise<Bytes> =>
      sealKey({ ...wallet, vid: wallet.head.vid, id, role, spki: pair.certificate.spki, privateKeyInfo: pair.key.privateKeyInfo, random });
    items.push({
      id,
      na: Math.floor(sign.certificate.notAfter / 1000),
      meta: { importedAt: NOW, random: true },
      signCertificate: sign.certificate.der,
      kmCertificate: km?.certificate.der ?? null,
      chain: [],
      sealedSignKey: await seal(sign, 'sign'),
      sealedKmKey: km ? await seal(km, 'km') : null,
    });
  }
  return items;
}

describe('D18: a restore into a fresh profile', () => {
  test('gives the same certificates and keys, which sign, under new ids and another password', async () => {
    const before = await makeWallet();
    const put = await realItems(before);
    expect(put).toHaveLength(3);
    const old: Wallet = { ...before, head: await save(before, put) };
    const from = await opened(old);

    const store = freshStore();
    const made = await createVault({ store, password: utf8('새 컴퓨터의 새 암호'), kdf: fastKdf, random, now: NOW, app: APP, mark: 'fox' });
    const fresh: Wallet = { store, ...made };
    expect(await states(from, fresh)).toEqual(['new', 'new', 'new']);
    const restored = await restore(
      fresh,
      from,
      put.map(({ id }) => id),
      { reader: realReader },
    );
    expect([restored.count, restored.refused]).toEqual([3, []]);
    const after = { ...fresh, head: restored.head };
    expect(await contents(after, realReader)).toEqual(await contents(old, realReader));
    expect(restored.head.items.map(({ na }) => na)).toEqual(put.map(({ na }) => na));
    const ids = new Set(put.map(({ id }) => id));
    expect(restored.head.items.some(({ id }) => ids.has(id))).toBe(false);
    expect(restored.head.vid).not.toBe(old.head.vid);
  });

  test('brings the wastebasket as a wastebasket, with all its days', async () => {
    const { wallet, ids } = await walletOf({ sign: makePair() });
    const head = await moveToWastebasket({ ...wallet, ids, now: NOW - 29 * 86_400_000, app: APP });
    const fresh = await makeWallet();
    const restored = await restore(fresh, await opened({ ...wallet, head }), ids);
    expect(restored.head.items.map(({ na, del }) => [na, del])).toEqual([[undefined, Math.floor((NOW + 9) / 1000)]]);
  });

  test('brings settings, sites, guides and history, and nothing of passkeys, sync copy and last backup', async () => {
    const { wallet, ids } = await walletOf({ sign: makePair() });
    const [id = ''] = ids;
    const withAll = await withOthers(wallet, id, 30);
    const fresh = await makeWallet();
    const restored = await restore(fresh, await opened(withAll), ids);
    const [moved] = restored.head.items;
    const settings = await openSettings(fresh.store, restored.head, fresh.listKey);
    expect(settings).toEqual({
      lockMinutes: 30,
      backup: { rule: 'month', at: 0, gen: 0 },
      sites: [{ origin: 'https://bank.example', item: moved?.id, preset: moved?.id, used: NOW, blocked: true }],
      historyDays: 365,
      revocation: { daily: false, renewal: false },
      guides: [{ item: moved?.id, places: [OFFICE], tried: NOW, proved: null, later: null, ended: null }],
      passkeys: [],
      sync: { on: false, items: [], last: '', pending: '', at: 0 },
    });
    const [page] = await pages({ ...fresh, head: restored.head });
    expect(page).toEqual([{ ...ENTRY, item: moved?.id }]);
  });
});

const ENTRY: HistoryEntry = {
  at: NOW,
  origin: 'https://bank.example',
  purpose: 'sign-in',
  item: null,
  documents: [],
  released: ['certificate'],
  result: 'done',
};

const OFFICE = { sort: 'own', name: '구청', done: NOW, note: '', off: false } as const;

async function withOthers(wallet: Wallet, id: string, minutes: 30 | 60): Promise<Wallet> {
  const base = { ...wallet, now: NOW + 2, app: APP };
  const page = await sealHistoryPage(await importSecret(wallet.listKey), wallet.head, newId(), [{ ...ENTRY, item: id }], random);
  const head = await saveItems({ ...base, put: [], remove: [], random, others: [page] });
  const set = await saveSettings({
    ...base,
    head,
    random,
    change: () => ({
      lockMinutes: minutes,
      backup: { rule: 'month', at: NOW, gen: 2 },
      sites: [{ origin: 'https://bank.example', item: id, preset: id, used: NOW, blocked: true }],
      historyDays: 365,
      revocation: { daily: false, renewal: true },
      guides: [{ item: id, places: [OFFICE], tried: NOW, proved: null, later: null, ended: null }],
      passkeys: [{ sid: newId(), name: '노트북' }],
      sync: { on: true, items: [id], last: '', pending: '', at: NOW },
    }),
  });
  return { ...wallet, head: set };
}

async function pages({ store, head, listKey }: Wallet): Promise<readonly (readonly HistoryEntry[])[]> {
  const entries = head.items.filter(({ k }) => k === 'L');
  const texts = await store.records(entries);
  const secret = await importSecret(listKey);
  return Promise.all(entries.map((entry, nth) => openHistoryRecord(secret, head.vid, entry, texts[nth] ?? null)));
}

describe('a merge into a wallet that is in use', () => {
  test('lists what is new, what is here and what is newer here', async () => {
    const shared = makePair();
    const { wallet: old, ids } = await walletOf({ sign: shared }, { sign: makePair() }, { sign: makePair() });
    const from = await opened(old);
    const { wallet: other } = await walletOf({ sign: shared });
    expect(await states(from, other)).toEqual(['here', 'new', 'new']);
    const renewed = await keyedItem(old, ids[1] ?? '', { sign: makePair() });
    const used = { ...old, head: await save(old, [renewed], [ids[2] ?? '']) };
    expect(await states(from, used)).toEqual(['here', 'newer-here', 'new']);
  });

  test('takes a key that is not here for new, even beside a certificate that is', async () => {
    const [sign, km] = [makePair(), makePair()];
    const { wallet: old } = await walletOf({ sign, km });
    const { wallet: here } = await walletOf({ sign });
    expect(await states(await opened(old), here)).toEqual(['new']);
    expect(await states(await opened(here), old)).toEqual(['here']);
  });

  test('says where the one here is in the wastebasket', async () => {
    const sign = makePair();
    const { wallet: old } = await walletOf({ sign });
    const { wallet: here, ids } = await walletOf({ sign });
    const head = await moveToWastebasket({ ...here, ids, now: NOW, app: APP });
    expect((await rows(await opened(old), { ...here, head })).map(({ state, deletedHere }) => [state, deletedHere])).toEqual([['here', true]]);
  });

  test('never overwrites: what is here stays octet for octet, whatever is chosen', async () => {
    const { wallet: old, ids } = await walletOf({ sign: makePair() }, { sign: makePair() });
    const from = await opened(old);
    const used = { ...old, head: await save(old, [await keyedItem(old, ids[0] ?? '', { sign: makePair() })]) };
    const before = await used.store.records(used.head.items);
    const restored = await restore(used, from, ids);
    expect(restored.count).toBe(2);
    expect(restored.head.items).toHaveLength(4);
    expect(restored.head.items.slice(0, 2)).toEqual(used.head.items);
    expect(await used.store.records(restored.head.items.slice(0, 2))).toEqual(before);
  });

  test('keeps the settings here, adds sites that are not, and takes no history twice', async () => {
    const { wallet: old, ids } = await walletOf({ sign: makePair() });
    const from = await opened(await withOthers(old, ids[0] ?? '', 30));
    const { wallet, ids: own } = await walletOf({ sign: makePair() });
    const bare = { ...wallet, now: NOW + 2, app: APP, random };
    const head = await saveSettings({
      ...bare,
      change: (settings) => ({
        ...settings,
        lockMinutes: 60,
        sites: [{ origin: 'https://tax.example', item: own[0] ?? null, preset: null, used: 1, blocked: false }],
      }),
    });
    const first = await restore({ ...wallet, head }, from, ids);
    const settings = await openSettings(wallet.store, first.head, wallet.listKey);
    expect([settings.lockMinutes, settings.sites.map(({ origin }) => origin)]).toEqual([60, ['https://tax.example', 'https://bank.example']]);
    const again = await restore({ ...wallet, head: first.head }, from, []);
    expect(again.head).toBe(first.head);
    expect(await pages({ ...wallet, head: again.head })).toHaveLength(1);
  });

  test('a key that is not its certificate’s is refused alone', async () => {
    const bad = { ...makePair(), privateKeyInfo: random(600) };
    const { wallet: old, ids } = await walletOf({ sign: bad }, { sign: makePair() });
    const fresh = await makeWallet();
    const restored = await restore(fresh, await opened(old), ids);
    expect([restored.count, restored.refused]).toEqual([1, [{ id: ids[0], code: 'file.pair-mismatch' }]]);
    expect(restored.head.items.map(({ na }) => na)).toEqual([END]);
  });

  test('a sealed key without its certificate, and an id that is not there, are refused', async () => {
    const old = await makeWallet();
    const id = newId();
    const head = await save(old, [item(id, { signCertificate: null })]);
    const unknown = newId();
    const restored = await restore(await makeWallet(), await opened({ ...old, head }), [id, unknown]);
    expect(restored.refused).toEqual([
      { id, code: 'vault.damaged' },
      { id: unknown, code: 'certificate.not-found' },
    ]);
    expect(restored.head.gen).toBe(1);
  });

  test('loses nothing and brings nothing where another window saved first', async () => {
    const { wallet: old, ids } = await walletOf({ sign: makePair() });
    const from = await opened(old);
    const fresh = await makeWallet();
    const other = await save(fresh, [item(newId())]);
    expect(await codeOf(restore(fresh, from, ids))).toBe('vault.conflict');
    expect((await fresh.store.heads())[0]).toBe(other.text);
  });

  test('beyond 1,000 items brings nothing', async () => {
    const { wallet: old, ids } = await walletOf({ sign: makePair() });
    const { head, listKey, signingKey } = await makeWallet();
    const items = Array.from({ length: 1_000 }, () => ({ id: newId(), k: 'I' as const, g: 1, sum: Buffer.alloc(16).toString('base64url') }));
    const text = headWithFields(head.text, listKey, { items });
    const full: Wallet = { store: await storeOf(text), head: await readHead(text), listKey, signingKey };
    expect(await codeOf(restore(full, await opened(old), ids))).toBe('vault.full');
  });
});
