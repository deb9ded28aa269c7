import { beforeEach, describe, expect, it } from 'vitest';
import { errorCode } from '../../../lib/errors.ts';
import { appendHistory } from '../../../lib/vault/history.ts';
import type { SaveBase } from '../../../lib/vault/next-head.ts';
import { openSettings } from '../../../lib/vault/settings-record.ts';
import type { ChecklistPlace } from '../../../lib/wallet/renewal-api.ts';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import { PASSWORD, Profile, walletWith, WRONG } from './profile.ts';
import { NOW } from './support.ts';

const HOMETAX: ChecklistPlace = { sort: 'known', name: 'hometax' };
const LIBRARY: ChecklistPlace = { sort: 'own', name: '우리 동네 도서관' };
const codeOf = (act: Promise<unknown>): Promise<string> => act.then(() => 'nothing', errorCode);

let profile: Profile;
let wallet: Wallet;
let older: string;
let newer: string;

async function saveBackup(): Promise<void> {
  await wallet.backup.noteSaved(await wallet.backup.make());
}

async function base(): Promise<SaveBase> {
  const store = profile.store();
  const [choice, session] = await Promise.all([store.choice(), profile.sessions().current()]);
  if (choice.state !== 'ready' || !session) throw new Error('not open');
  return { store, head: choice.head, listKey: session.listKey, now: profile.now, app: '0.1.0' };
}

/** The wallet was used with a certificate at a site. */
async function use(origin: string, item: string, result: 'done' | 'user.cancelled' = 'done'): Promise<void> {
  const random = (length: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(length));
  const entry = { at: NOW, origin, purpose: 'sign-in', item, documents: [], released: [], result };
  await appendHistory({ ...(await base()), random }, [entry]);
}

async function stateOf(name: string): Promise<string | undefined> {
  return (await wallet.renewal.guide(newer)).conditions.find((one) => one.name === name)?.state;
}

beforeEach(async () => {
  profile = new Profile();
  wallet = await walletWith(profile, 'renewal-old', 'renewal-new', 'personal-bank-sha1seed');
  const rows = await wallet.rows();
  const old = rows.find(({ replacedBy }) => replacedBy !== null);
  older = old?.id ?? '';
  newer = old?.replacedBy ?? '';
});

describe('a renewal guide', () => {
  it('is the same by either of the pair, and has both', async () => {
    const [byOld, byNew] = await Promise.all([wallet.renewal.guide(older), wallet.renewal.guide(newer)]);
    expect(byOld).toEqual(byNew);
    expect([byNew.certificate.id, byNew.older.map(({ id }) => id), byNew.places]).toEqual([newer, [older], []]);
  });

  it('of a certificate that replaced none has nothing to tidy up', async () => {
    const alone = (await wallet.rows()).find(({ id }) => id !== older && id !== newer)?.id ?? '';
    expect((await wallet.renewal.guide(alone)).older).toEqual([]);
    expect(await codeOf(wallet.renewal.tidy(alone))).toBe('vault.conflict');
  });

  it('of nothing is not found', async () => {
    expect(await codeOf(wallet.renewal.guide('A'.repeat(22)))).toBe('certificate.not-found');
    expect(await codeOf(wallet.renewal.begin(['A'.repeat(22)]))).toBe('certificate.not-found');
  });

  it('keeps its ticks with their days through locking and a new start of the browser, sealed', async () => {
    await wallet.renewal.change(newer, { type: 'add', place: LIBRARY });
    await wallet.renewal.change(newer, { type: 'tick', place: LIBRARY, yes: true });
    await wallet.lock();
    expect(await codeOf(wallet.renewal.guide(newer))).toBe('vault.locked');
    profile.restart();
    wallet = profile.wallet();
    await wallet.unlock(PASSWORD);
    expect((await wallet.renewal.guide(newer)).places).toEqual([{ ...LIBRARY, done: NOW, note: '', lastUsed: null }]);
    expect(JSON.stringify([...profile.local.texts])).not.toContain(LIBRARY.name);
  });

  it('of the certificate before hands its places on', async () => {
    await wallet.basket.move([newer]);
    await wallet.renewal.change(older, { type: 'add', place: HOMETAX });
    await wallet.renewal.change(older, { type: 'tick', place: HOMETAX, yes: true });
    await wallet.basket.putBack([newer]);
    expect((await wallet.renewal.guide(newer)).places).toEqual([{ ...HOMETAX, done: null, note: '', lastUsed: null }]);
  });

  it('goes into a backup file and comes back with its certificate', async () => {
    await wallet.renewal.change(newer, { type: 'add', place: LIBRARY });
    const { bytes } = await wallet.backup.make();
    const other = new Profile().wallet();
    await other.create(PASSWORD, 'tiger');
    const session = await other.restore.open(new Blob([bytes]), PASSWORD);
    await session.restore(
      session.rows.map(({ id }) => id),
      PASSWORD,
    );
    const [row] = (await other.rows()).filter(({ replacedBy }) => replacedBy !== null);
    expect((await other.renewal.guide(row?.replacedBy ?? '')).places.map(({ name }) => name)).toEqual([LIBRARY.name]);
  });
});

describe('guides that wait', () => {
  it('are told from when they are begun until they are done', async () => {
    expect(await wallet.renewal.open()).toEqual([]);
    await wallet.renewal.begin([newer]);
    expect(await wallet.renewal.open()).toEqual([{ id: newer, places: 0, done: 0 }]);
    await wallet.renewal.change(newer, { type: 'add', place: HOMETAX });
    await wallet.basket.move([older]);
    expect(await wallet.renewal.open()).toEqual([{ id: newer, places: 1, done: 0 }]);
    await wallet.renewal.change(newer, { type: 'tick', place: HOMETAX, yes: true });
    expect(await wallet.renewal.open()).toEqual([]);
  });

  it('are not told once the owner ended them, and beginning again changes nothing', async () => {
    await wallet.renewal.change(newer, { type: 'ended', yes: true });
    await wallet.renewal.begin([newer]);
    expect(await wallet.renewal.open()).toEqual([]);
  });

  it('of certificates that are gone for good go with the next change', async () => {
    await wallet.renewal.begin([newer]);
    await wallet.basket.move([newer]);
    await wallet.basket.purge([newer], PASSWORD);
    await wallet.renewal.begin([older]);
    const { store, head, listKey } = await base();
    expect((await openSettings(store, head, listKey)).guides.map(({ item }) => item)).toEqual([older]);
  });
});

describe('tidying up the one before', () => {
  it('waits for all five conditions, and then moves it to the wastebasket alone', async () => {
    expect(await codeOf(wallet.renewal.tidy(newer))).toBe('vault.conflict');
    await wallet.renewal.tryKey(newer, PASSWORD);
    await wallet.renewal.change(newer, { type: 'proved', yes: true });
    await wallet.renewal.change(newer, { type: 'later', yes: true });
    expect(await codeOf(wallet.renewal.tidy(newer))).toBe('vault.conflict');
    expect((await wallet.rows()).map(({ id }) => id)).toContain(older);
    await saveBackup();
    expect(await wallet.renewal.tidy(newer)).toEqual([older]);
    expect((await wallet.rows()).map(({ id }) => id)).not.toContain(older);
    expect((await wallet.basket.rows()).map(({ id }) => id)).toEqual([older]);
    expect((await wallet.renewal.guide(newer)).older).toEqual([]);
  });

  it('takes the trial of the key for nothing where the password is wrong', async () => {
    expect(await codeOf(wallet.renewal.tryKey(newer, WRONG))).toBe('password.wrong');
    expect(await stateOf('opens')).toBe('open');
    await wallet.renewal.tryKey(newer, PASSWORD);
    expect(await stateOf('opens')).toBe('met');
  });

  it('asks for a backup that holds the new one, and ticks do not make it old', async () => {
    await saveBackup();
    expect(await stateOf('backup')).toBe('met');
    await wallet.renewal.change(newer, { type: 'add', place: HOMETAX });
    expect([await stateOf('backup'), (await wallet.backup.status()).due]).toEqual(['met', false]);
    const row = (await wallet.rows()).find(({ id }) => id === newer);
    await wallet.label([
      { id: newer, seen: row?.labels ?? { nickname: '', group: '', note: '' }, labels: { nickname: '새것', group: '', note: '' } },
    ]);
    expect(await stateOf('backup')).toBe('open');
  });

  it('leaves no key of the trial behind', async () => {
    await wallet.renewal.tryKey(newer, PASSWORD);
    const secrets = profile.handedOut.filter(({ length }) => length > 32);
    expect(secrets.every((octets) => octets.every((octet) => octet === 0))).toBe(true);
  });

  it('counts a use of the new one, and lists where the old one was used', async () => {
    await use('https://www.hometax.go.kr', newer);
    await use('https://bank.example', older);
    await use('https://refused.example', newer, 'user.cancelled');
    const { conditions, places } = await wallet.renewal.guide(newer);
    expect(conditions.slice(0, 2).map(({ state }) => state)).toEqual(['met', 'met']);
    expect(places.map(({ sort, name }) => [sort, name])).toEqual([
      ['known', 'hometax'],
      ['site', 'bank.example'],
    ]);
  });
});
