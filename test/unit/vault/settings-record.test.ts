import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../lib/bytes/text.ts';
import {
  fitsHistoryPage,
  openHistoryRecord,
  readHistoryPage,
  sealHistoryPage,
  writeHistoryPage,
  type HistoryEntry,
} from '../../../lib/vault/history-page.ts';
import { importSecret } from '../../../lib/vault/keys.ts';
import { saveItems } from '../../../lib/vault/save.ts';
import { sealRecord } from '../../../lib/vault/seal-record.ts';
import { openSettings, saveSettings, settingsEntry, type SettingsChange } from '../../../lib/vault/settings-record.ts';
import {
  BACKUP_RULES,
  DEFAULT_SETTINGS,
  HISTORY_DAYS,
  LOCK_MINUTES,
  readSettings,
  writeSettings,
  type PrivateSettings,
} from '../../../lib/vault/settings-text.ts';
import { attempt } from './carried-support.ts';
import { APP, codeOf, item, makeWallet, newId, NOW, random, save, type Wallet } from './support.ts';

const full: PrivateSettings = {
  lockMinutes: 15,
  backup: { rule: 'week', at: NOW, gen: 7 },
  sites: [
    { origin: 'https://bank.example', item: newId(), preset: newId(), used: NOW, blocked: false },
    { origin: 'http://localhost:4000', item: null, preset: null, used: 0, blocked: true },
  ],
  revocation: { daily: true, renewal: false },
  guides: [
    {
      item: newId(),
      places: [
        { sort: 'known', name: 'hometax', done: NOW, note: '사업자 번호로', off: false },
        { sort: 'site', name: 'bank.example:8443', done: null, note: '', off: true },
        { sort: 'own', name: '우리 동네 도서관', done: null, note: '', off: false },
      ],
      tried: NOW,
      proved: null,
      later: NOW,
      ended: null,
    },
  ],
  historyDays: 180,
  passkeys: [{ sid: newId(), name: '회사 노트북' }],
  sync: { on: true, items: [newId()], last: 'A'.repeat(43), pending: '', at: NOW },
};

const jsonOf = (settings: PrivateSettings): Record<string, unknown> =>
  JSON.parse(Buffer.from(writeSettings(settings)).toString()) as Record<string, unknown>;

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, canonical(inner)]),
  );
}

const withPlaces = (fields: object, places: readonly object[]): object => ({ ...fields, guides: [{ item: newId(), places }] });
const readJson = (fields: object): Promise<PrivateSettings> => attempt(() => readSettings(utf8(JSON.stringify(canonical(fields)))));
const change = ({ store, head, listKey }: Wallet, settings: PrivateSettings): SettingsChange => {
  return { store, head, listKey, now: NOW + 1, app: APP, random, change: () => settings };
};

describe('the text of the settings', () => {
  test('comes back as it was', () => {
    for (const settings of [DEFAULT_SETTINGS, full]) expect(readSettings(writeSettings(settings))).toEqual(settings);
  });

  test('comes back as it was, whatever it holds', () => {
    const id = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((octets) => Buffer.from(octets).toString('base64url'));
    const time = fc.integer({ min: 0, max: 8_640_000_000_000_000 });
    const maybe = fc.option(time, { nil: null });
    const places = fc.uniqueArray(
      fc.record({
        sort: fc.constantFrom('own' as const),
        name: fc.stringMatching(/^[가-힣a-z ]{1,40}$/),
        done: maybe,
        note: fc.stringMatching(/^[가-힣a-z ]{0,100}$/),
        off: fc.boolean(),
      }),
      { maxLength: 10, selector: ({ name }) => name },
    );
    const origin = fc.webUrl().map((url) => new URL(url).origin);
    const site = fc.record({ origin, item: fc.option(id, { nil: null }), preset: fc.option(id, { nil: null }), used: time, blocked: fc.boolean() });
    const settings = fc.record({
      lockMinutes: fc.constantFrom(...LOCK_MINUTES),
      backup: fc.record({ rule: fc.constantFrom(...BACKUP_RULES), at: time, gen: fc.integer({ min: 0, max: 2 ** 48 - 1 }) }),
      sites: fc.uniqueArray(site, { maxLength: 20, selector: ({ origin }) => origin }),
      historyDays: fc.constantFrom(...HISTORY_DAYS),
      revocation: fc.record({ daily: fc.boolean(), renewal: fc.boolean() }),
      guides: fc.uniqueArray(fc.record({ item: id, places, tried: maybe, proved: maybe, later: maybe, ended: maybe }), {
        maxLength: 6,
        selector: ({ item: one }) => one,
      }),
      passkeys: fc.uniqueArray(fc.record({ sid: id, name: fc.stringMatching(/^[가-힣a-z ]{1,64}$/) }), { maxLength: 8, selector: ({ sid }) => sid }),
      sync: fc.record({ on: fc.boolean(), items: fc.uniqueArray(id, { maxLength: 20 }), last: fc.constant(''), pending: fc.constant(''), at: time }),
    });
    fc.assert(
      fc.property(settings, (one) => {
        expect(readSettings(writeSettings(one))).toEqual(one);
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  test.each<[string, (fields: Record<string, unknown>) => object]>([
    ['a field that nobody knows', (fields) => ({ ...fields, extra: 1 })],
    ['no sites', (fields) => Object.fromEntries(Object.entries(fields).filter(([key]) => key !== 'sites'))],
    ['a site blocked twice over', (fields) => ({ ...fields, sites: [{ origin: 'https://a.example', used: 0, blocked: 2 }] })],
    ['a history of three days', (fields) => ({ ...fields, history: 3 })],
    ['three minutes', (fields) => ({ ...fields, lock: 3 })],
    ['minutes as text', (fields) => ({ ...fields, lock: '5' })],
    ['an origin that is a script', (fields) => ({ ...fields, sites: [{ origin: 'javascript:alert(1)', used: 0 }] })],
    ['one origin twice', (fields) => ({ ...fields, sites: [1, 2].map(() => ({ origin: 'https://a.example', used: 0 })) })],
    ['301 sites', (fields) => ({ ...fields, sites: Array.from({ length: 301 }, (_, n) => ({ origin: `https://a${n}.example`, used: 0 })) })],
    ['401 guides', (fields) => ({ ...fields, guides: Array.from({ length: 401 }, () => ({ item: newId(), places: [] })) })],
    ['a choice of revocation that is none', (fields) => ({ ...fields, revocation: { daily: 2, renewal: 0 } })],
    ['guides that are none', (fields) => ({ ...fields, guides: [] })],
    ['two guides of one item', (fields) => ({ ...fields, guides: [1, 2].map(() => ({ item: 'A'.repeat(22), places: [] })) })],
    [
      '41 places',
      (fields) =>
        withPlaces(
          fields,
          Array.from({ length: 41 }, (_, n) => ({ sort: 'own', name: `p${n}` })),
        ),
    ],
    [
      'one place twice',
      (fields) =>
        withPlaces(
          fields,
          [1, 2].map(() => ({ sort: 'own', name: 'a' })),
        ),
    ],
    ['a place of a fourth sort', (fields) => withPlaces(fields, [{ sort: 'other', name: 'a' }])],
    ['a site that is a script', (fields) => withPlaces(fields, [{ sort: 'site', name: 'javascript:alert(1)' }])],
    ['a place with a line feed', (fields) => withPlaces(fields, [{ sort: 'own', name: 'a\nb' }])],
    ['a note that is empty', (fields) => withPlaces(fields, [{ sort: 'own', name: 'a', note: '' }])],
    ['a name with a line feed', (fields) => ({ ...fields, passkeys: [{ sid: newId(), name: 'a\nb' }] })],
    ['a name of 65 characters', (fields) => ({ ...fields, passkeys: [{ sid: newId(), name: 'a'.repeat(65) }] })],
    ['an id of another size', (fields) => ({ ...fields, passkeys: [{ sid: 'AAAA', name: 'a' }] })],
    ['a rule that is none', (fields) => ({ ...fields, backup: { rule: 'never', at: 0, gen: 0 } })],
    ['a time that is no integer', (fields) => ({ ...fields, backup: { rule: 'off', at: 0.5, gen: 0 } })],
    ['a switch of two', (fields) => ({ ...fields, sync: { on: 2, items: [], last: '', pending: '', at: 0 } })],
  ])('with %s is damage', async (_, alter) => {
    expect(await codeOf(readJson(alter(jsonOf(full))))).toBe('vault.damaged');
  });

  test('of a later version is told as such, and no text at all is damage', async () => {
    expect(await codeOf(readJson({ v: 2, anything: 1 }))).toBe('vault.newer-version');
    expect(await codeOf(attempt(() => readSettings(new Uint8Array([0xff, 0xfe]))))).toBe('vault.damaged');
  });
});

async function withSettingsText(text: string): Promise<Wallet> {
  const wallet = await makeWallet();
  const id = newId();
  const sealed = await sealRecord(await importSecret(wallet.listKey), 'G', { vid: wallet.head.vid, id, g: 2 }, utf8(text), random);
  const others = [{ entry: { id, k: 'G' as const, g: 2, sum: sealed.slice(-22) }, record: { id, g: 2, text: sealed } }];
  return { ...wallet, head: await saveItems({ ...wallet, now: NOW + 1, app: APP, random, put: [], remove: [], others }) };
}

describe('the settings record', () => {
  test('is not there at first, and the defaults hold', async () => {
    const { store, head, listKey } = await makeWallet();
    expect(await openSettings(store, head, listKey)).toEqual(DEFAULT_SETTINGS);
  });

  test('is written once and then replaced under its id; items stay', async () => {
    const wallet = await makeWallet();
    const head = await save(wallet, [item(newId())]);
    const first = await saveSettings(change({ ...wallet, head }, full));
    const second = await saveSettings(change({ ...wallet, head: first }, { ...full, lockMinutes: 60 }));
    expect(settingsEntry(second)?.id).toBe(settingsEntry(first)?.id);
    expect(second.items.map(({ k }) => k).sort()).toEqual(['G', 'I']);
    expect((await openSettings(wallet.store, second, wallet.listKey)).lockMinutes).toBe(60);
  });

  test('that our own reader would refuse is not written', async () => {
    const wallet = await makeWallet();
    const bad = { ...full, passkeys: [{ sid: newId(), name: '' }] };
    expect(await codeOf(saveSettings(change(wallet, bad)))).toBe('vault.damaged');
    expect(await wallet.store.heads()).toEqual([wallet.head.text]);
  });

  test('that is damaged can be made anew from the defaults', async () => {
    const wallet = await withSettingsText('{}');
    expect(await codeOf(saveSettings(change(wallet, full)))).toBe('vault.damaged');
    const mended = await saveSettings({ ...change(wallet, full), fromDefaults: true });
    expect(await openSettings(wallet.store, mended, wallet.listKey)).toEqual(full);
  });

  test('G8: of a later version is never replaced', async () => {
    const wallet = await withSettingsText('{"v":2}');
    for (const fromDefaults of [false, true]) {
      expect(await codeOf(saveSettings({ ...change(wallet, full), fromDefaults }))).toBe('vault.newer-version');
    }
    expect((await wallet.store.heads())[0]).toBe(wallet.head.text);
  });
});

const entry = (changes: Partial<HistoryEntry> = {}): HistoryEntry => ({
  at: NOW,
  origin: 'https://bank.example',
  purpose: 'sign',
  item: newId(),
  documents: [{ title: '이체 확인', size: 812, digest: 'A'.repeat(43) }],
  released: ['certificate'],
  result: 'done',
  ...changes,
});

describe('a page of the history', () => {
  test('comes back as it was', () => {
    const page = [entry(), entry({ origin: '', item: null, documents: [], released: [], purpose: 'export', result: 'user.cancelled' })];
    expect(readHistoryPage(writeHistoryPage(page))).toEqual(page);
  });

  test('is sealed like an item', async () => {
    const { head, listKey } = await makeWallet();
    const secret = await importSecret(listKey);
    const sealed = await sealHistoryPage(secret, head, newId(), [entry()], random);
    expect(Buffer.from(sealed.record.text.split('.')[3] ?? '', 'base64url').includes('bank.example')).toBe(false);
    expect(await openHistoryRecord(secret, head.vid, sealed.entry, sealed.record.text)).toHaveLength(1);
    expect(await codeOf(openHistoryRecord(secret, head.vid, { ...sealed.entry, k: 'G' }, sealed.record.text))).toBe('vault.damaged');
  });

  test.each<[string, HistoryEntry[]]>([
    ['201 entries', Array.from({ length: 201 }, () => entry())],
    ['101 documents', [entry({ documents: Array.from({ length: 101 }, () => ({ title: 'a', size: 1, digest: 'A'.repeat(43) })) })]],
    ['a title of two lines', [entry({ documents: [{ title: 'a\nb', size: 1, digest: 'A'.repeat(43) }] })]],
    ['a digest cut short', [entry({ documents: [{ title: 'a', size: 1, digest: 'A' }] })]],
    ['a purpose in capitals', [entry({ purpose: 'SIGN' })]],
    ['an origin that is a file', [entry({ origin: 'file:///etc/passwd' })]],
  ])('with %s is refused', async (_, page) => {
    expect(await codeOf(attempt(() => readHistoryPage(writeHistoryPage(page))))).toBe('vault.damaged');
  });

  test('says when another page is due', () => {
    expect(fitsHistoryPage(Array.from({ length: 200 }, () => entry()))).toBe(true);
    expect(fitsHistoryPage(Array.from({ length: 201 }, () => entry()))).toBe(false);
    const long = entry({ documents: Array.from({ length: 20 }, () => ({ title: '가'.repeat(200), size: 1, digest: 'A'.repeat(43) })) });
    expect(fitsHistoryPage(Array.from({ length: 10 }, () => long))).toBe(false);
  });
});
