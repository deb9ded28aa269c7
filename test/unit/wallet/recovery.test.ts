import { noticeDatabase } from '../../../lib/platform/notice-store.ts';
import { revocationDatabase } from '../../../lib/platform/revocation-store.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { fromUtf8 } from '../../../lib/bytes/text.ts';
import { WalletError } from '../../../lib/errors.ts';
import { createVault } from '../../../lib/vault/create.ts';
import { passwordBytes } from '../../../lib/vault/password.ts';
import { saveItems } from '../../../lib/vault/save.ts';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import { codeOf, fixture } from '../../support/npki-fixtures.ts';
import { fastKdf } from '../vault/support.ts';
import { SoftAuthenticator } from '../vault/authenticator.ts';
import { PASSWORD, Profile, quietly, walletWith, WRONG } from './profile.ts';

const FIRST = 'personal-bank-sha1seed';
const SECOND = 'vid-sha1';
const HEADS = ['djw1.h0', 'djw1.h1'];

let profile: Profile;

beforeEach(() => {
  profile = new Profile();
});

function settled<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('request'));
  });
}

/** Works on the database as somebody with the disk would. */
async function inDatabase(act: (heads: IDBObjectStore, transaction: IDBTransaction) => Promise<unknown>): Promise<void> {
  const database = await settled(profile.indexedDb.open('djw1'));
  const transaction = database.transaction(['head', 'rec', 'meta'], 'readwrite');
  await act(transaction.objectStore('head'), transaction);
  database.close();
}

const spoilNewestHead = (): Promise<void> =>
  inDatabase(async (heads) => {
    const key = (await settled(heads.getAllKeys())).at(-1);
    const text = String(await settled<unknown>(heads.get(key ?? 0)));
    await settled(heads.put(`${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`, key));
  });

const emptyMirror = (): void => profile.local.texts.clear();

/** Two certificates in two saves; then the newest head is spoilt and the other copy gone. */
async function walletInTrouble(): Promise<Wallet> {
  const wallet = await walletWith(profile, FIRST, SECOND);
  await wallet.lock();
  await spoilNewestHead();
  emptyMirror();
  return profile.wallet();
}

const rows = async (wallet: Wallet): Promise<string[]> => (await wallet.rows()).map(({ fingerprint }) => fingerprint).toSorted();
const certificates = (...ids: readonly string[]): string[] => ids.map((id) => fixture(id).certSha256.toLowerCase()).toSorted();

describe('looking at what is left', () => {
  it('tells of each copy what it has, what does not read and what was saved last', async () => {
    const wallet = await walletInTrouble();
    expect(await wallet.status()).toMatchObject({ state: 'recovery', count: 0 });
    const { copies } = await wallet.recovery.report();
    expect(copies).toMatchObject([
      { name: 'primary', trace: 'some', code: null, unread: 1, marked: 3, states: [{ generation: 2, count: 1, missing: 0, foreign: false }] },
      { name: 'mirror', trace: 'none', code: null, unread: 0, marked: null, states: [] },
    ]);
  });

  it('works with both copies dead, and writes nothing', async () => {
    const wallet = await walletWith(profile, FIRST);
    await wallet.lock();
    profile.whileSaving = () => {
      throw new Error('I/O error');
    };
    const lame = profile.wallet();
    expect(await lame.status()).toMatchObject({ state: 'recovery' });
    const { copies } = await lame.recovery.report();
    expect(copies).toMatchObject([
      { trace: 'failed', states: [] },
      { trace: 'failed', states: [] },
    ]);
    expect(fromUtf8((await lame.recovery.rawFile()).bytes)).toMatch(/^primary \(\S+\)\nmirror \(\S+\)\n$/);
    expect(await codeOf(() => lame.recovery.erase({ syncCopy: false }))).not.toBe('none');
    profile.whileSaving = () => undefined;
    expect(await lame.status()).toMatchObject({ state: 'locked', count: 1, notice: null });
  });

  it('counts the records that no copy holds', async () => {
    const wallet = await walletInTrouble();
    await inDatabase((_, transaction) => settled(transaction.objectStore('rec').clear()));
    const { copies } = await wallet.recovery.report();
    expect(copies[0]?.states).toMatchObject([{ generation: 2, count: 1, missing: 1 }]);
  });

  it('gives the records as they lie there, without a name or the wallet picture', async () => {
    const wallet = await walletInTrouble();
    const { path, bytes } = await wallet.recovery.rawFile();
    const text = fromUtf8(bytes);
    expect(path).toMatch(/^dojang-records-\d{4}-\d\d-\d\d\.txt$/);
    expect(text.match(/^primary head\.\d+ DJW1\.H\./gm)).toHaveLength(2);
    expect(text).toMatch(/^primary rec\.\S+ DJW1\.I\./m);
    expect(text).not.toContain('tiger');
    expect(text).not.toContain('홍길동');
  });
});

describe('going on from an older state', () => {
  const olderKey = async (wallet: Wallet): Promise<string> => (await wallet.recovery.report()).copies[0]?.states[0]?.key ?? '';

  it('opens it with its password, and makes it the newest in both copies', async () => {
    const wallet = await walletInTrouble();
    expect(await wallet.recovery.openFrom(await olderKey(wallet), PASSWORD)).toEqual({ missing: 0, opened: true });
    expect(await wallet.status()).toMatchObject({ state: 'open', count: 1, notice: null, mark: 'tiger' });
    expect(await rows(wallet)).toEqual(certificates(FIRST));
    await wallet.lock();
    await profile.wallet().unlock(PASSWORD);
    expect(HEADS.some((key) => profile.local.texts.has(key))).toBe(true);
  });

  it('says how many records are nowhere', async () => {
    const wallet = await walletInTrouble();
    await inDatabase((_, transaction) => settled(transaction.objectStore('rec').clear()));
    expect(await wallet.recovery.openFrom(await olderKey(wallet), PASSWORD)).toEqual({ missing: 1, opened: true });
    expect(await wallet.status()).toMatchObject({ state: 'open', count: 1 });
    expect(await wallet.rows()).toEqual([]);
  });

  it('counts a wrong password as a try and changes nothing', async () => {
    const wallet = await walletInTrouble();
    const key = await olderKey(wallet);
    const before = await wallet.recovery.report();
    for (let tries = 1; tries <= 5; tries++) expect(await codeOf(() => wallet.recovery.openFrom(key, WRONG))).toBe('password.wrong');
    expect(await codeOf(() => profile.wallet().recovery.openFrom(key, PASSWORD))).toBe('password.wait');
    expect((await wallet.recovery.report()).copies[0]).toEqual(before.copies[0]);
    expect(await wallet.status()).toMatchObject({ state: 'recovery' });
    expect(profile.session.texts.size).toBe(0);
  });

  it('is refused where the wallet starts by now, and for a state that is not there', async () => {
    const wallet = await walletWith(profile, FIRST);
    const [copy] = (await wallet.recovery.report()).copies;
    const key = copy?.states[0]?.key ?? '';
    expect(await codeOf(() => wallet.recovery.openFrom(key, PASSWORD))).toBe('vault.conflict');
    await wallet.lock();
    await spoilNewestHead();
    emptyMirror();
    expect(await codeOf(() => profile.wallet().recovery.openFrom('AAAA', PASSWORD))).toBe('vault.conflict');
  });

  it('opens it by the touch of a passkey of that state, and not by that of another', async () => {
    const setUp = await walletWith(profile, FIRST);
    await setUp.ways.addPasskey('노트북', PASSWORD);
    await setUp.basket.move([(await setUp.rows())[0]?.id ?? '']);
    await setUp.lock();
    await spoilNewestHead();
    emptyMirror();
    const wallet = profile.wallet();
    const { copies } = await wallet.recovery.report();
    expect(copies[0]?.states[0]).toMatchObject({ touch: true });
    const key = copies[0]?.states[0]?.key ?? '';
    const own = profile.authenticator;
    profile.authenticator = new SoftAuthenticator();
    expect(await codeOf(() => wallet.recovery.openFromByTouch(key))).not.toBe('none');
    expect(await wallet.status()).toMatchObject({ state: 'recovery' });
    profile.authenticator = own;
    profile.passkeySupport = 'browser';
    expect((await wallet.recovery.report()).copies[0]?.states[0]).toMatchObject({ touch: false });
    profile.passkeySupport = 'ready';
    expect(await wallet.recovery.openFromByTouch(key)).toEqual({ missing: 0, opened: true });
    expect(await wallet.status()).toMatchObject({ state: 'open', count: 1, notice: null });
    expect(await rows(wallet)).toEqual(certificates(FIRST));
  });

  it('names no touch where that state has no passkey', async () => {
    const wallet = await walletInTrouble();
    expect((await wallet.recovery.report()).copies[0]?.states[0]).toMatchObject({ touch: false });
    expect(await codeOf(async () => wallet.recovery.openFromByTouch(await olderKey(wallet)))).toBe('passkey.wrong');
  });

  it('takes the recovery code, which then opens nothing but a change of the password', async () => {
    const setUp = await walletWith(profile, FIRST);
    const { code } = await setUp.ways.makeCode(PASSWORD);
    const [row] = await setUp.rows();
    await setUp.basket.move([row?.id ?? '']);
    await setUp.lock();
    await spoilNewestHead();
    emptyMirror();
    const wallet = profile.wallet();
    const key = await olderKey(wallet);
    expect(await codeOf(() => wallet.recovery.openFrom(key, '0000-0000-0000-0000-0000-0000-0000'))).not.toBe('none');
    expect(await wallet.recovery.openFrom(key, code.toLowerCase())).toEqual({ missing: 0, opened: false });
    expect(await wallet.status()).toMatchObject({ state: 'locked', count: 1, notice: null });
    await wallet.unlock(PASSWORD);
    expect(await rows(wallet)).toEqual(certificates(FIRST));
  });

  it('E18 names a former password, and does not let it in while the primary copy knows of the later one', async () => {
    const setUp = await walletWith(profile, FIRST);
    let former: readonly [IDBValidKey, unknown] = [0, ''];
    await inDatabase(async (store) => {
      const key = (await settled(store.getAllKeys())).at(-1) ?? 0;
      former = [key, await settled<unknown>(store.get(key))];
    });
    const mirrored = new Map(profile.local.texts);
    await setUp.ways.changePassword({
      current: { kind: 'password', text: PASSWORD },
      password: `${PASSWORD} 둘`,
      keep: [],
      onTouch: () => undefined,
    });
    // Somebody puts the former state beside the newest, whose records are gone.
    await inDatabase(async (store, transaction) => {
      await settled(store.put(former[1], former[0]));
      await settled(transaction.objectStore('rec').clear());
    });
    profile.local.texts.clear();
    for (const [key, value] of mirrored) profile.local.texts.set(key, value);
    const wallet = profile.wallet();
    expect(await wallet.status()).toMatchObject({ state: 'recovery' });
    const states = (await wallet.recovery.report()).copies.flatMap((copy) => copy.states);
    const formerKey = states.find(({ generation }) => generation === former[0])?.key ?? '';
    expect(await codeOf(() => wallet.recovery.openFrom(formerKey, PASSWORD))).toBe('password.former');
    expect(await wallet.status()).toMatchObject({ state: 'recovery' });
    expect(profile.session.texts.size).toBe(0);
  });

  it('wipes both keys and the password', async () => {
    const wallet = await walletInTrouble();
    const key = await olderKey(wallet);
    profile.handedOut.length = 0;
    await wallet.recovery.openFrom(key, PASSWORD);
    expect(profile.handedOut.length).toBeGreaterThan(0);
    for (const octets of profile.handedOut) expect(octets.every((octet) => octet === 0)).toBe(true);
  });
});

/** Another wallet's newest state, whole, as a content script could put it into the mirror. */
async function foreignMirror(generation: number): Promise<ReadonlyMap<string, unknown>> {
  const other = new Profile();
  const store = other.store();
  const random = (length: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(length));
  const made = await createVault({ store, password: passwordBytes(WRONG), kdf: fastKdf, random, now: other.now, app: '0.1.0', mark: 'moon' });
  let { head } = made;
  while (head.gen < generation)
    head = await saveItems({ store, head, listKey: made.listKey, now: other.now, app: '0.1.0', random, put: [], remove: [] });
  return other.local.texts;
}

describe('D14 a mirror that somebody else wrote', () => {
  it('does not decide, is kept until the owner’s word, and then both copies are one again', async () => {
    const wallet = await walletWith(profile, FIRST);
    await wallet.lock();
    emptyMirror();
    for (const [key, value] of await foreignMirror(9)) profile.local.texts.set(key, value);
    const again = profile.wallet();
    expect(await again.status()).toMatchObject({ state: 'locked', count: 1, notice: 'one-copy' });
    await again.unlock(PASSWORD);
    expect(await rows(again)).toEqual(certificates(FIRST));
    expect(await again.status()).toMatchObject({ state: 'open', notice: 'one-copy' });
    expect(await codeOf(() => again.recovery.mend(WRONG))).toBe('password.wrong');
    expect(await again.recovery.mend(PASSWORD)).toEqual({ whole: true, missing: 0 });
    expect(await again.status()).toMatchObject({ state: 'open', count: 1, notice: null });
    expect(await rows(again)).toEqual(certificates(FIRST));
  });

  it('is told apart as another wallet’s, where the primary is spoilt', async () => {
    const wallet = await walletInTrouble();
    for (const [key, value] of await foreignMirror(4)) profile.local.texts.set(key, value);
    const { copies } = await wallet.recovery.report();
    expect(copies[0]?.states).toMatchObject([{ foreign: false }]);
    expect(copies[1]?.states.map(({ foreign }) => foreign)).toEqual([true, true]);
    expect(await codeOf(() => wallet.recovery.openFrom(copies[1]?.states[0]?.key ?? '', PASSWORD))).toBe('password.wrong');
  });
});

describe('D12 while anything of a wallet is left', () => {
  it.each([
    ['a record in the mirror', () => profile.local.texts.set('djw1.r.AAAA.1', 'x')],
    ['a marker in the mirror', () => profile.local.texts.set('djw1.m', 'x')],
    ['the count of tries', () => profile.local.texts.set('djw1.t', 'x')],
    ['a spoilt head in the mirror', () => profile.local.texts.set('djw1.h1', '')],
    ['a value that is no text', () => profile.local.texts.set('djw1.h0', { a: 1 })],
    [
      'an empty database',
      async () => {
        const request = profile.indexedDb.open('djw1', 1);
        request.onupgradeneeded = () => {
          for (const name of ['head', 'rec', 'meta']) request.result.createObjectStore(name);
        };
        (await settled(request)).close();
      },
    ],
  ])('none is made over %s, until the owner erases it', async (_, plant) => {
    await plant();
    const wallet = profile.wallet();
    expect(await wallet.status()).toMatchObject({ state: 'recovery' });
    expect(await codeOf(() => wallet.create(PASSWORD, 'tiger'))).toBe('vault.exists');
    await wallet.recovery.erase({ syncCopy: false });
    expect(await wallet.status()).toMatchObject({ state: 'none' });
    await wallet.create(PASSWORD, 'crane');
    expect(await wallet.status()).toMatchObject({ state: 'open', mark: 'crane' });
  });

  it('none is erased that starts', async () => {
    const wallet = await walletWith(profile, FIRST);
    expect(await codeOf(() => wallet.recovery.erase({ syncCopy: false }))).toBe('vault.conflict');
    await wallet.lock();
    expect(await codeOf(() => profile.wallet().recovery.erase({ syncCopy: false }))).toBe('vault.conflict');
    expect(await profile.wallet().status()).toMatchObject({ state: 'locked', count: 1 });
  });
});

describe('D29 a backup file on the recovery screen', () => {
  const olderKey = async (wallet: Wallet): Promise<string> => (await wallet.recovery.report()).copies[0]?.states[0]?.key ?? '';
  const emptyRecords = (): Promise<void> => inDatabase((_, transaction) => settled(transaction.objectStore('rec').clear()));

  /** A wallet of which only heads are left, and a backup file of before. */
  async function bareHeads(fresh: Profile): Promise<Blob> {
    profile = fresh;
    const setUp = await walletWith(profile, FIRST, SECOND);
    const { bytes } = await setUp.backup.make();
    await setUp.basket.move([(await setUp.rows())[0]?.id ?? '']);
    await setUp.lock();
    await spoilNewestHead();
    emptyMirror();
    await emptyRecords();
    return new Blob([bytes]);
  }

  it('fills what the chosen state lost, by id, generation and checksum, and the certificates are there again', async () => {
    const file = await bareHeads(profile);
    const wallet = profile.wallet();
    expect((await wallet.recovery.report()).copies[0]?.states).toMatchObject([{ count: 2, missing: 2 }]);
    expect(await wallet.recovery.openFrom(await olderKey(wallet), PASSWORD, file)).toEqual({ missing: 0, opened: true });
    expect(await rows(wallet)).toEqual(certificates(FIRST, SECOND));
    const [row] = await wallet.rows();
    const order = { ids: [row?.id ?? ''], form: 'npki', withKm: true, filePassword: 'Grape#Wind7204', walletPassword: PASSWORD } as const;
    expect((await wallet.exportFiles(order, quietly())).identities).toHaveLength(1);
    await wallet.lock();
    await profile.wallet().unlock(PASSWORD);
    expect(await profile.wallet().status()).toMatchObject({ state: 'open', count: 2, notice: null });
  });

  it('takes nothing from the file of another wallet, from one that is none, or for a wrong password', async () => {
    const foreign = await bareHeads(new Profile());
    const own = await bareHeads(new Profile());
    const wallet = profile.wallet();
    const key = await olderKey(wallet);
    expect(await codeOf(() => wallet.recovery.openFrom(key, PASSWORD, foreign))).toBe('backup.other-wallet');
    expect(await codeOf(() => wallet.recovery.openFrom(key, PASSWORD, new Blob(['a letter'])))).toBe('backup.unknown');
    expect(await codeOf(() => wallet.recovery.openFrom(key, WRONG, own))).toBe('password.wrong');
    expect(await wallet.status()).toMatchObject({ state: 'recovery' });
    expect((await wallet.recovery.report()).copies[0]?.states).toMatchObject([{ missing: 2 }]);
  });

  it('says how much is still nowhere where the file was cut off', async () => {
    const lines = (await (await bareHeads(profile)).text()).trimEnd().split('\n');
    const cut = new Blob([`${lines.slice(0, -2).join('\n')}\n`]);
    const wallet = profile.wallet();
    expect(await wallet.recovery.openFrom(await olderKey(wallet), PASSWORD, cut)).toEqual({ missing: 1, opened: true });
    expect(await wallet.rows()).toHaveLength(1);
  });
});

describe('D16 a marker that knows a later save', () => {
  /** The state of before the last save is put back in both copies. */
  async function rolledBack(): Promise<void> {
    const wallet = await walletWith(profile, FIRST);
    await wallet.lock();
    const earlier = new Map(profile.local.texts);
    const heads = new Map<IDBValidKey, unknown>();
    await inDatabase(async (store) => {
      for (const key of await settled(store.getAllKeys())) heads.set(key, await settled<unknown>(store.get(key)));
    });
    await wallet.unlock(PASSWORD);
    await wallet.basket.move([(await wallet.rows())[0]?.id ?? '']);
    await wallet.lock();
    profile.local.texts.clear();
    for (const [key, value] of earlier) profile.local.texts.set(key, value);
    await inDatabase(async (store) => {
      await settled(store.clear());
      for (const [key, value] of heads) await settled(store.put(value, key));
    });
  }

  it('is told while the wallet is locked, and by every window once it is open, until it locks', async () => {
    await rolledBack();
    const again = profile.wallet();
    expect(await again.status()).toMatchObject({ state: 'locked', count: 1, notice: 'rolled-back' });
    await again.unlock(PASSWORD);
    for (const window of [again, profile.wallet()]) {
      expect(await window.status()).toMatchObject({ state: 'open', count: 1, notice: 'rolled-back' });
    }
    await again.backup.setRule('week');
    expect(await profile.wallet().status()).toMatchObject({ notice: 'rolled-back' });
    await again.lock();
    expect(await profile.wallet().status()).toMatchObject({ state: 'locked', notice: null });
    await again.unlock(PASSWORD);
    expect(await again.status()).toMatchObject({ state: 'open', notice: null });
  });

  it('is put away in all windows by the owner in one', async () => {
    await rolledBack();
    await profile.wallet().unlock(PASSWORD);
    const others = [profile.wallet(), profile.wallet()];
    await others[0]?.putAwayNotice();
    for (const window of others) expect(await window.status()).toMatchObject({ state: 'open', notice: null });
  });

  it('D9 is no warning where the mirror still holds that save: the newest wins, and the older copy is made good', async () => {
    const wallet = await walletWith(profile, FIRST);
    let older: readonly [IDBValidKey, unknown] = [0, ''];
    await inDatabase(async (store) => {
      const key = (await settled(store.getAllKeys())).at(-1) ?? 0;
      older = [key, await settled<unknown>(store.get(key))];
    });
    await wallet.basket.move([(await wallet.rows())[0]?.id ?? '']);
    await wallet.lock();
    await inDatabase(async (store) => {
      await settled(store.clear());
      await settled(store.put(older[1], older[0]));
    });
    const again = profile.wallet();
    expect(await again.status()).toMatchObject({ state: 'locked', notice: 'one-copy' });
    await again.unlock(PASSWORD);
    expect(await again.status()).toMatchObject({ state: 'open', count: 0, notice: null });
    expect(await again.rows()).toEqual([]);
  });
});

describe('a wallet that is erased', () => {
  async function everything(): Promise<string> {
    const found: unknown[] = [[...profile.local.texts], [...profile.session.texts]];
    for (const { name = '' } of await profile.indexedDb.databases()) {
      const database = await settled(profile.indexedDb.open(name));
      for (const store of database.objectStoreNames) found.push(await settled(database.transaction(store).objectStore(store).getAll()));
      database.close();
    }
    return JSON.stringify(found);
  }

  it('leaves no id of a record anywhere: not in its copies, nor with what was told, asked or done', async () => {
    const wallet = await walletWith(profile, FIRST);
    const id = (await wallet.rows())[0]?.id ?? 'none';
    await profile.look();
    await wallet.revocation.check([id]);
    await wallet.lock();
    await spoilNewestHead();
    emptyMirror();
    const notes = [noticeDatabase(profile.indexedDb), revocationDatabase(profile.indexedDb)];
    for (const store of notes) expect(await store.read()).toContain(id);
    await profile.wallet().recovery.erase({ syncCopy: false });
    expect(await everything()).not.toContain(id);
    for (const store of notes) expect(await store.read()).not.toContain(id);
  });
});

describe('the sync copy of a wallet that is erased', () => {
  /** In trouble, with a copy in the sync storage beside the one of another wallet. */
  async function syncedInTrouble(): Promise<Wallet> {
    const other = new Profile();
    other.sync = profile.sync;
    const foreign = await walletWith(other, FIRST);
    await foreign.sync.turnOn(
      (await foreign.rows()).map(({ id }) => id),
      PASSWORD,
    );
    const wallet = await walletWith(profile, FIRST);
    await wallet.sync.turnOn(
      (await wallet.rows()).map(({ id }) => id),
      PASSWORD,
    );
    await wallet.lock();
    await spoilNewestHead();
    emptyMirror();
    return profile.wallet();
  }

  it.each([
    { syncCopy: false, left: 2 },
    { syncCopy: true, left: 1 },
  ])('stays unless the owner says so, and that of another wallet in any case: $syncCopy', async ({ syncCopy, left }) => {
    const wallet = await syncedInTrouble();
    expect(await wallet.recovery.syncLeft()).toBe('some');
    await wallet.recovery.erase({ syncCopy });
    expect(await wallet.status()).toMatchObject({ state: 'none' });
    expect(await wallet.sync.copies()).toHaveLength(left);
    expect(await wallet.recovery.syncLeft()).toBe('none');
  });

  it('is known by the marker alone, where no head is left', async () => {
    const wallet = await syncedInTrouble();
    await inDatabase(async (heads, transaction) => {
      await settled(heads.clear());
      await settled(transaction.objectStore('rec').clear());
    });
    expect(await wallet.recovery.syncLeft()).toBe('some');
    await wallet.recovery.erase({ syncCopy: true });
    expect(await wallet.sync.copies()).toHaveLength(1);
  });

  it('keeps everything from being erased where it cannot be removed', async () => {
    const wallet = await syncedInTrouble();
    const before = profile.sync.stored.size;
    const { all } = profile.sync;
    profile.sync.all = () => Promise.reject(new WalletError('sync.unavailable'));
    expect(await wallet.recovery.syncLeft()).toBe('unknown');
    expect(await codeOf(() => wallet.recovery.erase({ syncCopy: true }))).toBe('sync.unavailable');
    expect(await wallet.status()).toMatchObject({ state: 'recovery' });
    await wallet.recovery.erase({ syncCopy: false });
    expect(await wallet.status()).toMatchObject({ state: 'none' });
    profile.sync.all = all;
    expect(profile.sync.stored.size).toBe(before);
  });
});
