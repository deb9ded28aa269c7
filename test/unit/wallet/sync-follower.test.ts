import { beforeEach, describe, expect, it } from 'vitest';
import { WalletError } from '../../../lib/errors.ts';
import { followChanges } from '../../../lib/wallet/sync-follower.ts';

const MINUTES_5 = 300_000;

let calls: number;
let answers: (number | null | WalletError)[];
let change: () => void;
let timer: { ms: number; act: () => void } | null;

beforeEach(() => {
  calls = 0;
  answers = [];
  timer = null;
});

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

async function follow(...given: (number | null | WalletError)[]): Promise<void> {
  answers = given;
  followChanges({
    syncs: {
      catchUp: () => {
        calls++;
        const answer = answers.shift() ?? null;
        return answer instanceof WalletError ? Promise.reject(answer) : Promise.resolve(answer);
      },
    },
    onChange: (listener) => (change = listener),
    after: (ms, act) => {
      timer = { ms, act };
      return () => (timer = null);
    },
  });
  await settled();
}

describe('following the changes of the wallet', () => {
  it('looks at the start and after each change, and sets no clock where nothing is owed', async () => {
    await follow(null, null);
    expect([calls, timer]).toEqual([1, null]);
    change();
    await settled();
    expect([calls, timer]).toEqual([2, null]);
  });

  it('looks again when the time between two writings is over, once', async () => {
    await follow(120_000, null);
    expect(timer?.ms).toBe(120_000);
    timer?.act();
    await settled();
    expect([calls, timer]).toEqual([2, null]);
  });

  it('takes many changes at once as one, and a change meanwhile as one more', async () => {
    await follow(null, 1_000, null);
    for (let nth = 0; nth < 20; nth++) change();
    await settled();
    expect([calls, timer]).toEqual([3, null]);
  });

  it.each([
    ['sync.unavailable', MINUTES_5],
    ['sync.full', undefined],
    ['sync.foreign', undefined],
    ['vault.locked', undefined],
  ] as const)('after %s waits for %s ms, or for a change', async (code, ms) => {
    await follow(new WalletError(code));
    expect(timer?.ms).toBe(ms);
    change();
    await settled();
    expect(calls).toBe(2);
  });
});
