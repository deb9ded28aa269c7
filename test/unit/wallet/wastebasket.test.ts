import { beforeEach, describe, expect, it } from 'vitest';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { readHead } from '../../../lib/vault/head.ts';
import type { OpenItem } from '../../../lib/vault/item.ts';
import { saveItems } from '../../../lib/vault/save.ts';
import { openItem } from '../../../lib/vault/vault.ts';
import type { PickedFile } from '../../../lib/wallet/api.ts';
import type { CertificateRow } from '../../../lib/wallet/model.ts';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import { codeOf, fixture } from '../../support/npki-fixtures.ts';
import { folderOf, PASSWORD, Profile, quietly, walletWith, WRONG } from './profile.ts';

const DAY_MS = 86_400_000;
const IDS = ['personal-bank-sha1seed', 'business-etax'].map((id) => fixture(id).id);

let profile: Profile;
let wallet: Wallet;
let first: string;

beforeEach(async () => {
  profile = new Profile();
  wallet = await walletWith(profile, ...IDS);
  first = (await wallet.rows()).find(({ hasKm }) => !hasKm)?.id ?? '';
});

const listed = async (): Promise<readonly string[]> => (await wallet.rows()).map(({ id }) => id);
const inBasket = async (): Promise<readonly string[]> => (await wallet.basket.rows()).map(({ id }) => id);

/** Every record that both copies hold of an item. */
async function texts(id: string): Promise<readonly (string | null)[]> {
  const store = profile.store();
  const [newest = ''] = await store.heads();
  const { items } = await readHead(newest);
  const keys = items.filter((item) => item.id === id);
  return [...(await store.primary.records(keys)), ...(await store.mirror.records(keys))];
}

async function itemOf(id: string): Promise<OpenItem> {
  const session = await profile.sessions().require();
  const store = profile.store();
  return openItem(store, await readHead((await store.heads())[0] ?? ''), session.listKey, id);
}

/** Writes other contents into a record, as a version that knows more of them does. */
async function change(id: string, contents: Partial<OpenItem>): Promise<void> {
  const { listKey } = await profile.sessions().require();
  const store = profile.store();
  const head = await readHead((await store.heads())[0] ?? '');
  const item = { ...(await itemOf(id)), ...contents, na: null };
  const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));
  await saveItems({ store, head, listKey, now: profile.now, app: '0.1.0', random, put: [item], remove: [] });
}

async function note(id: string, notes: object): Promise<void> {
  await change(id, { meta: { ...(await itemOf(id)).meta, ...notes } });
}

/** The second copy is lost, and cannot be written again. */
function breakMirror(): void {
  profile.local.texts.clear();
  profile.local.set = () => Promise.reject(new Error('full'));
}

/** A wallet that is opened on another day. */
async function openAt(now: number): Promise<void> {
  profile.now = now;
  wallet = profile.wallet();
  await wallet.unlock(PASSWORD);
}

describe('the wastebasket', () => {
  it('takes what is deleted out of the list, and gives it back as it was, octet for octet (D25)', async () => {
    const before = await texts(first);
    const rows = await wallet.rows();
    await wallet.basket.move([first]);
    expect(await listed()).not.toContain(first);
    const [deleted] = await wallet.basket.rows();
    expect(deleted).toMatchObject({
      id: first,
      deletedAt: profile.now,
      goneAt: profile.now + 30 * DAY_MS,
      holder: rows.find(({ id }) => id === first)?.holder,
    });
    expect(await texts(first)).toEqual(before);
    await wallet.basket.putBack([first]);
    expect(await wallet.rows()).toEqual(rows);
    expect(await inBasket()).toEqual([]);
    expect(await texts(first)).toEqual(before);
  });

  it('tells the end of a certificate that was put back to a locked wallet again', async () => {
    const endOf = async (): Promise<number | undefined> => {
      const [newest = ''] = await profile.store().heads();
      return (await readHead(newest)).items.find(({ id }) => id === first)?.na;
    };
    const before = await endOf();
    await wallet.basket.move([first]);
    expect(await endOf()).toBeUndefined();
    await wallet.basket.putBack([first]);
    expect(await endOf()).toBe(before);
  });

  it('keeps what lies there from being exported or looked up by number (D25)', async () => {
    await wallet.basket.move([first]);
    const order = { ids: [first], form: 'npki', withKm: true, filePassword: 'Grape#Wind7204', walletPassword: PASSWORD } as const;
    expect(await codeOf(() => wallet.exportFiles(order, quietly()))).toBe('certificate.not-found');
    expect(await codeOf(() => wallet.checkIdentity(first, '900101-1234567', PASSWORD))).toBe('certificate.not-found');
    expect((await wallet.status()).count).toBe(1);
  });

  it('shows first what goes first', async () => {
    await wallet.basket.move([first]);
    profile.now += 60_000;
    const [other = ''] = await listed();
    await wallet.basket.move([other]);
    expect(await inBasket()).toEqual([first, other]);
  });

  it.each([
    ['is shown', () => wallet.basket.rows()],
    ['is put back', () => wallet.basket.putBack([first])],
  ])('is closed while the wallet is locked: nothing %s', async (_, act) => {
    await wallet.basket.move([first]);
    await wallet.lock();
    expect(await codeOf(act)).toBe('vault.locked');
  });

  it('puts nothing back that does not lie there', async () => {
    expect(await codeOf(() => wallet.basket.putBack([first]))).toBe('certificate.not-found');
  });
});

describe('a deleted certificate that was imported again meanwhile', () => {
  const ID = 'personal-bank-sha1seed';
  const WITHOUT_KM = /\/km(Cert\.der|Pri\.key)$/;

  async function take(files: readonly PickedFile[]): Promise<void> {
    const session = await wallet.inspect(files, quietly());
    await session.tryPassword(fixture(ID).password);
    await session.store(
      session.candidates.map(({ key }) => key),
      PASSWORD,
    );
  }

  const whole = (): readonly PickedFile[] => folderOf(fixture(ID));
  const signOnly = (): readonly PickedFile[] => whole().filter(({ path }) => !WITHOUT_KM.test(path));
  const only = async (): Promise<CertificateRow | undefined> => (await wallet.rows()).find(({ fingerprint }) => fingerprint === sum);
  const sum = fixture(ID).certSha256.toLowerCase();

  beforeEach(async () => {
    profile = new Profile();
    wallet = await walletWith(profile);
  });

  /** Imported, deleted, imported again. */
  async function twice(first: readonly PickedFile[], second: readonly PickedFile[]): Promise<readonly [string, string]> {
    await take(first);
    const deleted = (await only())?.id ?? '';
    await wallet.basket.move([deleted]);
    await take(second);
    return [deleted, (await only())?.id ?? ''];
  }

  it('is one row after it was put back: that of the list, as it was', async () => {
    const [deleted, kept] = await twice(whole(), whole());
    const before = await texts(kept);
    expect(await wallet.basket.rows()).toMatchObject([{ id: deleted, adds: [] }]);
    expect(await wallet.basket.putBack([deleted])).toEqual({ merged: [deleted] });
    expect(await listed()).toEqual([kept]);
    expect(await inBasket()).toEqual([]);
    expect(await texts(kept)).toEqual(before);
  });

  it('gives its encryption certificate and key to that row, under the wallet password', async () => {
    const [deleted, kept] = await twice(whole(), signOnly());
    expect(await only()).toMatchObject({ id: kept, hasKm: false });
    expect(await wallet.basket.rows()).toMatchObject([{ id: deleted, adds: ['km'] }]);
    expect(await codeOf(() => wallet.basket.putBack([deleted]))).toBe('vault.conflict');
    expect(await codeOf(() => wallet.basket.merge(deleted, WRONG))).toBe('password.wrong');
    expect([await listed(), await inBasket()]).toEqual([[kept], [deleted]]);
    await wallet.basket.merge(deleted, PASSWORD);
    expect(await wallet.rows()).toMatchObject([{ id: kept, hasKm: true, hasRandom: true, canSign: true }]);
    expect(await inBasket()).toEqual([]);
    const order = { ids: [kept], form: 'npki', withKm: true, filePassword: 'Grape#Wind7204', walletPassword: PASSWORD } as const;
    const { files, identities } = await wallet.exportFiles(order, quietly());
    expect(identities).toMatchObject([{ hasKm: true, hasRandom: true }]);
    expect(files.some(({ path }) => path.endsWith('/kmPri.key'))).toBe(true);
  });

  it('takes nothing from the row that has more', async () => {
    const [deleted, kept] = await twice(signOnly(), whole());
    await wallet.basket.putBack([deleted]);
    expect(await wallet.rows()).toMatchObject([{ id: kept, hasKm: true }]);
  });

  it('gives what was written beside it, and overwrites nothing', async () => {
    const [deleted, kept] = await twice(whole(), whole());
    await note(deleted, { nickname: '회사', group: '가나상사', note: '지난 메모' });
    await note(kept, { group: '다라상사', note: '지금 메모' });
    await wallet.basket.putBack([deleted]);
    const labels = { nickname: '회사', group: '다라상사', note: '지금 메모\n지난 메모' };
    expect(await only()).toMatchObject({ id: kept, hasKm: true, hasRandom: true, labels });
    expect(await inBasket()).toEqual([]);
  });

  it('stays in the wastebasket while only one copy is proven, and is one row all the same', async () => {
    const [deleted, kept] = await twice(whole(), whole());
    breakMirror();
    wallet = profile.wallet();
    await wallet.basket.putBack([deleted]);
    expect([await listed(), await inBasket()]).toEqual([[kept], [deleted]]);
  });

  it('is a row of its own where its encryption certificate is another, for one record has room for one', async () => {
    const [deleted] = await twice(whole(), whole());
    await change(deleted, { kmCertificate: new Uint8Array([0x30, 0x00]) });
    expect(await wallet.basket.rows()).toMatchObject([{ id: deleted, adds: null }]);
    expect(await wallet.basket.putBack([deleted])).toEqual({ merged: [] });
    expect(await listed()).toHaveLength(2);
  });
});

describe('taking a certificate away for good', () => {
  it('wants the wallet password, and then leaves no record in either copy (D25)', async () => {
    await wallet.basket.move([first]);
    expect(await codeOf(() => wallet.basket.purge([first], WRONG))).toBe('password.wrong');
    expect(await inBasket()).toEqual([first]);
    await wallet.basket.purge([first], PASSWORD);
    expect(await inBasket()).toEqual([]);
    expect(await texts(first)).toEqual([]);
    expect(await listed()).toHaveLength(1);
  });

  it('never takes what is still in the list', async () => {
    expect(await codeOf(() => wallet.basket.purge([first], PASSWORD))).toBe('certificate.not-found');
    expect(await listed()).toContain(first);
  });

  it('is refused while only one copy is proven, until a backup file was made of it all (D25)', async () => {
    await wallet.basket.move([first]);
    breakMirror();
    wallet = profile.wallet();
    expect(await codeOf(() => wallet.basket.purge([first], PASSWORD))).toBe('vault.single-copy');
    expect(await inBasket()).toEqual([first]);
    profile.now += 60_000;
    await wallet.backup.noteSaved(await wallet.backup.make());
    profile.now += 60_000;
    await wallet.basket.purge([first], PASSWORD);
    expect(await inBasket()).toEqual([]);
  });

  it('does not count a backup of some days ago', async () => {
    await wallet.basket.move([first]);
    breakMirror();
    wallet = profile.wallet();
    profile.now += 1000;
    await wallet.backup.noteSaved(await wallet.backup.make());
    profile.now += 2 * DAY_MS;
    await wallet.unlock(PASSWORD);
    expect(await codeOf(() => wallet.basket.purge([first], PASSWORD))).toBe('vault.single-copy');
  });
});

describe('after 30 days', () => {
  it.each([
    [29, [true]],
    [30, []],
  ])('of %d days, an unlock leaves what is expected', async (days, left) => {
    await wallet.basket.move([first]);
    await openAt(profile.now + days * DAY_MS);
    expect((await inBasket()).map((id) => id === first)).toEqual(left);
    expect(await listed()).toHaveLength(1);
  });

  it('an encryption key that is nowhere else stays until its owner takes it away', async () => {
    const [km = ''] = (await wallet.rows()).flatMap(({ id, hasKm }) => (hasKm ? [id] : []));
    await wallet.basket.move([km, first]);
    await openAt(profile.now + 30 * DAY_MS);
    expect(await wallet.basket.rows()).toMatchObject([{ id: km, goneAt: null }]);
    await wallet.basket.purge([km], PASSWORD);
    expect(await inBasket()).toEqual([]);
  });

  it('one that the list has too goes as anything does', async () => {
    const [km = ''] = (await wallet.rows()).flatMap(({ id, hasKm }) => (hasKm ? [id] : []));
    await wallet.basket.move([km]);
    const session = await wallet.inspect(folderOf(fixture('personal-bank-sha1seed')), quietly());
    await session.tryPassword(fixture('personal-bank-sha1seed').password);
    await session.store(['0'], PASSWORD);
    expect(await wallet.basket.rows()).toMatchObject([{ id: km, goneAt: profile.now + 30 * DAY_MS }]);
    await openAt(profile.now + 30 * DAY_MS);
    expect(await inBasket()).toEqual([]);
  });

  it('a clock that jumped takes nothing, and the days start again (D25)', async () => {
    await wallet.basket.move([first]);
    await openAt(profile.now + 400 * DAY_MS);
    expect(await wallet.basket.rows()).toMatchObject([{ id: first, goneAt: profile.now + 30 * DAY_MS }]);
  });

  it('one copy alone takes nothing, and keeps nobody from opening the wallet (D25)', async () => {
    await wallet.basket.move([first]);
    breakMirror();
    await openAt(profile.now + 31 * DAY_MS);
    expect(await inBasket()).toEqual([first]);
    expect(await listed()).toHaveLength(1);
  });
});
