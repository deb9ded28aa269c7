/** What comes into the history, when, and what becomes of it where the wallet is locked or cannot be written. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { WalletError } from '../../../lib/errors.ts';
import { blockDatabase } from '../../../lib/platform/block-store.ts';
import { openHistory } from '../../../lib/vault/history.ts';
import type { HistoryEntry } from '../../../lib/vault/history-page.ts';
import { openSettings } from '../../../lib/vault/settings-record.ts';
import { Door } from '../../../lib/wallet/door.ts';
import type { HistoryRow } from '../../../lib/wallet/history-api.ts';
import { usesOf } from '../../../lib/wallet/history-entry.ts';
import { PENDING_KEY, PENDING_MAX } from '../../../lib/wallet/pending-history.ts';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import { codeOf, fixture } from '../../support/npki-fixtures.ts';
import { folderOf, PASSWORD, Profile, quietly, walletWith } from './profile.ts';
import { ask, asker, NOW } from './support.ts';

const PERSON = 'personal-bank-sha1seed';
const ORIGIN = 'https://bank.example';
const DAY = 86_400_000;

let profile: Profile;
let wallet: Wallet;
let documents = 0;

beforeEach(async () => {
  profile = new Profile();
  wallet = await walletWith(profile, PERSON);
});

const idOf = async (): Promise<string> => (await wallet.rows())[0]?.id ?? '';

/** Writing has come to its end. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  await profile.background.ports.history.flush();
}

async function rows(): Promise<readonly HistoryRow[]> {
  await settled();
  return (await wallet.history.read()).rows;
}

/** A page asks; gives the name of the request among ours. */
async function asked(origin = ORIGIN): Promise<string> {
  const pageId = await ask(profile, profile.background, asker(`document ${++documents}`, origin));
  return (await profile.background.requests.list()).find((request) => request.pageId === pageId)?.id ?? '';
}

async function signedIn(origin = ORIGIN): Promise<void> {
  const approval = profile.approval(await asked(origin));
  await approval.request();
  await approval.status();
  await approval.approve(await idOf(), PASSWORD);
}

const said = ({ act, origin, result }: HistoryRow): unknown => [act, origin, result];

describe('a request that ended', () => {
  it('stands in the history with who asked, what for, with which certificate and what went out', async () => {
    await signedIn();
    const [row, ...more] = await rows();
    expect(more).toEqual([]);
    expect(row).toMatchObject({ at: NOW, act: 'sign-in', origin: ORIGIN, certificate: await idOf(), released: ['certificate'], result: 'done' });
  });

  it.each<[string, (request: string) => Promise<unknown>, string]>([
    ['refused by the person', (request) => profile.call('wallet.reject', { request }), 'user.cancelled'],
    ['ended by the time', () => profile.background.pageRequests.expire().then(() => undefined), 'user.timeout'],
    ['left behind by its page', () => profile.background.pageRequests.tabChanged(7), 'request.gone'],
  ])('%s says so, and names no certificate', async (_, end, result) => {
    const request = await asked();
    profile.now += 180_000;
    if (result === 'request.gone') profile.documents.clear();
    await end(request);
    expect(await rows()).toMatchObject([{ act: 'sign-in', origin: ORIGIN, certificate: null, released: [], result }]);
  });

  it('whose page was gone when the answer came released nothing', async () => {
    const approval = profile.approval(await asked());
    await approval.request();
    await approval.status();
    const { deliver } = profile.askers;
    profile.askers.deliver = () => Promise.resolve(false);
    expect(await codeOf(async () => approval.approve(await idOf(), PASSWORD))).toBe('request.gone');
    profile.askers.deliver = deliver;
    expect(await rows()).toMatchObject([{ result: 'request.gone', released: [] }]);
  });

  it('is written after its page was answered, and one that cannot be written fails nothing', async () => {
    const writes: number[] = [];
    profile.whileSaving = () => {
      writes.push(profile.delivered.length);
    };
    await signedIn();
    await settled();
    expect(writes.at(-1)).toBe(1);
    profile.now += 1;
    profile.whileSaving = () => {
      if (profile.delivered.length > 1) throw new WalletError('vault.full');
    };
    await signedIn();
    expect(profile.delivered.map(({ error }) => error)).toEqual([undefined, undefined]);
    await settled();
    profile.whileSaving = () => undefined;
    expect(await wallet.history.read()).toMatchObject({ unwritten: 1, rows: [{ result: 'done' }] });
    expect((await rows()).map(said)).toEqual([
      ['sign-in', ORIGIN, 'done'],
      ['sign-in', ORIGIN, 'done'],
    ]);
    expect((await wallet.history.read()).unwritten).toBe(0);
  });

  it('waits while the wallet is locked, for the next opening, over a restart of the background', async () => {
    await wallet.lock();
    const request = await asked();
    await profile.call('wallet.reject', { request });
    await settled();
    expect(profile.session.texts.has(PENDING_KEY)).toBe(true);
    profile.restart();
    await wallet.unlock(PASSWORD);
    await vi.waitFor(() => expect(profile.session.texts.has(PENDING_KEY)).toBe(false));
    expect((await rows()).map(said)).toEqual([['sign-in', ORIGIN, 'user.cancelled']]);
  });

  it('D26: leaves no origin in what a lock leaves on the disk, and what waits is gone with the browser', async () => {
    await signedIn();
    await settled();
    await wallet.lock();
    await profile.call('wallet.reject', { request: await asked('https://shop.example') });
    await settled();
    const waiting = Buffer.from(profile.session.texts.get(PENDING_KEY) ?? '', 'base64url').toString();
    expect(waiting).toContain('shop.example');
    const stored = [...profile.local.texts.values(), ...(await profile.store().heads())].join('\n');
    expect(stored).not.toMatch(/bank\.example|shop\.example/);
  });

  it('is written once where two windows and the background write at the same time', async () => {
    await Promise.all([asked('https://a.example'), asked('https://b.example')]);
    const all = (await profile.background.requests.list()).map(({ id }) => id);
    await Promise.all(all.map((request) => profile.call('wallet.reject', { request })));
    const other = profile.restart();
    await Promise.all([settled(), other.ports.history.flush(), wallet.label([])]);
    expect((await rows()).map(({ origin }) => origin).sort()).toEqual(['https://a.example', 'https://b.example']);
  });

  it('makes no rows anew: those of before count for the new state', async () => {
    await wallet.rows();
    await signedIn();
    await settled();
    const choice = await profile.store().choice();
    expect(await profile.sessions().rows(choice.state === 'ready' ? choice.head.gen : 0)).toBeTypeOf('string');
  });

  it('is noted of its site: when it was used last, and with which certificate', async () => {
    await signedIn();
    await settled();
    const { listKey } = await profile.sessions().require();
    const store = profile.store();
    const choice = await store.choice();
    if (choice.state !== 'ready') throw new Error(choice.state);
    const { sites } = await openSettings(store, choice.head, listKey);
    expect(sites).toEqual([{ origin: ORIGIN, item: await idOf(), preset: null, used: NOW, blocked: false }]);
    expect(await openHistory(store, choice.head, listKey)).toHaveLength(1);
  });
});

describe('acts of our own windows', () => {
  beforeEach(async () => {
    profile = new Profile();
    profile.notesActs = true;
    wallet = await walletWith(profile, PERSON);
  });

  const acts = async (): Promise<unknown> => {
    await vi.waitFor(() => expect(profile.session.texts.has(PENDING_KEY)).toBe(false));
    return (await rows()).map(({ act, certificate, released }) => [act, certificate, released]);
  };

  it('stand there with their certificates and what went out', async () => {
    const id = await idOf();
    profile.now += 1;
    const made = await wallet.backup.make();
    await wallet.backup.noteSaved(made);
    profile.now += 1;
    await wallet.exportFiles({ ids: [id], form: 'certificate', withKm: false, filePassword: '', walletPassword: PASSWORD }, quietly());
    profile.now += 1;
    await wallet.basket.move([id]);
    profile.now += 1;
    await wallet.basket.putBack([id]);
    expect(await acts()).toEqual([
      ['put-back', id, []],
      ['delete', id, []],
      ['export', id, ['private-key']],
      ['backup', null, ['private-key']],
      ['import', id, []],
    ]);
  });

  it('that failed do not', async () => {
    await codeOf(async () => wallet.basket.purge([await idOf()], PASSWORD));
    await codeOf(async () => wallet.checkIdentity(await idOf(), '8001011234567', 'not it'));
    expect(await acts()).toEqual([['import', await idOf(), []]]);
  });

  it('with more certificates than can wait leave the newest', async () => {
    const session = await wallet.inspect(folderOf(fixture(PERSON)), quietly());
    session.discard();
    await wallet.lock();
    const pending = profile.pending();
    const entry = (at: number): HistoryEntry => ({ at, origin: '', purpose: 'import', item: null, documents: [], released: [], result: 'done' });
    await pending.put(Array.from({ length: PENDING_MAX + 5 }, (_, at) => entry(at)));
    expect((await pending.list()).map(({ at }) => at)).toEqual(Array.from({ length: PENDING_MAX }, (_, nth) => nth + 5));
  });
});

describe('a site that is blocked', () => {
  const PHISH = 'https://bank.examp1e';
  const forbidden = (): Promise<string> => codeOf(() => asked(PHISH));

  async function block(origin: string): Promise<void> {
    const approval = profile.approval(await asked(origin));
    await approval.request();
    await approval.block();
  }

  it.each(['open', 'locked'])(
    'in the window of a request, with the wallet %s, is refused before any window opens, and nobody else is',
    async (state) => {
      if (state === 'locked') await wallet.lock();
      await block(PHISH);
      expect(profile.delivered.at(-1)).toMatchObject({ error: { code: 'user.cancelled' } });
      const windows = profile.open.size;
      expect(await forbidden()).toBe('request.forbidden');
      expect([profile.open.size, await profile.background.requests.list()]).toEqual([windows, []]);
      profile.restart();
      expect(await forbidden()).toBe('request.forbidden');
      expect(await asked('https://other.example')).not.toBe('');
    },
  );

  it('ends what else it asked', async () => {
    await asked(PHISH);
    await asked('https://other.example');
    await block(PHISH);
    expect((await profile.background.requests.list()).map(({ asker: { origin } }) => origin)).toEqual(['https://other.example']);
  });

  it('stands in the sealed notes from the next opening on, and in the history', async () => {
    await wallet.lock();
    await block(PHISH);
    await settled();
    await wallet.unlock(PASSWORD);
    await vi.waitFor(() => expect(profile.session.texts.has(PENDING_KEY)).toBe(false));
    expect((await rows()).map(said)).toContainEqual(['block', PHISH, 'done']);
    const { sites } = await new Door(profile.background.ports as never).settings();
    expect(sites.filter(({ blocked }) => blocked).map(({ origin }) => origin)).toEqual([PHISH]);
  });

  it('is blocked too where the owner keeps no history', async () => {
    await wallet.history.setRetention(0);
    await block(PHISH);
    expect(await rows()).toEqual([]);
    expect((await new Door(profile.background.ports as never).settings()).sites).toMatchObject([{ origin: PHISH, blocked: true, used: 0 }]);
  });

  it('D26: leaves no name of itself on the disk that a locked wallet shows', async () => {
    await block(PHISH);
    await settled();
    await wallet.lock();
    const marks = await blockDatabase(profile.indexedDb).read();
    const stored = [marks, ...profile.local.texts.values(), ...(await profile.store().heads())].join('\n');
    expect(stored).not.toContain('examp1e');
    expect(marks?.split(' ')).toHaveLength(2);
  });

  it('is of the wallet that is erased, as what waits for its history is', async () => {
    await wallet.lock();
    await block(PHISH);
    await settled();
    await wallet.unlock(PASSWORD);
    await profile.pending().put([{ at: 1, origin: PHISH, purpose: 'sign-in', item: null, documents: [], released: [], result: 'done' }]);
    await wallet.settings.erase({ syncCopy: false });
    expect([await profile.blocked().has(PHISH), await profile.pending().list()]).toEqual([false, []]);
  });

  it('comes back blocked with a backup, in a profile that never met it', async () => {
    await block(PHISH);
    await settled();
    const file = new Blob([(await wallet.backup.make()).bytes]);
    const fresh = new Profile();
    const other = fresh.wallet();
    await other.create(PASSWORD, 'tiger');
    await (await other.restore.open(file, PASSWORD)).restore([], PASSWORD);
    await vi.waitFor(async () => expect(await fresh.blocked().has(PHISH)).toBe(true));
  });
});

describe('the site in the window of a request', () => {
  it('was met before where it was used, and offers what was used there first', async () => {
    const request = async (): Promise<string> => {
      const approval = profile.approval(await asked());
      const { siteClass, id } = await approval.request();
      await profile.call('wallet.reject', { request: id });
      return siteClass;
    };
    expect(await request()).toBe('first');
    await signedIn();
    await settled();
    expect(await request()).toBe('known');
    await wallet.lock();
    expect(await request()).toBe('first');
  });
});

describe('the history as its owner keeps it', () => {
  const keep = (): Promise<void> => profile.background.ports.history.keep();

  it('loses what is taken out, and all of it where all is to go', async () => {
    await signedIn();
    profile.now += 1;
    await signedIn('https://tax.example');
    const [last] = await rows();
    await wallet.history.remove([last?.key ?? '']);
    expect((await rows()).map(({ origin }) => origin)).toEqual([ORIGIN]);
    await wallet.history.clear();
    expect(await wallet.history.read()).toEqual({ rows: [], unreadable: 0, unwritten: 0 });
  });

  it('goes after two years, looked for once a day', async () => {
    await signedIn();
    for (const [days, count] of [
      [40, 1],
      [729, 1],
      [731, 0],
    ] as const) {
      profile.now = NOW + days * DAY;
      // The wallet was used meanwhile, so that the clock did not jump.
      await wallet.unlock(PASSWORD);
      await wallet.backup.setRule('week');
      profile.now += DAY;
      await wallet.unlock(PASSWORD);
      await keep();
      expect((await wallet.history.read()).rows).toHaveLength(count);
    }
  });

  it('stays where the clock jumped, and where the settings do not open', async () => {
    await signedIn();
    await settled();
    profile.now = NOW + 800 * DAY;
    await wallet.unlock(PASSWORD);
    await keep();
    expect((await wallet.history.read()).rows).toHaveLength(1);
  });

  it('is kept for as long as its owner says, and not at all where they say so', async () => {
    await signedIn();
    expect([await wallet.history.retention(), (await rows()).length]).toEqual([730, 1]);
    await wallet.history.setRetention(0);
    expect([await wallet.history.retention(), (await rows()).length]).toEqual([0, 0]);
    await signedIn();
    expect(await rows()).toEqual([]);
    expect(await wallet.history.read()).toMatchObject({ unwritten: 0 });
    await wallet.history.setRetention(365);
    await signedIn();
    expect(await rows()).toHaveLength(1);
  });

  it('is hidden while the wallet is locked', async () => {
    await signedIn();
    await wallet.lock();
    for (const read of [() => wallet.history.read(), () => wallet.history.usedAt('x'), () => wallet.history.retention()])
      expect(await codeOf(read)).toBe('vault.locked');
  });

  it('comes back with a backup into a fresh profile, under the new names of its certificates, and once', async () => {
    await signedIn();
    await settled();
    const file = new Blob([(await wallet.backup.make()).bytes]);
    const fresh = new Profile();
    const other = fresh.wallet();
    await other.create(PASSWORD, 'tiger');
    for (let nth = 0; nth < 2; nth++) {
      const restoring = await other.restore.open(file, PASSWORD);
      await restoring.restore(
        restoring.rows.map(({ id }) => id),
        PASSWORD,
      );
      restoring.discard();
    }
    const [row] = await other.rows();
    expect((await other.history.read()).rows).toMatchObject([{ origin: ORIGIN, certificate: row?.id }]);
    expect(await other.history.usedAt(row?.id ?? '')).toEqual([{ origin: ORIGIN, last: NOW, count: 1 }]);
  });
});

describe('the places where a certificate was used', () => {
  const use = (at: number, changes: Partial<HistoryEntry> = {}): HistoryEntry => {
    return { at, origin: ORIGIN, purpose: 'sign-in', item: 'a', documents: [], released: [], result: 'done', ...changes };
  };

  it('are told with the last time and how often, the last first', () => {
    const entries = [use(3), use(9, { origin: 'https://tax.example' }), use(5), use(1)];
    expect(usesOf(entries, 'a')).toEqual([
      { origin: 'https://tax.example', last: 9, count: 1 },
      { origin: ORIGIN, last: 5, count: 3 },
    ]);
  });

  it.each<[string, Partial<HistoryEntry>]>([
    ['another certificate was used', { item: 'b' }],
    ['nothing was signed', { result: 'user.cancelled' }],
    ['it was in a window of ours', { origin: '' }],
  ])('are none where %s', (_, changes) => {
    expect(usesOf([use(1, changes)], 'a')).toEqual([]);
  });
});
