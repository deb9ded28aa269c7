/** Runs that wait for an authority while nobody looks at them: pages of ours go on with them, and the background tells when it is time. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LifecycleRun } from '../../../lib/wallet/lifecycle-api.ts';
import { pathOfNotice, RUNS_NAME } from '../../../lib/wallet/notice-link.ts';
import { RUNS_ALARM } from '../../../lib/wallet/notices.ts';
import { followRuns } from '../../../lib/wallet/run-follower.ts';
import { runsDue, runStubs, toldOfRuns } from '../../../lib/wallet/run-notice.ts';
import type { Wallet } from '../../../lib/wallet/wallet.ts';
import { TestCa } from '../../support/demo-ca.ts';
import { LifecycleDesk } from '../../support/lifecycle-desk.ts';
import { PASSWORD } from './profile.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 30, 3);

describe('the index of a locked wallet', () => {
  const entry = { k: 'J', g: 1, sum: '' } as const;

  it('tells states and times of runs, and nothing of other records', () => {
    const items = [
      { ...entry, id: 'a', st: 'WAITING', dl: 10 },
      { ...entry, id: 'b' },
      { ...entry, id: 'c', k: 'I' as const, na: 10 },
    ];
    expect(runStubs(items)).toEqual([
      { id: 'a', state: 'WAITING', dueAt: 10_000 },
      { id: 'b', state: '', dueAt: null },
    ]);
  });

  it.each([
    ['nothing that waits', [{ id: 'a', state: 'SAVED', dueAt: NOW - DAY }], [], null],
    ['one that is not due', [{ id: 'a', state: 'WAITING', dueAt: NOW + 1 }], [], NOW + 1 + MINUTE],
    ['one that a page of ours may be asking about now', [{ id: 'a', state: 'WAITING', dueAt: NOW - MINUTE + 1 }], [], NOW + 1],
    ['one that nobody asked about', [{ id: 'a', state: 'WAITING', dueAt: NOW - MINUTE }], ['a'], null],
    [
      'both, and the nearest time',
      [
        { id: 'a', state: 'WAITING', dueAt: 0 },
        { id: 'b', state: 'WAITING', dueAt: NOW + DAY },
        { id: 'c', state: 'WAITING', dueAt: NOW + MINUTE },
      ],
      ['a'],
      NOW + 2 * MINUTE,
    ],
  ])('tells what is due of %s', (_what, stubs, due, next) => {
    expect(runsDue(stubs, NOW)).toEqual({ due, next });
  });

  it('is told once a day, and forgets what waits no more', () => {
    const first = toldOfRuns(['a'], new Map([['gone', 1]]), NOW);
    expect([first.tell, [...first.told.keys()]]).toEqual([true, ['a']]);
    expect(toldOfRuns(['a'], first.told, NOW + MINUTE).tell).toBe(false);
    expect(toldOfRuns(['a', 'b'], first.told, NOW + MINUTE).tell).toBe(true);
    expect(toldOfRuns(['a'], first.told, NOW + DAY).tell).toBe(true);
  });
});

describe('at the demo authority', () => {
  let ca: TestCa;
  let desk: LifecycleDesk;
  let wallet: Wallet;
  let timers: { readonly at: number; readonly act: () => void }[];

  beforeAll(async () => {
    ca = await TestCa.start();
  });
  afterAll(async () => ca.close());
  beforeEach(async () => {
    await ca.post('/test/faults', { faults: ['wait:2'] });
    desk = await LifecycleDesk.open(ca);
    wallet = desk.profile.wallet();
    timers = [];
    expect((await wallet.lifecycle.issue(await desk.numbers(), desk.running)).state).toBe('WAITING');
  });

  /** A page of ours, which shows no run. */
  function openPage(): void {
    const page = desk.profile.wallet();
    const own: typeof timers = [];
    timers = own;
    followRuns({
      lifecycle: page.lifecycle,
      clock: () => desk.profile.now,
      onChange: (listener) => page.onChange(listener),
      after: (ms, act) => {
        const timer = { at: desk.profile.now + ms, act };
        own.push(timer);
        return () => {
          if (own.includes(timer)) own.splice(own.indexOf(timer), 1);
        };
      },
    });
  }

  /** Moves the clock to the next timer of the page. */
  async function pass(): Promise<void> {
    await vi.waitFor(() => expect(timers).toHaveLength(1));
    const [timer] = timers.splice(0);
    desk.profile.now = timer!.at;
    timer!.act();
  }

  const state = async (): Promise<LifecycleRun['state'] | undefined> => (await wallet.lifecycle.runs())[0]?.state;
  const due = async (): Promise<number> => (await wallet.lifecycle.runs())[0]?.dueAt ?? 0;

  it('a page that lives asks again when the authority said, until the certificate is there', async () => {
    openPage();
    for (let passed = 0; passed < 4 && (await state()) === 'WAITING'; passed++) {
      const before = desk.posts;
      await pass();
      if (passed > 0) await vi.waitFor(() => expect(desk.posts).toBeGreaterThan(before));
      await vi.waitFor(async () => expect((await state()) === 'CONFIRMED' || timers.length === 1).toBe(true));
    }
    expect(await state()).toBe('CONFIRMED');
    expect(await wallet.rows()).toMatchObject([{ unconfirmed: false }]);
  });

  it('a page of a locked wallet asks nobody, and goes on once it is open', async () => {
    openPage();
    await wallet.lock();
    const before = desk.posts;
    desk.profile.now += DAY;
    timers.splice(0)[0]!.act();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([desk.posts, timers]).toEqual([before, []]);
    await wallet.unlock(PASSWORD);
    await vi.waitFor(() => expect(desk.posts).toBeGreaterThan(before));
  });

  it('a confirmation that got no answer goes out once more from a page that lives', async () => {
    desk = await LifecycleDesk.open(ca);
    wallet = desk.profile.wallet();
    await desk.faults('confirm-answer-lost');
    expect((await wallet.lifecycle.issue(await desk.numbers(), desk.running)).state).toBe('SAVED');
    openPage();
    await pass();
    await vi.waitFor(async () => expect(await state()).toBe('CONFIRMED'));
  });

  it('the background tells once that it is time, without a name, and no more when somebody asked', async () => {
    const at = await due();
    // As it does after each change of the rows.
    await desk.profile.look();
    expect(desk.profile.alarms.get(RUNS_ALARM)).toBe(Math.floor(at / 1000) * 1000 + MINUTE);
    await wallet.lock();
    desk.profile.now = at;
    expect([await desk.profile.look(), desk.profile.badge, desk.profile.notices]).toEqual([[], { about: 'nothing' }, []]);
    desk.profile.now = at + MINUTE;
    desk.profile.restart();
    await desk.profile.look();
    await desk.profile.look();
    expect([desk.profile.badge, desk.profile.notices.map(({ name, notice }) => [name, notice])]).toEqual([{ about: 'runs' }, [[RUNS_NAME, null]]]);
    expect(pathOfNotice(RUNS_NAME)).toBe('#/');
    expect(await wallet.notices.runs()).toMatchObject([{ state: 'WAITING' }]);
    await wallet.unlock(PASSWORD);
    const [run] = await wallet.lifecycle.runs();
    await wallet.lifecycle.resume(run!.id, null, desk.running);
    await desk.profile.look();
    expect(desk.profile.badge).toEqual({ about: 'nothing' });
  });

  it('the background tells nothing where notices are off', async () => {
    await wallet.notices.change({ on: false, first: 30 });
    desk.profile.now = (await due()) + DAY;
    await desk.profile.look();
    expect([desk.profile.badge, desk.profile.notices]).toEqual([{ about: 'nothing' }, []]);
  });
});
