import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, test } from 'vitest';
import { headsToOpen } from '../../../lib/vault/heads-to-open.ts';
import { writeMarker } from '../../../lib/vault/marker.ts';
import { rawLines } from '../../../lib/vault/raw-export.ts';
import { recoverFrom } from '../../../lib/vault/recover.ts';
import { settle } from '../../../lib/vault/repair.ts';
import { readStartUp } from '../../../lib/vault/startup.ts';
import { openItems } from '../../../lib/vault/vault.ts';
import { copiesOf, deadFactory, enginesOf, M, profile, silentFactory, tamper, type Profile } from './places.ts';
import { APP, codeOf, headWithFields, item, makeWallet, newId, NOW, random, save, withFields, type Wallet } from './support.ts';

/** A wallet of generation 2 with two certificates, in both places. */
async function begin(own: Profile): Promise<Wallet> {
  const made = await makeWallet(copiesOf(own));
  return { ...made, head: await save(made, [item(newId()), item(newId())]) };
}

const start = (own: Profile): ReturnType<typeof readStartUp> => readStartUp(copiesOf(own));

describe('starting', () => {
  test('nothing in either copy, and no error, is a new owner; looking leaves no trace', async () => {
    const own = profile();
    expect(await start(own)).toEqual({ state: 'none' });
    expect([await own.factory.databases(), own.area.values.size]).toEqual([[], 0]);
  });

  test('two whole copies agree', async () => {
    const own = profile();
    const { head } = await begin(own);
    expect(await start(own)).toEqual({ state: 'ready', head, from: 'primary', agree: true, rolledBack: false });
  });

  test.each<[string, (own: Profile) => void]>([
    ['the database gone (D7)', (own) => (own.factory = new IDBFactory())],
    ['the database dead', (own) => (own.factory = deadFactory())],
    ['the database silent (D21)', (own) => (own.factory = silentFactory())],
  ])('with %s the mirror carries on, and says that it is alone', async (_, spoil) => {
    const own = profile();
    const { head } = await begin(own);
    spoil(own);
    expect(await start(own)).toEqual({ state: 'ready', head, from: 'mirror', agree: false, rolledBack: false });
  });

  test.each<[string, (own: Profile) => void]>([
    ['gone (D7)', ({ area }) => area.values.clear()],
    ['dead', ({ area }) => (area.faults.dead = 'IO error')],
    ['silent', ({ area }) => (area.faults.silent = true)],
    ['full of noise (D14)', ({ area }) => area.values.forEach((_, key) => area.values.set(key, 'x'.repeat(30_000_000)))],
    ['of values that are no texts', ({ area }) => area.values.forEach((_, key) => area.values.set(key, { gen: 1 }))],
  ])('with a mirror %s the database carries on', async (_, spoil) => {
    const own = profile();
    const { head } = await begin(own);
    spoil(own);
    expect(await start(own)).toEqual({ state: 'ready', head, from: 'primary', agree: false, rolledBack: false });
  });

  test('D13: where reading everything fails and single keys read, the wallet starts', async () => {
    const own = profile();
    const { head, listKey } = await begin(own);
    own.factory = deadFactory();
    own.area.faults.noBulk = true;
    own.area.faults.failsOnce = true;
    expect(await start(own)).toMatchObject({ state: 'ready', from: 'mirror' });
    expect((await openItems(copiesOf(own), head, listKey)).items).toHaveLength(2);
  });

  test('both copies dead is trouble, never a new owner', async () => {
    const own = profile();
    own.factory = deadFactory();
    own.area.faults.dead = 'IO error';
    const none = { trace: 'failed', code: 'vault.unavailable', heads: [], unread: 0, marked: null };
    expect(await start(own)).toEqual({ state: 'recovery', primary: none, mirror: none });
  });

  test('a marker without any head is trouble', async () => {
    const own = profile();
    own.area.values.set(M, await writeMarker({ vid: newId(), gen: 4, created: NOW }));
    expect(await start(own)).toMatchObject({ state: 'recovery', primary: { trace: 'none' }, mirror: { trace: 'some', marked: 4 } });
  });

  test.each(['primary', 'mirror'] as const)('D16: a marker in the %s that is newer than every head opens with the warning', async (which) => {
    const own = profile();
    const { head } = await begin(own);
    const marker = await writeMarker({ vid: head.vid, gen: 9, created: NOW });
    if (which === 'mirror') own.area.values.set(M, marker);
    else await tamper(own.factory, (stores) => stores('meta').put(marker, 'M'));
    expect(await start(own)).toMatchObject({ state: 'ready', rolledBack: true });
  });

  test('a marker of another wallet in the mirror warns of nothing', async () => {
    const own = profile();
    await begin(own);
    own.area.values.set(M, await writeMarker({ vid: newId(), gen: 9_999, created: NOW }));
    expect(await start(own)).toMatchObject({ state: 'ready', rolledBack: false });
  });

  test('D9: a higher generation in the mirror does not decide while nothing is proven', async () => {
    const own = profile();
    const { head } = await begin(own);
    own.area.values.set('djw1.h1', withFields(head.text, { gen: 9_999, items: [] }));
    expect(await start(own)).toMatchObject({ state: 'ready', head: { gen: 2 }, from: 'primary', agree: false });
  });

  test('another wallet in the mirror is shown where the primary lost its head, and not opened', async () => {
    const [own, theirs] = [profile(), profile()];
    const { head } = await begin(own);
    const other = await begin(theirs);
    await tamper(own.factory, (stores) => stores('head').clear());
    for (const [key, value] of theirs.area.values) own.area.values.set(key, value);
    const started = await start(own);
    expect(started).toMatchObject({
      state: 'recovery',
      primary: { heads: [], marked: head.gen },
      mirror: { heads: [{ head: { vid: other.head.vid }, foreign: true, count: 2 }, { foreign: true }] },
    });
    expect(await codeOf(headsToOpen(copiesOf(own)))).toBe('vault.damaged');
  });

  test.each<[string, (own: Profile, later: string) => Promise<void> | void]>([
    ['in the primary', (own, later) => tamper(own.factory, (stores) => stores('head').put(later, 3))],
    [
      'in the mirror, where the primary is gone',
      (own, later) => {
        own.factory = new IDBFactory();
        own.area.values.set('djw1.h1', later);
      },
    ],
  ])('G8: a head of a later version %s is one to update for', async (_, plant) => {
    const own = profile();
    const { head, listKey } = await begin(own);
    await plant(own, headWithFields(head.text, listKey, { v: 2, gen: 3 }));
    expect(await start(own)).toEqual({ state: 'newer-version' });
    expect(await codeOf(headsToOpen(copiesOf(own)))).toBe('vault.newer-version');
    expect(await codeOf(makeWallet(copiesOf(own)))).toBe('vault.exists');
  });
});

describe('recovering an older state', () => {
  /** A save that reached the primary alone, whose head was then spoilt: only the state before is left, in the mirror. */
  async function torn(own: Profile): Promise<Wallet> {
    const wallet = await begin(own);
    own.area.faults.unwritable = 'IO error';
    await save(wallet, [item(newId())]);
    own.area.faults.unwritable = null;
    await tamper(own.factory, (stores) => stores('head').put('DJW1.H.x', 3));
    return wallet;
  }

  test('asks before it opens anything, and says what there is', async () => {
    const own = profile();
    const { head } = await torn(own);
    const older = { head, count: 2, missing: 0, foreign: false };
    expect(await start(own)).toMatchObject({
      state: 'recovery',
      primary: { unread: 1, marked: 3 },
      mirror: { heads: [older, { count: 0 }], unread: 0, marked: 2 },
    });
    expect(await codeOf(headsToOpen(copiesOf(own)))).toBe('vault.damaged');
  });

  test('makes the chosen state the newest in both copies', async () => {
    const own = profile();
    const { head, listKey } = await torn(own);
    const recovered = await recoverFrom({ copies: copiesOf(own), head, listKey, now: NOW + 5, app: APP });
    expect([recovered.missing, recovered.head.gen > 3, recovered.head.items]).toEqual([[], true, head.items]);
    expect(await start(own)).toMatchObject({ state: 'ready', head: { sum: recovered.head.sum }, agree: true, rolledBack: false });
    expect(await copiesOf(own).twoVerified()).toBe(true);
  });

  test('is the only way: a window that was open all along does not put the older state over the newest', async () => {
    const own = profile();
    const { head, listKey, ...rest } = await torn(own);
    const before = await enginesOf(own).primary.heads();
    expect(await codeOf(settle({ copies: copiesOf(own), vid: head.vid, listKey, depth: 'heads' }))).toBe('vault.damaged');
    expect(await codeOf(save({ ...rest, head, listKey, store: copiesOf(own) }, [item(newId())]))).toBe('vault.damaged');
    expect(await enginesOf(own).primary.heads()).toEqual(before);
  });

  test('is not hindered by a forged generation that leaves no numbers', async () => {
    const own = profile();
    const { head, listKey } = await begin(own);
    const gen = 2 ** 48 - 1;
    const marker = await writeMarker({ vid: head.vid, gen, created: NOW });
    await tamper(own.factory, (stores) => {
      stores('head').put(withFields(head.text, { gen }), gen);
      stores('meta').put(marker, 'M');
    });
    const recovered = await recoverFrom({ copies: copiesOf(own), head, listKey, now: NOW, app: APP });
    expect(recovered.head.gen).toBeLessThan(10);
    expect(await start(own)).toMatchObject({ state: 'ready', head: { sum: recovered.head.sum }, agree: true, rolledBack: false });
  });

  test('needs the list key of that state', async () => {
    const own = profile();
    const { head } = await torn(own);
    expect(await codeOf(recoverFrom({ copies: copiesOf(own), head, listKey: random(32), now: NOW, app: APP }))).toBe('vault.changed');
  });

  test('works with one copy dead, and makes a broken database anew once the mirror is written', async () => {
    const own = profile();
    const { head, listKey } = await begin(own);
    own.factory = new IDBFactory();
    await new Promise<void>((resolve) => {
      const request = own.factory.open('djw1', 1);
      request.onsuccess = () => {
        request.result.close();
        resolve();
      };
    });
    expect(await start(own)).toMatchObject({ state: 'ready', from: 'mirror' });
    await recoverFrom({ copies: copiesOf(own), head, listKey, now: NOW, app: APP });
    expect(await start(own)).toMatchObject({ state: 'ready', from: 'primary', agree: true });
    own.area.faults.dead = 'IO error';
    expect((await recoverFrom({ copies: copiesOf(own), head, listKey, now: NOW, app: APP })).missing).toEqual([]);
    expect(await start(own)).toMatchObject({ state: 'ready', from: 'primary', agree: false });
  });

  test('is refused where a later version wrote', async () => {
    const own = profile();
    const { head, listKey } = await begin(own);
    await tamper(own.factory, (stores) => stores('head').put(headWithFields(head.text, listKey, { v: 2, gen: 3 }), 3));
    expect(await codeOf(recoverFrom({ copies: copiesOf(own), head, listKey, now: NOW, app: APP }))).toBe('vault.newer-version');
  });
});

describe('the raw records for support', () => {
  test('are one line each, without the wallet picture, and bounded', async () => {
    const own = profile();
    const { head } = await begin(own);
    own.area.values.set('djw1.r.x.1', 'x'.repeat(30_000_000));
    own.area.values.set('djw1.m', { a: 1 });
    own.area.values.set('djw1.t', 'two\nlines');
    own.area.values.set('other', 'not ours');
    const lines = await rawLines(copiesOf(own));
    expect(lines).toContain(`primary head.2 ${head.text}`);
    expect(lines).toContain(`mirror djw1.h0 ${head.text}`);
    expect(lines).toEqual(
      expect.arrayContaining([
        'mirror djw1.m (no text)',
        'mirror djw1.t "two\\nlines"',
        expect.stringMatching(/^mirror djw1.r.x.1 \((no text|30000000 characters)\)$/),
      ]),
    );
    expect(lines.some((line) => /tiger|not ours|\n/.test(line))).toBe(false);
    expect(lines).toHaveLength(2 + 2 + 1 + 2 + 2 + 3);
  });

  test('come from the copy that still answers', async () => {
    const own = profile();
    await begin(own);
    own.factory = deadFactory();
    own.area.faults.noBulk = true;
    const lines = await rawLines(copiesOf(own));
    expect(lines[0]).toBe('primary (vault.unavailable)');
    expect(lines.filter((line) => line.startsWith('mirror djw1.h'))).toHaveLength(2);
    expect(await enginesOf(own).mirror.mark()).toBeNull();
  });
});
