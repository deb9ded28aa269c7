import { beforeEach, describe, expect, it } from 'vitest';
import { fromUtf8, utf8 } from '../../../lib/bytes/text.ts';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import { codeOf, fixture } from '../../support/npki-fixtures.ts';
import { PASSWORD, Profile, quietly, walletWith, WRONG } from './profile.ts';

const NEW_PASSWORD = '새 컴퓨터의 파란 대문 일곱';
const IDS = ['personal-bank-sha1seed', 'business-etax', 'no-random-value'].map((id) => fixture(id).id);

let profile: Profile;
let wallet: Wallet;
let file: Blob;

beforeEach(async () => {
  profile = new Profile();
  wallet = await walletWith(profile, ...IDS);
  file = new Blob([(await wallet.backup.make()).bytes]);
});

async function fingerprints(of: Wallet): Promise<readonly string[]> {
  return (await of.rows()).map(({ fingerprint }) => fingerprint).sort();
}

/** Brings everything that is new back, and gives the result. */
async function restored(into: Wallet, password: string, secret = PASSWORD): ReturnType<Awaited<ReturnType<Wallet['restore']['open']>>['restore']> {
  const session = await into.restore.open(file, secret);
  const ids = session.rows.filter(({ state }) => state === 'new').map(({ id }) => id);
  try {
    return await session.restore(ids, password);
  } finally {
    session.discard();
  }
}

describe('restoring into a fresh profile (D18)', () => {
  it('shows what is in the file before any wallet is made, and makes none', async () => {
    const fresh = new Profile();
    const session = await fresh.wallet().restore.open(file, PASSWORD);
    expect(session).toMatchObject({ state: 'complete', madeAt: profile.now, unreadable: 0 });
    expect(session.rows.map(({ state }) => state)).toEqual(['new', 'new', 'new']);
    session.discard();
    expect(await fresh.store().evidence()).toBe('none');
  });

  it('brings all certificates with keys that work, under the new password', async () => {
    const fresh = new Profile();
    const made = fresh.wallet();
    const session = await made.restore.open(file, PASSWORD);
    await made.create(NEW_PASSWORD, 'moon');
    const result = await session.restore(
      session.rows.map(({ id }) => id),
      NEW_PASSWORD,
    );
    expect(result).toMatchObject({ restored: 3, present: 0, refused: [], missing: 0 });
    expect(await fingerprints(made)).toEqual(await fingerprints(wallet));
    const ids = (await made.rows()).map(({ id }) => id);
    expect((await wallet.rows()).some(({ id }) => ids.includes(id))).toBe(false);
    // An export opens every key and proves it by reading it back.
    const order = { ids, form: 'npki', withKm: true, filePassword: 'Grape#Wind7204', walletPassword: NEW_PASSWORD } as const;
    expect((await made.exportFiles(order, quietly())).identities).toHaveLength(3);
    expect(await codeOf(() => made.unlock(PASSWORD))).toBe('password.wrong');
  });

  it('brings deleted ones back to the wastebasket, with all their days', async () => {
    const [row] = await wallet.rows();
    await wallet.basket.move([row?.id ?? '']);
    file = new Blob([(await wallet.backup.make()).bytes]);
    const fresh = new Profile();
    fresh.now += 20 * 86_400_000;
    const made = fresh.wallet();
    await made.create(NEW_PASSWORD, 'moon');
    expect(await restored(made, NEW_PASSWORD)).toMatchObject({ restored: 3 });
    expect(await made.rows()).toHaveLength(2);
    expect(await made.basket.rows()).toMatchObject([{ fingerprint: row?.fingerprint, deletedAt: fresh.now }]);
  });
});

describe('restoring into a wallet in use', () => {
  it('offers nothing of what is here, and adds only the rest', async () => {
    const other = new Profile();
    const used = await walletWith(other, IDS[0] ?? '');
    const before = await used.rows();
    const session = await used.restore.open(file, PASSWORD);
    expect(session.rows.filter(({ state }) => state === 'here').map(({ fingerprint }) => fingerprint)).toEqual([before[0]?.fingerprint]);
    session.discard();
    expect(await restored(used, PASSWORD)).toMatchObject({ restored: 2, present: 0, refused: [] });
    expect(await fingerprints(used)).toEqual(await fingerprints(wallet));
    expect((await used.rows()).find(({ id }) => id === before[0]?.id)).toEqual(before[0]);
  });

  it('leaves out what came in while the list was shown', async () => {
    const used = await walletWith(new Profile());
    const first = await used.restore.open(file, PASSWORD);
    const second = await used.restore.open(file, PASSWORD);
    const ids = first.rows.map(({ id }) => id);
    expect(await first.restore(ids, PASSWORD)).toMatchObject({ restored: 3 });
    expect(await second.restore(ids, PASSWORD)).toMatchObject({ restored: 0, present: 3 });
    expect(await used.rows()).toHaveLength(3);
  });

  it('says that one lies in the wastebasket here, where it is put back', async () => {
    const [row] = await wallet.rows();
    await wallet.basket.move([row?.id ?? '']);
    const session = await wallet.restore.open(file, PASSWORD);
    expect(session.rows.find(({ fingerprint }) => fingerprint === row?.fingerprint)).toMatchObject({ state: 'here', deletedHere: true });
    session.discard();
  });

  it('takes the wallet password, and nothing without it', async () => {
    const used = await walletWith(new Profile());
    const session = await used.restore.open(file, PASSWORD);
    const ids = session.rows.map(({ id }) => id);
    expect(await codeOf(() => session.restore(ids, WRONG))).toBe('password.wrong');
    expect(await used.rows()).toEqual([]);
    session.discard();
    expect(await codeOf(() => session.restore(ids, PASSWORD))).toBe('user.cancelled');
  });

  it('is refused while the wallet is locked', async () => {
    await wallet.lock();
    expect(await codeOf(() => wallet.restore.open(file, PASSWORD))).toBe('vault.locked');
  });

  it('takes lost records as the file has them, in their own place (D29)', async () => {
    const rows = await wallet.rows();
    const id = rows[0]?.id ?? '';
    for (const key of [...profile.local.texts.keys()]) if (key.startsWith(`djw1.r.${id}.`)) profile.local.texts.delete(key);
    await loseInPrimary(id);
    const again = profile.wallet();
    await again.unlock(PASSWORD);
    expect(await again.rows()).toHaveLength(2);
    await restored(again, PASSWORD);
    expect(await again.rows()).toEqual(rows);
  });
});

describe('a file with a fault (D19)', () => {
  it('gives what is whole where the end is missing', async () => {
    const lines = fromUtf8(new Uint8Array(await file.arrayBuffer())).split('\n');
    file = new Blob([
      utf8(
        lines
          .slice(
            0,
            lines.findLastIndex((line) => line.startsWith('DJW1.I.')),
          )
          .join('\n'),
      ),
    ]);
    const used = await walletWith(new Profile());
    const session = await used.restore.open(file, PASSWORD);
    expect(session).toMatchObject({ state: 'cut', unreadable: 1 });
    expect(session.rows).toHaveLength(2);
    session.discard();
    expect(await restored(used, PASSWORD)).toMatchObject({ restored: 2 });
  });

  it('opens with the recovery code of that day as well', async () => {
    const { code } = await wallet.ways.makeCode(PASSWORD);
    file = new Blob([(await wallet.backup.make()).bytes]);
    const used = await walletWith(new Profile());
    expect(await restored(used, PASSWORD, code)).toMatchObject({ restored: 3 });
    expect(await wallet.backup.check(file, code.toLowerCase().replaceAll('-', ' '))).toMatchObject({ opened: 3 });
  });

  it('opens with the secret of that day alone', async () => {
    expect(await codeOf(() => wallet.restore.open(file, WRONG))).toBe('backup.secret');
    expect(await codeOf(() => wallet.restore.open(file, '0000-0000-0000-0000-0000-0000-0000'))).toBe('backup.secret');
  });
});

async function loseInPrimary(id: string): Promise<void> {
  const open = await new Promise<IDBDatabase>((resolve) => {
    const asked = profile.indexedDb.open('djw1');
    asked.onsuccess = () => resolve(asked.result);
  });
  await new Promise<void>((resolve) => {
    const change = open.transaction('rec', 'readwrite');
    const store = change.objectStore('rec');
    store.getAllKeys().onsuccess = (event) => {
      const keys = (event.target as IDBRequest<IDBValidKey[]>).result;
      for (const key of keys) if (Array.isArray(key) && key[0] === id) store.delete(key);
    };
    change.oncomplete = () => resolve();
  });
  open.close();
}
