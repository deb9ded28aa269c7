import { describe, expect, test } from 'vitest';
import { readHead, verifyHead, type VaultHead } from '../../../lib/vault/head.ts';
import { saveItems } from '../../../lib/vault/save.ts';
import { openItems } from '../../../lib/vault/vault.ts';
import { dueForPurge } from '../../../lib/vault/wastebasket-time.ts';
import { moveToWastebasket, purge, purgeDue, putBack, type WastebasketRequest } from '../../../lib/vault/wastebasket.ts';
import { textsOf } from './carried-support.ts';
import { APP, codeOf, item, makeWallet, newId, NOW, random, save, withFields, type Wallet } from './support.ts';

const DAY = 86_400_000;
const yes = (): Promise<boolean> => Promise.resolve(true);
const no = (): Promise<boolean> => Promise.resolve(false);
const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);

function request({ store, head, listKey }: Wallet, ids: readonly string[], now = NOW + 2): WastebasketRequest {
  return { store, head, listKey, ids, now, app: APP };
}

async function filled(): Promise<{ wallet: Wallet; kept: string; gone: string }> {
  const wallet = await makeWallet();
  const [kept, gone] = [newId(), newId()];
  return { wallet: { ...wallet, head: await save(wallet, [item(kept), item(gone)]) }, kept, gone };
}

async function deleted(now = NOW + 2): Promise<{ wallet: Wallet; kept: string; gone: string }> {
  const { wallet, kept, gone } = await filled();
  return { wallet: { ...wallet, head: await moveToWastebasket(request(wallet, [gone], now)) }, kept, gone };
}

const entry = (head: VaultHead, id: string): VaultHead['items'][number] | undefined => head.items.find((one) => one.id === id);

describe('D25: the wastebasket', () => {
  test('keeps the record octet for octet, out of the expiry index', async () => {
    const { wallet, gone } = await filled();
    const before = await textsOf(wallet.store, wallet.head);
    const head = await moveToWastebasket(request(wallet, [gone]));
    await verifyHead(head, wallet.listKey);
    expect(await textsOf(wallet.store, head)).toEqual(before);
    expect(entry(head, gone)).toEqual({ id: gone, k: 'I', g: 2, sum: entry(wallet.head, gone)?.sum, del: seconds(NOW + 2) });
    const { items } = await openItems(wallet.store, head, wallet.listKey);
    expect(items.map(({ deleted: time }) => time)).toEqual([null, seconds(NOW + 2)]);
  });

  test('gives an item back as it was, with its end', async () => {
    const { wallet, gone } = await filled();
    const away = { ...wallet, head: await moveToWastebasket(request(wallet, [gone])) };
    const back = await putBack({ ...request(away, [gone]), endOf: () => 1_800_000_000 });
    expect(back.items).toEqual(wallet.head.items);
    expect(await textsOf(wallet.store, back)).toEqual(await textsOf(wallet.store, wallet.head));
  });

  test('gives back an item without a signing certificate, which has no end', async () => {
    const { wallet, gone } = await deleted();
    const back = await putBack({ ...request(wallet, [gone]), endOf: () => null });
    expect(entry(back, gone)?.na).toBeUndefined();
  });

  test.each<[string, (wallet: Wallet, kept: string, gone: string) => Promise<unknown>]>([
    ['deleting what is deleted', (wallet, _, gone) => moveToWastebasket(request(wallet, [gone]))],
    ['deleting what is not there', (wallet) => moveToWastebasket(request(wallet, [newId()]))],
    ['putting back what is not deleted', (wallet, kept) => putBack({ ...request(wallet, [kept]), endOf: () => null })],
    ['purging what is not deleted', (wallet, kept) => purge({ ...request(wallet, [kept]), twoVerified: yes })],
  ])('refuses %s', async (_, act) => {
    const { wallet, kept, gone } = await deleted();
    expect(await codeOf(act(wallet, kept, gone))).toBe('certificate.not-found');
    expect((await wallet.store.heads())[0]).toBe(wallet.head.text);
  });

  test('purges by hand: entry and record leave with the generations that list them', async () => {
    const { wallet, kept, gone } = await deleted();
    const gonePlace = { id: gone, g: entry(wallet.head, gone)?.g ?? 0 };
    const purged = await purge({ ...request(wallet, [gone]), twoVerified: yes });
    expect(purged.items.map(({ id }) => id)).toEqual([kept]);
    await save({ ...wallet, head: purged }, []);
    expect(await wallet.store.records([gonePlace])).toEqual([null]);
  });

  test('refuses a purge while fewer than two copies verify, and keeps everything', async () => {
    const { wallet, gone } = await deleted();
    expect(await codeOf(purge({ ...request(wallet, [gone]), twoVerified: no }))).toBe('vault.single-copy');
    const later = NOW + 31 * DAY;
    const held = await purgeDue({ ...request(wallet, [], later), seen: later - DAY, twoVerified: no });
    expect(held).toEqual({ head: wallet.head, due: [gone], heldBy: 'single-copy' });
    expect((await wallet.store.heads())[0]).toBe(wallet.head.text);
  });

  test('purges by itself after 30 days and not a second earlier', async () => {
    const at = NOW + 2;
    const { wallet, kept, gone } = await deleted(at);
    const due = seconds(at) * 1000 + 30 * DAY;
    const early = await purgeDue({ ...request(wallet, [], due - 1), seen: due - DAY, twoVerified: yes });
    expect(early).toEqual({ head: wallet.head, due: [], heldBy: null });
    const purged = await purgeDue({ ...request(wallet, [], due), seen: due - DAY, twoVerified: yes });
    expect([purged.due, purged.heldBy, purged.head.items.map(({ id }) => id)]).toEqual([[gone], null, [kept]]);
  });

  test('an item put in its place under the same id is not deleted any more', async () => {
    const { wallet, gone } = await deleted();
    const head = await save(wallet, [item(gone)]);
    expect(entry(head, gone)).toMatchObject({ na: 1_800_000_000 });
    expect(entry(head, gone)?.del).toBeUndefined();
  });
});

describe('D22: a wrong clock', () => {
  test('that went forward 45 days purges nothing, and the days start again', async () => {
    const { wallet, gone } = await deleted();
    const wrong = NOW + 10 * 365 * DAY;
    const held = await purgeDue({ ...request(wallet, [], wrong), seen: wrong - 45 * DAY, twoVerified: yes });
    expect([held.due, held.heldBy]).toEqual([[gone], 'clock']);
    expect(entry(held.head, gone)?.del).toBe(seconds(wrong));
    const next = await purgeDue({ ...request({ ...wallet, head: held.head }, [], wrong + DAY), seen: wrong, twoVerified: yes });
    expect([next.due, next.head.items.length]).toEqual([[], 2]);
  });

  test('of 2016 at the time of deleting does not shorten the days', async () => {
    const { wallet } = await filled();
    const past = NOW - 9 * 365 * DAY;
    const [first] = wallet.head.items;
    const head = await moveToWastebasket(request(wallet, [first?.id ?? ''], past));
    const saved = await saveItems({ ...wallet, head, now: NOW + 5, app: APP, random, put: [], remove: [] });
    expect(dueForPurge(saved.items, NOW + 5)).toEqual([]);
    expect(entry(saved, first?.id ?? '')?.del).toBe(seconds(NOW + 5));
  });

  test('of 2036 at the time of deleting does not make them endless', async () => {
    const { wallet } = await filled();
    const [first] = wallet.head.items;
    const head = await moveToWastebasket(request(wallet, [first?.id ?? ''], NOW + 10 * 365 * DAY));
    const saved = await saveItems({ ...wallet, head, now: NOW + 5, app: APP, random, put: [], remove: [] });
    expect(dueForPurge(saved.items, NOW + 31 * DAY)).toEqual([first?.id]);
  });
});

describe('D26: the expiry index of a locked wallet', () => {
  test('says dates and ids, and nothing of the deleted', async () => {
    const { wallet, kept } = await deleted();
    const locked = await readHead((await wallet.store.heads())[0]);
    expect(locked.items.flatMap(({ id, na }) => (na === undefined ? [] : [[id, na]]))).toEqual([[kept, 1_800_000_000]]);
  });

  test('with a forged date is found out by the list key', async () => {
    const { wallet } = await filled();
    const items = wallet.head.items.map((one) => ({ ...one, na: 1 }));
    const forged = await readHead(withFields(wallet.head.text, { items }));
    expect(await codeOf(verifyHead(forged, wallet.listKey))).toBe('vault.changed');
  });

  test('stands beside no name, serial, site or setting in the clear', async () => {
    const { wallet } = await deleted();
    const texts = [...(await textsOf(wallet.store, wallet.head)).values(), ...(await wallet.store.heads())];
    const clear = texts.flatMap((text) => (text ?? '').split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'))).join('');
    const label = Buffer.from('주거래 은행').toString('latin1');
    expect(clear.includes(label)).toBe(false);
    expect(clear.includes('importedAt')).toBe(false);
  });
});
