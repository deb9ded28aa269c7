import { beforeEach, describe, expect, it } from 'vitest';
import { fromUtf8, utf8 } from '../../../lib/bytes/text.ts';
import type { MadeBackup } from '../../../lib/wallet/keeping-api.ts';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import { codeOf, fixture, readFixture } from '../../support/npki-fixtures.ts';
import { folderOf, PASSWORD, Profile, quietly, walletWith, WRONG } from './profile.ts';

const DAY_MS = 86_400_000;
const FILE_PASSWORD = '바다를 건너는 노란 우산 셋';
const IDS = ['personal-bank-sha1seed', 'business-etax'].map((id) => fixture(id).id);
const MORE = fixture('no-random-value');

let profile: Profile;
let wallet: Wallet;

beforeEach(async () => {
  profile = new Profile();
  wallet = await walletWith(profile, ...IDS);
});

const blob = (bytes: Uint8Array<ArrayBuffer>): Blob => new Blob([bytes]);

async function saved(): Promise<MadeBackup> {
  const made = await wallet.backup.make();
  await wallet.backup.noteSaved(made);
  return made;
}

async function importMore(): Promise<void> {
  const session = await wallet.inspect(folderOf(MORE), quietly());
  await session.tryPassword(MORE.password);
  await session.store(
    session.candidates.map(({ key }) => key),
    PASSWORD,
  );
}

describe('when a backup is due', () => {
  it('at once, as long as there is none', async () => {
    const ids = (await wallet.rows()).map(({ id }) => id);
    const status = await wallet.backup.status();
    expect(status).toMatchObject({ rule: 'change', at: null, days: null, changes: 2, due: true, count: 2 });
    expect([...status.unsaved].sort()).toEqual([...ids].sort());
  });

  it('not of an empty wallet', async () => {
    const empty = await walletWith(new Profile());
    expect(await empty.backup.status()).toMatchObject({ due: false, changes: 0, count: 0 });
  });

  it('after a change and after 30 days, and not before', async () => {
    await saved();
    expect(await wallet.backup.status()).toMatchObject({ at: profile.now, days: 0, changes: 0, due: false, unsaved: [] });
    profile.now += 60_000;
    await importMore();
    expect(await wallet.backup.status()).toMatchObject({ changes: 1, due: true, count: 3 });
    await saved();
    profile.now += 30 * DAY_MS;
    await wallet.unlock(PASSWORD);
    expect(await wallet.backup.status()).toMatchObject({ changes: 0, days: 30, due: true });
  });

  it('by the rule that the person chose, which stays', async () => {
    await saved();
    await wallet.backup.setRule('week');
    profile.now += 60_000;
    await importMore();
    expect(await wallet.backup.status()).toMatchObject({ rule: 'week', due: false, changes: 1 });
    await wallet.backup.setRule('off');
    expect(await profile.wallet().backup.status()).toMatchObject({ rule: 'off', due: false });
  });

  it('counts from the newest file, whatever is noted late', async () => {
    const older = await wallet.backup.make();
    profile.now += 60_000;
    await importMore();
    await saved();
    await wallet.backup.noteSaved(older);
    expect(await wallet.backup.status()).toMatchObject({ changes: 0, at: profile.now });
  });

  it('is told to nobody while the wallet is locked', async () => {
    await wallet.lock();
    expect(await codeOf(() => wallet.backup.status())).toBe('vault.locked');
    expect(await codeOf(() => wallet.backup.make())).toBe('vault.locked');
  });
});

describe('a backup file', () => {
  it('is named by its day and opens with the wallet password: everything in it', async () => {
    const made = await saved();
    expect(made).toMatchObject({ count: 2, left: 0 });
    expect(made.name).toMatch(/^dojang-backup-2026-11-2[234]\.djw$/);
    expect(await wallet.backup.check(blob(made.bytes), PASSWORD)).toMatchObject({ state: 'complete', listed: 2, opened: 2, bad: [] });
  });

  it('tells no name, not even in part', async () => {
    const { bytes } = await wallet.backup.make();
    const text = fromUtf8(bytes);
    for (const { holder } of await wallet.rows()) expect(text).not.toContain(holder);
  });

  it('under a password of its own opens with that alone', async () => {
    const made = await wallet.backup.makeWithPassword(FILE_PASSWORD, PASSWORD);
    expect(await wallet.backup.check(blob(made.bytes), FILE_PASSWORD)).toMatchObject({ listed: 2, opened: 2 });
    expect(await codeOf(() => wallet.backup.check(blob(made.bytes), PASSWORD))).toBe('backup.secret');
  });

  it.each([
    ['a short password', 'short', PASSWORD, 'password.weak'],
    ['a common one', 'password1234', PASSWORD, 'password.common'],
    ['a wrong wallet password', FILE_PASSWORD, WRONG, 'password.wrong'],
  ])('is not made under %s', async (_, filePassword, walletPassword, code) => {
    expect(await codeOf(() => wallet.backup.makeWithPassword(filePassword, walletPassword))).toBe(code);
  });

  it('leaves a record out that does not open, and says so', async () => {
    const rows = await wallet.rows();
    const id = rows[0]?.id ?? '';
    // The mirror gives the record back; both have to lose it.
    for (const key of [...profile.local.texts.keys()]) if (key.startsWith(`djw1.r.${id}.`)) profile.local.texts.delete(key);
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
    expect(await profile.wallet().backup.make()).toMatchObject({ count: 1, left: 1 });
  });
});

describe('the test whether a file opens (D19)', () => {
  const cases: readonly (readonly [string, (made: Uint8Array<ArrayBuffer>) => Blob, string, string])[] = [
    ['a wrong password', (made) => blob(made), WRONG, 'backup.secret'],
    ['a file that was cut off before its head', (made) => blob(made.slice(0, 120)), PASSWORD, 'backup.cut'],
    ['a certificate', () => blob(readFixture('npki', fixture('business-etax').folder, 'signCert.der')), PASSWORD, 'backup.unknown'],
    ['an empty file', () => new Blob([]), PASSWORD, 'backup.unknown'],
    ['a file of 40 MiB', () => new Blob([new Uint8Array(40 * 1024 * 1024)]), PASSWORD, 'backup.too-large'],
  ];

  it.each(cases)('says of %s what is wrong, and leaves the wallet as it is', async (_, spoil, secret, code) => {
    const made = await wallet.backup.make();
    const before = new Map(profile.local.texts);
    expect(await codeOf(() => wallet.backup.check(spoil(made.bytes), secret))).toBe(code);
    expect(await codeOf(() => wallet.restore.open(spoil(made.bytes), secret))).toBe(code);
    expect(profile.local.texts).toEqual(before);
  });

  it('counts what is whole in a file that lost its end', async () => {
    const { bytes } = await wallet.backup.make();
    const lines = fromUtf8(bytes).split('\n');
    const records = lines.findLastIndex((line) => line.startsWith('DJW1.I.'));
    const cut = utf8(lines.slice(0, records).join('\n'));
    const checked = await wallet.backup.check(blob(cut), PASSWORD);
    expect(checked).toMatchObject({ state: 'cut', listed: 2, opened: 1 });
    expect(checked.bad).toHaveLength(1);
  });

  it('opens the files of earlier releases', async () => {
    const file = blob(readFixture('vault', 'golden-backup-0.1.0.djw'));
    expect(await codeOf(() => wallet.backup.check(file, WRONG))).toBe('backup.secret');
  });

  it('leaves no derived key behind', async () => {
    const made = await wallet.backup.makeWithPassword(FILE_PASSWORD, PASSWORD);
    await wallet.backup.check(blob(made.bytes), FILE_PASSWORD);
    const secrets = profile.handedOut.filter(({ length }) => length > 32);
    expect(secrets.every((octets) => octets.every((octet) => octet === 0))).toBe(true);
  });
});
