import { describe, expect, test } from 'vitest';
import { WalletError } from '../../../lib/errors.ts';
import { readTries, triesAt, tryStarted, writeTries, NO_TRIES } from '../../../lib/vault/throttle-record.ts';
import { Throttle, THROTTLE_LOCK, type ThrottlePlace } from '../../../lib/vault/throttle.ts';
import { codeOf, forge, NOW, parts, withFields } from './support.ts';

const MINUTE = 60_000;

class Place implements ThrottlePlace {
  text: string | null = null;
  dead = false;
  writes = 0;
  read(): Promise<string | null> {
    return this.dead ? Promise.reject(new WalletError('vault.unavailable')) : Promise.resolve(this.text);
  }
  write(text: string): Promise<void> {
    if (this.dead) return Promise.reject(new WalletError('vault.full'));
    this.text = text;
    this.writes++;
    return Promise.resolve();
  }
}

/** One lock for all windows, as Web Locks give it. */
class Locks {
  readonly names: string[] = [];
  #last: Promise<unknown> = Promise.resolve();
  readonly with = <Result>(name: string, act: () => Promise<Result>): Promise<Result> => {
    this.names.push(name);
    const turn = this.#last.then(act);
    this.#last = turn.catch(() => undefined);
    return turn;
  };
}

class World {
  readonly primary = new Place();
  readonly mirror = new Place();
  readonly locks = new Locks();
  now = NOW;
  derivations = 0;

  window(): Throttle {
    return new Throttle({ places: [this.primary, this.mirror], clock: () => this.now, withLock: this.locks.with });
  }

  readonly wrong = (): Promise<never> => {
    this.derivations++;
    return Promise.reject(new WalletError('password.wrong'));
  };
}

async function detailOf(promise: Promise<unknown>): Promise<string | undefined> {
  try {
    await promise;
  } catch (thrown) {
    if (thrown instanceof WalletError && thrown.code === 'password.wait') return thrown.detail;
  }
  return undefined;
}

describe('waiting after wrong secrets', () => {
  test('four tries are free; then 30 seconds, doubled each time up to 15 minutes', async () => {
    const world = new World();
    const throttle = world.window();
    const waits: number[] = [];
    for (let nth = 0; nth < 12; nth++) {
      expect(await codeOf(throttle.guarded(world.wrong))).toBe('password.wrong');
      const wait = await throttle.waitSeconds();
      waits.push(wait);
      if (wait > 0) {
        expect(await detailOf(throttle.guarded(world.wrong))).toBe(String(wait));
        world.now += wait * 1_000 - 1;
        expect(await detailOf(throttle.guarded(world.wrong))).toBe('1');
        world.now += 1;
      }
    }
    expect(waits).toEqual([0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
    expect(world.derivations).toBe(12);
  });

  test('a success starts anew', async () => {
    const world = new World();
    const throttle = world.window();
    for (let nth = 0; nth < 5; nth++) await codeOf(throttle.guarded(world.wrong));
    world.now += 30_000;
    expect(await throttle.guarded(() => Promise.resolve('open'))).toBe('open');
    expect(await readTries(world.primary.text)).toEqual({ fails: 0, until: 0, last: world.now });
    for (let nth = 0; nth < 4; nth++) expect(await codeOf(throttle.guarded(world.wrong))).toBe('password.wrong');
    expect(await throttle.waitSeconds()).toBe(0);
  });

  test('it is written under its lock and before the attempt', async () => {
    const world = new World();
    let seen = 0;
    await world.window().guarded(async () => {
      seen = (await readTries(world.primary.text)).fails;
    });
    expect(seen).toBe(1);
    expect(new Set(world.locks.names)).toEqual(new Set([THROTTLE_LOCK]));
    expect(THROTTLE_LOCK).toBe('djw1-throttle');
  });

  test('E11: of 200 wrong tries at once, in 20 windows, five derive and the others wait', async () => {
    const world = new World();
    const windows = Array.from({ length: 20 }, () => world.window());
    const codes = await Promise.all(Array.from({ length: 200 }, (_, nth) => codeOf((windows[nth % 20] ?? world.window()).guarded(world.wrong))));
    expect(codes.filter((code) => code === 'password.wrong')).toHaveLength(5);
    expect(codes.filter((code) => code === 'password.wait')).toHaveLength(195);
    expect(world.derivations).toBe(5);
    expect((await readTries(world.primary.text)).fails).toBe(5);
  });

  test('E11: a window that is killed in a try has spent it, and a restart forgets nothing', async () => {
    const world = new World();
    for (let nth = 0; nth < 5; nth++) {
      void world.window().guarded(() => new Promise(() => undefined));
      await world.window().waitSeconds();
      await world.locks.with('settled', () => Promise.resolve());
    }
    expect((await readTries(world.primary.text)).fails).toBe(5);
    expect(await world.window().waitSeconds()).toBe(30);
    expect(await codeOf(world.window().guarded(world.wrong))).toBe('password.wait');
    expect(world.derivations).toBe(0);
  });

  test('D22: a clock set back a year makes nobody wait less, nor longer than 15 minutes', async () => {
    const world = new World();
    for (let nth = 0; nth < 5; nth++) await codeOf(world.window().guarded(world.wrong));
    world.now -= 365 * 24 * 60 * MINUTE;
    expect(await world.window().waitSeconds()).toBe(900);
    expect(await codeOf(world.window().guarded(world.wrong))).toBe('password.wait');
    world.now += 14 * MINUTE;
    expect(await codeOf(world.window().guarded(world.wrong))).toBe('password.wait');
    world.now += MINUTE;
    expect(await codeOf(world.window().guarded(world.wrong))).toBe('password.wrong');
    expect((await readTries(world.primary.text)).fails).toBe(6);
  });

  test('D22: a clock ten years ahead ends a wait, and the next one is the longer', async () => {
    const world = new World();
    for (let nth = 0; nth < 5; nth++) await codeOf(world.window().guarded(world.wrong));
    world.now += 10 * 365 * 24 * 60 * MINUTE;
    expect(await codeOf(world.window().guarded(world.wrong))).toBe('password.wrong');
    expect(await world.window().waitSeconds()).toBe(60);
  });
});

describe('the two places of the record', () => {
  test('both are written; the mirror counts where the primary does not read', async () => {
    const world = new World();
    for (let nth = 0; nth < 5; nth++) await codeOf(world.window().guarded(world.wrong));
    expect(world.mirror.text).toBe(world.primary.text);
    world.primary.text = 'noise';
    expect(await world.window().waitSeconds()).toBe(30);
    world.primary.dead = true;
    expect(await world.window().waitSeconds()).toBe(30);
  });

  test('a mirror that somebody wrote neither frees nor locks', async () => {
    const world = new World();
    for (let nth = 0; nth < 5; nth++) await codeOf(world.window().guarded(world.wrong));
    world.mirror.text = await writeTries(NO_TRIES);
    expect(await world.window().waitSeconds()).toBe(30);
    world.primary.text = null;
    world.mirror.text = await writeTries({ fails: 1_000_000, until: 8_640_000_000_000_000, last: 8_640_000_000_000_000 });
    expect(await world.window().waitSeconds()).toBe(900);
  });

  test('where nothing can be written, the window itself remembers, and the owner still gets in', async () => {
    const world = new World();
    world.primary.dead = true;
    world.mirror.dead = true;
    const throttle = world.window();
    for (let nth = 0; nth < 5; nth++) expect(await codeOf(throttle.guarded(world.wrong))).toBe('password.wrong');
    expect(await codeOf(throttle.guarded(world.wrong))).toBe('password.wait');
    expect(await world.window().guarded(() => Promise.resolve('open'))).toBe('open');
  });

  test('a full disk under the primary alone does not free the tries of a window', async () => {
    const world = new World();
    const throttle = world.window();
    await codeOf(throttle.guarded(world.wrong));
    world.primary.write = () => Promise.reject(new WalletError('vault.full'));
    for (let nth = 0; nth < 4; nth++) {
      world.now++;
      await codeOf(throttle.guarded(world.wrong));
    }
    expect(await codeOf(throttle.guarded(world.wrong))).toBe('password.wait');
  });

  test('nothing is ever removed', () => {
    expect(Object.keys({ read: 0, write: 0 } satisfies Record<keyof ThrottlePlace, number>)).toEqual(['read', 'write']);
  });
});

describe('the record', () => {
  test('reads as it was written', async () => {
    const tries = { fails: 7, until: NOW + 1, last: NOW };
    expect(await readTries(await writeTries(tries))).toEqual(tries);
  });

  test.each<[string, Record<string, unknown>]>([
    ['an unknown field', { x: 1 }],
    ['a missing field', { last: undefined }],
    ['negative tries', { fails: -1 }],
    ['too many tries', { fails: 1_000_001 }],
    ['a time as text', { until: '5' }],
    ['a time that is none', { last: 2 ** 53 - 1 }],
  ])('with %s is damage', async (_, changes) => {
    expect(await codeOf(readTries(withFields(await writeTries(NO_TRIES), changes)))).toBe('vault.damaged');
  });

  test('with a body is damage, of a later version is said so', async () => {
    const text = await writeTries(NO_TRIES);
    expect(await codeOf(readTries(forge({ ...parts(text), body: new Uint8Array(1) })))).toBe('vault.damaged');
    expect(await codeOf(readTries(withFields(text, { v: 2 })))).toBe('vault.newer-version');
  });

  test('counts no further than its bound', () => {
    expect(tryStarted({ ...NO_TRIES, fails: 1_000_000 }, NOW)).toEqual({ fails: 1_000_000, until: NOW + 15 * MINUTE, last: NOW });
    expect(triesAt({ fails: 9, until: NOW - 1, last: NOW - 2 }, NOW)).toEqual({ fails: 9, until: NOW, last: NOW - 2 });
  });
});
