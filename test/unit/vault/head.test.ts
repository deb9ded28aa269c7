import { describe, expect, test } from 'vitest';
import { passwordSlot, readHead, verifyHead } from '../../../lib/vault/head.ts';
import { checkBase } from '../../../lib/vault/next-head.ts';
import { openItems } from '../../../lib/vault/vault.ts';
import {
  APP,
  codeOf,
  forge,
  forgeJson,
  headWithFields,
  item,
  makeWallet,
  newId,
  NOW,
  parts,
  random,
  reread,
  save,
  storeOf,
  unlock,
  withFields,
} from './support.ts';

const b64 = (octets: number): string => Buffer.from(random(octets)).toString('base64url');
const entry = (changes: Record<string, unknown> = {}): Record<string, unknown> =>
  Object.fromEntries(Object.entries<unknown>({ id: b64(16), k: 'I', g: 1, sum: b64(16), ...changes }).filter(([, value]) => value !== undefined));

function otherSlot(vid: string, changes: Record<string, unknown> = {}): string {
  return forge({ type: 'S', fields: { v: 1, vid, sid: newId(), k: 'zz', anything: [1, 'x'], ...changes }, body: random(33) });
}

describe('a head', () => {
  test('says wallet, generation, writer, time, slots and items', async () => {
    const { head } = await makeWallet();
    expect(head).toMatchObject({ gen: 1, app: '0.1.0', ts: 1_764_000_000_000, prev: '', items: [], sub: false });
    expect(head.slots.map((slot) => slot.kind)).toEqual(['pw']);
  });

  test('follows the one before it by SHA-256', async () => {
    const wallet = await makeWallet();
    const next = await save(wallet, [item(newId())]);
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(wallet.head.text));
    expect(next.prev).toBe(Buffer.from(digest).toString('base64url'));
  });

  test('takes every kind of item the format knows', async () => {
    const { head, listKey } = await makeWallet();
    const items = [
      entry({ na: 1_800_000_000 }),
      entry({ na: 1_800_000_000, rem: 1_797_000_000 }),
      entry({ del: 1_764_000_000 }),
      entry({ k: 'G' }),
      entry({ k: 'L' }),
      entry({ k: 'J', st: 'WAITING', dl: 1_764_000_600 }),
    ];
    const read = await readHead(headWithFields(head.text, listKey, { items }));
    expect(read.items).toEqual(items);
    await verifyHead(read, listKey);
  });

  test('of a part is marked so, and none to start from', async () => {
    const { head, listKey } = await makeWallet();
    const text = headWithFields(head.text, listKey, { sub: 1 });
    const part = await readHead(text);
    expect(part.sub).toBe(true);
    expect(await codeOf(checkBase({ store: await storeOf(text), head: part, listKey, now: NOW, app: APP }))).toBe('vault.damaged');
  });
});

describe('fields out of form are damage, whoever wrote them', () => {
  const twice = entry();
  test.each<[string, Record<string, unknown>]>([
    ['an unknown field', { hint: 'dog' }],
    ['a missing field', { ts: undefined }],
    ['generation 0', { gen: 0 }],
    ['generation 2^48', { gen: 2 ** 48 }],
    ['a generation as text', { gen: '1' }],
    ['a time before 1970', { ts: -1 }],
    ['a wallet id of 15 octets', { vid: b64(15) }],
    ['a writer with a blank', { app: 'a b' }],
    ['no writer', { app: '' }],
    ['a prev of 16 octets', { prev: b64(16) }],
    ['sub 0', { sub: 0 }],
    ['no slots', { slots: [] }],
    ['slots as text', { slots: 'DJW1' }],
    ['a number as slot', { slots: [1] }],
    ['an own __proto__', JSON.parse('{"__proto__":{"gen":1}}') as Record<string, unknown>],
    ['items as object', { items: {} }],
    ['an item as text', { items: ['x'] }],
    ['an item of another kind', { items: [entry({ k: 'X' })] }],
    ['an item id of 8 octets', { items: [entry({ id: b64(8) })] }],
    ['an item with an unknown field', { items: [entry({ name: 'x' })] }],
    ['an item from a later generation', { items: [entry({ g: 2 })] }],
    ['an item from generation 0', { items: [entry({ g: 0 })] }],
    ['an item without checksum', { items: [entry({ sum: undefined })] }],
    ['an end date of a deleted item', { items: [entry({ na: 1, del: 1 })] }],
    ['a day to be reminded of nothing', { items: [entry({ rem: 1 })] }],
    ['a day to be reminded of a deleted item', { items: [entry({ rem: 1, del: 1 })] }],
    ['a day to be reminded of sites', { items: [entry({ k: 'G', na: 1, rem: 1 })] }],
    ['an end date of sites', { items: [entry({ k: 'G', na: 1 })] }],
    ['a journal state of an item', { items: [entry({ st: 'SENT' })] }],
    ['a journal state in small letters', { items: [entry({ k: 'J', st: 'sent' })] }],
    ['an item twice', { items: [twice, twice] }],
    ['1,001 items', { items: Array.from({ length: 1_001 }, () => entry()) }],
  ])('%s', async (_, changes) => {
    const { head, listKey } = await makeWallet();
    expect(await codeOf(readHead(headWithFields(head.text, listKey, changes)))).toBe('vault.damaged');
  });

  test('1,000 items are taken', async () => {
    const { head, listKey } = await makeWallet();
    const text = headWithFields(head.text, listKey, { items: Array.from({ length: 1_000 }, () => entry({ na: 1_800_000_000 })) });
    expect((await readHead(text)).items).toHaveLength(1_000);
  });

  test('a proof of another length', async () => {
    const { head } = await makeWallet();
    expect(await codeOf(readHead(forge({ ...parts(head.text), body: new Uint8Array(31) })))).toBe('vault.damaged');
  });

  test('a slot list with two password slots, a slot twice, nine slots, or none for the password', async () => {
    const { head, listKey } = await makeWallet();
    const own = passwordSlot(head).text;
    const second = withFields(own, { sid: newId() });
    const other = otherSlot(head.vid);
    const nine = [own, ...Array.from({ length: 8 }, () => otherSlot(head.vid))];
    for (const slots of [[own, second], [own, other, other], nine, [other]]) {
      expect(await codeOf(readHead(headWithFields(head.text, listKey, { slots })))).toBe('vault.damaged');
    }
    expect(await codeOf(readHead(headWithFields(head.text, listKey, { slots: nine.slice(0, 8) })))).toBe('fulfilled');
  });
});

describe('what a later version wrote', () => {
  test('a head of version 2 is read-only, not damaged', async () => {
    const { head } = await makeWallet();
    const text = withFields(head.text, { v: 2, more: 1 });
    expect(await codeOf(reread(await storeOf(text)))).toBe('vault.newer-version');
  });

  test('so is a head with a slot of version 2', async () => {
    const { head, listKey } = await makeWallet();
    const slots = [withFields(passwordSlot(head).text, { v: 2, more: 1 })];
    expect(await codeOf(reread(await storeOf(headWithFields(head.text, listKey, { slots }))))).toBe('vault.newer-version');
  });

  test('an item record of version 2 is named, the others open', async () => {
    const wallet = await makeWallet();
    const [good, later] = [newId(), newId()];
    const head = await save(wallet, [item(good), item(later)]);
    const texts = await wallet.store.records(head.items);
    const newer = withFields(texts[1] ?? '', { v: 2 });
    const store = await storeOf(head.text, [
      { id: good, g: 2, text: texts[0] ?? '' },
      { id: later, g: 2, text: newer },
    ]);
    const { items, damaged } = await openItems(store, head, wallet.listKey);
    expect(items.map((open) => open.id)).toEqual([good]);
    expect(damaged).toEqual([{ id: later, code: 'vault.newer-version' }]);
  });

  test('slots of kinds we do not know are kept octet for octet over a save', async () => {
    const wallet = await makeWallet();
    const others = [otherSlot(wallet.head.vid), otherSlot(wallet.head.vid, { k: 'face', cred: 'x' })];
    const text = headWithFields(wallet.head.text, wallet.listKey, { slots: [others[0], passwordSlot(wallet.head).text, others[1]] });
    const store = await storeOf(text);
    const next = await save({ ...wallet, store, head: await readHead(text) }, [item(newId())]);
    expect(next.slots.map((slot) => slot.text)).toEqual([others[0], passwordSlot(wallet.head).text, others[1]]);
    await unlock(next);
  });

  test.each([
    ['a bad checksum', (text: string) => `${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`],
    ['a kind that is no word', (text: string) => withFields(text, { k: 'P W' })],
    ['no kind', (text: string) => withFields(text, { k: undefined })],
    ['another wallet', (text: string) => withFields(text, { vid: newId() })],
    ['blanks in its fields', (text: string) => forgeJson('S', JSON.stringify(parts(text).fields, null, 1), parts(text).body)],
  ])('but an unknown slot with %s is damage', async (_, change) => {
    const { head, listKey } = await makeWallet();
    const slots = [passwordSlot(head).text, change(otherSlot(head.vid))];
    expect(await codeOf(readHead(headWithFields(head.text, listKey, { slots })))).toBe('vault.damaged');
  });
});

describe('without the list key nobody can write a head', () => {
  test.each<[string, (text: string) => Record<string, unknown>]>([
    ['raise the generation', () => ({ gen: 9_999 })],
    ['drop the items', () => ({ items: [] })],
    ['rename an item', (text) => ({ items: [{ ...(parts(text).fields['items'] as object[])[0], id: newId() }] })],
    ['move the end date', (text) => ({ items: [{ ...(parts(text).fields['items'] as object[])[0], na: 1 }] })],
    ['add a slot', (text) => ({ slots: [...(parts(text).fields['slots'] as string[]), otherSlot(String(parts(text).fields['vid']))] })],
  ])('%s', async (_, changes) => {
    const wallet = await makeWallet();
    const head = await save(wallet, [item(newId())]);
    const forged = await readHead(withFields(head.text, changes(head.text)));
    expect(await codeOf(verifyHead(forged, wallet.listKey))).toBe('vault.changed');
    expect(await codeOf(unlock(forged))).toBe('vault.changed');
    expect(await codeOf(openItems(wallet.store, forged, wallet.listKey))).toBe('vault.changed');
    expect(await codeOf(save({ ...wallet, head: forged }, [item(newId())]))).toBe('vault.changed');
  });
});
