import { describe, expect, it } from 'vitest';
import { GUARD_MS, InputGuard } from '../../../components/input-guard.ts';

const real = { isTrusted: true };

/** A guard on a clock that the test moves. */
function start({ visible = true, focused = true } = {}): { guard: InputGuard; pass: (ms: number) => void } {
  let now = 5_000;
  const guard = new InputGuard(() => now);
  guard.show(visible);
  guard.focus(focused);
  return {
    guard,
    pass: (ms) => {
      now += ms;
    },
  };
}

/** A click as a pointer or a key makes it: down, a while, up, click. */
function click(
  { guard, pass }: ReturnType<typeof start>,
  { held = 50, later = 0, ...event }: { held?: number; later?: number; isTrusted?: boolean } = {},
): boolean {
  guard.press({ ...real, ...event });
  pass(held);
  guard.release();
  pass(later);
  return guard.allows({ ...real, ...event });
}

describe('the time after the window appears', () => {
  it.each([0, 1, 90, 200, 500, 900, GUARD_MS - 1])('after %i ms a click confirms nothing', (ms) => {
    const window = start();
    window.pass(ms);
    expect(click(window, { held: 0 })).toBe(false);
  });

  it(`after ${GUARD_MS} ms a click confirms`, () => {
    const window = start();
    window.pass(GUARD_MS);
    expect(click(window)).toBe(true);
  });

  it('is told as what remains', () => {
    const { guard, pass } = start();
    expect([guard.remaining, guard.isOpen]).toEqual([GUARD_MS, false]);
    pass(400);
    expect([guard.remaining, guard.isOpen]).toEqual([GUARD_MS - 400, false]);
    pass(4_000);
    expect([guard.remaining, guard.isOpen]).toEqual([0, true]);
  });

  it('does not run while the window is not focused, or not visible, or neither was told yet', () => {
    for (const window of [start({ focused: false }), start({ visible: false })]) {
      window.pass(60_000);
      expect(window.guard.remaining).toBeNull();
      expect(click(window)).toBe(false);
    }
    expect(new InputGuard(() => 60_000).isOpen).toBe(false);
  });
});

describe('what starts the time anew', () => {
  it.each<[string, (guard: InputGuard) => void]>([
    [
      'a move or a resize',
      (guard) => {
        guard.disturb();
      },
    ],
    [
      'losing and getting the focus',
      (guard) => {
        guard.focus(false);
        guard.focus(true);
      },
    ],
    [
      'being covered and uncovered',
      (guard) => {
        guard.show(false);
        guard.show(true);
      },
    ],
  ])('%s', (_, happen) => {
    const window = start();
    window.pass(30_000);
    happen(window.guard);
    expect(click(window, { held: 0 })).toBe(false);
    window.pass(GUARD_MS - 1);
    expect(window.guard.isOpen).toBe(false);
    window.pass(1);
    expect(click(window)).toBe(true);
  });

  it('is heard of at once, so that no button invites a press that would be ignored', () => {
    let heard = 0;
    const guard = new InputGuard(
      () => 0,
      () => {
        heard += 1;
      },
    );
    guard.show(true);
    guard.focus(true);
    guard.disturb();
    expect(heard).toBe(3);
  });

  it('moving on and on keeps it shut', () => {
    const window = start();
    for (let moved = 0; moved < 50; moved++) {
      window.pass(GUARD_MS - 1);
      window.guard.disturb();
    }
    expect(click(window, { held: 0 })).toBe(false);
  });
});

describe('a press', () => {
  it('that began before the time was over confirms nothing, however late it ends', () => {
    const window = start();
    window.pass(GUARD_MS - 1);
    expect(click(window, { held: 10_000 })).toBe(false);
  });

  it('whose click comes a little after its end, as a touch makes it, still counts as begun too early', () => {
    const window = start();
    window.pass(GUARD_MS - 100);
    expect(click(window, { held: 50, later: 300 })).toBe(false);
  });

  it('that a move interrupts confirms nothing even after the time is over again', () => {
    const window = start();
    window.pass(GUARD_MS);
    window.guard.press(real);
    window.guard.disturb();
    window.pass(GUARD_MS);
    window.guard.release();
    expect(window.guard.allows(real)).toBe(false);
  });

  it('of a held key repeats and confirms nothing; a fresh one does', () => {
    const window = start();
    window.pass(2 * GUARD_MS);
    window.guard.press({ ...real, repeat: true });
    expect(window.guard.allows(real)).toBe(false);
    window.guard.release();
    expect(click(window)).toBe(true);
  });

  it('after a bad one is judged by itself', () => {
    const window = start();
    window.pass(GUARD_MS - 1);
    window.guard.press(real);
    window.pass(1);
    expect(window.guard.allows(real)).toBe(false);
    expect(click(window)).toBe(true);
  });
});

describe('an event made by a script', () => {
  it('confirms nothing', () => {
    const window = start();
    window.pass(GUARD_MS);
    expect(window.guard.allows({ isTrusted: false })).toBe(false);
    expect(click(window, { isTrusted: false })).toBe(false);
  });

  it('cannot lend its press to a trusted click', () => {
    const window = start();
    window.pass(GUARD_MS);
    window.guard.press({ isTrusted: false });
    expect(window.guard.allows(real)).toBe(false);
  });
});

describe('an assistive device, which clicks without a press', () => {
  it('confirms once the time is over, and not before', () => {
    const { guard, pass } = start();
    pass(GUARD_MS - 1);
    expect(guard.allows(real)).toBe(false);
    pass(1);
    expect(guard.allows(real)).toBe(true);
  });

  it('is not held up for long by a press that ended elsewhere', () => {
    const { guard, pass } = start();
    guard.press(real);
    guard.release();
    pass(GUARD_MS);
    expect(guard.allows(real)).toBe(true);
  });
});
