import { beforeEach, describe, expect, it } from 'vitest';
import { readHead, type HeadItem } from '../../../lib/vault/head.ts';
import { badgeOf } from '../../../lib/wallet/badge.ts';
import { watchedKey } from '../../../lib/wallet/expiry.ts';
import { readNoticeMemory, writeNoticeMemory } from '../../../lib/wallet/notice-memory.ts';
import { revocationDatabase } from '../../../lib/platform/revocation-store.ts';
import { noticeName, pathOfNotice } from '../../../lib/wallet/notice-link.ts';
import type { CertificateRow } from '../../../lib/wallet/model.ts';
import type { RevocationWord } from '../../../lib/wallet/revocation-api.ts';
import { NO_NOTES, writeRevocationNotes } from '../../../lib/wallet/revocation-notes.ts';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import { codeOf, fixture } from '../../support/npki-fixtures.ts';
import { withFields } from '../vault/support.ts';
import { folderOf, FIXTURE_PASSWORD, PASSWORD, Profile, quietly, walletWith } from './profile.ts';

const DAY = 86_400_000;
const ID = 'personal-bank-sha1seed';
const END = Date.parse(fixture(ID).notAfter);

let profile: Profile;
let wallet: Wallet;
let id: string;

/** A wallet that took its certificates in long before they end, and is locked since. */
async function lockedWith(...ids: readonly string[]): Promise<void> {
  profile = new Profile();
  profile.now = END - 100 * DAY;
  wallet = await walletWith(profile, ...ids);
  await profile.look();
  await wallet.lock();
  id = (await headItems()).find(({ k }) => k === 'I')?.id ?? '';
}

async function headItems(): Promise<readonly HeadItem[]> {
  const [newest = ''] = await profile.store().heads();
  return (await readHead(newest)).items;
}

/** The background wakes so many days before the end of the first fixture. */
async function lookAt(daysLeft: number): ReturnType<Profile['look']> {
  profile.now = END - daysLeft * DAY;
  profile.restart();
  return profile.look();
}

/** Puts another head into the primary copy, and into the mirror where `both`. */
async function forgeEnds(change: (item: HeadItem) => object, both = false): Promise<void> {
  const { primary, mirror } = profile.store();
  const [text = ''] = await primary.heads();
  const head = await readHead(text);
  const forged = withFields(text, { items: head.items.map((item) => ({ ...item, ...change(item) })) });
  for (const engine of both ? [primary, mirror] : [primary]) {
    await engine.replace({ gen: head.gen, head: forged, records: [], marker: (await engine.marker()) ?? '' }, false);
  }
}

beforeEach(() => lockedWith(ID));

describe('a locked wallet', () => {
  it('D26, story 15: gives one notice at D-30, with count and date and no name, and a badge', async () => {
    expect([await lookAt(31), profile.badge]).toEqual([[], { about: 'nothing' }]);
    expect(await lookAt(30)).toEqual([{ ids: [id], expired: 0, expiring: 1, nearest: END }]);
    expect(profile.badge).toEqual({ about: 'days', n: 30 });
    expect([await lookAt(30), await lookAt(29)]).toEqual([[], []]);
    expect(JSON.stringify(profile.notices)).not.toContain('홍길동');
    expect(pathOfNotice(profile.notices[0]?.name ?? '')).toBe(`#/renew/${id}`);
  });

  it('story 16: off from D-8 to D-2 gives one notice, for D-2', async () => {
    await lookAt(30);
    await lookAt(15);
    const before = profile.notices.length;
    await lookAt(8);
    expect(await lookAt(2)).toEqual([{ ids: [id], expired: 0, expiring: 1, nearest: END }]);
    expect(profile.notices).toHaveLength(before + 1);
    expect(profile.badge).toEqual({ about: 'last-days', n: 2 });
  });

  it('says once that it has ended, and marks the icon', async () => {
    await lookAt(0);
    expect(await lookAt(-1)).toEqual([{ ids: [id], expired: 1, expiring: 0, nearest: null }]);
    expect(profile.badge).toEqual({ about: 'ended' });
    expect(await lookAt(-2)).toEqual([]);
  });

  it('remembers a notice before it is shown, and shows none that it cannot remember', async () => {
    await lookAt(30);
    expect(
      readNoticeMemory(profile.remembered)
        .shown.told.get(watchedKey({ id, notAfter: END }))
        ?.get(30),
    ).toBeTypeOf('number');
    const { open } = profile.indexedDb;
    profile.indexedDb.open = (name, version) => {
      if (name === 'dojang-notices') throw new DOMException('no', 'UnknownError');
      return open.call(profile.indexedDb, name, version);
    };
    expect(await lookAt(15)).toEqual([]);
    profile.indexedDb.open = open;
    expect(await lookAt(14), 'tried again at the next wake').toHaveLength(1);
  });

  it('asks for one alarm a day, at each wake anew', async () => {
    const first = profile.daily.get('notices');
    await lookAt(20);
    expect([...profile.daily]).toEqual([['notices', first]]);
  });

  it('looks once where the alarm itself woke it, and reads what it remembers once', async () => {
    let opened = 0;
    const { open } = profile.indexedDb;
    profile.indexedDb.open = (name, version) => {
      if (name === 'dojang-notices') opened++;
      return open.call(profile.indexedDb, name, version);
    };
    const { notices } = profile.background;
    await Promise.all([notices.check(), notices.check()]);
    expect(opened).toBe(1);
    await notices.check();
    expect(opened).toBe(2);
  });

  it('D22: ten years ahead says once that it has ended, and the ladder is there when the clock comes back', async () => {
    await lookAt(60);
    expect(await lookAt(60 - 3650)).toMatchObject([{ expired: 1 }]);
    expect(await lookAt(60 - 3651)).toEqual([]);
    const days: number[] = [];
    for (let day = 59; day >= -2; day--) if ((await lookAt(day)).length > 0) days.push(day);
    expect(days).toEqual([30, 15, 7, 3, 1, 0, -1]);
  });

  it('D22: a year back shows nothing, neither then nor again', async () => {
    await lookAt(30);
    await lookAt(15);
    expect([await lookAt(380), await lookAt(16), await lookAt(15)]).toEqual([[], [], []]);
    expect(await lookAt(7)).toHaveLength(1);
  });

  it('that does not start tells nothing, and forgets nothing of what was told', async () => {
    await lookAt(30);
    const { primary, mirror } = profile.store();
    const [text = ''] = await primary.heads();
    const state = { gen: 1, head: text, records: [], marker: (await primary.marker()) ?? '' };
    for (const engine of [primary, mirror]) await engine.replace({ ...state, head: 'spoilt' }, false);
    expect([await lookAt(14), profile.badge]).toEqual([[], { about: 'nothing' }]);
    for (const engine of [primary, mirror]) await engine.replace(state, false);
    expect(await lookAt(29)).toEqual([]);
  });
});

describe('an open wallet', () => {
  it('tells nothing of rungs that were behind when a certificate came in, and goes on from there', async () => {
    await wallet.unlock(PASSWORD);
    profile.now = END - 10 * DAY;
    await wallet.unlock(PASSWORD);
    const session = await wallet.inspect(folderOf(fixture('business-etax')), quietly());
    await session.tryPassword(FIXTURE_PASSWORD);
    await session.store(
      session.candidates.map(({ key }) => key),
      PASSWORD,
    );
    const [notice] = await profile.look();
    expect(notice?.ids ?? []).not.toContain((await wallet.rows()).find(({ id: one }) => one !== id)?.id);
  });

  it('D26: says so where the dates that were told while it was locked are others than the certificates\u2019', async () => {
    await forgeEnds(({ na }) => (na === undefined ? {} : { na: 1 }));
    expect(await lookAt(90), 'a forged date can do no more than this').toMatchObject([{ expired: 1 }]);
    wallet = profile.wallet();
    await wallet.unlock(PASSWORD);
    expect((await wallet.status()).notice).toBe('other-dates');
    expect((await headItems()).find((item) => item.id === id)?.na).toBe(END / 1000);
    expect(await lookAt(29)).toMatchObject([{ expiring: 1 }]);
  });

  it('D26: does not open where every head has forged dates', async () => {
    await forgeEnds(({ na }) => (na === undefined ? {} : { na: 1 }), true);
    expect(await codeOf(() => profile.wallet().unlock(PASSWORD))).toBe('vault.changed');
  });

  it('says nothing of dates where they are right', async () => {
    await wallet.unlock(PASSWORD);
    expect((await wallet.status()).notice).toBeNull();
  });
});

describe('what is left out of the index', () => {
  const rowOf = async (one: string): Promise<CertificateRow | undefined> => (await wallet.rows()).find(({ id: other }) => other === one);

  beforeEach(() => wallet.unlock(PASSWORD));

  it('a muted certificate, until it is heard of again', async () => {
    await wallet.notices.mute([id], true);
    expect(await rowOf(id)).toMatchObject({ muted: true });
    expect(await lookAt(3)).toEqual([]);
    expect([profile.badge, await wallet.notices.ending()]).toMatchObject([{ about: 'nothing' }, { ids: [] }]);
    await wallet.unlock(PASSWORD);
    await wallet.notices.mute([id], false);
    await profile.look();
    expect(profile.badge).toEqual({ about: 'last-days', n: 3 });
    expect(await lookAt(1)).toMatchObject([{ ids: [id] }]);
  });

  it.each<[RevocationWord['state'], number]>([
    ['revoked', 0],
    ['on-hold', 1],
    ['good', 1],
  ])('one that its authority called %s: %i is told of and counted', async (state, told) => {
    const since = state === 'good' ? null : END - 50 * DAY;
    const word: RevocationWord = { state, at: END - 40 * DAY, source: 'ocsp', since, reason: state === 'on-hold' ? 'certificateHold' : null };
    await revocationDatabase(profile.indexedDb).write(writeRevocationNotes({ ...NO_NOTES, notes: new Map([[id, { word, failed: null }]]) }));
    expect(await lookAt(3)).toHaveLength(told);
    expect(profile.badge).toEqual(told === 0 ? { about: 'nothing' } : { about: 'last-days', n: 3 });
    expect((await wallet.notices.ending()).ids).toEqual(told === 0 ? [] : [id]);
  });

  it('none where what authorities said does not read', async () => {
    await revocationDatabase(profile.indexedDb).write('spoilt');
    expect([await lookAt(3), profile.badge]).toMatchObject([[{ ids: [id] }], { about: 'last-days', n: 3 }]);
    const { open } = profile.indexedDb;
    profile.indexedDb.open = (name, version) => {
      if (name === 'dojang-revocation') throw new DOMException('no', 'UnknownError');
      return open.call(profile.indexedDb, name, version);
    };
    expect([await lookAt(1), profile.badge]).toMatchObject([[{ ids: [id] }], { about: 'last-days', n: 1 }]);
    expect((await wallet.notices.ending()).ids).toEqual([id]);
  });

  it('a deleted one, and one that is put back is in it as it was', async () => {
    await wallet.notices.mute([id], true);
    await wallet.basket.move([id]);
    await wallet.basket.putBack([id]);
    expect((await headItems()).find((item) => item.id === id)).toMatchObject({ k: 'I' });
    expect((await headItems()).find((item) => item.id === id)?.na).toBeUndefined();
    await wallet.notices.mute([id], false);
    await wallet.basket.move([id]);
    expect(await lookAt(3)).toEqual([]);
    await wallet.unlock(PASSWORD);
    await wallet.basket.putBack([id]);
    expect((await headItems()).find((item) => item.id === id)?.na).toBe(END / 1000);
  });

  it('one that a newer of the same holder and authority replaced, for as long as that one is here', async () => {
    wallet = await walletWith((profile = new Profile()), 'renewal-old');
    const [old] = await wallet.rows();
    const naOf = async (one = ''): Promise<number | undefined> => (await headItems()).find((item) => item.id === one)?.na;
    expect(await naOf(old?.id)).toBe((old?.notAfter ?? 0) / 1000);
    const session = await wallet.inspect(folderOf(fixture('renewal-new')), quietly());
    await session.tryPassword(fixture('renewal-new').password);
    await session.store(
      session.candidates.map(({ key }) => key),
      PASSWORD,
    );
    const rows = await wallet.rows();
    const newer = rows.find((row) => row.id !== old?.id);
    expect(rows.map(({ id: one, replacedBy }) => [one, replacedBy])).toEqual([
      [old?.id, newer?.id],
      [newer?.id, null],
    ]);
    expect([await naOf(old?.id), await naOf(newer?.id)]).toEqual([undefined, (newer?.notAfter ?? 0) / 1000]);
    await wallet.basket.move([newer?.id ?? '']);
    expect(await naOf(old?.id)).toBe((old?.notAfter ?? 0) / 1000);
  });
});

describe('a day that the owner chose', () => {
  beforeEach(() => wallet.unlock(PASSWORD));

  it('is told on that day, also while locked, and labels leave it alone', async () => {
    const day = END - 60 * DAY;
    await wallet.notices.remind(id, day);
    const [row] = await wallet.rows();
    const labels = { nickname: '주거래', group: '', note: '' };
    await wallet.label([{ id, seen: row!.labels, labels }]);
    expect((await headItems()).find((item) => item.id === id)).toMatchObject({ na: END / 1000, rem: Math.floor(day / 1000) });
    expect((await wallet.details(id)).remindAt).toBe(day);
    await wallet.lock();
    expect([await lookAt(61), (await lookAt(60)).length, await lookAt(59), (await lookAt(30)).length]).toEqual([[], 1, [], 1]);
  });

  it('goes when it is taken away', async () => {
    await wallet.notices.remind(id, END - 60 * DAY);
    await wallet.notices.remind(id, null);
    expect(await lookAt(60)).toEqual([]);
  });

  it.each([
    ['a day that is over', () => profile.now - DAY],
    ['a day after the end', () => END + DAY],
    ['no day', () => NaN],
  ])('is not %s', async (_, at) => {
    expect(await codeOf(() => wallet.notices.remind(id, at()))).toBe('request.malformed');
    expect(await codeOf(() => wallet.notices.remind('AAAAAAAAAAAAAAAAAAAAAA', END - DAY))).toBe('certificate.not-found');
  });
});

describe('the owner\u2019s settings', () => {
  it('start with notices on, the first 30 days before, and are kept over a restart', async () => {
    expect(await wallet.notices.settings()).toEqual({ on: true, first: 30 });
    await wallet.notices.change({ on: true, first: 60 });
    expect(await lookAt(61)).toEqual([]);
    expect(await lookAt(60)).toHaveLength(1);
    expect(await wallet.notices.settings()).toEqual({ on: true, first: 60 });
  });

  it('off: no notice and no badge, while our windows still tell; on again goes on from there', async () => {
    await wallet.notices.change({ on: false, first: 30 });
    expect([await lookAt(20), profile.badge]).toEqual([[], badgeOf({ signingMinutes: null, runsDue: false, daysLeft: null })]);
    expect(await wallet.notices.ending()).toMatchObject({ expiring: 1, daysLeft: 20 });
    await wallet.notices.change({ on: true, first: 30 });
    expect([profile.badge, profile.notices]).toEqual([{ about: 'days', n: 20 }, []]);
    expect(await lookAt(15)).toHaveLength(1);
  });

  it('are refused where they are none', async () => {
    for (const wrong of [null, {}, { on: 1, first: 30 }, { on: true, first: 31 }, { on: true, first: 30, more: 1 }]) {
      expect(await codeOf(() => profile.call('wallet.set-notices', wrong))).toBe('request.malformed');
    }
  });

  it('a trial notice tells of no certificate and leads to the settings', async () => {
    expect(await wallet.notices.tryOne()).toBe(true);
    expect(profile.notices).toMatchObject([{ notice: null }]);
    expect(pathOfNotice(profile.notices[0]?.name ?? '')).toBe('#/notices');
  });
});

describe('what the background remembers', () => {
  const id22 = `${'A'.repeat(22)}:1800000000`;
  const memory = {
    settings: { on: false, first: 60 },
    shown: {
      lastDay: 20_780,
      told: new Map([
        [
          id22,
          new Map([
            [30, 20_780],
            [-1, 20_811],
          ]),
        ],
      ]),
    },
    runs: new Map([[id22.slice(0, 22), 20_780]]),
  } as const;

  it('reads what it wrote', () => {
    expect(readNoticeMemory(writeNoticeMemory(memory))).toEqual(memory);
  });

  it.each([
    ['nothing', null],
    ['no JSON', 'told'],
    ['a list', '[]'],
    ['another version', writeNoticeMemory(memory).replace('"v":1', '"v":2')],
    ['an id that is none', writeNoticeMemory(memory).replace(id22, 'x')],
    ['a day that is none', writeNoticeMemory(memory).replace('20811', '"x"')],
    ['a rung that is none', writeNoticeMemory(memory).replace('"-1"', '"x"')],
    ['more than there is', writeNoticeMemory(memory).replace('"v":1', '"v":1,"w":1')],
    ['too much', ' '.repeat(2_000_000)],
  ])('starts afresh from %s', (_, text) => {
    expect(readNoticeMemory(text)).toEqual({ settings: { on: true, first: 30 }, shown: { lastDay: null, told: new Map() }, runs: new Map() });
  });
});

describe('a notice leads', () => {
  const one = 'B'.repeat(22);

  it.each([
    ['to the renewal of the only certificate it is about', noticeName({ ids: [one] }), `#/renew/${one}`],
    ['to the overview, of several', noticeName({ ids: [one, one] }), '#/overview'],
    ['nowhere, under a name that is none of ours', 'expiry/../../x', null],
  ])('%s', (_, name, path) => {
    expect(pathOfNotice(name)).toBe(path);
  });
});
