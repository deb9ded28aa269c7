import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fromBase64, toBase64 } from '../../../lib/bytes/base64.ts';
import { equal, type Bytes } from '../../../lib/bytes/bytes.ts';
import { toHex } from '../../../lib/bytes/hex.ts';
import { utf8 } from '../../../lib/bytes/text.ts';
import { readCertificate } from '../../../lib/npki/certificate.ts';
import type { PathAndBytes } from '../../../lib/npki/picked-file.ts';
import { openPrivateKey } from '../../../lib/npki/private-key.ts';
import type { VaultHead } from '../../../lib/vault/head.ts';
import type { OpenItem } from '../../../lib/vault/item.ts';
import { passwordBytes } from '../../../lib/vault/password.ts';
import { openSealedKey, recordKey, type KeyRole } from '../../../lib/vault/sealed-key.ts';
import { openWithPassword } from '../../../lib/vault/unlock.ts';
import { openItems } from '../../../lib/vault/vault.ts';
import { codeOf, filesBelow, fixture, identityFile, readFixture } from '../../support/npki-fixtures.ts';
import { fastKdf, reread } from '../vault/support.ts';
import { FIXTURE_PASSWORD, folderOf, PASSWORD, picked, Profile, quietly, walletWith, WRONG } from './profile.ts';
import { asker, NONCE } from './support.ts';

const IDS = ['personal-bank-sha1seed', 'vid-sha1', 'personal-general-fixediv'] as const;

/** Every way the octets of a secret could stand in a text: as they are, in hex, or inside any base64. */
function carries(text: string, octets: Uint8Array): boolean {
  const secret = Buffer.from(octets);
  if (text.includes(toHex(octets)) || Buffer.from(text).includes(secret)) return true;
  const runs = text.match(/[A-Za-z0-9+/_-]{16,}/g) ?? [];
  return runs.some((run) => [0, 1, 2, 3].some((from) => Buffer.from(run.slice(from), 'base64').includes(secret)));
}

/** All that a thrown error tells, to its last cause. */
function toldBy(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return [thrown.name, thrown.message, thrown.stack, Reflect.get(thrown, 'detail'), thrown.cause === undefined ? '' : toldBy(thrown.cause)].join(
    '\n',
  );
}

async function databaseTexts(factory: IDBFactory): Promise<string[]> {
  const texts: string[] = [];
  const settled = <Value>(request: IDBRequest<Value>): Promise<Value> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error('request'));
    });
  for (const { name = '' } of await factory.databases()) {
    const database = await settled(factory.open(name));
    for (const store of database.objectStoreNames) {
      const transaction = database.transaction(store);
      texts.push(JSON.stringify(await settled(transaction.objectStore(store).getAllKeys())));
      for (const value of (await settled(transaction.objectStore(store).getAll())) as unknown[]) texts.push(String(value));
    }
    database.close();
  }
  return texts;
}

const areaTexts = ({ local }: Profile): string[] => [...local.texts].map(([key, value]) => `${key} ${String(value)}`);

const profile = new Profile();
const told: string[] = [];
const printed: string[] = [];
/** The octets of every array of a key's size at the moment it was overwritten with zeros. */
const wiped: Uint8Array[] = [];
let openSessionTexts: ReadonlyMap<string, string>;
let approvedItem = '';
let head: VaultHead;
let listKey: Bytes;
let signingKey: Bytes;
let derived: Bytes;
let items: readonly OpenItem[];
let privateKeys: readonly Bytes[];

const failing = async (act: () => Promise<unknown>): Promise<void> => {
  try {
    await act();
    told.push('nothing failed');
  } catch (thrown) {
    told.push(toldBy(thrown));
  }
};

/** The whole life of a wallet: made, filled, locked, opened, used, with every mistake that a person makes. */
beforeAll(async () => {
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, method).mockImplementation((...words: unknown[]) => void printed.push(words.map(toldBy).join(' ')));
  const { fill } = Uint8Array.prototype;
  vi.spyOn(Uint8Array.prototype, 'fill').mockImplementation(function (this: Uint8Array, value: number, ...range) {
    if (value === 0 && this.length === 32) wiped.push(this.slice());
    return fill.call(this, value, ...range);
  });
  const wallet = await walletWith(profile, ...IDS);
  const session = await wallet.inspect(folderOf(fixture('renewal-old')), quietly());
  await session.tryPassword(FIXTURE_PASSWORD);
  await failing(() => session.store(['0'], WRONG));
  session.discard();
  await wallet.lock();
  await failing(() => wallet.unlock(WRONG));
  await failing(() => wallet.create(PASSWORD, 'moon'));
  await wallet.unlock(PASSWORD);
  openSessionTexts = new Map(profile.session.texts);

  const from = asker('D');
  const pageId = crypto.randomUUID();
  profile.documents.set('D', new Set([pageId]));
  await profile.background.page['page.open'](from, { id: pageId, action: 'signIn', payload: { nonce: NONCE } });
  const approval = profile.approval((await profile.background.requests.list())[0]?.id ?? '');
  await approval.request();
  approvedItem = (await approval.offers())[0]?.row.id ?? '';
  await failing(() => approval.approve(approvedItem, WRONG));
  await approval.approve(approvedItem, PASSWORD);

  vi.mocked(Uint8Array.prototype.fill).mockRestore();
  head = await reread(profile.store());
  ({ listKey, signingKey } = await openWithPassword(head, passwordBytes(PASSWORD), async (params, octets) => {
    derived = await fastKdf(params, octets);
    return derived.slice();
  }));
  ({ items } = await openItems(profile.store(), head, listKey));
  privateKeys = await Promise.all(
    [...IDS, 'renewal-old'].flatMap((id) =>
      (['signPri.key', 'kmPri.key'] as const).map(
        async (name) => (await openPrivateKey(identityFile(fixture(id), name), FIXTURE_PASSWORD)).privateKeyInfo,
      ),
    ),
  );
}, 60_000);

afterAll(() => {
  vi.restoreAllMocks();
});

/** Where texts end up, by place. */
async function places(): Promise<ReadonlyMap<string, readonly string[]>> {
  return new Map([
    ['the session store', profile.session.history],
    ['the database', await databaseTexts(profile.indexedDb)],
    ['the mirror', areaTexts(profile)],
    ['messages', profile.messages.map((message) => JSON.stringify(message))],
    ['what pages got', profile.delivered.map((delivery) => JSON.stringify(delivery))],
    ['errors', told],
    ['the console', printed],
  ]);
}

async function placesOf(secret: Uint8Array): Promise<string[]> {
  return [...(await places())].filter(([, texts]) => texts.some((text) => carries(text, secret))).map(([place]) => place);
}

describe('the search for secrets', () => {
  it('finds what is there', async () => {
    expect(profile.delivered).toHaveLength(1);
    const certificate = items.find(({ id }) => id === approvedItem)?.signCertificate ?? new Uint8Array(1);
    expect(await placesOf(certificate)).toEqual(['the session store', 'what pages got']);
    expect(await placesOf(utf8(NONCE))).toEqual(['the session store', 'what pages got']);
    expect(await placesOf(utf8('password.wrong'))).toEqual(['errors']);
    expect(carries(`{"lk":"${toBase64(certificate)}"}`, certificate.subarray(100, 132))).toBe(true);
    expect(carries(`{"lk":"${toHex(certificate)}"}`, certificate)).toBe(true);
    expect(await placesOf(utf8(head.vid))).toEqual(['the session store', 'the database', 'the mirror']);
  });
});

describe('E7, E20: after a whole life', () => {
  it.each<[string, () => readonly Uint8Array[]]>([
    ['the wallet password', () => [utf8(PASSWORD), utf8(PASSWORD.normalize('NFD')), utf8(encodeURIComponent(PASSWORD))]],
    ['a mistyped password', () => [utf8(WRONG)]],
    ['a certificate password', () => [utf8(FIXTURE_PASSWORD)]],
    ['what the password was derived to', () => [derived]],
    ['the signing key', () => [signingKey]],
    ['a private key', () => privateKeys.flatMap((key) => [key, key.slice(-64)])],
    ['a key file as it was picked', () => IDS.map((id) => identityFile(fixture(id), 'signPri.key').slice(-64))],
  ])('%s is nowhere', async (_, secrets) => {
    for (const secret of secrets()) expect(await placesOf(secret)).toEqual([]);
  });

  it('the list key is in the session store alone, and only while the wallet is open', async () => {
    expect(await placesOf(listKey)).toEqual(['the session store']);
    expect([...openSessionTexts].filter(([, text]) => carries(text, listKey)).map(([key]) => key)).toEqual(['djw1.u']);
    await profile.call('wallet.lock');
    expect([...profile.session.texts].filter(([, text]) => carries(text, listKey))).toEqual([]);
    expect(profile.session.texts.has('djw1.rows')).toBe(false);
  });

  it('the open session holds times and the list key, and names in the rows', () => {
    expect([...openSessionTexts.keys()].toSorted()).toEqual(['djw1.rows', 'djw1.u']);
    expect(Object.keys(JSON.parse(openSessionTexts.get('djw1.u') ?? '') as object).toSorted()).toEqual([
      'deadline',
      'lastSeen',
      'lk',
      'minutes',
      'signingUntil',
      'start',
      'vid',
    ]);
  });

  it('no array that carried a password or a key still does', () => {
    const secrets = [utf8(PASSWORD), utf8(WRONG), derived, listKey, signingKey];
    expect(profile.handedOut.length).toBeGreaterThan(20);
    expect(profile.handedOut.filter((octets) => secrets.some((secret) => equal(octets, secret)))).toEqual([]);
  });

  it('every copy of the signing key was overwritten', () => {
    // Made and checked when the wallet was made, then one for each time that the password was right.
    const openings = IDS.length + 2;
    expect(wiped.filter((octets) => equal(octets, signingKey))).toHaveLength(2 + openings);
  });

  it('one message carried one key, for one act', () => {
    const withKey = profile.messages.filter(({ content }) => typeof content === 'object' && content !== null && 'key' in content);
    expect(withKey).toMatchObject([{ verb: 'wallet.approve', content: { item: approvedItem } }]);
    expect(profile.messages.filter(({ verb, content }) => verb !== 'wallet.approve' && content !== null)).toEqual([]);
  });

  it('errors tell their codes and nothing that was typed', () => {
    expect(told).toHaveLength(4);
    expect(told.filter((text) => !/password\.wrong|vault\.exists/.test(text))).toEqual([]);
  });

  it('nothing was printed', () => {
    expect(printed).toEqual([]);
  });
});

describe('E1: what was imported', () => {
  const FILES = [
    ['an NPKI folder', filesBelow('npki', fixture(IDS[0]).folder), 'signPri.key'],
    ['PKCS#12 as Korean banks write it', [pfxFile('3des-3descerts-chain.pfx')], '.pfx'],
    ['PKCS#12 with AES', [pfxFile('aes256.p12')], '.p12'],
    ['PKCS#12 with SEED', [pfxFile('seed-pbes2.pfx')], '.pfx'],
    ['a PEM pair', filesBelow('npki', 'pem'), '.signPri.pem'],
  ] as const;

  function pfxFile(form: string): PathAndBytes {
    const name = `${IDS[0]}.${form}`;
    return { path: name, bytes: readFixture('npki', 'pfx', name) };
  }

  /** The octets of the file, out of its armour where it is a PEM. */
  const octetsOf = ({ path, bytes }: PathAndBytes): Uint8Array =>
    path.endsWith('.pem')
      ? Buffer.from(
          Buffer.from(bytes)
            .toString('latin1')
            .replace(/-----[^-]+-----/g, ''),
          'base64',
        )
      : bytes;

  it.each(FILES)('%s leaves no part of its sealed key in any store', async (_, files, suffix) => {
    const own = new Profile();
    const wallet = await walletWith(own);
    const session = await wallet.inspect(picked(files), quietly());
    await session.tryPassword(FIXTURE_PASSWORD);
    const opened = session.candidates.filter(({ state }) => state === 'opened').map(({ key }) => key);
    expect(await session.store(opened, PASSWORD)).toMatchObject({ stored: 1 });
    const stores = [...own.session.history, ...(await databaseTexts(own.indexedDb)), ...areaTexts(own)];
    const sealed = files.filter(({ path }) => path.toLowerCase().endsWith(suffix.toLowerCase()));
    expect(sealed).toHaveLength(1);
    const octets = octetsOf(sealed[0] ?? { path: '', bytes: new Uint8Array(0) });
    expect(octets.length).toBeGreaterThan(500);
    // Any 32 octets in a row would tell; the certificates in the file are sealed too.
    const parts = Array.from({ length: 16 }, (__, nth) => octets.slice(Math.floor((nth * (octets.length - 32)) / 15)).slice(0, 32));
    expect(parts.filter((part) => stores.some((text) => carries(text, part)))).toEqual([]);
  });
});

describe('E7: the key of an approval', () => {
  const sent = (): Bytes => {
    const content = profile.messages.find(({ verb }) => verb === 'wallet.approve')?.content;
    return fromBase64(String(Reflect.get(content as object, 'key')));
  };
  const sealedOf = (item: OpenItem, role: KeyRole): { sealed: Bytes; spki: Bytes } => {
    const [sealed, certificate] = role === 'sign' ? [item.sealedSignKey, item.signCertificate] : [item.sealedKmKey, item.kmCertificate];
    if (!sealed || !certificate) throw new Error(`${item.id} has no ${role} pair`);
    return { sealed, spki: readCertificate(certificate).spki };
  };
  const opens = (key: Bytes, item: OpenItem, role: KeyRole): Promise<string> =>
    codeOf(() => openSealedKey({ key, vid: head.vid, id: item.id, role, ...sealedOf(item, role) }));

  it('opens one private key of all in the wallet', async () => {
    expect(items).toHaveLength(IDS.length);
    for (const item of items) {
      expect(await opens(sent(), item, 'sign')).toBe(item.id === approvedItem ? 'none' : 'vault.changed');
      expect(await opens(sent(), item, 'km')).toBe('vault.changed');
    }
  });

  it('is the key that the signing key makes for that record', async () => {
    const item = items.find(({ id }) => id === approvedItem);
    if (!item) throw new Error('not there');
    expect(sent()).toEqual(await recordKey(signingKey, head.vid, item.id, 'sign', sealedOf(item, 'sign').sealed));
  });
});

describe('E17: whoever has the list key and every store', () => {
  it('reads names, and opens no private key with anything it has', async () => {
    expect(items.map(({ signCertificate }) => toHex(signCertificate ?? new Uint8Array()).length > 0)).toEqual(items.map(() => true));
    for (const item of items) {
      for (const role of ['sign', 'km'] as const) {
        const sealed = role === 'sign' ? item.sealedSignKey : item.sealedKmKey;
        const certificate = role === 'sign' ? item.signCertificate : item.kmCertificate;
        if (!sealed || !certificate) throw new Error('no pair');
        const { spki } = readCertificate(certificate);
        for (const key of [listKey, await recordKey(listKey, head.vid, item.id, role, sealed), sealed.slice(0, 32), new Uint8Array(32)])
          expect(await codeOf(() => openSealedKey({ key, vid: head.vid, id: item.id, role, sealed, spki }))).toBe('vault.changed');
      }
    }
  });

  it('cannot put a private key beside another certificate, record, or role', async () => {
    const [first, second] = items;
    if (!first?.sealedSignKey || !first.signCertificate || !second?.signCertificate) throw new Error('not there');
    const key = await recordKey(signingKey, head.vid, first.id, 'sign', first.sealedSignKey);
    const good = {
      key,
      vid: head.vid,
      id: first.id,
      role: 'sign' as const,
      sealed: first.sealedSignKey,
      spki: readCertificate(first.signCertificate).spki,
    };
    expect(await codeOf(() => openSealedKey(good))).toBe('none');
    for (const change of [{ spki: readCertificate(second.signCertificate).spki }, { id: second.id }, { role: 'km' as const }])
      expect(await codeOf(() => openSealedKey({ ...good, ...change }))).toBe('vault.changed');
  });
});
