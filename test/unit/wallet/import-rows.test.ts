import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { Bytes } from '../../../lib/bytes/bytes.ts';
import { WalletError } from '../../../lib/errors.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { openPrivateKey } from '../../../lib/npki/private-key.ts';
import { ITEMS_MAX } from '../../../lib/vault/limits.ts';
import { passwordBytes } from '../../../lib/vault/password.ts';
import { saveItems } from '../../../lib/vault/save.ts';
import { openWithPassword } from '../../../lib/vault/unlock.ts';
import type { VaultStore } from '../../../lib/vault/store.ts';
import type { ImportSession } from '../../../lib/wallet/api.ts';
import { FileImport, type ImportPorts } from '../../../lib/wallet/import.ts';
import type { CertificateFacts, Progress } from '../../../lib/wallet/model.ts';
import type { FilesWorker, FoundInFiles, OpenedInContainer, OpenedKeyPair, SealedIdentity } from '../../../lib/wallet/ports.ts';
import { codeOf, fixture, identityFile } from '../../support/npki-fixtures.ts';
import { fastKdf, reread } from '../vault/support.ts';
import { BenchWorker, folderOf, FIXTURE_PASSWORD, PASSWORD, Profile, quietly, walletWith } from './profile.ts';
import { NOW } from './support.ts';

const ID = 'personal-bank-sha1seed';
const CERTIFICATE = identityFile(fixture(ID), 'signCert.der');
const FACTS: CertificateFacts = {
  holder: '고객',
  purpose: 'personal-general',
  policy: null,
  issuer: 'other',
  issuerName: 'DojangDemo',
  bank: null,
  notBefore: NOW - 1,
  notAfter: NOW + 1,
  serialHex: '01',
  fingerprint: '',
};

/** A thing that was found, which opens with one password: its place in the pick is written where its key file should be. */
function foundAt(at: number, hasKm = false): FoundInFiles {
  const part = { certificate: CERTIFICATE, keyFile: Uint8Array.of(at >> 8, at & 255), plain: false };
  const sealed: SealedIdentity = { kind: 'identity', form: 'npki', sign: part, km: hasKm ? part : null, chain: [] };
  const certificate = { facts: { ...FACTS, fingerprint: `${at}` }, names: `${at}` };
  return { path: `NPKI/${at}`, form: 'npki', refusal: null, certificate, hasKm, plain: false, sealed };
}

const manyFound = (count: number): FoundInFiles[] => Array.from({ length: count }, (_, at) => foundAt(at));

const opened = (length = 8): OpenedKeyPair => ({
  certificate: CERTIFICATE,
  spki: readCertificate(CERTIFICATE).spki,
  privateKeyInfo: new Uint8Array(length).fill(7),
  hasRandom: true,
  chain: [],
});

/** Answers out of order, as several workers do; `passwordOf` tells which password opens the thing at a place. */
class OddWorker implements FilesWorker {
  readonly lanes: number;
  readonly #passwordOf: (at: number) => string;
  readonly #open: () => OpenedKeyPair;
  readonly handedOut: Bytes[] = [];
  calls = 0;
  most = 0;
  stopped = false;
  #now = 0;

  constructor(lanes: number, passwordOf: (at: number) => string, open = (): OpenedKeyPair => opened()) {
    this.lanes = lanes;
    this.#passwordOf = passwordOf;
    this.#open = open;
  }

  find(): Promise<readonly FoundInFiles[]> {
    return Promise.resolve([]);
  }

  async open({ sign, km }: SealedIdentity, role: 'sign' | 'km', password: string): Promise<OpenedKeyPair> {
    this.calls++;
    this.most = Math.max(this.most, ++this.#now);
    const [high = 0, low = 0] = (role === 'sign' ? sign : km)?.keyFile ?? [];
    const at = 256 * high + low;
    for (let turn = (at * 7) % 13; turn >= 0; turn--) await Promise.resolve();
    this.#now--;
    if (this.#passwordOf(at) !== password) throw new WalletError('password.wrong');
    const pair = this.#open();
    this.handedOut.push(pair.privateKeyInfo);
    return pair;
  }

  openContainer(): Promise<readonly OpenedInContainer[]> {
    return Promise.resolve([]);
  }

  stop(): void {
    this.stopped = true;
  }
}

function importOf(worker: FilesWorker, found: readonly FoundInFiles[], ports: Partial<ImportPorts> = {}): FileImport {
  return new FileImport(
    {
      worker,
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      clock: () => NOW,
      pause: () => Promise.resolve(),
      held: [],
      save: () => Promise.resolve(),
      ...ports,
    },
    found,
  );
}

const PASSWORDS = ['one', 'two', 'three', 'four', 'five', 'six'] as const;

describe('five hundred candidates', () => {
  it.each([1, 2, 4])('stay in the order in which they were found, with %i workers, which are all busy', async (lanes) => {
    const worker = new OddWorker(lanes, () => 'six');
    const session = importOf(worker, manyFound(500));
    await session.tryPasswords(PASSWORDS);
    expect(session.candidates.map(({ key, path, state }) => [key, path, state])).toEqual(
      Array.from({ length: 500 }, (_, at) => [`${at}`, `NPKI/${at}`, 'opened']),
    );
    expect(worker.most).toBe(lanes);
  });

  it('with one password among six cost little more than one try each', async () => {
    const worker = new OddWorker(4, () => 'six');
    await importOf(worker, manyFound(500)).tryPasswords(PASSWORDS);
    expect(worker.calls).toBeLessThanOrEqual(500 + 4 * 5);
  });

  it('with three passwords among six cost no more than those three each', async () => {
    const worker = new OddWorker(4, (at) => PASSWORDS[(at * 7) % 3] ?? '');
    const session = importOf(worker, manyFound(500));
    await session.tryPasswords(PASSWORDS.toReversed());
    expect(session.candidates.every(({ state }) => state === 'opened')).toBe(true);
    expect(worker.calls).toBeLessThanOrEqual(3 * 500 + 4 * 6);
  });

  it('tell how far they are at most every 30 ms, and always the end', async () => {
    let now = NOW;
    const steps: Progress[] = [];
    const times: number[] = [];
    const session = importOf(new OddWorker(3, () => 'one'), manyFound(500), { clock: () => now++ });
    await session.tryPassword('one', {
      onProgress: (progress) => {
        steps.push(progress);
        times.push(now);
      },
    });
    expect(steps.length).toBeGreaterThan(10);
    expect(steps.at(-1)).toEqual({ done: 500, total: 500 });
    const gaps = times.slice(1, -1).map((time, at) => time - (times[at] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(30);
  });

  it('go on telling where the clock of the machine is set back', async () => {
    let now = NOW;
    const steps: Progress[] = [];
    const session = importOf(new OddWorker(1, () => 'one'), manyFound(3), { clock: () => (now -= 1_000) });
    await session.tryPassword('one', { onProgress: (progress) => steps.push(progress) });
    expect(steps.map(({ done }) => done)).toEqual([1, 2, 3]);
  });

  it('are sealed with a turn for the page between every few', async () => {
    let pauses = 0;
    const session = importOf(new OddWorker(4, () => 'one'), manyFound(500), {
      pause: () => {
        pauses++;
        return Promise.resolve();
      },
      save: async (_, count, make) => {
        const slot = { vid: 'A'.repeat(22), signingKey: new Uint8Array(32), now: NOW, arrived: new Set<string>(), item: () => Promise.resolve(null) };
        const items = await make(slot);
        expect([count, items.length]).toEqual([500, 500]);
        expect(new Set(items.map(({ id }) => id)).size).toBe(500);
      },
    });
    await session.tryPassword('one');
    expect(
      await session.store(
        session.candidates.map(({ key }) => key),
        PASSWORD,
      ),
    ).toEqual({ stored: 500, left: [], samePassword: false });
    expect(pauses).toBeGreaterThan(40);
  });
});

describe('one file that takes too long, or breaks its worker (F25)', () => {
  it.each([
    ['file.hostile', 'time'],
    ['internal', 'out of memory'],
  ] as const)('is refused alone, as %s', async (code, detail) => {
    const worker = new OddWorker(2, () => 'one');
    const open = worker.open.bind(worker);
    worker.open = (sealed, role, password) =>
      sealed.sign?.keyFile[1] === 3 ? Promise.reject(new WalletError(code, { detail })) : open(sealed, role, password);
    const session = importOf(worker, manyFound(8));
    await session.tryPasswords(['two', 'one']);
    expect(session.candidates.map(({ state }) => state)).toEqual(Array.from({ length: 8 }, (_, at) => (at === 3 ? 'refused' : 'opened')));
    expect(session.candidates[3]).toMatchObject({ code, detail });
  });
});

describe('a certificate or key that has no room in a record', () => {
  const sizes = [
    ['both', 140_000, 'refused', 'file.too-large'],
    ['neither', 1_200, 'opened', null],
  ] as const;
  it.each(sizes)('where it is %s', async (_, size, state, code) => {
    const worker = new OddWorker(
      1,
      () => 'one',
      () => opened(size),
    );
    const session = importOf(worker, [foundAt(0)]);
    await session.tryPassword('one');
    expect(session.candidates).toMatchObject([{ state, code }]);
    expect(worker.handedOut.every((key) => key.every((octet) => octet === (state === 'refused' ? 0 : 7)))).toBe(true);
  });

  it('where it is the km key, leaves the sign key alone', async () => {
    const worker = new OddWorker(
      1,
      () => 'one',
      () => opened(80_000),
    );
    const session = importOf(worker, [foundAt(0, true)]);
    await session.tryPassword('one');
    expect(session.candidates).toMatchObject([{ state: 'opened', kmOpened: false }]);
    expect(worker.handedOut.map((key) => key.at(0))).toEqual([7, 0]);
  });
});

describe('throwing an import away', () => {
  it('wipes every key that was opened, and ends the workers', async () => {
    const worker = new OddWorker(2, () => 'one');
    const session = importOf(worker, [foundAt(0, true), foundAt(1), foundAt(2)]);
    await session.tryPassword('one');
    expect(worker.handedOut).toHaveLength(4);
    session.discard();
    expect(worker.handedOut.every((key) => key.every((octet) => octet === 0))).toBe(true);
    expect(worker.stopped).toBe(true);
  });

  it('wipes the files with keys, which may lie in them without a password', () => {
    const part = { certificate: CERTIFICATE, keyFile: Uint8Array.of(0, 7, 7), plain: true };
    const identity: FoundInFiles = { ...foundAt(0), sealed: { kind: 'identity', form: 'npki', sign: part, km: null, chain: [] } };
    const file = Uint8Array.of(7, 7);
    const container: FoundInFiles = { ...foundAt(1), form: 'pem', sealed: { kind: 'container', form: 'pem', file } };
    importOf(new OddWorker(1, () => 'one'), [identity, container]).discard();
    expect([...part.keyFile, ...file]).toEqual([0, 0, 0, 0, 0]);
    expect(part.certificate).toBe(CERTIFICATE);
  });

  it('wipes what comes from a worker afterwards, too', async () => {
    const worker = new OddWorker(2, () => 'one');
    const session = importOf(worker, manyFound(10));
    const trying = codeOf(() => session.tryPassword('one'));
    session.discard();
    expect(await trying).toBe('user.cancelled');
    expect(worker.handedOut.length).toBeGreaterThan(0);
    expect(worker.handedOut.every((key) => key.every((octet) => octet === 0))).toBe(true);
  });

  it('forgets the passwords', async () => {
    const session = importOf(new OddWorker(1, () => 'one'), [foundAt(0)]);
    await session.tryPassword('one');
    session.discard();
    expect(await session.store(['0'], 'one')).toMatchObject({ samePassword: false });
  });
});

describe('an import that is broken off (F20)', () => {
  /** Everything that waits for something: reading, finding, opening. */
  class Stopping extends BenchWorker {
    readonly #step: () => void;
    constructor(step: () => void, lanes: number) {
      super(lanes);
      this.#step = step;
    }

    override find(...given: Parameters<FilesWorker['find']>): ReturnType<FilesWorker['find']> {
      this.#step();
      return super.find(...given);
    }

    override open(...given: Parameters<BenchWorker['open']>): ReturnType<FilesWorker['open']> {
      this.#step();
      return super.open(...given);
    }
  }

  it.each([1, 2])('at any step before the save has stored nothing, keeps what is open, and goes on when told to, with %i workers', async (lanes) => {
    const ids = ['vid-sha1', ID, 'latin-name'];
    for (let at = 1; at <= 7; at++) {
      const stop = new AbortController();
      let steps = 0;
      const worker = new Stopping(() => {
        if (++steps === at) stop.abort();
      }, lanes);
      const profile = new Profile();
      profile.startWorker = () => worker;
      const wallet = await walletWith(profile);
      const before = await profile.store().heads();
      const sessions: ImportSession[] = [];
      const code = await codeOf(async () => {
        const session = await wallet.inspect(
          ids.flatMap((id) => folderOf(fixture(id))),
          { ...quietly(), signal: stop.signal },
        );
        sessions.push(session);
        await session.tryPassword(FIXTURE_PASSWORD, { signal: stop.signal });
      });
      expect([at, code]).toEqual([at, 'user.cancelled']);
      expect(await profile.store().heads()).toEqual(before);
      expect(await wallet.rows()).toEqual([]);
      // Stopped while it looked: there is nothing to go on with.
      expect(sessions).toHaveLength(at === 1 ? 0 : 1);
      for (const session of sessions) {
        await session.tryPassword(FIXTURE_PASSWORD);
        expect(session.candidates.map(({ state, kmOpened }) => [state, kmOpened])).toEqual(ids.map(() => ['opened', true]));
        expect(await session.store(['0', '1', '2'], PASSWORD)).toMatchObject({ stored: 3 });
      }
    }
  });

  it('at any step of the save has stored nothing, or all', async () => {
    const ids = ['vid-sha1', ID, 'latin-name'];
    const outcomes: number[] = [];
    for (let at = 1, ended = false; !ended; at++) {
      const profile = new Profile();
      const wallet = await walletWith(profile);
      const session = await wallet.inspect(
        ids.flatMap((id) => folderOf(fixture(id))),
        quietly(),
      );
      await session.tryPassword(FIXTURE_PASSWORD);
      let steps = 0;
      let broken = false;
      const step = (): void => {
        if (broken || ++steps === at) {
          broken = true;
          throw new WalletError('vault.unavailable');
        }
      };
      profile.whileSaving = step;
      await codeOf(() => session.store(['0', '1', '2'], PASSWORD));
      ended = steps < at;
      profile.whileSaving = () => undefined;
      const fresh = profile.wallet();
      await fresh.unlock(PASSWORD);
      const { length } = await fresh.rows();
      outcomes.push(length);
      expect([0, 3]).toContain(length);
    }
    expect(outcomes.length).toBeGreaterThan(8);
    expect(outcomes.at(0)).toBe(0);
    expect(outcomes.at(-1)).toBe(3);
    expect(outcomes).toEqual(outcomes.toSorted((a, b) => a - b));
  });
});

describe('the limit of the wallet', () => {
  async function fill(store: VaultStore, count: number): Promise<void> {
    const head = await reread(store);
    const { listKey } = await openWithPassword(head, passwordBytes(PASSWORD), fastKdf);
    const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));
    const item = { na: null, meta: {}, signCertificate: null, kmCertificate: null, chain: [], sealedSignKey: null, sealedKmKey: null };
    const put = Array.from({ length: count }, () => ({ ...item, id: Buffer.from(random(16)).toString('base64url') }));
    await saveItems({ store, head, listKey, now: NOW, app: '0.1.0', random, put, remove: [] });
  }

  it('is told before anything is sealed, and fewer may be chosen then', async () => {
    const profile = new Profile();
    const wallet = await walletWith(profile);
    await fill(profile.store(), ITEMS_MAX - 1);
    const session = await wallet.inspect(
      [ID, 'vid-sha1'].flatMap((id) => folderOf(fixture(id))),
      quietly(),
    );
    await session.tryPassword(FIXTURE_PASSWORD);
    const handed = profile.handedOut.length;
    expect(await codeOf(() => session.store(['0', '1'], PASSWORD))).toBe('vault.full');
    expect(profile.handedOut).toHaveLength(handed);
    expect(await session.store(['1'], PASSWORD)).toMatchObject({ stored: 1 });
    expect(await wallet.status()).toMatchObject({ count: ITEMS_MAX });
  });
});

describe('two windows with the same pick', () => {
  it('bring each certificate into the wallet once', async () => {
    const profile = new Profile();
    const wallet = await walletWith(profile);
    const files = [ID, 'vid-sha1'].flatMap((id) => folderOf(fixture(id)));
    const [first, second] = [await wallet.inspect(files, quietly()), await profile.wallet().inspect(files, quietly())];
    await Promise.all([first, second].map((session) => session.tryPassword(FIXTURE_PASSWORD)));
    expect(await first.store(['0'], PASSWORD)).toMatchObject({ stored: 1 });
    expect(await second.store(['0', '1'], PASSWORD)).toEqual({ stored: 1, left: [{ path: ID, code: 'vault.exists' }], samePassword: false });
    const third = await wallet.inspect(files, quietly());
    expect(third.candidates.map(({ state }) => state)).toEqual(['present', 'present']);
    expect(await wallet.rows()).toHaveLength(2);
  });

  it('leave nothing to write for the one that comes last', async () => {
    const profile = new Profile();
    const wallet = await walletWith(profile);
    const sessions = [];
    for (let window = 0; window < 2; window++) sessions.push(await wallet.inspect(folderOf(fixture(ID)), quietly()));
    const results = [];
    for (const session of sessions) {
      await session.tryPassword(FIXTURE_PASSWORD);
      results.push(await session.store(['0'], PASSWORD));
    }
    expect(results.map(({ stored }) => stored)).toEqual([1, 0]);
    expect(await profile.store().heads()).toHaveLength(2);
  });
});

describe('a hundred imports in a row (F26)', () => {
  it('leave no more than 20 MiB behind', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    // What the last tasks hold goes only when they are over, so the collector gets some turns.
    const used = async (): Promise<number> => {
      for (let turn = 0; turn < 5; turn++) {
        await sleep(20);
        collect();
      }
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    };
    const profile = new Profile();
    const wallet = await walletWith(profile);
    const files = [...folderOf(fixture(ID)), { path: `${ID}/CaPubs.old`, file: new Blob([new Uint8Array(1024 * 1024)]) }];
    const run = async (): Promise<void> => {
      const session = await wallet.inspect(files, quietly());
      await session.tryPassword(FIXTURE_PASSWORD);
      session.discard();
      profile.workers.length = 0;
    };
    await run();
    const before = await used();
    for (let times = 0; times < 100; times++) await run();
    expect((await used()) - before).toBeLessThan(20 * 1024 * 1024);
  });
});

describe('what was opened', () => {
  it('is the key octet for octet, R and all', async () => {
    const key = await openPrivateKey(identityFile(fixture(ID), 'signPri.key'), FIXTURE_PASSWORD);
    const profile = new Profile();
    const keys: Bytes[] = [];
    const worker = new BenchWorker();
    const open = worker.open.bind(worker);
    worker.open = async (...given) => {
      const pair = await open(...given);
      keys.push(pair.privateKeyInfo.slice());
      return pair;
    };
    profile.startWorker = () => worker;
    await walletWith(profile, ID);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toEqual(key.privateKeyInfo);
  });
});
