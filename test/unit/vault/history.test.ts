/** The history over its pages: adding, rolling over, taking out, and what stored pages of others can do. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../lib/bytes/text.ts';
import { appendHistory, HISTORY_PAGES_MAX, openHistory, removeHistory, type HistoryChange } from '../../../lib/vault/history.ts';
import { readHistoryPage, writeHistoryPage, type HistoryEntry } from '../../../lib/vault/history-page.ts';
import type { VaultHead } from '../../../lib/vault/head.ts';
import { importSecret } from '../../../lib/vault/keys.ts';
import { saveItems } from '../../../lib/vault/save.ts';
import { sealRecord } from '../../../lib/vault/seal-record.ts';
import { attempt } from './carried-support.ts';
import { APP, codeOf, makeWallet, newId, NOW, random, type Wallet } from './support.ts';

const entry = (at: number, changes: Partial<HistoryEntry> = {}): HistoryEntry => ({
  at,
  origin: 'https://bank.example',
  purpose: 'sign-in',
  item: null,
  documents: [],
  released: ['certificate'],
  result: 'done',
  ...changes,
});

const many = (from: number, count: number): HistoryEntry[] => Array.from({ length: count }, (_, nth) => entry(from + nth));
const change = ({ store, listKey }: Wallet, head: VaultHead): HistoryChange => ({ store, head, listKey, now: NOW + 1, app: APP, random });

async function times({ store, listKey }: Wallet, head: VaultHead): Promise<readonly (readonly number[] | null)[]> {
  return (await openHistory(store, head, listKey)).map(({ entries }) => entries?.map(({ at }) => at) ?? null);
}

const sizes = async (wallet: Wallet, head: VaultHead): Promise<readonly (number | undefined)[]> =>
  (await times(wallet, head)).map((page) => page?.length);

/** A page that opens under this wallet's keys and says something else. */
async function withPageOf(wallet: Wallet, head: VaultHead, text: string): Promise<VaultHead> {
  const [id, g] = [newId(), head.gen + 1];
  const sealed = await sealRecord(await importSecret(wallet.listKey), 'L', { vid: head.vid, id, g }, utf8(text), random);
  const others = [{ entry: { id, k: 'L' as const, g, sum: sealed.slice(-22) }, record: { id, g, text: sealed } }];
  return saveItems({ ...wallet, head, now: NOW + 1, app: APP, random, put: [], remove: [], others });
}

describe('adding to the history', () => {
  test('begins a page, goes on with it, and begins another after 200 entries', async () => {
    const wallet = await makeWallet();
    const first = await appendHistory(change(wallet, wallet.head), [entry(1)]);
    expect(await times(wallet, first)).toEqual([[1]]);
    const second = await appendHistory(change(wallet, first), many(2, 199));
    expect(await sizes(wallet, second)).toEqual([200]);
    const third = await appendHistory(change(wallet, second), [entry(201)]);
    expect(await sizes(wallet, third)).toEqual([200, 1]);
    expect((await times(wallet, third)).flat()).toEqual(many(1, 201).map(({ at }) => at));
  });

  test('spreads many over as many pages as they need, in one save', async () => {
    const wallet = await makeWallet();
    const head = await appendHistory(change(wallet, wallet.head), many(1, 450));
    expect([head.gen, await sizes(wallet, head)]).toEqual([wallet.head.gen + 1, [200, 200, 50]]);
  });

  test('begins a page sooner where long entries fill one', async () => {
    const wallet = await makeWallet();
    const documents = Array.from({ length: 20 }, () => ({ title: '가'.repeat(200), size: 1, digest: 'A'.repeat(43) }));
    const head = await appendHistory(
      change(wallet, wallet.head),
      many(1, 12).map((one) => ({ ...one, documents })),
    );
    const pages = await sizes(wallet, head);
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.reduce((sum: number, size) => sum + (size ?? 0), 0)).toBe(12);
  });

  test('writes nothing twice, and nothing where there is nothing', async () => {
    const wallet = await makeWallet();
    const head = await appendHistory(change(wallet, wallet.head), [entry(1), entry(2)]);
    expect(await appendHistory(change(wallet, head), [entry(2)])).toBe(head);
    expect(await appendHistory(change(wallet, head), [])).toBe(head);
    const other = await appendHistory(change(wallet, head), [entry(2, { item: newId() })]);
    expect(await sizes(wallet, other)).toEqual([3]);
  });

  test('lets the oldest page go where there would be too many', async () => {
    const wallet = await makeWallet();
    let head = await appendHistory(change(wallet, wallet.head), many(1, 200 * HISTORY_PAGES_MAX));
    expect(await sizes(wallet, head)).toHaveLength(HISTORY_PAGES_MAX);
    head = await appendHistory(change(wallet, head), [entry(20_000)]);
    const pages = await times(wallet, head);
    expect([pages.length, pages.at(-1)]).toEqual([HISTORY_PAGES_MAX, [20_000]]);
  });

  test('refuses a head that another window left behind', async () => {
    const wallet = await makeWallet();
    await appendHistory(change(wallet, wallet.head), [entry(1)]);
    expect(await codeOf(appendHistory(change(wallet, wallet.head), [entry(2)]))).toBe('vault.conflict');
  });

  test('leaves a page alone that does not open, and begins another', async () => {
    const wallet = await makeWallet();
    const broken = await withPageOf(wallet, wallet.head, '{"v":1}');
    const head = await appendHistory(change(wallet, broken), [entry(1)]);
    expect(await times(wallet, head)).toEqual([null, [1]]);
  });
});

describe('taking out of the history', () => {
  test('takes what is named, and a page with its last entry', async () => {
    const wallet = await makeWallet();
    const full = await appendHistory(change(wallet, wallet.head), many(1, 201));
    const less = await removeHistory(change(wallet, full), ({ at }) => at === 201 || at === 7);
    expect(await sizes(wallet, less)).toEqual([199]);
    expect(await removeHistory(change(wallet, less), () => false)).toBe(less);
  });

  test.each([
    ['leaves', false, [null]],
    ['takes, where all is to go,', true, []],
  ] as const)('%s a page that does not open', async (_, whole, left) => {
    const wallet = await makeWallet();
    const head = await appendHistory(change(wallet, await withPageOf(wallet, wallet.head, '{"v":2}')), [entry(1)]);
    expect(await times(wallet, await removeHistory(change(wallet, head), () => true, whole))).toEqual(left);
  });
});

describe('a stored page', () => {
  const digest = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((octets) => Buffer.from(octets).toString('base64url'));
  const id = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((octets) => Buffer.from(octets).toString('base64url'));
  const word = fc.stringMatching(/^[a-z][a-z.-]{0,31}$/);
  const entries = fc.array(
    fc.record({
      at: fc.integer({ min: 0, max: 8_640_000_000_000_000 }),
      origin: fc.oneof(
        fc.constant(''),
        fc.webUrl().map((url) => new URL(url).origin),
      ),
      purpose: word,
      item: fc.option(id, { nil: null }),
      documents: fc.array(fc.record({ title: fc.stringMatching(/^[가-힣a-z ]{1,40}$/), size: fc.nat(), digest }), { maxLength: 5 }),
      released: fc.array(word, { maxLength: 8 }),
      result: word,
    }),
    { maxLength: 12 },
  );

  test('comes back as it was, whatever it holds', () => {
    fc.assert(
      fc.property(entries, (page) => {
        expect(readHistoryPage(writeHistoryPage(page))).toEqual(page);
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  test('that was altered anywhere reads as a page or is damage, and throws nothing else', async () => {
    const page = writeHistoryPage([entry(1, { item: newId(), documents: [{ title: '계약서', size: 3, digest: 'A'.repeat(43) }] })]);
    await fc.assert(
      fc.asyncProperty(fc.nat(page.length - 1), fc.integer({ min: 0, max: 255 }), async (at, octet) => {
        const altered = Uint8Array.from(page);
        altered[at] = octet;
        expect(['fulfilled', 'vault.damaged', 'vault.newer-version']).toContain(await codeOf(attempt(() => readHistoryPage(altered))));
      }),
      { seed: 12, numRuns: 500 },
    );
  });

  test.each([
    ['an entry with a field that nobody knows', { entries: [{ ...entry(1), item: undefined, extra: 1 }] }],
    ['a prototype for a field', { entries: [JSON.parse('{"__proto__":{"at":1}}') as object] }],
    ['a released key with blanks', { entries: [{ ...entry(1), item: undefined, released: ['private key'] }] }],
    ['a time before 1970', { entries: [{ ...entry(-1), item: undefined }] }],
    ['entries that are no list', { entries: 'all' }],
  ])('with %s is damage', async (_, fields) => {
    const text = JSON.stringify({ ...fields, v: 1 });
    expect(await codeOf(attempt(() => readHistoryPage(utf8(text))))).toBe('vault.damaged');
  });
});
