import { beforeEach, describe, expect, it } from 'vitest';
import { readZip } from '../../../lib/archive/read-zip.ts';
import { toHex } from '../../../lib/bytes/hex.ts';
import { EXPORT_FORMS } from '../../../lib/npki/export-files.ts';
import { openPrivateKey } from '../../../lib/npki/private-key.ts';
import { WRITE_LOCK } from '../../../lib/vault/store.ts';
import type { ExportOrder } from '../../../lib/wallet/api.ts';
import type { ExportForm, ExportResult } from '../../../lib/wallet/model.ts';
import type { SealedIdentity } from '../../../lib/wallet/ports.ts';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import { codeOf, fixture, identityFile } from '../../support/npki-fixtures.ts';
import { BenchWorker, PASSWORD, picked, Profile, quietly, walletWith, WRONG } from './profile.ts';
import { NOW } from './support.ts';

const IDS = ['personal-bank-sha1seed', 'business-etax', 'no-random-value', 'r-looks-like-der'].map((id) => fixture(id).id);
const FILE_PASSWORD = 'Grape#Wind7204';

let profile: Profile;
let wallet: Wallet;

beforeEach(async () => {
  profile = new Profile();
  profile.lanes = 3;
  wallet = await walletWith(profile, ...IDS);
});

async function order(change: Partial<ExportOrder> = {}): Promise<ExportOrder> {
  const ids = (await wallet.rows()).map(({ id }) => id);
  return { ids, form: 'npki', withKm: true, filePassword: FILE_PASSWORD, walletPassword: PASSWORD, ...change };
}

async function exported(change: Partial<ExportOrder> = {}): Promise<ExportResult> {
  return wallet.exportFiles(await order(change), quietly());
}

const codeFor = async (change: Partial<ExportOrder>, running = quietly()): Promise<string> => {
  const wanted = await order(change);
  return codeOf(() => wallet.exportFiles(wanted, running));
};

/** A window whose clock runs so fast that every step is told. */
function quicken(): void {
  let time = NOW;
  profile.clock = () => (time += 100);
  wallet = profile.wallet();
}

/** What another wallet makes of files: fingerprint, R and km of each certificate it holds then. */
async function reimported(files: ExportResult['files'], password = FILE_PASSWORD): Promise<Map<string, { hasRandom: boolean; hasKm: boolean }>> {
  const other = await walletWith(new Profile());
  const session = await other.inspect(picked(files), quietly());
  await session.tryPassword(password);
  await session.store(
    session.candidates.map(({ key }) => key),
    PASSWORD,
  );
  return new Map((await other.rows()).map(({ fingerprint, hasRandom, hasKm }) => [fingerprint, { hasRandom, hasKm }]));
}

describe('what goes out', () => {
  it.each(EXPORT_FORMS.filter((form) => form !== 'certificate'))('as %s comes into another wallet as it was: certificates, R, km', async (form) => {
    const result = await exported({ form });
    expect(result.identities.map(({ hasRandom, hasKm }) => ({ hasRandom, hasKm }))).toEqual(
      (await wallet.rows()).map(({ hasRandom, hasKm }) => ({ hasRandom, hasKm })),
    );
    const expected = new Map(IDS.map(fixture).map(({ certSha256, rHex, km }) => [certSha256, { hasRandom: rHex !== null, hasKm: km !== undefined }]));
    expect(await reimported(result.files)).toEqual(expected);
  });

  it('as certificates alone is the octets that came in, and no key', async () => {
    const { files } = await exported({ form: 'certificate', withKm: false, filePassword: '' });
    const certificates = IDS.map((id) => toHex(identityFile(fixture(id), 'signCert.der')));
    expect(files.map(({ bytes }) => toHex(bytes)).toSorted()).toEqual(certificates.toSorted());
  });

  it('leaves km pairs behind when told so', async () => {
    const { files, identities } = await exported({ withKm: false });
    expect(identities.some(({ hasKm }) => hasKm)).toBe(false);
    expect(files.filter(({ path }) => path.includes('/km'))).toEqual([]);
    expect([...(await reimported(files)).values()].some(({ hasKm }) => hasKm)).toBe(false);
  });

  it('holds the very key that came in, R and attributes with it', async () => {
    const [id] = IDS;
    const row = (await wallet.rows()).find(({ fingerprint }) => fingerprint === fixture(id ?? '').certSha256);
    const { files } = await exported({ ids: [row?.id ?? ''] });
    const key = files.find(({ path }) => path.endsWith('/signPri.key'));
    const before = await openPrivateKey(identityFile(fixture(id ?? ''), 'signPri.key'), fixture(id ?? '').password);
    const after = await openPrivateKey(key?.bytes ?? new Uint8Array(), FILE_PASSWORD);
    expect(toHex(after.privateKeyInfo)).toBe(toHex(before.privateKeyInfo));
  });

  it('is one archive when asked for one, which unpacks to the same paths', async () => {
    const { files, name } = await exported();
    expect(name).toBe(`NPKI-certificates-${IDS.length}.zip`);
    const unpacked = await readZip(await wallet.archive(files));
    expect(unpacked.map(({ path, bytes }) => [path, toHex(bytes)])).toEqual(files.map(({ path, bytes }) => [path, toHex(bytes)]));
  });

  it('tells the steps of writing and of reading back', async () => {
    const seen: [number, number][] = [];
    quicken();
    await wallet.exportFiles(await order(), { ...quietly(), onProgress: ({ done, total }) => seen.push([done, total]) });
    expect(seen).toEqual(Array.from({ length: 2 * IDS.length }, (_, at) => [at + 1, 2 * IDS.length]));
  });
});

describe('the wallet password', () => {
  it.each([
    ['another one', WRONG],
    ['none', ''],
  ])('is asked of an open wallet: %s writes nothing', async (_, walletPassword) => {
    expect(await codeFor({ walletPassword })).toBe('password.wrong');
    expect(profile.workers.slice(IDS.length)).toEqual([]);
  });

  it('lets an export out of a locked wallet, which stays locked', async () => {
    const wanted = await order();
    await wallet.lock();
    expect((await wallet.exportFiles(wanted, quietly())).identities).toHaveLength(IDS.length);
    expect(await wallet.status()).toMatchObject({ state: 'locked' });
  });

  it('is told apart from the file password, and said where it is the same (E19)', async () => {
    expect((await exported()).samePassword).toBe(false);
    profile = new Profile();
    wallet = profile.wallet();
    await wallet.create(FILE_PASSWORD, 'tiger');
    const session = await wallet.inspect(picked(IDS.slice(0, 1).flatMap((id) => filesOf(id))), quietly());
    await session.tryPassword(fixture(IDS[0] ?? '').password);
    await session.store(
      session.candidates.map(({ key }) => key),
      FILE_PASSWORD,
    );
    expect((await exported({ walletPassword: FILE_PASSWORD })).samePassword).toBe(true);
  });
});

function filesOf(id: string): { path: string; bytes: ReturnType<typeof identityFile> }[] {
  return (['signCert.der', 'signPri.key'] as const).map((name) => ({ path: `${id}/${name}`, bytes: identityFile(fixture(id), name) }));
}

describe('an order that cannot be met', () => {
  it.each<[string, Partial<ExportOrder>, string]>([
    ['no certificate chosen', { ids: [] }, 'certificate.none'],
    ['a certificate that is not there', { ids: ['AAAAAAAAAAAAAAAAAAAAAA'] }, 'certificate.not-found'],
    ['a file password that is short', { filePassword: 'Gr#7' }, 'password.weak'],
    ['no file password', { filePassword: '' }, 'password.weak'],
  ])('%s', async (_, change, code) => {
    expect(await codeFor(change)).toBe(code);
  });

  it('a form that nobody knows', async () => {
    expect(await codeFor({ form: 'jks' as ExportForm })).toBe('internal');
  });

  it('a removed certificate', async () => {
    const wanted = await order();
    await wallet.basket.move([wanted.ids[0] ?? '']);
    expect(await codeOf(() => wallet.exportFiles(wanted, quietly()))).toBe('certificate.not-found');
  });
});

describe('a stop', () => {
  it.each([1, 2, 4, 6])('at step %i ends as such, with its worker', async (at) => {
    const stop = new AbortController();
    quicken();
    const wanted = await order();
    const running = { signal: stop.signal, onProgress: ({ done }: { done: number }) => (done === at ? stop.abort() : undefined) };
    expect(await codeOf(() => wallet.exportFiles(wanted, running))).toBe('user.cancelled');
    expect(profile.workers.at(-1)?.stopped).toBe(true);
  });
});

describe('what cannot be read back does not go out', () => {
  class Changing extends BenchWorker {
    override async open(sealed: SealedIdentity, role: 'sign' | 'km', password: string): ReturnType<BenchWorker['open']> {
      const opened = await super.open(sealed, role, password);
      if (role === 'km') opened.privateKeyInfo[40] = (opened.privateKeyInfo[40] ?? 0) ^ 1;
      return opened;
    }
  }

  class Losing extends BenchWorker {
    override async find(...given: Parameters<BenchWorker['find']>): ReturnType<BenchWorker['find']> {
      return (await super.find(...given)).slice(1);
    }
  }

  class Unchained extends BenchWorker {
    override async open(sealed: SealedIdentity, role: 'sign' | 'km', password: string): ReturnType<BenchWorker['open']> {
      return super.open({ ...sealed, chain: sealed.chain.slice(1) }, role, password);
    }
  }

  it.each([
    ['another octet in one key', Changing],
    ['one identity less', Losing],
    ['an authority less', Unchained],
  ])('%s', async (_, Worker) => {
    profile.startWorker = () => new Worker(2);
    expect(await codeFor({})).toBe('internal');
  });

  it('is said of certificates too', async () => {
    profile.startWorker = () => new Losing(1);
    expect(await codeFor({ form: 'certificate' })).toBe('internal');
  });
});

it('wipes every key and every derived octet, and takes no lock of the store', async () => {
  const before = profile.handedOut.length;
  const wanted = await order();
  let locked = 0;
  const { withLock } = profile;
  profile.withLock = <Result>(name: string, act: () => Promise<Result>) => {
    if (name === WRITE_LOCK) locked++;
    return withLock(name, act);
  };
  await wallet.exportFiles({ ...wanted, form: 'certificate' }, quietly());
  const secrets = profile.handedOut.slice(before);
  expect(secrets.length).toBeGreaterThan(0);
  expect(secrets.filter((octets) => octets.some((octet) => octet !== 0))).toEqual([]);
  expect(locked).toBe(0);
});
