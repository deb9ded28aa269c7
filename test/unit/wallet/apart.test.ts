/** The two copies went on without each other, or a page put a head of its own beside the primary: nothing goes unasked. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { newestGood, readCopy } from '../../../lib/vault/copy-reading.ts';
import { passwordSlot, readHead, verifyHead, type VaultHead } from '../../../lib/vault/head.ts';
import { WRITTEN_COST } from '../../../lib/vault/kdf.ts';
import { TIME_MAX } from '../../../lib/vault/limits.ts';
import { passwordBytes } from '../../../lib/vault/password.ts';
import { sealSlot } from '../../../lib/vault/seal-slot.ts';
import { writeTries } from '../../../lib/vault/throttle-record.ts';
import { newSlotId } from '../../../lib/vault/ways-in.ts';
import { writeHead } from '../../../lib/vault/write-head.ts';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import { codeOf, fixture } from '../../support/npki-fixtures.ts';
import { deadFactory } from '../vault/places.ts';
import { fastKdf } from '../vault/support.ts';
import { folderOf, PASSWORD, Profile, quietly, walletWith } from './profile.ts';

const [FIRST, SECOND, THIRD] = ['personal-bank-sha1seed', 'vid-sha1', 'business-etax'] as const;
const PLANTED = '남의 손으로 심은 암호 77';
const NO_LABELS = { nickname: '', group: '', note: '' };
const NEXT = '시원한 냉면 두 그릇 2027';

let profile: Profile;

beforeEach(() => {
  profile = new Profile();
});

const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));
const rows = async (wallet: Wallet): Promise<string[]> => (await wallet.rows()).map(({ fingerprint }) => fingerprint).toSorted();
const certificates = (...ids: readonly string[]): string[] => ids.map((id) => fixture(id).certSha256.toLowerCase()).toSorted();

async function bring(wallet: Wallet, id: string, password = PASSWORD): Promise<void> {
  const identity = fixture(id);
  const session = await wallet.inspect(folderOf(identity), quietly());
  await session.tryPassword(identity.password);
  await session.store(
    session.candidates.map(({ key }) => key),
    password,
  );
}

async function rename(wallet: Wallet, nickname: string): Promise<void> {
  const [row] = await wallet.rows();
  if (!row) throw new Error('no row');
  await wallet.label([{ id: row.id, seen: row.labels, labels: { ...row.labels, nickname } }]);
}

/** Locks, and opens in a window that knows nothing of what the former one noted. */
async function reopened(wallet: Wallet, password = PASSWORD): Promise<Wallet> {
  await wallet.lock();
  profile.restart();
  const next = profile.wallet();
  await next.unlock(password);
  return next;
}

function setDatabase(factory: IDBFactory): IDBFactory {
  const before = profile.indexedDb;
  Object.assign(profile, { indexedDb: factory });
  return before;
}

async function withoutMirror(act: () => Promise<void>): Promise<void> {
  const { local } = profile;
  const set = local.set.bind(local);
  local.set = () => Promise.reject(new Error('QuotaExceededError'));
  await act();
  local.set = set;
}

async function primaryHead(): Promise<VaultHead> {
  const head = newestGood(await readCopy(profile.store().primary));
  if (!head) throw new Error('no head');
  return head;
}

describe('copies that went on without each other', () => {
  it.each([1, 2, 3, 5])('keep a certificate that only the primary took, after %i saves in the mirror alone', async (saves) => {
    let wallet = await walletWith(profile, FIRST);
    await withoutMirror(() => bring(wallet, SECOND));
    const database = setDatabase(deadFactory());
    wallet = await reopened(wallet);
    expect(await rows(wallet)).toEqual(certificates(FIRST));
    for (let nth = 0; nth < saves; nth++) await rename(wallet, `name ${nth}`);
    setDatabase(database);
    for (const nth of [1, 2, 3]) {
      wallet = await reopened(wallet);
      expect(await rows(wallet)).toEqual(certificates(FIRST, SECOND));
      await rename(wallet, `later ${nth}`);
    }
  });

  it.each([0, 1, 4])('keep a certificate that only the mirror took, after %i more saves in the primary alone', async (saves) => {
    let wallet = await walletWith(profile, FIRST);
    await withoutMirror(async () => {
      await bring(wallet, SECOND);
      for (let nth = 0; nth < saves; nth++) await rename(wallet, `name ${nth}`);
    });
    const database = setDatabase(deadFactory());
    wallet = await reopened(wallet);
    await bring(wallet, THIRD);
    const mirrored = await rows(wallet);
    expect(mirrored).toEqual(certificates(FIRST, THIRD));
    setDatabase(database);
    for (const nth of [1, 2, 3]) {
      wallet = await reopened(wallet);
      await rename(wallet, `later ${nth}`);
    }
    await wallet.lock();
    setDatabase(deadFactory());
    wallet = await reopened(wallet);
    expect(await rows(wallet)).toEqual(mirrored);
  });
});

describe('a change of the password while the copies are apart', () => {
  it.each([0, 1, 3])('takes along what either has, after %i saves of the primary', async (saves) => {
    let wallet = await walletWith(profile, FIRST);
    await withoutMirror(async () => {
      await bring(wallet, SECOND);
      for (let nth = 0; nth < saves; nth++) await rename(wallet, `primary ${nth}`);
    });
    const database = setDatabase(deadFactory());
    wallet = await reopened(wallet);
    await bring(wallet, THIRD);
    setDatabase(database);
    wallet = await reopened(wallet);
    await wallet.ways.changePassword({ current: { kind: 'password', text: PASSWORD }, password: NEXT, keep: [], onTouch: () => undefined });
    wallet = await reopened(wallet, NEXT);
    expect(await rows(wallet)).toEqual(certificates(FIRST, SECOND, THIRD));
    expect(await wallet.status()).toMatchObject({ notice: null });
  });
});

describe('copies that went on without each other and are mended', () => {
  const cases = [0, 1, 3].flatMap((primary) => [0, 1, 3].map((mirror) => ({ primary, mirror })));

  it.each(cases)('give all that either had, after so many saves beside the imports: %o', async ({ primary, mirror }) => {
    let wallet = await walletWith(profile, FIRST);
    await withoutMirror(async () => {
      await bring(wallet, SECOND);
      for (let nth = 0; nth < primary; nth++) await rename(wallet, `primary ${nth}`);
    });
    const database = setDatabase(deadFactory());
    wallet = await reopened(wallet);
    await bring(wallet, THIRD);
    for (let nth = 0; nth < mirror; nth++) await rename(wallet, `mirror ${nth}`);
    setDatabase(database);
    wallet = await reopened(wallet);
    await rename(wallet, 'later');
    expect(await wallet.recovery.mend(PASSWORD)).toEqual({ whole: true, missing: 0 });
    const all = certificates(FIRST, SECOND, THIRD);
    expect(await rows(wallet)).toEqual(all);
    wallet = await reopened(wallet);
    expect(await rows(wallet)).toEqual(all);
    const order = {
      ids: (await wallet.rows()).map(({ id }) => id),
      form: 'pem',
      withKm: true,
      filePassword: 'File#word2026',
      walletPassword: PASSWORD,
    } as const;
    expect((await wallet.exportFiles(order, quietly())).identities).toHaveLength(3);
    await wallet.ways.changePassword({ current: { kind: 'password', text: PASSWORD }, password: NEXT, keep: [], onTouch: () => undefined });
    for (const gone of ['primary', 'mirror']) {
      const kept = new Map(profile.local.texts);
      if (gone === 'mirror') profile.local.texts.clear();
      const before = gone === 'primary' ? setDatabase(deadFactory()) : null;
      profile.restart();
      const alone = profile.wallet();
      await alone.unlock(NEXT);
      expect(await rows(alone)).toEqual(all);
      await alone.lock();
      if (before) setDatabase(before);
      for (const [key, text] of kept) profile.local.texts.set(key, text);
    }
  });
});

describe('a head that a page planted in the mirror', () => {
  const cases = [0, 1, 9].flatMap((ahead) => [true, false].flatMap((sameSlot) => [true, false].map((empty) => ({ ahead, sameSlot, empty }))));

  /** What a page can make of the mirror: a head of its own keys, opened with a password of its own. */
  async function plant({ ahead, sameSlot, empty }: (typeof cases)[number]): Promise<{ newest: VaultHead; listKey: Bytes }> {
    const texts = [...profile.local.texts].filter(([key]) => key.startsWith('djw1.h')).map(([, text]) => text);
    const [newest] = (await Promise.all(texts.map((text) => readHead(text)))).toSorted((a, b) => b.gen - a.gen);
    if (!newest) throw new Error('no head');
    const keys = { listKey: random(32), signingKey: random(32) };
    const params = { ...WRITTEN_COST, salt: random(32) };
    const { vid } = newest;
    const sid = sameSlot ? passwordSlot(newest).sid : newSlotId(random);
    const slots = [await sealSlot({ vid, sid }, params, await fastKdf(params, passwordBytes(PLANTED)), keys, random)];
    const gen = newest.gen + ahead;
    const head = { vid, gen, app: '0.1.0', ts: profile.now, prev: newest.prev, slots, items: empty ? [] : newest.items };
    profile.local.texts.set(`djw1.h${gen % 2}`, await writeHead(head, keys.listKey));
    return { newest, listKey: keys.listKey };
  }

  it.each(cases)('does not take the place of the primary, opened with its own password: %o', async (planting) => {
    const wallet = await walletWith(profile, FIRST);
    await wallet.lock();
    const { newest } = await plant(planting);
    await profile
      .wallet()
      .unlock(PLANTED)
      .catch(() => undefined);
    expect((await primaryHead()).text).toBe(newest.text);
    const own = await reopened(wallet);
    expect(await rows(own)).toEqual(certificates(FIRST));
    await bring(own, SECOND);
    expect(await rows(await reopened(own))).toEqual(certificates(FIRST, SECOND));
  });

  it.each(cases)('gets nothing that is saved, though its password is typed each time: %o', async (planting) => {
    const wallet = await walletWith(profile, FIRST);
    await wallet.lock();
    const { newest, listKey } = await plant(planting);
    const fooled = profile.wallet();
    const code = await codeOf(async () => {
      await fooled.unlock(PLANTED);
      await bring(fooled, SECOND, PLANTED);
    });
    expect(code).not.toBe('none');
    const heads = [...profile.local.texts].filter(([key]) => key.startsWith('djw1.h')).map(([, text]) => text);
    for (const head of await Promise.all(heads.map((text) => readHead(text)))) {
      const planted = (await codeOf(() => verifyHead(head, listKey))) === 'none';
      if (planted) expect(head.items).toEqual(planting.empty ? [] : newest.items);
    }
  });
});

describe('a password that was changed while the primary was away', () => {
  it('opens, and is in force alone once the owner has the copies made one', async () => {
    let wallet = await walletWith(profile, FIRST);
    const database = setDatabase(deadFactory());
    wallet = await reopened(wallet);
    await wallet.ways.makeCode(PASSWORD);
    await wallet.ways.changePassword({ current: { kind: 'password', text: PASSWORD }, password: NEXT, keep: [], onTouch: () => undefined });
    setDatabase(database);
    wallet = await reopened(wallet, NEXT);
    const other = profile.wallet();
    for (const window of [wallet, other]) {
      expect(await window.status()).toMatchObject({ state: 'open', count: 1, notice: 'other-keys' });
      expect(await rows(window)).toEqual(certificates(FIRST));
      expect(await codeOf(() => rename(window, 'in vain'))).toBe('vault.apart');
    }
    expect((await other.ways.list()).sheet).not.toBeNull();
    expect(await wallet.recovery.mend(NEXT)).toEqual({ whole: true, missing: 0 });
    expect(await other.status()).toMatchObject({ state: 'open', notice: null });
    wallet = await reopened(wallet, NEXT);
    expect(await rows(wallet)).toEqual(certificates(FIRST));
    await wallet.lock();
    expect(await codeOf(() => profile.wallet().unlock(PASSWORD))).toBe('password.former');
    await other.unlock(NEXT);
    await rename(other, 'saved');
  });
});

describe('the record of a certificate that neither copy has any more', () => {
  it('does not cost the one before it, which has the private key too, at the next save', async () => {
    let wallet = await walletWith(profile, FIRST);
    await bring(wallet, SECOND);
    const [one, other] = await wallet.rows();
    if (!one || !other) throw new Error('rows');
    const label = (id: string, nickname: string): Promise<void> => wallet.label([{ id, seen: NO_LABELS, labels: { ...NO_LABELS, nickname } }]);
    await label(one.id, 'first');
    const head = await primaryHead();
    const entry = head.items.find(({ id }) => id === one.id);
    const before = (name: string): number => Number(name.slice(name.lastIndexOf('.') + 1));
    const kept = (): string[] => [...profile.local.texts.keys()].filter((name) => name.includes(one.id) && before(name) < (entry?.g ?? 0));
    expect(kept()).toHaveLength(1);
    profile.local.texts.delete(`djw1.r.${one.id}.${entry?.g ?? 0}`);
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = profile.indexedDb.open('djw1');
      request.onsuccess = () => resolve(request.result);
    });
    await new Promise((resolve) => {
      const transaction = database.transaction('rec', 'readwrite');
      transaction.objectStore('rec').delete([one.id, entry?.g ?? 0]);
      transaction.oncomplete = resolve;
    });
    database.close();
    wallet = await reopened(wallet);
    await label(other.id, 'second');
    wallet = await reopened(wallet);
    await wallet.basket.move([other.id]);
    expect(kept()).toHaveLength(1);
  });
});

describe('tries that a page planted while the primary had none', () => {
  const plantings = [
    { name: 'once, without end', again: false },
    { name: 'before every try', again: true },
  ];

  it.each(plantings)('make the owner wait once at most: $name', async ({ again }) => {
    const wallet = profile.wallet();
    await wallet.create(PASSWORD, 'tiger');
    await wallet.lock();
    const plant = async (): Promise<void> => {
      const tries = again ? { fails: 9, until: profile.now + 900_000, last: profile.now } : { fails: 9, until: TIME_MAX, last: profile.now };
      profile.local.texts.set('djw1.t', await writeTries(tries));
    };
    await plant();
    expect(await codeOf(() => profile.wallet().unlock(PASSWORD))).toBe('password.wait');
    profile.now += 15 * 60_000;
    if (again) await plant();
    expect(await codeOf(() => profile.wallet().unlock(PASSWORD))).toBe('none');
  });
});
