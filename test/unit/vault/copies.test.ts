import { IDBFactory, IDBObjectStore as FakeStore } from 'fake-indexeddb';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { twoCopies } from '../../../lib/vault/copies.ts';
import { readHead, type VaultHead } from '../../../lib/vault/head.ts';
import { settle, type Settled } from '../../../lib/vault/repair.ts';
import { openItems } from '../../../lib/vault/vault.ts';
import { area, copiesOf, deadFactory, enginesOf, M, profile, silentFactory, tamper, watched, type Profile } from './places.ts';
import { codeOf, headWithFields, item, makeWallet, newId, random, save, withFields, type Wallet } from './support.ts';

/** A wallet of generation 2 with two certificates, in both places. */
async function begin(own: Profile): Promise<Wallet> {
  const made = await makeWallet(copiesOf(own));
  return { ...made, head: await save(made, [item(newId()), item(newId())]) };
}

const again = (wallet: Wallet, own: Profile, head: VaultHead = wallet.head): Wallet => ({ ...wallet, store: copiesOf(own), head });

const settled = (own: Profile, { head, listKey }: Wallet, changes: { ownersWord?: boolean } = {}): Promise<Settled> =>
  settle({ copies: copiesOf(own), vid: head.vid, listKey, depth: 'records', ...changes });

const headsOf = async (own: Profile): Promise<readonly (readonly string[])[]> => {
  const { primary, mirror } = enginesOf(own);
  return Promise.all([primary.heads(), mirror.heads()]);
};

describe('a save into two copies', () => {
  test('stands in both, octet for octet, and the older generations go from both', async () => {
    const own = profile();
    let wallet = await begin(own);
    for (let nth = 0; nth < 3; nth++) wallet = again(wallet, own, await save(wallet, [item(newId())]));
    const [primary = [], mirror = []] = await headsOf(own);
    expect(primary).toEqual(mirror);
    expect(primary).toHaveLength(2);
    const engines = enginesOf(own);
    expect(await engines.mirror.records(wallet.head.items)).toEqual(await engines.primary.records(wallet.head.items));
    expect(own.area.values.size).toBe(3 + wallet.head.items.length);
    expect(await copiesOf(own).twoVerified()).toBe(true);
  });

  test('keeps the wallet picture out of the mirror, where pages could read it', async () => {
    const own = profile();
    await begin(own);
    expect([...own.area.values.values()]).not.toContain('tiger');
    expect(await copiesOf(own).mark()).toBe('tiger');
  });

  test('D4: that the mirror has no room for is saved, noted, and made good by the next', async () => {
    const own = profile();
    const wallet = await begin(own);
    own.area.faults.unwritable = 'QUOTA_BYTES quota exceeded';
    const copies = copiesOf(own);
    const second = await save({ ...wallet, store: copies }, [item(newId())]);
    expect(copies.health()).toEqual({ primary: { state: 'good', code: null }, mirror: { state: 'failed', code: 'vault.full' } });
    expect(await copies.twoVerified()).toBe(false);
    own.area.faults.unwritable = null;
    await save({ ...wallet, store: copies, head: second }, [item(newId())]);
    expect(copies.health().mirror.state).toBe('good');
    expect(await copies.twoVerified()).toBe(true);
  });

  test('prunes nothing while one copy is behind', async () => {
    const own = profile();
    const wallet = await begin(own);
    own.area.faults.unwritable = 'IO error';
    const second = await save(wallet, [item(newId())]);
    await save({ ...wallet, head: second }, [item(newId())]);
    const [, mirror] = await headsOf(own);
    expect(mirror?.[0]).toBe(wallet.head.text);
    const { primary } = enginesOf(own);
    const kept = await primary.raw();
    expect(kept.filter(({ place }) => place.startsWith('head'))).toHaveLength(4);
  });

  test.each([
    ['QUOTA_BYTES quota exceeded', 'vault.full'],
    ['FILE_ERROR_NO_SPACE: no space left', 'vault.full'],
    ['IO error: something', 'vault.read-only'],
  ])('D5: %s in the mirror is tried three times, then told as %s', async (message, code) => {
    const own = profile();
    const wallet = await begin(own);
    own.area.faults.unwritable = message;
    const { primary, mirror } = enginesOf(own);
    let commits = 0;
    const waits: number[] = [];
    const counted = {
      ...watched(mirror, () => Promise.resolve()),
      commit: (change: Parameters<typeof mirror.commit>[0]) => (commits++, mirror.commit(change)),
    };
    const copies = twoCopies(primary, counted, (tries) => Promise.resolve(void waits.push(tries)));
    await save({ ...wallet, store: copies }, [item(newId())]);
    expect({ commits, waits, mirror: copies.health().mirror }).toEqual({ commits: 3, waits: [1, 2], mirror: { state: 'failed', code } });
  });

  test('D5: a full disk under the primary is tried three times, then nothing was changed anywhere', async () => {
    const own = profile();
    const wallet = await begin(own);
    const put = vi.spyOn(FakeStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('', 'QuotaExceededError');
    });
    expect(await codeOf(save(wallet, [item(newId())]))).toBe('vault.full');
    expect(put).toHaveBeenCalledTimes(3);
    put.mockRestore();
    expect((await headsOf(own)).map(([newest]) => newest)).toEqual([wallet.head.text, wallet.head.text]);
    expect((await save(wallet, [item(newId())])).gen).toBe(3);
  });

  test('that the primary does not give back is carried by the mirror, and told', async () => {
    const own = profile();
    const wallet = await begin(own);
    const { primary, mirror } = enginesOf(own);
    const forgetful = { ...watched(primary, () => Promise.resolve()), heads: () => Promise.resolve([wallet.head.text]) };
    const copies = twoCopies(forgetful, mirror);
    const head = await save({ ...wallet, store: copies }, [item(newId())]);
    expect(copies.health()).toEqual({ primary: { state: 'failed', code: 'vault.read-only' }, mirror: { state: 'good', code: null } });
    expect(await copies.heads()).toContain(head.text);
  });

  test.each([
    ['dead', deadFactory],
    ['silent (D21)', silentFactory],
  ])('goes on with the mirror while the database is %s, and the database is made good later', async (_, factory) => {
    const own = profile();
    const wallet = await begin(own);
    const whole = own.factory;
    own.factory = factory();
    expect(await copiesOf(own).choice()).toMatchObject({ state: 'ready', head: { gen: 2 } });
    const copies = copiesOf(own);
    const head = await save({ ...wallet, store: copies }, [item(newId())]);
    expect(copies.health()).toEqual({ primary: { state: 'failed', code: 'vault.unavailable' }, mirror: { state: 'good', code: null } });
    own.factory = whole;
    expect(await codeOf(save(again(wallet, own), [item(newId())]))).toBe('vault.conflict');
    expect(await settled(own, wallet)).toMatchObject({ head: { gen: 3 }, repaired: ['primary'], missing: [] });
    expect((await openItems(copiesOf(own), head, wallet.listKey)).items).toHaveLength(3);
    expect(await copiesOf(own).twoVerified()).toBe(true);
  });

  test('is refused where neither copy takes it', async () => {
    const own = profile();
    const wallet = await begin(own);
    own.factory = deadFactory();
    own.area.faults.unwritable = 'IO error';
    expect(await codeOf(save(again(wallet, own), [item(newId())]))).toBe('vault.read-only');
  });
});

describe('two windows', () => {
  test('D10: that save from one generation: the second gets a conflict, and no change is lost', async () => {
    const own = profile();
    const wallet = await begin(own);
    const first = await save(again(wallet, own), [item(newId())]);
    expect(await codeOf(save(again(wallet, own), [item(newId())]))).toBe('vault.conflict');
    await save(again(wallet, own, first), [item(newId())]);
    expect((await settled(own, wallet)).head.items).toHaveLength(4);
  });

  test('D11: that both make a wallet: one wins, the other finds it', async () => {
    const own = profile();
    const outcomes = await Promise.all([1, 2].map(() => codeOf(makeWallet(copiesOf(own)))));
    expect(outcomes.sort()).toEqual(['fulfilled', 'vault.exists']);
    expect((await copiesOf(own).choice()).state).toBe('ready');
  });
});

describe('D12: a wallet is not made', () => {
  test.each<[string, (own: Profile) => void]>([
    ['a head in the mirror', ({ area: { values } }) => values.set('djw1.h1', 'noise')],
    ['a record in the mirror', ({ area: { values } }) => values.set('djw1.r.AAAAAAAAAAAAAAAAAAAAAA.1', '')],
    ['a marker in the mirror', ({ area: { values } }) => values.set(M, 7)],
    ['a throttle in the mirror', ({ area: { values } }) => values.set('djw1.t', 'DJW1.T.')],
    ['a mirror that does not answer', (own) => (own.area.faults.silent = true)],
    ['a mirror that fails', (own) => (own.area.faults.dead = 'IO error')],
    ['a database that fails', (own) => (own.factory = deadFactory())],
    ['a database that does not answer', (own) => (own.factory = silentFactory())],
  ])('beside %s', async (_, plant) => {
    const own = profile();
    plant(own);
    expect(['vault.exists', 'vault.unavailable']).toContain(await codeOf(makeWallet(copiesOf(own))));
  });

  test('beside an empty database of ours', async () => {
    const own = profile();
    await begin(own);
    await tamper(own.factory, (stores) => ['head', 'rec', 'meta'].forEach((name) => stores(name).clear()));
    own.area.values.clear();
    expect(await codeOf(makeWallet(copiesOf(own)))).toBe('vault.exists');
  });
});

describe('after opening', () => {
  test.each<[string, 'primary' | 'mirror']>([
    ['the database', 'primary'],
    ['local storage', 'mirror'],
  ])('D9: an older state put back into %s is brought up to the newest', async (_, which) => {
    const own = profile();
    const wallet = await begin(own);
    const old = { factory: new IDBFactory(), area: area() };
    const whole = await enginesOf(own).primary.records(wallet.head.items);
    const state = {
      gen: 2,
      head: wallet.head.text,
      marker: (await enginesOf(own).primary.marker()) ?? '',
      records: wallet.head.items.map(({ id, g }, at) => ({ id, g, text: whole[at] ?? '' })),
    };
    await enginesOf(old)[which].replace(state, false);
    const head = await save(wallet, [item(newId())]);
    const mixed = which === 'primary' ? { ...own, factory: old.factory } : { ...own, area: old.area };
    expect(await settled(mixed, wallet)).toMatchObject({ head: { gen: 3 }, repaired: [which], missing: [] });
    expect((await headsOf(mixed)).map(([newest]) => newest)).toEqual([head.text, head.text]);
    expect(await copiesOf(mixed).twoVerified()).toBe(true);
  });

  test('D29: a record that only the mirror holds is taken by id, generation and checksum, and put back', async () => {
    const own = profile();
    const wallet = await begin(own);
    await tamper(own.factory, (stores) => stores('rec').clear());
    expect((await openItems(copiesOf(own), wallet.head, wallet.listKey)).damaged).toEqual([]);
    expect(await settled(own, wallet)).toMatchObject({ repaired: ['primary'], missing: [] });
    expect(await enginesOf(own).primary.records(wallet.head.items)).not.toContain(null);
  });

  test('D29: a record that no copy holds is taken from a backup file, and no other text in its place', async () => {
    const own = profile();
    const wallet = await begin(own);
    const records = (await enginesOf(own).primary.records(wallet.head.items)).map((text, at) => ({ ...wallet.head.items[at]!, text: text ?? '' }));
    await tamper(own.factory, (stores) => stores('rec').clear());
    for (const key of own.area.values.keys()) if (key.startsWith('djw1.r.')) own.area.values.delete(key);
    const request = { copies: copiesOf(own), vid: wallet.head.vid, listKey: wallet.listKey, depth: 'records' } as const;
    const wrong = records.map((record) => ({ ...record, text: `${record.text.slice(0, 60)}A${record.text.slice(61)}` }));
    expect((await settle({ ...request, known: wrong })).missing).toHaveLength(2);
    expect(await settle({ ...request, known: records })).toMatchObject({ missing: [], repaired: ['primary', 'mirror'] });
    expect((await openItems(copiesOf(own), wallet.head, wallet.listKey)).items).toHaveLength(2);
  });

  test('D8: a head changed in one copy under new checksums is never accepted and is written anew', async () => {
    const own = profile();
    const wallet = await begin(own);
    const forged = withFields(wallet.head.text, { ts: 1 });
    await tamper(own.factory, (stores) => stores('head').put(forged, 2));
    expect(await settled(own, wallet)).toMatchObject({ head: { sum: wallet.head.sum }, repaired: ['primary'] });
    own.area.values.set('djw1.h0', withFields(wallet.head.text, { gen: 9_998 }));
    expect(await settled(own, wallet)).toMatchObject({ head: { sum: wallet.head.sum }, repaired: ['mirror'] });
  });

  test('D14: another valid wallet in the mirror is left alone, noted, and goes only with the owner’s word', async () => {
    const [own, theirs] = [profile(), profile()];
    const wallet = await begin(own);
    const other = await begin(theirs);
    own.area.values.clear();
    for (const [key, value] of theirs.area.values) own.area.values.set(key, value);
    const copies = copiesOf(own);
    const head = await save({ ...wallet, store: copies }, [item(newId())]);
    expect(copies.health().mirror.state).toBe('kept');
    expect(own.area.values.get('djw1.h0')).toBe(other.head.text);
    expect((await settled(own, { ...wallet, head })).health.mirror.state).toBe('kept');
    expect(await settled(own, { ...wallet, head }, { ownersWord: true })).toMatchObject({
      repaired: ['mirror'],
      health: { mirror: { state: 'good' } },
    });
    expect((await headsOf(own)).map(([newest]) => newest)).toEqual([head.text, head.text]);
  });

  test('a head of a later password in the mirror is not destroyed by a window with the former key', async () => {
    const own = profile();
    const wallet = await begin(own);
    const [slot = ''] = wallet.head.slots.map(({ text }) => text);
    const slots = [withFields(slot, { sid: newId() })];
    const later = headWithFields(wallet.head.text, random(32), { gen: 4, slots });
    own.area.values.set('djw1.h0', later);
    const { health, head } = await settled(own, wallet);
    expect([health.mirror.state, head.gen]).toEqual(['kept', 2]);
    expect(own.area.values.get('djw1.h0')).toBe(later);
    await tamper(own.factory, (stores) => stores('head').put(later, 4));
    expect(await codeOf(settled(own, wallet))).toBe('vault.changed');
  });

  test('two saves that each reached one copy alone: the primary decides, and the other is kept for the owner', async () => {
    const [own, other] = [profile(), profile()];
    const wallet = await begin(own);
    for (const [key, value] of own.area.values) other.area.values.set(key, value);
    const aside = { ...own, area: other.area };
    own.area.faults.unwritable = 'IO error';
    const first = await save(again(wallet, own), [item(newId())]);
    aside.factory = deadFactory();
    const second = await save(again(wallet, aside), [item(newId()), item(newId())]);
    const both = { factory: own.factory, area: other.area };
    expect(await settled(both, wallet)).toMatchObject({ head: { sum: first.sum }, health: { mirror: { state: 'kept' } } });
    const copies = copiesOf(both);
    await save({ ...wallet, store: copies, head: first }, [item(newId())]);
    expect([copies.health().mirror.state, await enginesOf(both).mirror.heads()]).toEqual(['kept', [second.text, wallet.head.text]]);
  });

  test('a database that lost its parts is made anew with the owner’s word, while the mirror holds everything', async () => {
    const own = profile();
    const wallet = await begin(own);
    own.factory = new IDBFactory();
    await new Promise<void>((resolve) => {
      const request = own.factory.open('djw1', 1);
      request.onsuccess = () => {
        request.result.close();
        resolve();
      };
    });
    expect(await settled(own, wallet)).toMatchObject({ repaired: [], health: { primary: { state: 'failed' } } });
    expect(await settled(own, wallet, { ownersWord: true })).toMatchObject({ repaired: ['primary'], missing: [] });
    expect(await copiesOf(own).twoVerified()).toBe(true);
  });

  test('D14: whatever is written over the mirror, the wallet opens, is whole, and its mirror can be made good', async () => {
    const hostile = fc.dictionary(
      fc.constantFrom('djw1.h0', 'djw1.h1', M, 'djw1.r.x.1', 'djw1.t', 'djw1.'),
      fc.oneof(fc.string(), fc.jsonValue(), fc.constantFrom('', 'DJW1.H.', 'DJW1.M.e30..', 'h0', 'h1')),
    );
    await fc.assert(
      fc.asyncProperty(hostile, fc.boolean(), async (values, swap) => {
        const own = profile();
        const wallet = await begin(own);
        const heads = { h0: own.area.values.get('djw1.h0'), h1: own.area.values.get('djw1.h1') };
        for (const [key, value] of Object.entries(values)) own.area.values.set(key, value === 'h0' || value === 'h1' ? heads[value] : value);
        if (swap) own.area.values.set('djw1.h0', heads.h1).set('djw1.h1', heads.h0);
        expect(await copiesOf(own).choice()).toMatchObject({ state: 'ready', head: { sum: wallet.head.sum } });
        expect(await settled(own, wallet, { ownersWord: true })).toMatchObject({ missing: [], health: { mirror: { state: 'good' } } });
        expect(await copiesOf(own).twoVerified()).toBe(true);
      }),
      { seed: 20_251, numRuns: 40 },
    );
  });

  test('G8: what a later version wrote into the mirror is not written over', async () => {
    const own = profile();
    const wallet = await begin(own);
    const later = headWithFields(wallet.head.text, wallet.listKey, { v: 2, gen: 4 });
    own.area.values.set('djw1.h0', later);
    const copies = copiesOf(own);
    await save({ ...wallet, store: copies }, [item(newId())]);
    expect([copies.health().mirror.state, own.area.values.get('djw1.h0')]).toEqual(['kept', later]);
  });

  test('a state whose records are gone does not replace the whole one before it', async () => {
    const own = profile();
    const wallet = await begin(own);
    own.area.faults.unwritable = 'IO error';
    await save(
      wallet,
      wallet.head.items.map(({ id }) => item(id)),
    );
    own.area.faults.unwritable = null;
    await tamper(own.factory, (stores) => stores('rec').clear());
    const { missing, health } = await settled(own, wallet);
    expect([missing.length, health.mirror.state]).toEqual([2, 'kept']);
    expect((await openItems(enginesOf(own).mirror, wallet.head, wallet.listKey)).items).toHaveLength(2);
  });

  test('reset removes the primary, then the mirror, and leaves nothing', async () => {
    const own = profile();
    await begin(own);
    own.area.values.set('other', 1);
    await copiesOf(own).erase();
    expect([await copiesOf(own).choice(), [...own.area.values.keys()]]).toEqual([{ state: 'none' }, ['other']]);
  });
});

test('heads of a part never start a wallet', async () => {
  const own = profile();
  const wallet = await begin(own);
  own.factory = new IDBFactory();
  const part = headWithFields(wallet.head.text, wallet.listKey, { sub: 1 });
  expect((await readHead(part)).sub).toBe(true);
  own.area.values.set('djw1.h0', part);
  own.area.values.delete('djw1.h1');
  expect(await copiesOf(own).choice()).toEqual({ state: 'recovery' });
});
