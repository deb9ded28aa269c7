import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../lib/bytes/text.ts';
import { WalletError } from '../../../lib/errors.ts';
import { createVault } from '../../../lib/vault/create.ts';
import { readHead, type VaultHead } from '../../../lib/vault/head.ts';
import { openItemRecord } from '../../../lib/vault/item.ts';
import { VERSION } from '../../../lib/vault/limits.ts';
import { MIGRATIONS, migrateVault, type Migration, type MigrationRequest } from '../../../lib/vault/migrations.ts';
import { headEntry } from '../../../lib/vault/save.ts';
import { sealItem } from '../../../lib/vault/seal-item.ts';
import { saveSettings } from '../../../lib/vault/settings-record.ts';
import type { VaultStore } from '../../../lib/vault/store.ts';
import { openItems } from '../../../lib/vault/vault.ts';
import { moveToWastebasket } from '../../../lib/vault/wastebasket.ts';
import { writeBackup } from '../../../lib/vault/write-backup.ts';
import { APP, codeOf, fastKdf, headWithFields, item, makeWallet, newId, NOW, random, reread, save, storeOf, type Wallet } from './support.ts';

const NEXT = VERSION + 1;

async function filled(): Promise<Wallet> {
  const wallet = await makeWallet();
  return { ...wallet, head: await save(wallet, [item(newId()), item(newId())]) };
}

/** Writes every item again with a word more in its meta. */
const addWord: Migration = {
  to: NEXT,
  migrate: async (state, { vid, g, secret, random: fresh, text }) => {
    const written = [...state.written];
    for (const entry of state.items) {
      if (entry.k !== 'I') continue;
      const open = await openItemRecord(secret, vid, entry, await text(entry));
      const sealed = await sealItem(secret, { vid, id: entry.id, g }, { ...open, meta: { ...open.meta, word: 'new' } }, fresh);
      written.push({ entry: { ...entry, ...headEntry(sealed, entry.id, 'I', g) }, record: { id: entry.id, g, text: sealed } });
    }
    return { ...state, written };
  },
};

function request({ store, listKey }: Pick<Wallet, 'store' | 'listKey'>, changes: Partial<MigrationRequest> = {}): MigrationRequest {
  return { store, listKey, now: NOW + 5, app: APP, random, migrations: [addWord], version: NEXT, ...changes };
}

const newest = async (store: VaultStore, known = NEXT): Promise<VaultHead> => readHead((await store.heads())[0], known);

describe('the released list', () => {
  test('leads in single steps to the version this program writes', () => {
    expect(MIGRATIONS.map(({ to }) => to)).toEqual(Array.from({ length: VERSION - 1 }, (_, nth) => nth + 2));
  });

  test('has nothing to do for a wallet of this version', async () => {
    const { store, listKey, head } = await filled();
    expect(await migrateVault({ store, listKey, now: NOW, app: APP, random })).toEqual(head);
    expect((await store.heads())[0]).toBe(head.text);
  });
});

describe('a migration to a version that only this test knows', () => {
  test('is one generation; the one before stays, in its version', async () => {
    const wallet = await filled();
    const head = await migrateVault(request(wallet));
    expect([head.version, head.gen]).toEqual([NEXT, wallet.head.gen + 1]);
    expect(await wallet.store.heads()).toEqual([head.text, wallet.head.text]);
    const { items } = await openItems(wallet.store, head, wallet.listKey);
    expect(items.map(({ meta }) => meta)).toEqual([1, 2].map(() => ({ label: '주거래 은행', importedAt: NOW, word: 'new' })));
    expect(head.items.map(({ na }) => na)).toEqual(wallet.head.items.map(({ na }) => na));
    expect((await openItems(wallet.store, wallet.head, wallet.listKey)).damaged).toEqual([]);
  });

  test('runs once: a second window finds it done', async () => {
    const wallet = await filled();
    const first = await migrateVault(request(wallet));
    expect(await migrateVault(request(wallet))).toEqual(first);
    expect(await newest(wallet.store)).toEqual(first);
  });

  test('goes through every version between', async () => {
    const wallet = await filled();
    const seen: number[] = [];
    const steps = [NEXT + 1, NEXT].map((to): Migration => {
      return {
        to,
        migrate: (state) => {
          seen.push(to);
          return Promise.resolve(state);
        },
      };
    });
    const head = await migrateVault(request(wallet, { migrations: steps, version: NEXT + 1 }));
    expect([seen, head.version]).toEqual([[NEXT, NEXT + 1], NEXT + 1]);
  });

  test('with a step missing does not begin', async () => {
    const wallet = await filled();
    expect(await codeOf(migrateVault(request(wallet, { migrations: [], version: NEXT })))).toBe('internal');
    expect(await newest(wallet.store)).toEqual(wallet.head);
  });
});

/** A store whose nth write fails, before or after it takes effect. */
function failing(store: VaultStore, method: 'commit' | 'records' | 'heads' | 'prune', nth: number, after: boolean): VaultStore {
  let calls = 0;
  const wrap =
    <Args extends readonly unknown[], Value>(name: string, act: (...args: Args) => Promise<Value>) =>
    async (...args: Args): Promise<Value> => {
      const fails = name === method && ++calls === nth;
      if (fails && !after) throw new WalletError('vault.unavailable');
      const value = await act(...args);
      if (fails) throw new WalletError('vault.unavailable');
      return value;
    };
  return {
    evidence: () => store.evidence(),
    heads: wrap('heads', () => store.heads()),
    records: wrap('records', (keys) => store.records(keys)),
    marker: () => store.marker(),
    mark: () => store.mark(),
    commit: wrap('commit', (change) => store.commit(change)),
    prune: wrap('prune', (kept) => store.prune(kept)),
  };
}

describe('G3: a migration that fails', () => {
  test('in its own work leaves the wallet as it was, and is tried again', async () => {
    const wallet = await filled();
    for (const step of [1, 2]) {
      let calls = 0;
      const text = async (): Promise<never> => Promise.reject(new WalletError('vault.damaged', { detail: String(step) }));
      const broken: Migration = {
        ...addWord,
        migrate: (state, tools) => addWord.migrate(state, { ...tools, text: (entry) => (++calls === step ? text() : tools.text(entry)) }),
      };
      expect(await codeOf(migrateVault(request(wallet, { migrations: [broken] })))).toBe('vault.damaged');
      expect(await newest(wallet.store)).toEqual(wallet.head);
    }
    expect((await migrateVault(request(wallet))).version).toBe(NEXT);
  });

  test('with records that do not open is a fault of ours and is not written', async () => {
    const wallet = await filled();
    const wrong: Migration = {
      to: NEXT,
      migrate: async (state, tools) => {
        const done = await addWord.migrate(state, tools);
        return { ...done, written: done.written.map(({ entry, record }) => ({ entry, record: { ...record, text: `${record.text}A` } })) };
      },
    };
    expect(await codeOf(migrateVault(request(wallet, { migrations: [wrong] })))).toBe('internal');
    expect(await newest(wallet.store)).toEqual(wallet.head);
  });

  test.each<['commit' | 'records' | 'heads' | 'prune', number, boolean, 'old' | 'new']>([
    ['heads', 1, false, 'old'],
    ['records', 1, false, 'old'],
    ['records', 2, true, 'old'],
    ['commit', 1, false, 'old'],
    ['commit', 1, true, 'new'],
    ['heads', 2, false, 'new'],
    ['records', 3, false, 'new'],
    ['prune', 1, false, 'new'],
  ])('in the store (%s, call %i, after it took effect: %s) leaves the %s state whole, and goes on', async (method, nth, after, state) => {
    const wallet = await filled();
    await codeOf(migrateVault(request({ ...wallet, store: failing(wallet.store, method, nth, after) })));
    const head = await newest(wallet.store);
    expect(head.version).toBe(state === 'old' ? VERSION : NEXT);
    const { items, damaged } = await openItems(wallet.store, head, wallet.listKey);
    expect([items.length, damaged]).toEqual([2, []]);
    expect((await openItems(wallet.store, wallet.head, wallet.listKey)).damaged).toEqual([]);
    expect((await migrateVault(request(wallet))).version).toBe(NEXT);
  });

  test('against another window’s save loses nothing of it', async () => {
    const wallet = await filled();
    const meanwhile: Migration = {
      to: NEXT,
      migrate: async (state) => {
        await save(wallet, [item(newId())]);
        return state;
      },
    };
    expect(await codeOf(migrateVault(request(wallet, { migrations: [meanwhile] })))).toBe('vault.conflict');
    expect((await newest(wallet.store)).items).toHaveLength(3);
    expect((await migrateVault(request(wallet))).items).toHaveLength(3);
  });
});

describe('G8: an older version', () => {
  async function later(): Promise<Wallet> {
    const wallet = await filled();
    return { ...wallet, head: await migrateVault(request(wallet)) };
  }

  test('finds a wallet of a later version and says so', async () => {
    const { store } = await later();
    expect(await codeOf(reread(store))).toBe('vault.newer-version');
  });

  test.each<[string, (wallet: Wallet) => Promise<unknown>, string]>([
    ['save items', (wallet) => save(wallet, [item(newId())]), 'vault.newer-version'],
    ['delete', (wallet) => moveToWastebasket({ ...wallet, ids: [wallet.head.items[0]?.id ?? ''], now: NOW, app: APP }), 'vault.newer-version'],
    ['save settings', (wallet) => saveSettings({ ...wallet, now: NOW, app: APP, random, change: (same) => same }), 'vault.newer-version'],
    ['migrate', ({ store, listKey }) => migrateVault({ store, listKey, now: NOW, app: APP, random }), 'vault.newer-version'],
    [
      'make a wallet over it',
      ({ store }) => createVault({ store, password: utf8('열 글자는 넘는 암호'), kdf: fastKdf, random, now: NOW, app: APP, mark: 'fox' }),
      'vault.exists',
    ],
  ])('refuses to %s, and nothing changes', async (_, act, code) => {
    const wallet = await later();
    const before = await wallet.store.heads();
    expect(await codeOf(act(wallet))).toBe(code);
    expect(await wallet.store.heads()).toEqual(before);
  });

  test('with a head from before the update gets a conflict', async () => {
    const wallet = await filled();
    const head = await migrateVault(request(wallet));
    expect(await codeOf(save(wallet, [item(newId())]))).toBe('vault.conflict');
    expect((await wallet.store.heads())[0]).toBe(head.text);
  });

  test('and its data are intact going forward again', async () => {
    const wallet = await later();
    const head = await migrateVault(request(wallet));
    expect(head).toEqual(wallet.head);
    expect((await openItems(wallet.store, head, wallet.listKey)).damaged).toEqual([]);
  });

  test('makes no backup it could not read itself', async () => {
    const wallet = await later();
    expect(await codeOf(writeBackup({ ...wallet, now: NOW, app: APP }))).toBe('vault.newer-version');
  });

  test('takes an unknown field of its own version for damage', async () => {
    const { head, listKey } = await makeWallet();
    const text = headWithFields(head.text, listKey, { extra: 1 });
    expect(await codeOf(readHead(text))).toBe('vault.damaged');
    expect(await codeOf(reread(await storeOf(text)))).toBe('vault.damaged');
  });
});
