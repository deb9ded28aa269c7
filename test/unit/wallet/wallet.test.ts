import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { WRITE_LOCK } from '../../../lib/vault/store.ts';
import type { ImportCandidate } from '../../../lib/wallet/model.ts';
import { codeOf, filesBelow, fixture, MANIFEST } from '../../support/npki-fixtures.ts';
import { folderOf, FIXTURE_PASSWORD, PASSWORD, picked, Profile, quietly, walletWith, WRONG } from './profile.ts';
import { NOW } from './support.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let profile: Profile;

beforeEach(() => {
  profile = new Profile();
});

const ID = 'personal-bank-sha1seed';
const certificates = (ids: readonly string[]): string[] => ids.map((id) => fixture(id).certSha256.toLowerCase()).toSorted();

describe('a new wallet', () => {
  it('is open, empty, and shows its picture', async () => {
    const wallet = profile.wallet();
    expect(await wallet.status()).toEqual({
      state: 'none',
      locksAt: null,
      signingUntil: null,
      count: 0,
      mark: null,
      notice: null,
      clockBehind: null,
      clockAhead: null,
    });
    await wallet.create(PASSWORD, 'crane');
    expect(await wallet.status()).toEqual({
      state: 'open',
      locksAt: NOW + 5 * MINUTE,
      signingUntil: null,
      count: 0,
      mark: 'crane',
      notice: null,
      clockBehind: null,
      clockAhead: null,
    });
    expect(await wallet.rows()).toEqual([]);
  });

  it.each([
    ['nothing', '', 'password.weak'],
    ['nine characters', '따뜻한 국수 20', 'password.weak'],
    ['a familiar one', 'password1234', 'password.common'],
    ['one without end', 'x'.repeat(5_000), 'password.too-long'],
  ])('is not made with a password of %s', async (_, password, code) => {
    const wallet = profile.wallet();
    expect(await codeOf(() => wallet.create(password, 'tiger'))).toBe(code);
    expect(await wallet.status()).toMatchObject({ state: 'none' });
    expect(profile.session.texts.size).toBe(0);
  });

  it('is not made over another, which stays as it is', async () => {
    const wallet = await walletWith(profile, ID);
    expect(await codeOf(() => profile.wallet().create(`${PASSWORD}!`, 'moon'))).toBe('vault.exists');
    expect(await wallet.status()).toMatchObject({ state: 'open', count: 1, mark: 'tiger' });
    await wallet.lock();
    await wallet.unlock(PASSWORD);
  });

  it('is made once when two windows make it at the same time', async () => {
    const codes = await Promise.all([1, 2].map(() => codeOf(() => profile.wallet().create(PASSWORD, 'tiger'))));
    expect(codes.toSorted()).toEqual(['none', 'vault.exists']);
  });
});

describe('locking', () => {
  it('closes the wallet for all windows, and the password opens it again', async () => {
    const wallet = await walletWith(profile, ID);
    const other = profile.wallet();
    expect(await other.status()).toMatchObject({ state: 'open' });
    await wallet.lock();
    expect(await other.status()).toEqual({
      state: 'locked',
      locksAt: null,
      signingUntil: null,
      count: 1,
      mark: 'tiger',
      notice: null,
      clockBehind: null,
      clockAhead: null,
    });
    expect(profile.session.texts.size).toBe(0);
    await other.unlock(PASSWORD);
    expect(await wallet.rows()).toHaveLength(1);
  });

  it.each([
    ['its rows', (wallet: ReturnType<Profile['wallet']>) => wallet.rows()],
    ['details', (wallet: ReturnType<Profile['wallet']>) => wallet.details('AAAAAAAAAAAAAAAAAAAAAA')],
    ['a removal', (wallet: ReturnType<Profile['wallet']>) => wallet.basket.move(['AAAAAAAAAAAAAAAAAAAAAA'])],
    ['an import', (wallet: ReturnType<Profile['wallet']>) => wallet.inspect(folderOf(fixture(ID)), quietly())],
  ])('refuses %s', async (_, act) => {
    const wallet = await walletWith(profile, ID);
    await wallet.lock();
    expect(await codeOf(() => act(wallet))).toBe('vault.locked');
  });

  it.each([
    ['another password', WRONG, 'password.wrong'],
    ['none', '', 'password.wrong'],
    ['a trailing blank', `${PASSWORD} `, 'password.wrong'],
    ['a password without end', 'x'.repeat(5_000), 'password.too-long'],
  ])('is not undone by %s', async (_, password, code) => {
    const wallet = await walletWith(profile);
    await wallet.lock();
    expect(await codeOf(() => wallet.unlock(password))).toBe(code);
    expect(await wallet.status()).toMatchObject({ state: 'locked' });
    expect(profile.session.texts.size).toBe(0);
  });

  it('takes the password in either form of Unicode', async () => {
    const wallet = await walletWith(profile);
    await wallet.lock();
    await wallet.unlock(PASSWORD.normalize('NFD'));
    expect(await wallet.status()).toMatchObject({ state: 'open' });
  });

  it('comes by itself at the deadline, which using our windows moves', async () => {
    const wallet = await walletWith(profile);
    profile.now += 4 * MINUTE;
    wallet.touch();
    expect(await wallet.status()).toMatchObject({ state: 'open' });
    profile.now += 5 * MINUTE - 1;
    expect(await wallet.status()).toMatchObject({ state: 'open', locksAt: NOW + 9 * MINUTE });
    profile.now += 1;
    expect(await wallet.status()).toMatchObject({ state: 'locked' });
    expect(await codeOf(() => wallet.rows())).toBe('vault.locked');
  });
});

describe('an import', () => {
  it('finds what is there without a password, and stores what one opens, in one write', async () => {
    const wallet = await walletWith(profile);
    const session = await wallet.inspect(picked(filesBelow('npki', 'NPKI')), quietly());
    const found = session.candidates;
    expect(found.map(({ state }) => state)).toEqual(found.map(() => 'sealed'));
    await session.tryPassword(FIXTURE_PASSWORD);
    const opened = session.candidates.filter(({ state }) => state === 'opened');
    const others = session.candidates.filter(({ state }) => state !== 'opened');
    const expected = MANIFEST.identities.filter(({ folder, password }) => folder.startsWith('NPKI/') && password === FIXTURE_PASSWORD);
    expect(opened).toHaveLength(expected.length);
    expect(others.map(({ state, code }) => [state, code])).toEqual(others.map(() => ['wrong-password', 'password.file-wrong']));
    const generation = (await profile.store().heads())[0];
    const result = await session.store(
      opened.map(({ key }) => key),
      PASSWORD,
    );
    expect(result).toEqual({ stored: opened.length, left: others.map(({ path }) => ({ path, code: 'password.file-wrong' })), samePassword: false });
    expect((await profile.store().heads())[1]).toBe(generation);
    const rows = await wallet.rows();
    expect(rows.map(({ fingerprint }) => fingerprint).toSorted()).toEqual(certificates(expected.map(({ id }) => id)));
    expect(rows.map(({ notAfter }) => notAfter)).toEqual(rows.map(({ notAfter }) => notAfter).toSorted((a, b) => a - b));
    expect(await wallet.status()).toMatchObject({ count: opened.length });
  });

  it('shows of a certificate what is in it', async () => {
    const wallet = await walletWith(profile, ID, 'business-etax', 'no-random-value');
    const rows = await wallet.rows();
    const [row] = rows.filter(({ fingerprint }) => fingerprint === certificates([ID])[0]);
    const identity = fixture(ID);
    expect(row).toMatchObject({
      policy: identity.policyOid,
      hasRandom: true,
      hasKm: true,
      canSign: true,
      notAfter: Date.parse('2027-10-23T23:59:59Z'),
    });
    const details = await wallet.details(row?.id ?? '');
    expect(details).toMatchObject({ ...row, keyBits: identity.rsaBits, kmSerialHex: identity.km?.serialHex, importedAt: NOW });
    expect(details.chainLength).toBeGreaterThan(0);
    expect(details.issuers[0]?.name).toBe(details.issuerDn);
    // The fixtures' authorities are invented, and lead to no root of ours.
    expect(details.rooted).toBe(false);
    const octets = Buffer.from(details.pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
    expect(createHash('sha256').update(octets).digest('hex')).toBe(identity.certSha256);
    expect(createHash('sha1').update(octets).digest('hex')).toBe(details.fingerprintSha1);
    const byFingerprint = new Map(rows.map((one) => [one.fingerprint, one]));
    expect(byFingerprint.get(fixture('business-etax').certSha256)).toMatchObject({ hasKm: false });
    expect(byFingerprint.get(fixture('no-random-value').certSha256)).toMatchObject({ hasRandom: false });
  });

  it('tries passwords on chosen rows, and on all that are not open', async () => {
    const wallet = await walletWith(profile);
    const files = ['password-specials', 'password-8chars-old', ID].flatMap((id) => folderOf(fixture(id)));
    const session = await wallet.inspect(files, quietly());
    const stateOf = (id: string): ImportCandidate['state'] | undefined => session.candidates.find(({ path }) => path.startsWith(id))?.state;
    const keyOf = (id: string): string => session.candidates.find(({ path }) => path.startsWith(id))?.key ?? '';
    await session.tryPassword(fixture('password-specials').password, { keys: [keyOf('password-specials')] });
    expect(['password-specials', 'password-8chars-old', ID].map(stateOf)).toEqual(['opened', 'sealed', 'sealed']);
    const seen: number[] = [];
    await session.tryPassword('abcd1234', { onProgress: ({ done, total }) => seen.push(done, total) });
    expect(['password-specials', 'password-8chars-old', ID].map(stateOf)).toEqual(['opened', 'opened', 'wrong-password']);
    expect(seen).toEqual([1, 2, 2, 2]);
    await session.tryPassword(FIXTURE_PASSWORD);
    expect(stateOf(ID)).toBe('opened');
  });

  it('knows what is in the wallet already', async () => {
    const wallet = await walletWith(profile, ID);
    const session = await wallet.inspect(folderOf(fixture(ID)), quietly());
    expect(session.candidates).toMatchObject([{ state: 'present' }]);
    await session.tryPassword(FIXTURE_PASSWORD);
    expect(await session.store(['0'], PASSWORD)).toEqual({ stored: 0, left: [{ path: ID, code: 'vault.exists' }], samePassword: false });
    expect(await wallet.rows()).toHaveLength(1);
  });

  it('stores a certificate that was picked twice once', async () => {
    const wallet = await walletWith(profile);
    const twice = ['stick', 'disk'].flatMap((place) => folderOf(fixture(ID)).map(({ path, file }) => ({ path: `${place}/${path}`, file })));
    const session = await wallet.inspect(twice, quietly());
    await session.tryPassword(FIXTURE_PASSWORD);
    expect(session.candidates.map(({ state }) => state)).toEqual(['opened', 'duplicate']);
    const result = await session.store(
      session.candidates.map(({ key }) => key),
      PASSWORD,
    );
    expect(result).toMatchObject({ stored: 1, left: [{ code: 'vault.exists' }] });
    expect(await wallet.rows()).toHaveLength(1);
  });

  it('stores nothing with a wrong wallet password, and can be tried again', async () => {
    const wallet = await walletWith(profile);
    const before = await profile.store().heads();
    const session = await wallet.inspect(folderOf(fixture(ID)), quietly());
    await session.tryPassword(FIXTURE_PASSWORD);
    expect(await codeOf(() => session.store(['0'], WRONG))).toBe('password.wrong');
    expect(await profile.store().heads()).toEqual(before);
    expect(await session.store(['0'], PASSWORD)).toEqual({ stored: 1, left: [], samePassword: false });
  });

  it('says so where a stored file has the wallet password (E19)', async () => {
    const wallet = profile.wallet();
    await wallet.create(FIXTURE_PASSWORD, 'crane');
    const session = await wallet.inspect(folderOf(fixture(ID)), quietly());
    await session.tryPassword(FIXTURE_PASSWORD);
    expect(await session.store(['0'], FIXTURE_PASSWORD)).toMatchObject({ stored: 1, samePassword: true });
  });

  it.each(Object.keys(MANIFEST.bad))('refuses bad files by name and stores nothing of them: %s', async (bad) => {
    const wallet = await walletWith(profile);
    const files = picked(filesBelow('npki', 'bad', bad).map(({ path, bytes }) => ({ path: `${bad}/${path}`, bytes })));
    const session = await wallet.inspect(files, quietly());
    await session.tryPassword(MANIFEST.badFilesPassword);
    expect(session.candidates).not.toEqual([]);
    for (const { state, code } of session.candidates) {
      expect(['refused', 'wrong-password']).toContain(state);
      expect(code).toMatch(/^(file\.|password\.file-wrong|certificate\.)/);
    }
    expect(
      await session.store(
        session.candidates.map(({ key }) => key),
        PASSWORD,
      ),
    ).toMatchObject({ stored: 0 });
    expect(await wallet.rows()).toEqual([]);
  });

  it('that is stopped before it looks says so, and its worker ends', async () => {
    const wallet = await walletWith(profile);
    const stop = AbortSignal.abort();
    expect(await codeOf(() => wallet.inspect(folderOf(fixture(ID)), { ...quietly(), signal: stop }))).toBe('user.cancelled');
    expect(profile.workers.map(({ stopped }) => stopped)).toEqual([true]);
  });

  it('that is stopped while it looks ends its worker at once', async () => {
    const wallet = await walletWith(profile);
    const stop = new AbortController();
    const looking = codeOf(() =>
      wallet.inspect(folderOf(fixture(ID)), {
        signal: stop.signal,
        onProgress: () => {
          stop.abort();
          expect(profile.workers.map(({ stopped }) => stopped)).toEqual([true]);
        },
      }),
    );
    expect(await looking).toBe('user.cancelled');
  });

  it('that is stopped between passwords keeps what is open and stores nothing', async () => {
    const wallet = await walletWith(profile);
    const session = await wallet.inspect([...folderOf(fixture(ID)), ...folderOf(fixture('vid-sha1'))], quietly());
    const stop = new AbortController();
    const trying = codeOf(() => session.tryPassword(FIXTURE_PASSWORD, { signal: stop.signal, onProgress: () => stop.abort() }));
    expect(await trying).toBe('user.cancelled');
    expect(session.candidates.map(({ state }) => state)).toEqual(['opened', 'sealed']);
    expect(await wallet.rows()).toEqual([]);
    session.discard();
    expect(profile.workers.map(({ stopped }) => stopped)).toEqual([true]);
  });

  it('looks at 5,000 files and no more', async () => {
    const wallet = await walletWith(profile);
    const many = Array.from({ length: 5_001 }, (_, at) => ({ path: `f/${at}.der`, file: new Blob([]) }));
    expect(await codeOf(() => wallet.inspect(many, quietly()))).toBe('file.hostile');
  });
});

describe('removing', () => {
  it('takes one certificate out of the wallet, for all windows', async () => {
    const wallet = await walletWith(profile, ID, 'vid-sha1');
    const [first, second] = await wallet.rows();
    await wallet.basket.move([first?.id ?? '']);
    expect(await profile.wallet().rows()).toEqual([second]);
    expect(await codeOf(() => wallet.details(first?.id ?? ''))).toBe('certificate.not-found');
    expect(await codeOf(() => wallet.basket.move([first?.id ?? '']))).toBe('certificate.not-found');
    expect(await wallet.status()).toMatchObject({ count: 1 });
  });

  it('does not move the end of the session, which only the password does', async () => {
    const wallet = await walletWith(profile, ID, 'vid-sha1');
    for (let hours = 0; hours < 8; hours++) {
      for (let times = 0; times < 15; times++) {
        profile.now += 4 * MINUTE;
        await profile.sessions().touch();
      }
      if (hours === 6) await wallet.basket.move([(await wallet.rows())[0]?.id ?? '']);
    }
    expect(profile.now).toBe(NOW + 8 * HOUR);
    expect(await wallet.status()).toMatchObject({ state: 'locked', count: 1 });
  });

  it('leaves a wallet locked that was locked meanwhile', async () => {
    const [row] = await (await walletWith(profile, ID)).rows();
    const { withLock } = profile;
    const lockFirst: typeof withLock = async (name, act) => {
      if (name === WRITE_LOCK) await profile.call('wallet.lock');
      return withLock(name, act);
    };
    Object.assign(profile, { withLock: lockFirst });
    const wallet = profile.wallet();
    await wallet.basket.move([row?.id ?? '']);
    expect(await wallet.status()).toMatchObject({ state: 'locked', count: 0 });
    expect(profile.session.texts.size).toBe(0);
  });
});

describe('the state of a wallet', () => {
  it('is locked where the session belongs to another wallet', async () => {
    const other = new Profile();
    await walletWith(other);
    const wallet = await walletWith(profile, ID);
    for (const [key, text] of other.session.texts) profile.session.texts.set(key, text);
    expect(await wallet.status()).toMatchObject({ state: 'locked' });
    expect(await codeOf(() => wallet.rows())).toBe('vault.locked');
  });

  /** Spoils the newest head of the primary copy, as a broken disk does. */
  async function spoilPrimary(): Promise<void> {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const opening = profile.indexedDb.open('djw1');
      opening.onsuccess = () => resolve(opening.result);
    });
    const transaction = database.transaction('head', 'readwrite');
    transaction.objectStore('head').put('DJW1.H.x', 2);
    await new Promise((resolve) => (transaction.oncomplete = resolve));
    database.close();
  }

  it('opens from the second copy where the head of the first does not read, says so, and repairs it', async () => {
    const before = await walletWith(profile, ID);
    const rows = await before.rows();
    await before.lock();
    await spoilPrimary();
    const wallet = profile.wallet();
    expect(await wallet.status()).toMatchObject({ state: 'locked', count: 1, notice: 'one-copy' });
    await wallet.unlock(PASSWORD);
    expect(await wallet.rows()).toEqual(rows);
    expect(await profile.wallet().status()).toMatchObject({ state: 'open', count: 1, notice: null, clockBehind: null });
  });

  it('makes good what a save that was cut off owes the second copy, while it stays open', async () => {
    const wallet = await walletWith(profile, ID);
    const behind = new Map(profile.local.texts);
    await wallet.basket.move([(await wallet.rows())[0]?.id ?? '']);
    profile.local.texts.clear();
    for (const [key, text] of behind) profile.local.texts.set(key, text);
    const again = profile.wallet();
    expect(await again.status()).toMatchObject({ state: 'open', count: 0, notice: 'one-copy' });
    await again.mend();
    expect(await again.status()).toMatchObject({ state: 'open', count: 0, notice: null, clockBehind: null });
    await again.lock();
    expect(await codeOf(() => again.mend())).toBe('vault.locked');
  });

  it('leads to recovery where no head reads, and nothing is made over it', async () => {
    const wallet = await walletWith(profile, ID);
    await spoilPrimary();
    for (const key of ['djw1.h0', 'djw1.h1']) profile.local.texts.set(key, 'DJW1.H.x');
    expect(await wallet.status()).toEqual({
      state: 'recovery',
      locksAt: null,
      signingUntil: null,
      count: 0,
      mark: null,
      notice: null,
      clockBehind: null,
      clockAhead: null,
    });
    expect(await codeOf(() => profile.wallet().unlock(PASSWORD))).toBe('vault.damaged');
    expect(await codeOf(() => profile.wallet().create(PASSWORD, 'tiger'))).toBe('vault.exists');
  });

  it('is read anew where the kept rows are not ours', async () => {
    const wallet = await walletWith(profile, ID);
    const rows = await wallet.rows();
    for (const text of ['2:', '2:%%', `2:${btoa('[{"id":1}]')}`, `2:${btoa('{}')}`]) {
      profile.session.texts.set('djw1.rows', text);
      expect(await wallet.rows()).toEqual(rows);
    }
  });

  it('is told to whoever watches, after each change', async () => {
    const wallet = profile.wallet();
    let changes = 0;
    const stop = wallet.onChange(() => changes++);
    const changed = async (act: () => Promise<unknown>): Promise<boolean> => {
      const before = changes;
      await act();
      return changes > before;
    };
    expect(await changed(() => wallet.create(PASSWORD, 'tiger'))).toBe(true);
    expect(await changed(() => wallet.lock())).toBe(true);
    expect(await changed(() => wallet.unlock(PASSWORD))).toBe(true);
    stop();
    expect(await changed(() => wallet.lock())).toBe(false);
  });

  it('fails in our codes where the store does', async () => {
    const broken = new Profile();
    const refuse = (): never => {
      throw new DOMException('private window', 'UnknownError');
    };
    Object.assign(broken.indexedDb, { databases: refuse, open: refuse });
    expect(await broken.wallet().status()).toMatchObject({ state: 'recovery' });
    expect(await codeOf(() => broken.wallet().unlock(PASSWORD))).toBe('vault.damaged');
    expect(await codeOf(() => broken.wallet().create(PASSWORD, 'tiger'))).toBe('vault.unavailable');
  });
});
