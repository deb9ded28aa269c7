import { describe, expect, test } from 'vitest';
import { syncAreaOf, type SyncStorage } from '../../../lib/platform/sync-store.ts';
import { codeOf } from '../vault/support.ts';

const never = (): Promise<never> => new Promise(() => undefined);
const refuse = (): Promise<never> => Promise.reject(new Error('QUOTA_BYTES quota exceeded'));
const broken = (): never => {
  throw new TypeError('storage.sync is off');
};

function storageOf(items: Map<string, unknown>): SyncStorage {
  return {
    get: () => Promise.resolve(Object.fromEntries(items)),
    set(put) {
      for (const [name, value] of Object.entries(put)) items.set(name, value);
      return Promise.resolve();
    },
    remove(names) {
      for (const name of names) items.delete(name);
      return Promise.resolve();
    },
  };
}

describe('the sync storage', () => {
  test('gives everything that lies there, takes several texts in one call, and removes them', async () => {
    const area = syncAreaOf(
      storageOf(
        new Map<string, unknown>([
          ['__proto__', 'hostile'],
          ['other', 7],
        ]),
      ),
    );
    await area.set(
      new Map([
        ['a', '1'],
        ['b', '2'],
      ]),
    );
    expect((await area.all()).get('other')).toBe(7);
    expect((await area.all()).get('__proto__')).toBe('hostile');
    await area.remove(['a', 'other']);
    expect((await area.all()).has('a')).toBe(false);
    expect((await area.all()).get('b')).toBe('2');
  });

  test.each([
    ['says no', refuse],
    ['is switched off', broken],
    ['never answers', never],
  ])('D23: that %s is unavailable, and nobody waits for it', async (_, call) => {
    const area = syncAreaOf({ get: call, set: call, remove: call }, 10);
    expect(await codeOf(area.all())).toBe('sync.unavailable');
    expect(await codeOf(area.set(new Map([['a', '1']])))).toBe('sync.unavailable');
    expect(await codeOf(area.remove(['a']))).toBe('sync.unavailable');
  });
});
