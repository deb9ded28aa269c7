import { describe, expect, test } from 'vitest';
import { errorCode } from '../../../lib/errors.ts';
import { mirrorStore } from '../../../lib/platform/mirror-store.ts';
import { writeMarker } from '../../../lib/vault/marker.ts';
import type { Engine, VaultChange } from '../../../lib/vault/store.ts';
import { area, M, type Area } from '../vault/places.ts';
import { checksum, forge, newId } from '../vault/support.ts';

const codeOf = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'fulfilled', errorCode);

const vid = newId();
/** What the mirror looks at in a head: that it is one, and its generation. */
const head = (gen: number, v = 1): string => forge({ type: 'H', fields: { v, gen }, body: new Uint8Array(32) });
const change = async (gen: number, base: string | null): Promise<VaultChange> => ({
  base,
  gen,
  records: [{ id: 'a', g: gen, text: `record.a.${gen}` }],
  head: head(gen),
  marker: await writeMarker({ vid, gen, created: 1 }),
});

async function filled(last = 1): Promise<{ own: Area; store: Engine }> {
  const own = area();
  const store = mirrorStore(own);
  for (let gen = 1; gen <= last; gen++) await store.commit(await change(gen, gen === 1 ? null : checksum(head(gen - 1))));
  return { own, store };
}

describe('the mirror', () => {
  test('writes one change in one call, under keys that carry no names', async () => {
    const own = area();
    const calls: (readonly string[])[] = [];
    const store = mirrorStore({ ...own, set: (entries) => (calls.push([...entries.keys()]), own.set(entries)) });
    await store.commit(await change(1, null));
    expect(calls).toEqual([['djw1.r.a.1', 'djw1.h1', M]]);
  });

  test('gives the newest two heads, newest first', async () => {
    const { store } = await filled(4);
    expect(await store.heads()).toEqual([head(4), head(3)]);
    expect(
      await store.records([
        { id: 'a', g: 4 },
        { id: 'b', g: 1 },
        { id: 'a', g: 2 },
      ]),
    ).toEqual(['record.a.4', null, 'record.a.2']);
  });

  test.each<[string, VaultChange['base'], number]>([
    ['no base', null, 3],
    ['another base', 'AAAAAAAAAAAAAAAAAAAAAA', 3],
    ['the generation that is there', checksum(head(2)), 2],
  ])('refuses a change with %s', async (_, base, gen) => {
    const { own, store } = await filled(2);
    const before = new Map(own.values);
    expect(await codeOf(store.commit(await change(gen, base)))).toBe('vault.conflict');
    expect(own.values).toEqual(before);
  });

  test('puts a head that does not read first, unless the marker knows that it was the older one', async () => {
    const { own, store } = await filled(2);
    own.values.set('djw1.h0', 'noise');
    expect(await store.heads()).toEqual(['noise', head(1)]);
    own.values.set('djw1.h0', head(2)).set('djw1.h1', 'noise');
    expect(await store.heads()).toEqual([head(2), 'noise']);
    own.values.delete(M);
    expect(await store.heads()).toEqual(['noise', head(2)]);
  });

  test('puts a head of a later version first', async () => {
    const { own, store } = await filled(2);
    own.values.set('djw1.h1', head(1, 2));
    expect((await store.heads())[0]).toBe(head(1, 2));
  });

  test.each<[string, unknown]>([
    ['an object', { gen: 1 }],
    ['a number', 1],
    ['null', null],
    ['a text of 30 million characters', 'x'.repeat(30_000_000)],
  ])('takes %s for a value that does not read', async (_, value) => {
    const { own, store } = await filled(2);
    for (const key of own.values.keys()) own.values.set(key, value);
    expect(await store.evidence()).toBe('some');
    expect(await store.heads()).toEqual(['', '']);
    expect(await store.records([{ id: 'a', g: 1 }])).toEqual([null]);
    expect(await store.marker()).toBe('');
  });

  test('replacing puts a state over anything, and takes away a head that would look newer', async () => {
    const { own, store } = await filled(2);
    own.values.set('djw1.h1', head(9_999));
    await store.replace(await change(4, null), false);
    expect(await store.heads()).toEqual([head(4)]);
    await store.replace(await change(5, null), false);
    expect(await store.heads()).toEqual([head(5), head(4)]);
  });

  test('prunes records and heads that are not kept, and nothing newer or not ours', async () => {
    const { own, store } = await filled(4);
    own.values.set('djw1.r.z.9', 'later').set('other', 1).set('djw1.t', 'throttle');
    await store.prune({
      gens: [4],
      records: [
        { id: 'a', g: 4 },
        { id: 'a', g: 1 },
      ],
    });
    expect([...own.values.keys()].sort()).toEqual(['djw1.h0', M, 'djw1.r.a.1', 'djw1.r.a.4', 'djw1.r.z.9', 'djw1.t', 'other'].sort());
  });
});

describe('evidence', () => {
  test.each(['djw1.h0', 'djw1.h1', M, 'djw1.t', 'djw1.r.a.1', 'djw1.anything'])('is %s, whatever it holds', async (key) => {
    const own = area();
    own.values.set(key, null);
    expect(await mirrorStore(own).evidence()).toBe('some');
  });

  test('is nothing where only others have keys', async () => {
    const own = area();
    own.values.set('other', 1);
    expect(await mirrorStore(own).evidence()).toBe('none');
  });

  test.each<[string, (own: Area) => void]>([
    ['one key does not read', (own) => own.faults.unreadable.add('djw1.t')],
    ['the keys cannot be listed', (own) => (own.faults.noBulk = true)],
    ['nothing answers', (own) => (own.faults.silent = true)],
    ['everything fails', (own) => (own.faults.dead = 'IO error')],
  ])('is an error, never nothing, where %s', async (_, spoil) => {
    const own = area();
    spoil(own);
    expect(await codeOf(mirrorStore(own, 5).evidence())).toBe('vault.unavailable');
  });
});

describe('an area in trouble', () => {
  test('reads once more after a first error', async () => {
    const { own, store } = await filled(2);
    own.faults.failsOnce = true;
    expect(await store.heads()).toEqual([head(2), head(1)]);
  });

  test('reads key by key where reading several fails (D13)', async () => {
    const { own, store } = await filled(2);
    own.faults.noBulk = true;
    own.faults.unreadable.add('djw1.r.a.1');
    expect(
      await store.records([
        { id: 'a', g: 1 },
        { id: 'a', g: 2 },
      ]),
    ).toEqual([null, 'record.a.2']);
  });

  test('gives the head that reads, after the place of the one that does not', async () => {
    const { own, store } = await filled(2);
    own.faults.unreadable.add('djw1.h0');
    expect(await store.heads()).toEqual(['', head(1)]);
  });

  test.each([
    ['QUOTA_BYTES quota exceeded', 'vault.full'],
    ['No space left on device', 'vault.full'],
    ['An unexpected error occurred', 'vault.read-only'],
  ])('%s in writing is told', async (message, code) => {
    const { own, store } = await filled(1);
    own.faults.unwritable = message;
    expect(await codeOf(store.commit(await change(2, checksum(head(1)))))).toBe(code);
  });

  test('that keeps nothing is found out in replacing', async () => {
    const own = area();
    const store = mirrorStore({ ...own, set: () => Promise.resolve() });
    expect(await codeOf(store.replace(await change(1, null), false))).toBe('vault.read-only');
  });

  test('that cannot be emptied says so', async () => {
    const { own, store } = await filled(1);
    own.faults.noBulk = true;
    expect(await codeOf(store.erase())).toBe('vault.unavailable');
    own.faults.noBulk = false;
    await store.erase();
    expect(own.values.size).toBe(0);
  });
});
