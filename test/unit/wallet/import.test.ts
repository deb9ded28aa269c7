import { beforeEach, describe, expect, it } from 'vitest';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import { writePfx, type PfxPair } from '../../../lib/npki/pkcs12/write-pfx.ts';
import { openPrivateKey } from '../../../lib/npki/private-key.ts';
import { writePrivateKey } from '../../../lib/npki/write-private-key.ts';
import { writeZip } from '../../../lib/archive/write-zip.ts';
import { concat, copy, type Bytes } from '../../../lib/bytes/bytes.ts';
import { toBase64 } from '../../../lib/bytes/base64.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { readHead, type VaultHead } from '../../../lib/vault/head.ts';
import type { ImportSession, PickedFile } from '../../../lib/wallet/api.ts';
import type { ImportCandidate } from '../../../lib/wallet/model.ts';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import { codeOf, filesBelow, fixture, identityFile, MANIFEST, readFixture, readJson } from '../../support/npki-fixtures.ts';
import { folderOf, FIXTURE_PASSWORD, PASSWORD, picked, Profile, quietly, walletWith, WRONG } from './profile.ts';
import { NOW } from './support.ts';

const ID = 'personal-bank-sha1seed';
const OTHER_PASSWORD = 'Other#Word7531';
const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

let profile: Profile;

beforeEach(() => {
  profile = new Profile();
  profile.lanes = 3;
});

const fingerprints = (ids: readonly string[]): string[] => ids.map((id) => fixture(id).certSha256).toSorted();
const below = (folder: string): PickedFile[] => picked(filesBelow('npki', folder).map(({ path, bytes }) => ({ path: `${folder}/${path}`, bytes })));
const inFolder = (folder: string, files: readonly PickedFile[]): PickedFile[] => files.map(({ path, file }) => ({ path: `${folder}/${path}`, file }));
const states = ({ candidates }: ImportSession): ImportCandidate['state'][] => candidates.map(({ state }) => state);
const inState = ({ candidates }: ImportSession, state: ImportCandidate['state']): readonly ImportCandidate[] =>
  candidates.filter((one) => one.state === state);
const keysOf = ({ candidates }: ImportSession): string[] => candidates.map(({ key }) => key);

async function newestHead(): Promise<VaultHead> {
  const [newest = ''] = await profile.store().heads();
  return readHead(newest);
}

async function keyOf(id: string, role: 'sign' | 'km'): Promise<Bytes> {
  return (await openPrivateKey(identityFile(fixture(id), `${role}Pri.key`), fixture(id).password)).privateKeyInfo;
}

/** The key file of an identity under another password. */
async function resealed(id: string, role: 'sign' | 'km', password: string): Promise<Bytes> {
  return writePrivateKey(await keyOf(id, role), password, { random });
}

async function pair(id: string, role: 'sign' | 'km'): Promise<PfxPair> {
  return { certificate: readCertificate(identityFile(fixture(id), `${role}Cert.der`)), privateKeyInfo: await keyOf(id, role) };
}

async function pfxOf(ids: readonly string[], password: string, withKm = true): Promise<Bytes> {
  const identities = ids.map(async (id) => ({ name: id, sign: await pair(id, 'sign'), km: withKm ? await pair(id, 'km') : null, chain: [] }));
  return writePfx(await Promise.all(identities), password, { form: 'legacy', random });
}

function pem(label: string, bytes: Bytes): string {
  return `-----BEGIN ${label}-----\n${toBase64(bytes)}\n-----END ${label}-----\n`;
}

const one = (path: string, bytes: Bytes | string): PickedFile => ({ path, file: new Blob([bytes]) });

/** The folder of an identity, with some of its files replaced. */
function folderWith(id: string, files: Readonly<Record<string, Bytes>>): PickedFile[] {
  return folderOf(fixture(id)).map(({ path, file }) => {
    const other = files[path.split('/').at(-1) ?? ''];
    return { path, file: other ? new Blob([other]) : file };
  });
}

describe('one pick of everything', () => {
  const PASSWORDS = [WRONG, FIXTURE_PASSWORD, fixture('password-specials').password, fixture('password-8chars-old').password];
  const everything = (): PickedFile[] => [
    ...below('NPKI'),
    ...below('pfx'),
    ...picked(filesBelow('npki', 'pem')),
    one('stick.zip', writeZip(filesBelow('npki', 'NPKI-renewed'), { time: NOW })),
  ];

  it('shows what can be seen without a password', async () => {
    const wallet = await walletWith(profile);
    const session = await wallet.inspect(everything(), quietly());
    expect(inState(session, 'refused')).toEqual([]);
    const facts = session.candidates.filter(({ form }) => form !== 'pfx').map(({ facts }) => facts?.fingerprint ?? '');
    expect([...new Set(facts)].toSorted()).toEqual(fingerprints(MANIFEST.identities.map(({ id }) => id)));
    const byPath = new Map(session.candidates.map((candidate) => [candidate.path, candidate]));
    expect(byPath.get(`pfx/${ID}.3des-plaincerts.pfx`)).toMatchObject({
      form: 'pfx',
      state: 'sealed',
      facts: { fingerprint: fixture(ID).certSha256 },
    });
    expect(byPath.get(`pfx/${ID}.3des-rc2certs.p12`)).toMatchObject({ form: 'pfx', state: 'sealed', facts: null });
    expect(byPath.get(`${ID}.signCert.pem`)).toMatchObject({ form: 'pem', state: 'duplicate' });
    expect(session.candidates.map(({ key }) => key)).toEqual(session.candidates.map((_, at) => String(at)));
  });

  it('comes into the wallet whole, each certificate once, R and km with it, in one write', async () => {
    const wallet = await walletWith(profile);
    const session = await wallet.inspect(everything(), quietly());
    await session.tryPasswords(PASSWORDS);
    expect(session.candidates.filter(({ state }) => state !== 'opened' && state !== 'duplicate')).toEqual([]);
    const opened = inState(session, 'opened');
    expect(opened.map(({ facts }) => facts?.fingerprint).toSorted()).toEqual(fingerprints(MANIFEST.identities.map(({ id }) => id)));
    expect(session.candidates.filter(({ form, key }) => form === 'pfx' && !/^\d+\/0$/.test(key))).toEqual([]);
    const { gen } = await newestHead();
    const result = await session.store(keysOf(session), PASSWORD);
    expect(result).toMatchObject({ stored: MANIFEST.identities.length, samePassword: false });
    expect(result.left.every(({ code }) => code === 'vault.exists')).toBe(true);
    // The head alone is written once more: one of them replaced another.
    const after = await newestHead();
    expect([after.gen, new Set(after.items.map(({ g }) => g))]).toEqual([gen + 2, new Set([gen + 1])]);
    const rows = new Map((await wallet.rows()).map((row) => [row.fingerprint, row]));
    expect(rows.size).toBe(MANIFEST.identities.length);
    for (const { certSha256, rHex, km } of MANIFEST.identities)
      expect(rows.get(certSha256)).toMatchObject({ hasRandom: rHex !== null, hasKm: km !== undefined });
  });

  it('is there already when it is picked again', async () => {
    const wallet = await walletWith(profile);
    const first = await wallet.inspect(below('NPKI'), quietly());
    await first.tryPasswords(PASSWORDS);
    await first.store(keysOf(first), PASSWORD);
    const session = await wallet.inspect(everything(), quietly());
    const closed = session.candidates.filter(({ form, state }) => form === 'npki' && state !== 'present');
    // Any copy of the one without R may have it.
    expect(closed.map(({ state, adds, facts }) => [state, adds, facts?.fingerprint])).toEqual([
      ['sealed', ['random'], fixture('no-random-value').certSha256],
      ['sealed', [], fixture('renewal-new').certSha256],
    ]);
    await session.tryPasswords(PASSWORDS);
    const opened = inState(session, 'opened');
    expect(opened.filter(({ adds }) => adds.length === 0).map(({ facts }) => facts?.fingerprint)).toEqual([fixture('renewal-new').certSha256]);
    // Some of their PKCS#12 files have authorities, which their folders have not.
    expect(opened.filter(({ form, adds }) => form === 'pfx' && adds.join() === 'chain')).toHaveLength(opened.length - 1);
    await session.store(keysOf(session), PASSWORD);
    const third = await wallet.inspect(everything(), quietly());
    await third.tryPasswords(PASSWORDS);
    expect(new Set(states(third))).toEqual(new Set(['present']));
  });

  it('opens the same with any number of workers', async () => {
    const outcome = async (lanes: number): Promise<unknown> => {
      const own = new Profile();
      own.lanes = lanes;
      const session = await (await walletWith(own)).inspect(everything(), quietly());
      await session.tryPasswords(PASSWORDS);
      return session.candidates;
    };
    expect(await outcome(4)).toEqual(await outcome(1));
  });
});

describe('a container', () => {
  it('gives a row for each identity in it', async () => {
    const wallet = await walletWith(profile);
    const pfx = await pfxOf([ID, 'vid-sha1', 'kica-personal'], OTHER_PASSWORD);
    const session = await wallet.inspect([one('a.pfx', pfx), ...folderOf(fixture('latin-name'))], quietly());
    expect(session.candidates.map(({ key, form }) => [key, form])).toEqual([
      ['0', 'pfx'],
      ['1', 'npki'],
    ]);
    await session.tryPassword(OTHER_PASSWORD);
    expect(session.candidates).toMatchObject([
      ...['0/0', '0/1', '0/2'].map((key) => ({ key, form: 'pfx', path: 'a.pfx', state: 'opened', hasKm: true, kmOpened: true, hasRandom: true })),
      { key: '1', state: 'wrong-password' },
    ]);
    expect(await session.store(['0/0', '0/2'], PASSWORD)).toEqual({
      stored: 2,
      left: [
        { path: 'a.pfx', code: 'user.cancelled' },
        { path: 'latin-name', code: 'password.file-wrong' },
      ],
      samePassword: false,
    });
    expect((await wallet.rows()).map(({ fingerprint }) => fingerprint).toSorted()).toEqual(fingerprints([ID, 'kica-personal']));
  });

  it('that a password does not fit stays one row, and may be tried again', async () => {
    const wallet = await walletWith(profile);
    const session = await wallet.inspect([one('a.pfx', await pfxOf([ID], OTHER_PASSWORD))], quietly());
    await session.tryPassword(WRONG);
    expect(session.candidates).toMatchObject([{ key: '0', state: 'wrong-password', code: 'password.file-wrong' }]);
    await session.tryPassword(OTHER_PASSWORD);
    expect(session.candidates).toMatchObject([{ key: '0/0', state: 'opened', code: null }]);
  });

  it('shows what of it is in the wallet, and keeps no key of that', async () => {
    const wallet = await walletWith(profile, 'vid-sha1');
    const session = await wallet.inspect([one('a.pfx', await pfxOf([ID, 'vid-sha1'], OTHER_PASSWORD))], quietly());
    await session.tryPassword(OTHER_PASSWORD);
    expect(session.candidates).toMatchObject([
      { key: '0/0', state: 'opened' },
      { key: '0/1', state: 'present', hasRandom: null },
    ]);
  });

  it('names what in it cannot be taken, and the rest is taken', async () => {
    const wallet = await walletWith(profile);
    const text = [
      pem('CERTIFICATE', identityFile(fixture(ID), 'signCert.der')),
      pem('ENCRYPTED PRIVATE KEY', await resealed(ID, 'sign', OTHER_PASSWORD)),
      pem('CERTIFICATE', identityFile(fixture('vid-sha1'), 'signCert.der')),
      pem('CERTIFICATE', identityFile(fixture('kica-personal'), 'kmCert.der')),
      pem('ENCRYPTED PRIVATE KEY', await resealed('kica-personal', 'km', OTHER_PASSWORD)),
    ].join('');
    const session = await wallet.inspect([one('all.pem', text)], quietly());
    await session.tryPassword(OTHER_PASSWORD);
    expect(session.candidates.map(({ key, form, state, code }) => [key, form, state, code])).toEqual([
      ['0/0', 'pem', 'opened', null],
      ['0/1', 'pem', 'refused', 'certificate.wrong-use'],
      ['0/2', 'pem', 'refused', 'file.pair-missing'],
    ]);
    expect(session.candidates[1]?.facts?.holder).toBe(fixture('kica-personal').realName);
  });

  it('from the tool of an authority opens with R in it', async () => {
    const wallet = await walletWith(profile);
    const { signPw } = readJson('yessign-test', 'info.json') as { signPw: string };
    const session = await wallet.inspect([one('hkd.pfx', readFixture('yessign-test', 'hkd.pfx'))], quietly());
    await session.tryPassword(signPw);
    expect(session.candidates).toMatchObject([{ state: 'opened', hasRandom: true }]);
  });
});

describe('a key that is not encrypted', () => {
  it.each([
    [
      'in a text with its certificate',
      async () => [one('a.pem', pem('PRIVATE KEY', await keyOf(ID, 'sign')) + pem('CERTIFICATE', identityFile(fixture(ID), 'signCert.der')))],
      '0/0',
    ],
    [
      'beside its certificate',
      async () => [
        one('a.pem', pem('PRIVATE KEY', await keyOf(ID, 'sign'))),
        one('a.crt', pem('CERTIFICATE', identityFile(fixture(ID), 'signCert.der'))),
      ],
      '0',
    ],
  ])('%s is open when it is looked at, and says so', async (_, files, key) => {
    const wallet = await walletWith(profile);
    const session = await wallet.inspect(await files(), quietly());
    expect(session.candidates).toMatchObject([{ key, form: 'pem', state: 'opened', plain: true, hasRandom: true }]);
    expect(await session.store([key], PASSWORD)).toEqual({ stored: 1, left: [], samePassword: false });
  });

  it('keeps its km key waiting where that has a password', async () => {
    const wallet = await walletWith(profile);
    const session = await wallet.inspect(folderWith(ID, { 'signPri.key': await keyOf(ID, 'sign') }), quietly());
    expect(session.candidates).toMatchObject([{ state: 'opened', plain: true, kmOpened: false }]);
    await session.tryPassword(FIXTURE_PASSWORD);
    expect(session.candidates).toMatchObject([{ state: 'opened', kmOpened: true }]);
  });

  it('of another certificate is refused', async () => {
    const wallet = await walletWith(profile);
    const session = await wallet.inspect(folderWith(ID, { 'signPri.key': await keyOf('vid-sha1', 'sign') }), quietly());
    expect(session.candidates).toMatchObject([{ state: 'refused', code: 'file.pair-mismatch' }]);
  });
});

describe('passwords', () => {
  it('of a km key may differ from that of its sign key', async () => {
    const wallet = await walletWith(profile);
    const files = folderWith(ID, { 'kmPri.key': await resealed(ID, 'km', OTHER_PASSWORD) });
    const session = await wallet.inspect(files, quietly());
    await session.tryPassword(FIXTURE_PASSWORD);
    expect(session.candidates).toMatchObject([{ state: 'opened', hasKm: true, kmOpened: false }]);
    await session.tryPassword(WRONG);
    expect(session.candidates).toMatchObject([{ state: 'opened', kmOpened: false }]);
    await session.tryPassword(OTHER_PASSWORD, { keys: ['0'] });
    expect(session.candidates).toMatchObject([{ state: 'opened', kmOpened: true }]);
    await session.store(['0'], PASSWORD);
    expect((await wallet.rows())[0]).toMatchObject({ hasKm: true });
  });

  it('both of them may come in one list', async () => {
    const wallet = await walletWith(profile);
    const session = await wallet.inspect(folderWith(ID, { 'kmPri.key': await resealed(ID, 'km', OTHER_PASSWORD) }), quietly());
    await session.tryPasswords([WRONG, OTHER_PASSWORD, FIXTURE_PASSWORD]);
    expect(session.candidates).toMatchObject([{ state: 'opened', kmOpened: true }]);
  });

  it('of a km key that belongs to another certificate hold up nothing, and are not asked for again', async () => {
    const wallet = await walletWith(profile);
    const session = await wallet.inspect(folderWith(ID, { 'kmPri.key': identityFile(fixture('vid-sha1'), 'kmPri.key') }), quietly());
    await session.tryPassword(FIXTURE_PASSWORD);
    expect(session.candidates).toMatchObject([{ state: 'opened', kmOpened: false }]);
    const { tried = [] } = profile.workers.at(-1) ?? {};
    const before = tried.length;
    await session.tryPassword(FIXTURE_PASSWORD);
    expect(tried).toHaveLength(before);
  });

  it('that fitted are tried first', async () => {
    profile.lanes = 1;
    const wallet = await walletWith(profile);
    const files = MANIFEST.identities.filter(({ folder, password }) => folder.startsWith('NPKI/') && password === FIXTURE_PASSWORD);
    const session = await wallet.inspect(files.flatMap(folderOf), quietly());
    await session.tryPasswords(['one#Password1', 'two#Password2', 'three#Word3', 'four#Word4', FIXTURE_PASSWORD, 'six#Password6']);
    const keys = files.length + files.filter(({ km }) => km !== undefined).length;
    expect(profile.workers.at(-1)?.tried.length).toBe(keys + 4);
  });

  it('given twice are tried once, and more than a hundred are refused', async () => {
    const wallet = await walletWith(profile);
    const session = await wallet.inspect(folderOf(fixture(ID)), quietly());
    await session.tryPasswords([WRONG, WRONG, WRONG]);
    expect(profile.workers.at(-1)?.tried).toEqual([WRONG]);
    const many = Array.from({ length: 101 }, (_, at) => `word${at}`);
    expect(await codeOf(() => session.tryPasswords(many))).toBe('request.too-large');
    await session.tryPasswords([...many.slice(0, 99), FIXTURE_PASSWORD]);
    expect(states(session)).toEqual(['opened']);
  });

  it('mistyped twenty times cost the wallet nothing (F18)', async () => {
    const wallet = await walletWith(profile);
    const before = new Map(profile.session.texts);
    const heads = await profile.store().heads();
    const session = await wallet.inspect(folderOf(fixture(ID)), quietly());
    for (let times = 0; times < 20; times++) await session.tryPassword(`${WRONG}${times}`);
    expect(session.candidates).toMatchObject([{ state: 'wrong-password', code: 'password.file-wrong', detail: null }]);
    expect(new Map(profile.session.texts)).toEqual(before);
    expect(await profile.store().heads()).toEqual(heads);
    await session.tryPassword(FIXTURE_PASSWORD);
    expect(states(session)).toEqual(['opened']);
  });
});

describe('the same certificate twice in a pick (F21)', () => {
  const states2 = async (files: readonly PickedFile[], ...passwords: readonly string[]): Promise<ImportSession> => {
    const wallet = await walletWith(profile);
    const session = await wallet.inspect(files, quietly());
    await session.tryPasswords(passwords);
    return session;
  };

  it('is one row to take; the others say so before any password', async () => {
    const twice = ['stick', 'disk', 'cloud'].flatMap((place) => inFolder(place, folderOf(fixture(ID))));
    const session = await (await walletWith(profile)).inspect(twice, quietly());
    expect(states(session)).toEqual(['sealed', 'duplicate', 'duplicate']);
  });

  it('opens the copy whose password is there', async () => {
    const old = folderWith(ID, { 'signPri.key': await resealed(ID, 'sign', OTHER_PASSWORD), 'kmPri.key': await resealed(ID, 'km', OTHER_PASSWORD) });
    const session = await states2([...inFolder('old', old), ...inFolder('new', folderOf(fixture(ID)))], FIXTURE_PASSWORD);
    expect(states(session)).toEqual(['duplicate', 'opened']);
    await session.tryPassword(OTHER_PASSWORD);
    expect(states(session)).toEqual(['duplicate', 'opened']);
    expect(await session.store(keysOf(session), PASSWORD)).toMatchObject({ stored: 1, left: [{ path: `old/${ID}`, code: 'vault.exists' }] });
  });

  it('asks for neither password twice', async () => {
    await states2(
      ['stick', 'disk'].flatMap((place) => inFolder(place, folderOf(fixture(ID)))),
      FIXTURE_PASSWORD,
    );
    expect(profile.workers.at(-1)?.tried).toHaveLength(2);
  });

  it('takes the copy with the km pair, wherever it lies', async () => {
    const bare = folderOf(fixture(ID)).filter(({ path }) => !path.includes('/km'));
    for (const files of [
      [...inFolder('a', bare), ...inFolder('b', folderOf(fixture(ID)))],
      [...inFolder('b', folderOf(fixture(ID))), ...inFolder('a', bare)],
      [one('x/a.pfx', await pfxOf([ID], FIXTURE_PASSWORD, false)), ...inFolder('b', folderOf(fixture(ID)))],
    ]) {
      profile = new Profile();
      const session = await states2(files, FIXTURE_PASSWORD);
      expect(inState(session, 'opened')).toMatchObject([{ path: `b/${ID}`, kmOpened: true }]);
      expect(inState(session, 'duplicate')).toHaveLength(1);
    }
  });

  it('takes the copy with the longer chain where both have R and km', async () => {
    const without = one('x/a.pfx', await pfxOf([ID], FIXTURE_PASSWORD));
    const session = await states2([without, ...inFolder('b', folderOf(fixture(ID)))], FIXTURE_PASSWORD);
    expect(session.candidates).toMatchObject([
      { path: 'x/a.pfx', state: 'duplicate' },
      { path: `b/${ID}`, state: 'opened' },
    ]);
  });

  it('takes the copy with R before the one with a km pair', async () => {
    // What other programs leave of a key when they write it anew: the same numbers without R.
    const bare = await withoutAttributes(await keyOf(ID, 'sign'));
    const lost = folderWith(ID, { 'signPri.key': await writePrivateKey(bare, OTHER_PASSWORD, { random }) });
    const whole = folderOf(fixture(ID)).filter(({ path }) => !path.includes('/km'));
    const session = await states2([...inFolder('a', lost), ...inFolder('b', whole)], OTHER_PASSWORD, FIXTURE_PASSWORD);
    expect(session.candidates).toMatchObject([
      { state: 'duplicate', hasRandom: false, kmOpened: true },
      { state: 'opened', hasRandom: true },
    ]);
  });

  it('takes no certificate for missing whose key lies elsewhere in the pick', async () => {
    const certificate = one('mail/hong.cer', identityFile(fixture(ID), 'signCert.der'));
    const alone = await (await walletWith(profile)).inspect([certificate], quietly());
    expect(alone.candidates).toMatchObject([{ state: 'refused', code: 'file.pair-missing' }]);
    const both = await profile.wallet().inspect([certificate, ...folderOf(fixture(ID))], quietly());
    expect(both.candidates).toMatchObject([
      { state: 'duplicate', code: null },
      { state: 'sealed', code: null },
    ]);
  });
});

describe('a better copy of a certificate in the wallet', () => {
  const bare = (): PickedFile[] => folderOf(fixture(ID)).filter(({ path }) => !path.includes('/km'));
  const lost = async (): Promise<PickedFile[]> =>
    folderWith(ID, { 'signPri.key': await writePrivateKey(await withoutAttributes(await keyOf(ID, 'sign')), FIXTURE_PASSWORD, { random }) });

  async function walletOf(files: readonly PickedFile[]): Promise<Wallet> {
    const wallet = await walletWith(profile);
    const session = await wallet.inspect(files, quietly());
    await session.tryPassword(FIXTURE_PASSWORD);
    expect(await session.store(keysOf(session), PASSWORD)).toMatchObject({ stored: 1 });
    return wallet;
  }

  /** What goes out of the wallet, by the name of the file. */
  async function keysOut(wallet: Wallet): Promise<Map<string, Bytes>> {
    const id = (await wallet.rows())[0]?.id ?? '';
    const order = { ids: [id], form: 'npki', withKm: true, filePassword: 'Grape#Wind7204', walletPassword: PASSWORD } as const;
    const { files } = await wallet.exportFiles(order, quietly());
    const keys = files.filter(({ path }) => path.endsWith('.key'));
    const opened = keys.map(
      async ({ path, bytes }) => [path.slice(path.lastIndexOf('/') + 1), (await openPrivateKey(bytes, order.filePassword)).privateKeyInfo] as const,
    );
    return new Map(await Promise.all(opened));
  }

  it.each([
    ['a km pair', bare, ['km'], () => Promise.resolve(folderOf(fixture(ID)))],
    [
      'R',
      async () => (await lost()).filter(({ path }) => !path.includes('/km')),
      ['random', 'km'],
      async () => [one('a.pfx', await pfxOf([ID], FIXTURE_PASSWORD))],
    ],
    ['R, beside the km pair that is there', lost, ['random'], () => Promise.resolve(bare())],
    ['a km pair, beside the R that is there', bare, ['km'], lost],
  ] as const)('completes its record with %s', async (_, first, adds, second) => {
    const wallet = await walletOf(await first());
    const [before] = await wallet.rows();
    const { importedAt } = await wallet.details(before?.id ?? '');
    profile.clock = () => NOW + 60_000;
    const session = await wallet.inspect(await second(), quietly());
    await session.tryPassword(FIXTURE_PASSWORD);
    expect(session.candidates).toMatchObject([{ state: 'opened', adds, replaces: null }]);
    expect(await session.store(keysOf(session), PASSWORD)).toEqual({ stored: 1, left: [], samePassword: false });
    expect(await wallet.rows()).toEqual([{ ...before, hasRandom: true, hasKm: true }]);
    expect((await wallet.details(before?.id ?? '')).importedAt).toBe(importedAt);
    expect(await keysOut(wallet)).toEqual(
      new Map([
        ['signPri.key', await keyOf(ID, 'sign')],
        ['kmPri.key', await keyOf(ID, 'km')],
      ]),
    );
  });

  it('completes it with the authorities above, and is there wholly from then on', async () => {
    const wallet = await walletOf([one('a.pfx', await pfxOf([ID], FIXTURE_PASSWORD))]);
    const again = (): PickedFile[] => folderOf(fixture(ID));
    const session = await wallet.inspect(again(), quietly());
    await session.tryPassword(FIXTURE_PASSWORD);
    expect(session.candidates).toMatchObject([{ state: 'opened', adds: ['chain'] }]);
    await session.store(keysOf(session), PASSWORD);
    const id = (await wallet.rows())[0]?.id ?? '';
    expect((await wallet.details(id)).chainLength).toBeGreaterThan(0);
    expect(states(await wallet.inspect(again(), quietly()))).toEqual(['present']);
  });

  it('is a copy as any other where it turns out to have nothing more', async () => {
    const wallet = await walletOf(await lost());
    const session = await wallet.inspect(await lost(), quietly());
    expect(session.candidates).toMatchObject([{ state: 'sealed', adds: ['random'] }]);
    await session.tryPassword(FIXTURE_PASSWORD);
    expect(session.candidates).toMatchObject([{ state: 'present', adds: [] }]);
    expect(await session.store(keysOf(session), PASSWORD)).toMatchObject({ stored: 0, left: [{ code: 'vault.exists' }] });
  });

  it('comes in as a new one where its record was deleted meanwhile', async () => {
    const wallet = await walletOf(bare());
    const session = await wallet.inspect(folderOf(fixture(ID)), quietly());
    await session.tryPassword(FIXTURE_PASSWORD);
    const id = (await wallet.rows())[0]?.id ?? '';
    await wallet.basket.move([id]);
    expect(await session.store(keysOf(session), PASSWORD)).toMatchObject({ stored: 1 });
    expect(await wallet.rows()).toMatchObject([{ hasRandom: true, hasKm: true }]);
  });
});

async function withoutAttributes(privateKeyInfo: Bytes): Promise<Bytes> {
  const key = await crypto.subtle.importKey('pkcs8', privateKeyInfo, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, true, ['sign']);
  return new Uint8Array(await crypto.subtle.exportKey('pkcs8', key));
}

describe('a renewed certificate (F21)', () => {
  it('says which one of the wallet it follows, and overwrites nothing', async () => {
    const wallet = await walletWith(profile, 'renewal-old', ID);
    const [old] = (await wallet.rows()).filter(({ fingerprint }) => fingerprint === fixture('renewal-old').certSha256);
    const session = await wallet.inspect(folderOf(fixture('renewal-new')), quietly());
    expect(session.candidates).toMatchObject([{ state: 'sealed', replaces: { id: old?.id, notAfter: old?.notAfter } }]);
    await session.tryPassword(FIXTURE_PASSWORD);
    expect(session.candidates).toMatchObject([{ state: 'opened', replaces: { id: old?.id } }]);
    await session.store(['0'], PASSWORD);
    expect((await wallet.rows()).map(({ fingerprint }) => fingerprint).toSorted()).toEqual(fingerprints(['renewal-old', 'renewal-new', ID]));
  });

  it('is not followed by the older one', async () => {
    const wallet = await walletWith(profile, 'renewal-new');
    const session = await wallet.inspect([...folderOf(fixture('renewal-old')), ...folderOf(fixture(ID))], quietly());
    expect(session.candidates).toMatchObject([{ replaces: null }, { replaces: null }]);
  });

  it('is told of the pick too, by the key of the older row', async () => {
    const wallet = await walletWith(profile);
    const session = await wallet.inspect([...folderOf(fixture('renewal-new')), ...folderOf(fixture('renewal-old'))], quietly());
    const [, old] = session.candidates;
    expect(session.candidates).toMatchObject([{ replaces: { id: '1', notAfter: old?.facts?.notAfter } }, { replaces: null }]);
  });

  it('is known out of a container once that is open', async () => {
    const wallet = await walletWith(profile, 'renewal-old');
    const session = await wallet.inspect([one('a.pfx', await pfxOf(['renewal-new'], OTHER_PASSWORD))], quietly());
    expect(session.candidates).toMatchObject([{ state: 'sealed', replaces: null }]);
    await session.tryPassword(OTHER_PASSWORD);
    expect(session.candidates).toMatchObject([{ state: 'opened', replaces: { id: (await wallet.rows())[0]?.id } }]);
  });
});

describe('one that cannot be used now (F10)', () => {
  it.each(['expired-yesterday', 'not-yet-valid', 'expires-in-7-days', 'no-random-value'])('is taken all the same: %s', async (id) => {
    const wallet = await walletWith(profile, id);
    expect((await wallet.rows()).map(({ fingerprint }) => fingerprint)).toEqual(fingerprints([id]));
  });

  it('a km pair alone is refused, for the wallet could do nothing with it', async () => {
    const wallet = await walletWith(profile);
    const session = await wallet.inspect(
      folderOf(fixture(ID)).filter(({ path }) => path.includes('/km')),
      quietly(),
    );
    expect(session.candidates).toMatchObject([{ state: 'refused', code: 'certificate.wrong-use' }]);
  });

  it('a key that belongs to another certificate is refused, and nothing of it is stored (F8)', async () => {
    const wallet = await walletWith(profile);
    const session = await wallet.inspect(inFolder('mismatch', picked(filesBelow('npki', 'bad', 'mismatch'))), quietly());
    await session.tryPassword(MANIFEST.badFilesPassword);
    expect(session.candidates).toMatchObject([{ state: 'refused', code: 'file.pair-mismatch' }]);
    expect(await session.store(['0'], PASSWORD)).toMatchObject({ stored: 0, left: [{ code: 'file.pair-mismatch' }] });
    expect(await wallet.rows()).toEqual([]);
  });
});

describe('a mixed pick', () => {
  it('answers for files picked one by one, and passes over those of a folder', async () => {
    const wallet = await walletWith(profile);
    const junk = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0);
    const session = await wallet.inspect([...folderOf(fixture(ID)), one(`${ID}/photo.jpg`, copy(junk)), one('photo.jpg', copy(junk))], quietly());
    expect(session.candidates.map(({ path, state, code }) => [path, state, code])).toEqual([
      [ID, 'sealed', null],
      ['photo.jpg', 'refused', 'file.unsupported'],
    ]);
  });

  it('lists what was too large to read after all else', async () => {
    const wallet = await walletWith(profile);
    const large = one('photo.jpg', concat(utf8('x'), new Uint8Array(1024 * 1024)));
    const session = await wallet.inspect([large, ...folderOf(fixture(ID))], quietly());
    expect(session.candidates.map(({ key, path, code }) => [key, path, code])).toEqual([
      ['0', ID, null],
      ['1', 'photo.jpg', 'file.too-large'],
    ]);
  });
});
