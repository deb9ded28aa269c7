import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, test } from 'vitest';
import type { LocalArea } from '../../../lib/platform/mirror-store.ts';
import { throttleDatabase, throttleMirror } from '../../../lib/platform/throttle-store.ts';
import { indexedDbStore } from '../../../lib/platform/vault-store.ts';
import { readTries } from '../../../lib/vault/throttle-record.ts';
import { Throttle } from '../../../lib/vault/throttle.ts';
import { codeOf, item, makeWallet, newId, NOW, reread, save } from '../vault/support.ts';

function area(values = new Map<string, unknown>()): LocalArea & { readonly values: Map<string, unknown> } {
  return {
    values,
    get: (keys) => Promise.resolve(new Map(keys.filter((key) => values.has(key)).map((key) => [key, values.get(key)]))),
    set: (entries) => {
      for (const [key, value] of entries) values.set(key, value);
      return Promise.resolve();
    },
    remove: (keys) => {
      for (const key of keys) values.delete(key);
      return Promise.resolve();
    },
    keys: () => Promise.resolve([...values.keys()]),
  };
}

describe('the record of tries beside the vault', () => {
  test('is kept over a restart and touches nothing of the wallet', async () => {
    const factory = new IDBFactory();
    const wallet = await makeWallet(indexedDbStore(factory));
    const head = await save(wallet, [item(newId())]);
    await throttleDatabase(factory).write('tries');
    expect(await throttleDatabase(factory).read()).toBe('tries');
    expect(await reread(indexedDbStore(factory))).toEqual(head);
    await save({ ...wallet, head }, []);
    expect(await throttleDatabase(factory).read()).toBe('tries');
  });

  test('makes no database where there is no wallet', async () => {
    const factory = new IDBFactory();
    expect(await codeOf(throttleDatabase(factory).read())).toBe('vault.absent');
    expect(await codeOf(throttleDatabase(factory).write('tries'))).toBe('vault.absent');
    expect(await factory.databases()).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a number', 5],
    ['an object', { fails: 0 }],
    ['thirty megabytes', 'x'.repeat(30_000_000)],
  ])('reads %s in the mirror as none', async (_, value) => {
    expect(await throttleMirror(area(new Map([['djw1.t', value]]))).read()).toBe(null);
  });

  test('E11: tries count in both places, and the mirror alone is enough', async () => {
    const factory = new IDBFactory();
    await makeWallet(indexedDbStore(factory));
    const local = area();
    const throttle = (places: ConstructorParameters<typeof Throttle>[0]['places']): Throttle =>
      new Throttle({ places, clock: () => NOW, withLock: (_, act) => act() });
    const both = [throttleDatabase(factory), throttleMirror(local)];
    for (let nth = 0; nth < 5; nth++) await codeOf(throttle(both).guarded(() => Promise.reject(new Error('wrong'))));
    expect((await readTries(await throttleDatabase(factory).read())).fails).toBe(5);
    expect(await throttle([throttleDatabase(new IDBFactory()), throttleMirror(local)]).waitSeconds()).toBe(30);
    expect([...local.values.keys()]).toEqual(['djw1.t']);
  });
});
